// Finds theme files: the shipped ones by name, a user's by path; gives their text to the renderer, which never reads a disk.
import { readdirSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { type Finding, finding, type Place } from '../facts/findings.ts';
import { HEADING_SIZES, MAX_THEME_BYTES } from '../facts/theme.ts';
import type { Theme } from '../render/theme.ts';
import type { RefusedVar } from '../render/theme-rules.ts';
import { readVars, toVarName } from '../render/theme-vars.ts';
import { readCompiled, writeCompiled } from './compiled-themes.ts';
import type { Spot } from './config.ts';
import { readRegularFile } from './files.ts';
import { closest } from './near.ts';
import { findPackageFolder } from './package.ts';
import { isInside } from './project.ts';

export type ThemeKind = 'theme' | 'code';

/** Names of the shipped themes, or of the code themes. */
export function listThemes(kind: ThemeKind = 'theme'): readonly string[] {
  const names = readdirSync(join(findPackageFolder(), 'themes', kind === 'code' ? 'code' : '.')).filter(
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
  /** Where each name is written, to be told when there is no such theme; null when it is in no file. */
  readonly findName?: (key: ThemeKey) => Promise<Spot | null>;
}

/** The settings that name a theme. */
export type ThemeKey = 'theme' | 'codeTheme';

export interface LoadedTheme extends Theme {
  /** As it was asked for. */
  readonly wished: string;
  /** What a file of the user's asks for in vain; the places are in that file. Shipped themes have none. */
  readonly remarks: readonly Finding[];
  /** Names in `vars` that the theme does not know, and those that it knows. */
  readonly unknownVars: readonly string[];
  readonly knownVars: readonly string[];
  /** Values in `vars` that the theme does without. */
  readonly refusedVars: readonly RefusedVar[];
}

/**
 * Reads a theme. Throws `theme-missing` with the known names, `theme-outside`, `path-missing` and `theme-unreadable`, each
 * with the place that `findName` gives.
 */
export async function loadTheme(choice: ThemeChoice): Promise<LoadedTheme> {
  const { name, vars } = choice;
  const isFile = name.endsWith('.css');
  const blame = (key: ThemeKey) => async (error: unknown) => {
    throw error instanceof WxsyncError ? error.with({ ...(await choice.findName?.(key)) }) : error;
  };
  const [base, read, codeCss] = await Promise.all([
    readBase(),
    (isFile ? readOwn(choice) : readShipped(name, 'theme')).catch(blame('theme')),
    readShipped(choice.codeTheme, 'code').catch(blame('codeTheme')),
  ]);
  const { own, before, remarks } = isFile ? await lookAt(read, base) : { own: read, before: '', remarks: [] };
  const css = `${base}\n${before}${own}`;
  const { refused, known } = await lookAtVars(css, vars);
  const isPlain = !isFile && Object.keys(vars).length === 0;
  const compiled = isPlain ? await readCompiled({ name, code: choice.codeTheme }, { css, codeCss }) : undefined;
  return {
    name: isFile ? 'custom' : name,
    css,
    // A file that colours code itself is a code theme too.
    codeCss: isFile && own.includes('.hljs-') ? '' : codeCss,
    vars: Object.fromEntries(Object.entries(vars).filter(([each]) => !refused.some((bad) => bad.name === each))),
    ...(compiled === undefined ? {} : { compiled }),
    wished: name,
    remarks,
    unknownVars: Object.keys(vars).filter((each) => !known.includes(toVarName(each))),
    knownVars: known,
    refusedVars: refused,
  };
}

/** Compiles every pair of a shipped theme and a code theme into a folder, for the build. */
export async function compileThemes(folder: string): Promise<void> {
  for (const name of listThemes()) {
    for (const code of listThemes('code')) {
      const theme = await loadTheme({ name, codeTheme: code, vars: {}, root: folder, trusted: true });
      await writeCompiled({ name, code }, theme, folder);
    }
  }
}

/** What a post's readers are told of its theme, at the place that names it. */
export function tellTheme(
  { wished, remarks, unknownVars, knownVars, refusedVars }: LoadedTheme,
  at: Place,
): readonly Finding[] {
  const names = { names: unknownVars.join(', '), known: knownVars.join(', ') };
  return [
    ...(remarks.length === 0 ? [] : [finding('theme-lossy', at, { name: wished, count: remarks.length })]),
    ...(unknownVars.length === 0 ? [] : [finding('theme-var-unknown', at, names)]),
    ...refusedVars.map((each) => finding('theme-var-refused', at, { ...each })),
  ];
}

/** One theme by itself, as `wxsync theme` shows and checks it. */
export interface ThemeFile {
  readonly kind: ThemeKind;
  /** The theme's own CSS as it is on disk. */
  readonly css: string;
  /** What stands before it. */
  readonly base: string;
}

/** Reads a theme, `code/NAME` or a CSS file; a bare name may be a code theme's where no theme has it. Throws as loadTheme. */
export async function readTheme(name: string, cwd: string): Promise<ThemeFile> {
  const base = await readBase();
  if (name.endsWith('.css')) return { kind: 'theme', css: await readRaw(resolve(cwd, name), name), base };
  const isCode = name.startsWith('code/') || (!listThemes().includes(name) && listThemes('code').includes(name));
  const kind = isCode ? 'code' : 'theme';
  return { kind, css: await readShipped(name.replace(/^code\//, ''), kind), base };
}

/** What a theme says of itself in its first comment. */
export interface ThemeHead {
  readonly title: string;
  /** One Chinese and one English sentence. */
  readonly says: { readonly zh: string; readonly en: string };
}

export function readHead(css: string): ThemeHead {
  const head = css.slice(0, MAX_HEAD).split('*/')[0] ?? '';
  const find = (name: string) => new RegExp(`@${name} (.*)`).exec(head)?.[1]?.trim() ?? '';
  const says = find('says');
  // The English sentence begins behind the last Chinese full stop.
  const end = says.lastIndexOf('。') + 1;
  return { title: find('title'), says: { zh: says.slice(0, end), en: says.slice(end).trim() } };
}

/** Characters in which the first comment ends. */
const MAX_HEAD = 2_000;

function missing(name: string, kind: ThemeKind): WxsyncError {
  const known = listThemes(kind);
  return new WxsyncError('theme-missing', {
    args: { name, known: known.join(', '), near: closest(name, known) ?? '' },
  });
}

async function readOwn({ name, root, trusted }: ThemeChoice): Promise<string> {
  const file = resolve(root, name);
  if (!trusted && !isInside(root, await realpath(file).catch(() => file))) {
    throw new WxsyncError('theme-outside', { args: { path: name, root } });
  }
  return readRaw(file, name);
}

async function readBase(): Promise<string> {
  const text = shipped.get('base') ?? (await readRaw(join(findPackageFolder(), 'themes', 'base.css'), 'base.css'));
  shipped.set('base', text);
  return text;
}

/** Shipped CSS by kind and name: it is the same for all posts of a run. */
const shipped = new Map<string, string>();

/** A theme's name is a file name of ours and nothing else. */
async function readShipped(name: string, kind: ThemeKind): Promise<string> {
  const known = shipped.get(`${kind}/${name}`);
  if (known !== undefined) return known;
  const folder = join(findPackageFolder(), 'themes', kind === 'code' ? 'code' : '.');
  if (!/^[a-z0-9-]{1,40}$/.test(name) || name === 'base') throw missing(name, kind);
  const read = readRegularFile(join(folder, `${name}.css`), MAX_THEME_BYTES);
  if (read.kind !== 'ok') throw missing(name, kind);
  const text = new TextDecoder().decode(read.bytes);
  shipped.set(`${kind}/${name}`, text);
  return text;
}

/** Shipped themes need none of this, and most runs use one. */
async function lookAt(css: string, base: string) {
  const { checkTheme, isForeign, toOwnRoot } = await import('../render/theme-rules.ts');
  const own = toOwnRoot(css);
  return { own, before: isForeign(css) ? HEADING_SIZES : '', remarks: checkTheme(own, base) };
}

async function lookAtVars(css: string, vars: Readonly<Record<string, string>>) {
  if (Object.keys(vars).length === 0) return { known: [], refused: [] };
  const { checkVars } = await import('../render/theme-rules.ts');
  return { known: [...readVars(css).keys()], refused: checkVars(css, vars) };
}

async function readRaw(file: string, shown: string): Promise<string> {
  const read = readRegularFile(file, MAX_THEME_BYTES);
  if (read.kind === 'ok') return new TextDecoder().decode(read.bytes);
  if (read.kind === 'missing') throw new WxsyncError('path-missing', { args: { path: shown } });
  const detail = read.kind === 'special' ? read.what : read.kind === 'too-big' ? `${read.bytes} bytes` : read.detail;
  throw new WxsyncError('theme-unreadable', { args: { path: shown, detail, max: MAX_THEME_BYTES } });
}
