// `wxsync render`: the WeChat HTML of one post on stdout or in a file, and nothing else; opens no picture, needs no account.

import { watch } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { parsePost } from '../article/post.ts';
import { EXIT, WxsyncError } from '../errors.ts';
import { type Finding, finding, hasErrors, type Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { toPageSettings } from '../local/config.ts';
import { readRegularFile, writeFileAtomic } from '../local/files.ts';
import type { Io } from '../local/io.ts';
import { findWayOut, toAbsolute, toPosixPath } from '../local/project.ts';
import { type LoadedTheme, loadTheme, tellTheme } from '../local/themes.ts';
import { toPage } from '../preview/page.ts';
import { renderLinked } from '../publish/post-links.ts';
import { toSource } from '../publish/source.ts';
import { printFindings } from '../report/publish-report.ts';
import { toPageWords } from '../report/words.ts';
import { enter, type GlobalOptions, type Surroundings } from './globals.ts';

export interface RenderFlags {
  readonly theme?: string;
  readonly codeTheme?: string;
  readonly output?: string;
  readonly watch?: boolean;
  readonly page?: boolean;
  readonly baseDir?: string;
}

export async function runRender(
  io: Io,
  options: { globals: GlobalOptions; flags: RenderFlags; file: string },
): Promise<number> {
  const { flags, file } = options;
  const around = await enter(io, options.globals);
  if (flags.watch !== true) return renderOnce(around, file, flags);
  if (file === '-') throw usage('--watch -');
  await renderOnce(around, file, flags);
  await watchFile(resolve(around.cwd, file), io, () => renderOnce(around, file, flags));
  return 0;
}

async function renderOnce(around: Surroundings, file: string, flags: RenderFlags): Promise<number> {
  const { speaker, cwd } = around;
  const isStdin = file === '-';
  const full = isStdin ? resolve(cwd, flags.baseDir ?? '.', 'stdin.md') : toAbsolute(file, cwd);
  const outside = isStdin ? null : await findOutside(around, file);
  if (outside !== null) {
    printFindings([outside], file, speaker);
    return EXIT.writer;
  }
  const { place, config } = await around.projectOf(dirname(full));
  const bytes = isStdin ? await readStdin(around.io) : await readPostFile(full, file);
  const shown = isStdin ? '-' : relative(cwd, full);
  const { post, findings } = await parsePost({ bytes, path: toPosixPath(place.home, full) });
  if (post === null) {
    printFindings(findings, shown, speaker);
    return EXIT.writer;
  }
  const theme = await loadTheme({
    name: flags.theme?.endsWith('.css')
      ? resolve(cwd, flags.theme)
      : (flags.theme ?? post.theme?.value ?? config.theme),
    codeTheme: flags.codeTheme ?? config.codeTheme,
    vars: config.themeVars,
    root: place.root,
    trusted: flags.theme !== undefined,
  });
  const source = toSource(post);
  const how = { theme, settings: toPageSettings(config) };
  const { page } = await renderLinked(source, how, { file: full, place, config });
  const { told, remarks } = lookAtTheme(theme, post.theme ?? { line: 1, column: 1 });
  const all = [...findings, ...page.findings, ...told];
  printFindings(remarks, relative(cwd, resolve(place.root, theme.wished)), speaker);
  printFindings(all, shown, speaker);
  const words = toPageWords(speaker.lang);
  const frame = { title: post.title, author: null, digest: null, cover: null };
  const html =
    flags.page === true
      ? toPage({ ...frame, opening: page.digest, html: page.html, chars: page.html.length, findings: all, words })
      : page.html;
  if (flags.output === undefined) around.io.stdout.write(`${toTameHtml(html)}\n`);
  else await writeOutput(resolve(cwd, flags.output), `${html}\n`);
  return hasErrors(all) ? EXIT.writer : 0;
}

/** Here a theme's lines are shown themselves, in the place of their number; a page that lacks something is a page still. */
function lookAtTheme(theme: LoadedTheme, at: Place) {
  const told = tellTheme({ ...theme, remarks: [] }, at);
  return { told, remarks: theme.remarks.map((each) => ({ ...each, severity: 'warning' }) as const) };
}

/** A file that a link out of the project leads to is not read. */
async function findOutside({ cwd, projectOf }: Surroundings, file: string): Promise<Finding | null> {
  const way = findWayOut(file, cwd);
  if (way === null) return null;
  const { root } = (await projectOf(dirname(way.link))).place;
  return finding(
    'post-outside',
    { line: 1, column: 1 },
    { root, real: await realpath(way.file).catch(() => way.file) },
  );
}

/**
 * The same page without what steers a terminal: control characters are nothing in HTML, and go out of what is sent too; marks
 * that turn the direction of writing have a name.
 */
function toTameHtml(html: string): string {
  return html
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '')
    .replace(
      /[\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g,
      (each) => `&#x${each.charCodeAt(0).toString(16)};`,
    );
}

async function readPostFile(full: string, shown: string): Promise<Uint8Array> {
  const read = await readRegularFile(full, LIMITS.postFile.value);
  if (read.kind === 'ok') return read.bytes;
  if (read.kind === 'missing') throw new WxsyncError('path-missing', { args: { path: shown } });
  const detail = read.kind === 'special' ? read.what : read.kind === 'too-big' ? `${read.bytes} bytes` : read.detail;
  throw usage(`${shown}: ${detail}`);
}

async function readStdin(io: Io): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function writeOutput(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(file, text, { link: 'follow' });
  } catch (error) {
    throw usage(`--output ${file}: ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

/** Editors replace files, so the folder is watched; ends at Ctrl-C. */
async function watchFile(file: string, io: Io, again: () => Promise<number>): Promise<void> {
  await new Promise<void>((end) => {
    let waiting: NodeJS.Timeout | undefined;
    const watcher = watch(dirname(file), (_, name) => {
      if (name !== basename(file)) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => void again().catch(() => undefined), 50);
    });
    io.onSignal(() => {
      watcher.close();
      clearTimeout(waiting);
      end();
    });
  });
}

function usage(detail: string): WxsyncError {
  return new WxsyncError('usage', { args: { detail, command: 'render' } });
}
