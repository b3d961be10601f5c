// `wxsync theme list|show|new|check`: which themes there are, what is in them, one to begin with, and what is wrong with one.
import { open } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { EXIT, toExpected, WxsyncError } from '../errors.ts';
import { byPlace, type Finding, hasErrors } from '../facts/findings.ts';
import type { ThemeVar } from '../facts/theme.ts';
import { errorCode, readRegularFile } from '../local/files.ts';
import type { Io } from '../local/io.ts';
import { findPackageFolder } from '../local/package.ts';
import { listThemes, loadTheme, readHead, readTheme, type ThemeKind } from '../local/themes.ts';
import { printColour, toColour } from '../render/darkmode.ts';
import { checkContrast } from '../render/theme-page.ts';
import { checkTheme, toOwnRoot } from '../render/theme-rules.ts';
import { readVars, resolveValue, resolveVars } from '../render/theme-vars.ts';
import { printFile } from '../report/check-report.ts';
import { toErrorJson, toFindingJson } from '../report/publish-report.ts';
import type { Speaker } from '../report/speaker.ts';
import { toTable } from '../report/table.ts';
import { say, toArgument, toJsonText, toPrintable, type UiKey } from '../report/words.ts';
import { enter, type GlobalOptions, openSpeaker } from './globals.ts';

export interface ThemeListFlags {
  readonly json?: boolean;
}

/** Every theme and code theme: its name, its title, what it is for, and on a coloured terminal its colours. */
export async function runThemeList(
  io: Io,
  { globals, flags }: { readonly globals: GlobalOptions; readonly flags: ThemeListFlags },
): Promise<number> {
  const { speaker, cwd } = await enter(io, globals);
  const { lang, paint } = speaker;
  if (flags.json === true) {
    speaker.out(await toThemesJson(cwd));
    return 0;
  }
  for (const [kind, heading] of GROUPS) {
    if (kind === 'code') speaker.tell('');
    speaker.tell(paint.bold(say(heading, lang)));
    const themes = await readThemes(kind, cwd);
    const rows = toTable(themes.map(({ name, head }) => [name, head.title]));
    for (const [index, { css, base, head }] of themes.entries()) {
      const swatches = paint.level === 0 ? '' : `  ${findPalette(kind, css, base).map(toSwatch(io, speaker)).join('')}`;
      speaker.tell(`  ${rows[index]}${swatches}`);
      speaker.tell(paint.dim(`    ${head.says[lang]}`));
    }
  }
  return 0;
}

function readThemes(kind: ThemeKind, cwd: string) {
  return Promise.all(
    listThemes(kind).map(async (name) => {
      const { css, base } = await readTheme(kind === 'code' ? `code/${name}` : name, cwd);
      return { name, css, base, head: readHead(css) };
    }),
  );
}

/** `wxsync.themes/1`. */
async function toThemesJson(cwd: string): Promise<string> {
  const list = async (kind: ThemeKind) =>
    (await readThemes(kind, cwd)).map(({ name, css, base, head }) => {
      return { name, title: head.title, says: head.says, colours: findPalette(kind, css, base) };
    });
  const [themes, codeThemes] = await Promise.all([list('theme'), list('code')]);
  return toJsonText({ schema: 'wxsync.themes/1', ok: true, exitCode: 0, themes, codeThemes });
}

const GROUPS = [
  ['theme', 'theme.articles'],
  ['code', 'theme.codes'],
] as const satisfies readonly (readonly [ThemeKind, UiKey])[];

