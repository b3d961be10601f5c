// Finds theme files: the shipped ones by name, a user's by path; gives their text to the renderer, which never reads a disk.
import { readdirSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WxsyncError } from '../errors.ts';
import type { Theme } from '../render/theme.ts';
import { readRegularFile } from './files.ts';
import { findPackageFolder } from './package.ts';
import { isInside } from './project.ts';

const MAX_BYTES = 512_000;

/** Names of the shipped themes. */
export function listThemes(): readonly string[] {
  const names = readdirSync(join(findPackageFolder(), 'themes')).filter(
    (name) => name.endsWith('.css') && name !== 'base.css',
  );
  return names.map((name) => name.slice(0, -'.css'.length)).sort();
}

export interface ThemeChoice {
  /** A shipped theme's name, or a path that ends in `.css`. */
  readonly name: string;
  readonly codeTheme: string;
  readonly vars: Readonly<Record<string, string>>;
  /** The project root: a path from a post or a config is relative to it and may not leave it. */
  readonly root: string;
  /** The name comes from the command line, not from the repository. */
  readonly trusted: boolean;
}

/** Reads a theme. Throws `theme-missing` with the known names. */
export async function loadTheme(choice: ThemeChoice): Promise<Theme> {
  const folder = join(findPackageFolder(), 'themes');
  const isFile = choice.name.endsWith('.css');
  const file = isFile ? resolve(choice.root, choice.name) : join(folder, `${plainName(choice.name)}.css`);
  const code = join(folder, 'code', `${plainName(choice.codeTheme)}.css`);
  if (isFile && !choice.trusted && !isInside(choice.root, await realpath(file).catch(() => file))) {
    throw missing(choice.name, listThemes());
  }
  const [base, own, codeCss] = await Promise.all([readCss(join(folder, 'base.css')), readCss(file), readCss(code)]);
  if (own === null && isFile) throw new WxsyncError('path-missing', { args: { path: choice.name } });
  if (own === null || base === null) throw missing(choice.name, listThemes());
  if (codeCss === null) {
    const known = readdirSync(join(folder, 'code')).map((name) => name.replace(/\.css$/, ''));
    throw missing(choice.codeTheme, known);
  }
  return { name: isFile ? 'custom' : choice.name, css: `${base}\n${own}`, codeCss, vars: choice.vars };
}

function missing(name: string, known: readonly string[]): WxsyncError {
  return new WxsyncError('theme-missing', { args: { name, known: known.join(', ') } });
}

/** A theme's name is a file name of ours and nothing else. */
function plainName(name: string): string {
  return /^[a-z0-9-]{1,40}$/.test(name) ? name : ' ';
}

async function readCss(file: string): Promise<string | null> {
  const read = await readRegularFile(file, MAX_BYTES);
  return read.kind === 'ok' ? new TextDecoder().decode(read.bytes) : null;
}
