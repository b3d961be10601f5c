// Keeps the shipped themes compiled beside the built code, and gives them while their CSS is what was compiled; knows no CSS.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompiledCss } from '../render/css.ts';
import { compileTheme, type Theme } from '../render/theme.ts';
import { findPackageFolder } from './package.ts';

/** A theme of ours, as it is without a user's variables. */
type Source = Pick<Theme, 'css' | 'codeCss'>;

interface Compiled extends Source {
  readonly compiled: CompiledCss;
}

/** `code`: the name of its code theme. */
export interface Names {
  readonly name: string;
  readonly code: string;
}

/** Those of this process; the build alone writes them. */
const read = new Map<string, Compiled>();

/** The rules of a shipped theme; undefined when they are not there, or were made of other CSS. */
export async function readCompiled(names: Names, { css, codeCss }: Source): Promise<CompiledCss | undefined> {
  try {
    const file = join(findPackageFolder(), 'dist', 'rules', toFileName(names));
    const known = read.get(file) ?? (JSON.parse(readFileSync(file, 'utf8')) as Compiled);
    read.set(file, known);
    return known.css === css && known.codeCss === codeCss ? known.compiled : undefined;
  } catch {
    return undefined;
  }
}

/** Compiles a shipped theme into a folder, for the build. */
export async function writeCompiled(names: Names, theme: Theme, folder: string): Promise<void> {
  const { css, codeCss } = theme;
  const compiled: Compiled = { css, codeCss, compiled: await compileTheme(theme) };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, toFileName(names)), JSON.stringify(compiled));
}

function toFileName({ name, code }: Names): string {
  return `${name}+${code}.json`;
}