/** Colours of a theme that are worth a look, each once, in the order in which it says them. */
function findPalette(kind: ThemeKind, css: string, base: string): readonly string[] {
  const vars = readVars(`${base}\n${css}`);
  const said =
    kind === 'theme'
      ? PALETTE.map((name) => resolveValue(vars.get(name) ?? '', vars, () => ''))
      : [...resolveVars(css, {}).matchAll(/#[\da-f]{6}/g)].map(([hex]) => hex);
  const colours = said.flatMap((value) => toColour(value) ?? []).filter(({ alpha }) => alpha === 1);
  return [...new Set(colours.map(printColour))].slice(0, MAX_SWATCHES);
}

const PALETTE: readonly ThemeVar[] = [
  '--wx-heading',
  '--wx-text',
  '--wx-muted',
  '--wx-primary',
  '--wx-link',
  '--wx-panel',
];
const MAX_SWATCHES = 12;

/** A terminal that says so shows the colour itself, any other the nearest that it has. */
function toSwatch({ env }: Io, { paint }: Speaker): (hex: string) => string {
  const isTrue = /^(?:truecolor|24bit)$/.test(env['COLORTERM'] ?? '');
  return (hex) => {
    const { r, g, b } = toColour(hex) ?? { r: 0, g: 0, b: 0 };
    return isTrue ? `\u001b[48;2;${r};${g};${b}m  \u001b[49m` : paint.bgHex(hex)('  ');
  };
}

export interface ThemeShowFlags {
  readonly vars?: boolean;
}

/** A theme's CSS as it is, or its variables with their values and what each does. */
export async function runThemeShow(
  io: Io,
  { globals, flags, name }: { readonly globals: GlobalOptions; readonly flags: ThemeShowFlags; readonly name: string },
): Promise<number> {
  const { speaker, cwd } = await enter(io, globals);
  const { css, base } = await readTheme(name, cwd);
  if (flags.vars !== true) {
    speaker.out(toPrintable(css.trimEnd(), '\n\t'));
    return 0;
  }
  const { lang } = speaker;
  const known: Readonly<Record<string, UiKey>> = VARS;
  const rows = [...readVars(`${base}\n${css}`)].map(([each, value]) => {
    const key = known[each];
    return [toPrintable(each), toPrintable(value), key === undefined ? '' : say(key, lang)];
  });
  for (const line of toTable(rows, [40, 40, null])) speaker.tell(line);
  return 0;
}

const VARS = {
  '--wx-size': 'theme.var-size',
  '--wx-leading': 'theme.var-leading',
  '--wx-spacing': 'theme.var-spacing',
  '--wx-text': 'theme.var-text',
  '--wx-heading': 'theme.var-heading',
  '--wx-quiet': 'theme.var-quiet',
  '--wx-muted': 'theme.var-muted',
  '--wx-primary': 'theme.var-primary',
  '--wx-link': 'theme.var-link',
  '--wx-panel': 'theme.var-panel',
  '--wx-shade': 'theme.var-shade',
  '--wx-line': 'theme.var-line',
  '--wx-mono': 'theme.var-mono',
  '--wx-dots': 'theme.var-dots',
  '--wx-numbers': 'theme.var-numbers',
} as const satisfies Record<ThemeVar, UiKey>;

/** Writes the theme to start from. A file that is there, or a link, stays as it is. */
export async function runThemeNew(
  io: Io,
  { globals, file }: { readonly globals: GlobalOptions; readonly file: string },
): Promise<number> {
  const { speaker, cwd } = await enter(io, globals);
  const { lang, paint } = speaker;
  if (!file.endsWith('.css')) throw usage(say('usage.theme-name', lang, { path: file }));
  const name = basename(file, '.css')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-');
  const read = readRegularFile(join(findPackageFolder(), 'templates', 'theme.css'), MAX_TEMPLATE);
  if (read.kind !== 'ok') throw new Error('the package lacks templates/theme.css');
  const text = new TextDecoder().decode(read.bytes).replace('@theme name', `@theme ${name}`);
  try {
    const handle = await open(resolve(cwd, file), 'wx');
    await handle.writeFile(text).finally(() => handle.close());
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') throw usage(say('usage.theme-there', lang, { path: file }));
    throw usage(say('usage.unwritable', lang, { path: file, detail: code }));
  }
  speaker.tell(`${paint.green('✔')} ${say('init.wrote', lang, { path: file })}`);
  speaker.talk(say('theme.made', lang, { path: toArgument(file) }));
  return 0;
}

const MAX_TEMPLATE = 100_000;

export interface ThemeCheckFlags {
  readonly json?: boolean;
}

/** What is wrong with themes: as they are written, then on a page. Exit 3 for an error; one that cannot be read ends it. */
export async function runThemeCheck(
  io: Io,
  {
    globals,
    flags,
    names,
  }: { readonly globals: GlobalOptions; readonly flags: ThemeCheckFlags; readonly names: readonly string[] },
): Promise<number> {
  let speaker = openSpeaker(io, globals);
  let error: WxsyncError | null = null;
  const checked: ThemeChecked[] = [];
  try {
    const around = await enter(io, globals);
    speaker = around.speaker;
    for (const name of names) {
      const theme = { name, ...(await lookAt(name, around.cwd)) };
      checked.push(theme);
      if (flags.json !== true) printThemeCheck(theme, speaker);
    }
  } catch (thrown) {
    error = toExpected(thrown);
    if (flags.json !== true) throw error;
  }
  const isBad = checked.some(({ findings }) => hasErrors(findings));
  const exitCode = error?.exitCode ?? (isBad ? EXIT.writer : 0);
  if (flags.json === true) speaker.out(toThemeJson({ names, checked, error, exitCode }, speaker));
  return exitCode;
}

async function lookAt(name: string, cwd: string): Promise<{ css: string; findings: readonly Finding[] }> {
  const { kind, css: raw, base } = await readTheme(name, cwd);
  const css = toOwnRoot(raw);
  const theme = await loadTheme({
    name: kind === 'code' ? DEFAULT : name,
    codeTheme: kind === 'code' ? name.replace(/^code\//, '') : DEFAULT,
    ...{ vars: {}, root: cwd, trusted: true },
  });
  const findings = [...checkTheme(css, base), ...(await checkContrast(theme, css))];
  return { css: raw, findings: findings.sort(byPlace) };
}

const DEFAULT = 'default';

interface ThemeChecked {
  readonly name: string;
  readonly css: string;
  readonly findings: readonly Finding[];
}

function printThemeCheck({ name, css, findings }: ThemeChecked, speaker: Speaker): void {
  const { lang, paint } = speaker;
  const shown = toPrintable(name);
  printFile({ shown, text: css, findings }, speaker);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const counts = { name: shown, errors, warnings: findings.length - errors };
  const color = errors > 0 ? paint.red : findings.length > 0 ? paint.yellow : paint.green;
  const words = findings.length === 0 ? say('theme.clean', lang, counts) : say('theme.counts', lang, counts);
  speaker.out(color(`${errors > 0 ? '✖' : '✔'} ${words}`));
}

interface ThemesChecked {
  readonly names: readonly string[];
  readonly checked: readonly ThemeChecked[];
  readonly error: WxsyncError | null;
  readonly exitCode: number;
}

/** `wxsync.theme/1`: `theme` is the one that was named, null of several. */
function toThemeJson({ names, checked, error, exitCode }: ThemesChecked, { lang }: Speaker): string {
  const [theme = '', ...others] = names;
  return toJsonText({
    schema: 'wxsync.theme/1',
    ok: exitCode === 0,
    exitCode,
    theme: others.length === 0 ? theme : null,
    themes: names,
    error: error === null ? null : toErrorJson(error, lang),
    findings: checked.flatMap(({ name, findings }) => findings.map((each) => toFindingJson(each, name, lang))),
  });
}

function usage(detail: string): WxsyncError {
  return new WxsyncError('usage', { args: { detail, command: 'theme new' } });
}
