// `wxsync render`: the WeChat HTML of one post on stdout or in a file, and nothing else; opens no picture, draws diagrams, needs no account.
import { watch } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parsePost } from '../article/post.ts';
import { EXIT, WxsyncError } from '../errors.ts';
import { byPlace, type Finding, finding, hasErrors, type Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { openStudio, type Studio } from '../images/studio.ts';
import { findSetting, toPageSettings } from '../local/config.ts';
import type { Config } from '../local/config-keys.ts';
import { readRegularFile, writeFileAtomic } from '../local/files.ts';
import type { Io } from '../local/io.ts';
import { findWayOut, toAbsolute, toPosixPath } from '../local/project.ts';
import { type LoadedTheme, loadTheme, tellTheme } from '../local/themes.ts';
import { toPage } from '../preview/page.ts';
import { renderLinked } from '../publish/post-links.ts';
import { toSource } from '../publish/source.ts';
import { type PlacedImage, render, type WechatHtml } from '../render/render.ts';
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
  const isWatch = flags.watch === true;
  if (isWatch && file === '-') throw usage('--watch -');
  const { env } = around.environment;
  const studio = openStudio({ env, platform: io.platform, hearing: isWatch ? 'caller' : 'nobody' });
  const work: Work = { around, file, flags, studio };
  try {
    const code = await renderOnce(work);
    if (!isWatch) return code;
    await watchFile(resolve(around.cwd, file), io, () => renderOnce(work));
    return 0;
  } finally {
    await studio.close();
  }
}

interface Work {
  readonly around: Surroundings;
  /** As it was said. */
  readonly file: string;
  readonly flags: RenderFlags;
  readonly studio: Studio;
}

async function renderOnce({ around, file, flags, studio }: Work): Promise<number> {
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
    findName: async (key) => {
      if (flags[key] !== undefined) return null;
      const { theme } = post;
      return key === 'theme' && theme !== null
        ? { file: shown, line: theme.line, column: theme.column }
        : findSetting(config, [key]);
    },
  });
  const source = toSource(post);
  const how = { theme, settings: toPageSettings(config) };
  const { page: plain, links } = await renderLinked(source, how, { file: full, place, config });
  const drawn = await drawFor(plain, { around, studio, theme, config });
  const page = drawn.images.size === 0 ? plain : await render(source, { ...how, links, images: drawn.images });
  const { told, remarks } = lookAtTheme(theme, post.theme ?? { line: 1, column: 1 });
  const all = [...findings, ...page.findings, ...drawn.findings, ...told].sort(byPlace);
  printFindings(remarks, relative(cwd, resolve(place.root, theme.wished)), speaker);
  printFindings(all, shown, speaker);
  const words = toPageWords(speaker.lang);
  const frame = { title: post.title, author: null, digest: null, cover: null };
  const html =
    flags.page === true
      ? toPage({ ...frame, opening: page.digest, html: page.html, chars: plain.html.length, findings: all, words })
      : page.html;
  if (flags.output === undefined) around.io.stdout.write(`${toTameHtml(html)}\n`);
  else await writeOutput(resolve(cwd, flags.output), `${html}\n`);
  return hasErrors(all) ? EXIT.writer : 0;
}

interface Drawing extends Pick<Work, 'around' | 'studio'> {
  readonly theme: LoadedTheme;
  readonly config: Config;
}

/** The diagrams of a page as pictures that are in it: there is no file that they could be. */
async function drawFor({ diagrams }: WechatHtml, { around, studio, theme, config }: Drawing) {
  if (diagrams.length === 0) return { images: new Map<string, PlacedImage>(), findings: [] };
  const [{ drawDiagrams }, { findCacheHome, openCache }, { toDataUri }] = await Promise.all([
    import('../publish/diagrams.ts'),
    import('../local/cache.ts'),
    import('../preview/file.ts'),
  ]);
  const cache = openCache(join(findCacheHome(around.io), 'fitted'));
  const signal = new AbortController().signal;
  const { images, findings } = await drawDiagrams(diagrams, { studio, cache, theme, config, signal });
  return { images: new Map(images.map(({ src, image }) => [src, { ...image, url: toDataUri(image) }])), findings };
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
  const read = readRegularFile(full, LIMITS.postFile.value);
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
