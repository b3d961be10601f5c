// Step 1: reads a post once and finds out everything that can be known without a network or a change.

import { realpathSync } from 'node:fs';
import { type Fields, toFields } from '../article/fields.ts';
import { setFlag } from '../article/flag.ts';
import { type Post, parsePost } from '../article/post.ts';
import { applyChecks, checkPost } from '../check/rules.ts';
import { WxsyncError } from '../errors.ts';
import { byPlace, type Finding, finding, hasErrors } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { findImages, type ImageRoots, type ImageSource, readImage } from '../images/find.ts';
import { JAIL } from '../images/jail.ts';
import { showReference } from '../images/reference.ts';
import { sha256 } from '../local/cache.ts';
import { findSetting, toPageSettings } from '../local/config.ts';
import { type Config, DEFAULTS } from '../local/config-keys.ts';
import { attempt, errorCode, type FileProblem, readRegularFile } from '../local/files.ts';
import { hasTwin, isInside, type Place } from '../local/project.ts';
import { loadTheme, type ThemeKey, tellTheme } from '../local/themes.ts';
import { findLeadImage, type ImageReference, type PageSettings, type WechatHtml } from '../render/render.ts';
import type { Theme } from '../render/theme.ts';
import { renderLinked } from './post-links.ts';
import type { Reason } from './result.ts';
import { toSource } from './source.ts';

/** What a caller may set for every post of a run; strongest of all settings. */
export interface Overrides {
  /** A shipped theme's name, or an absolute path. */
  readonly theme: string | null;
  /** A shipped code theme's name. */
  readonly codeTheme: string | null;
  readonly cover: ImageSource | null;
  readonly author: string | null;
  readonly digest: string | null;
}

/** A post's file in its project. */
export interface PostFile {
  readonly file: string;
  readonly named: boolean;
  /** Relative to the place's home, `/`-separated, NFC: the post path of the ledger and of all output. */
  readonly path: string;
  readonly place: Place;
  readonly config: Config;
}

export interface ReadPost {
  readonly at: PostFile;
  readonly account: string | null;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly mode: number;
  readonly post: Post;
  readonly fields: Fields;
  readonly theme: Theme;
  readonly settings: PageSettings;
  /** The page with the author's own image references. */
  readonly page: WechatHtml;
  /** Where its links to other posts lead. */
  readonly links: ReadonlyMap<string, string>;
  readonly roots: ImageRoots;
  readonly sources: ReadonlyMap<string, ImageSource>;
  /** Null: a cover is drawn. */
  readonly cover: ImageSource | null;
  readonly findings: readonly Finding[];
}

/** A post that can go on, or all that is wrong with it, or why it was never looked at closer. */
export type Reading =
  | { readonly kind: 'ok'; readonly read: ReadPost }
  | {
      readonly kind: 'left-out';
      readonly post: Post | null;
      readonly reason: Reason;
      /** Null: not read. */
      readonly bytes: Uint8Array | null;
    }
  | {
      readonly kind: 'invalid';
      readonly post: Post | null;
      readonly findings: readonly Finding[];
      /** Null: not read, because it cannot or must not be. */
      readonly bytes: Uint8Array | null;
    };

/** What a post's name may end in; a picture or a page named by mistake is told as such. */
export const MARKDOWN = /\.(?:md|markdown|mdx|mdown|mkdn?|txt)$/i;

/** Only whether a picture decodes is asked here, so the smallest result will do. */
const MIN_FIT = 200;

const START = { line: 1, column: 1 };

export interface ReadOptions {
  readonly overrides: Overrides;
  /** The account a post goes to; null: the default one. */
  readonly accountOf: (post: Post, at: PostFile) => string | null;
  /** A reason to leave a post alone, asked right after parsing; null to go on. */
  readonly leaveOut: (post: Post, at: PostFile) => Reason | null;
  /** More findings, from rules that publishing does not hold. */
  readonly lookCloser?: (seen: Seen) => Promise<readonly Finding[]>;
}

/** What reading found out about a post, whether or not it can be published. */
export interface Seen
  extends Pick<ReadPost, 'at' | 'post' | 'settings' | 'theme' | 'page' | 'links' | 'roots' | 'sources'> {
  /** Null: drawn, or set by the caller. */
  readonly cover: ImageReference | null;
}

/** Reads, parses, resolves every image, renders and checks. Throws only for a setting, such as a theme that is not there. */
export async function readPost(at: PostFile, options: ReadOptions): Promise<Reading> {
  return readFound(at, options).catch((error: unknown): Reading => {
    // A disk that fails between two looks at the same file.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const problem = { kind: 'unreadable', detail: errorCode(error) } as const;
    return { kind: 'invalid', post: null, findings: [toFinding(problem)], bytes: null };
  });
}

async function readFound(at: PostFile, options: ReadOptions): Promise<Reading> {
  const { overrides, leaveOut, accountOf } = options;
  if (!MARKDOWN.test(at.file))
    return { kind: 'invalid', post: null, findings: [finding('not-markdown', START)], bytes: null };
  const real = attempt(() => realpathSync.native(at.file)) ?? at.file;
  if (!isInside(realpathSync.native(at.place.root), real)) {
    const outside = finding('post-outside', START, { root: at.place.root, real });
    return { kind: 'invalid', post: null, findings: [outside], bytes: null };
  }
  const file = readRegularFile(real, LIMITS.postFile.value);
  if (file.kind !== 'ok') return { kind: 'invalid', post: null, findings: [toFinding(file)], bytes: null };
  const parsed = await parsePost({ bytes: file.bytes, path: at.path });
  const { post } = parsed;
  if (post === null) return { kind: 'invalid', post, findings: parsed.findings, bytes: file.bytes };
  const reason = leaveOut(post, at);
  if (reason !== null) return { kind: 'left-out', post, reason, bytes: file.bytes };

  const { config } = at;
  const account = accountOf(post, at);
  const its = account === null ? undefined : config.accounts[account];
  const fields = toFields(post, {
    author: overrides.author,
    digest: overrides.digest,
    defaultAuthor: its?.author ?? config.author,
    siteUrl: config.siteUrl,
    permalink: config.permalink,
  });
  const wished = overrides.theme ?? post.theme?.value ?? its?.theme ?? config.theme;
  const findName = async (key: ThemeKey) => {
    const path = key === 'theme' && its?.theme !== undefined ? ['accounts', account ?? '', 'theme'] : [key];
    return overrides[key] === null ? findSetting(config, path) : null;
  };
  const codeTheme = overrides.codeTheme ?? config.codeTheme;
  const how = { codeTheme, vars: config.themeVars, root: at.place.root, findName };
  // A theme that only this post names is this post's fault; one of the run or the project is everybody's.
  const isOwn = overrides.theme === null && post.theme !== null;
  const own = await loadTheme({ ...how, name: wished, trusted: overrides.theme !== null }).catch((error: unknown) => {
    if (isOwn && error instanceof WxsyncError) return error;
    throw error;
  });
  const unknown =
    own instanceof WxsyncError && post.theme !== null
      ? [finding('theme-unknown', post.theme, { ...toGuess(own), name: wished, problem: own.code })]
      : [];
  const theme = !(own instanceof WxsyncError) ? own : await loadTheme({ ...how, name: DEFAULTS.theme, trusted: true });
  const settings = toPageSettings(config);
  const source = toSource(post);
  const { page, links } = await renderLinked(source, { theme, settings }, at);

  const cover = overrides.cover === null ? toCover(post, page.images) : null;
  const roots: ImageRoots = { projectRoot: at.place.root, postFile: at.file, publicDirs: config.publicDirs };
  // The first body picture may be the cover too, and is told of once.
  const references = [...new Set(cover === null ? page.images : [...page.images, cover])];
  const images = await findImages(references, roots);
  const told = [
    ...parsed.findings,
    ...fields.findings,
    ...page.findings,
    ...images.findings,
    ...checkPost({ post, page, named: at.named }),
    ...checkFlag(file.bytes),
    ...(hasTwin(at.place.home, at.file) ? [finding('path-twice', START)] : []),
    ...unknown,
    ...tellTheme(theme, post.theme ?? START),
    ...((await options.lookCloser?.({
      at,
      post,
      settings,
      theme,
      page,
      links,
      roots,
      sources: images.sources,
      cover,
    })) ?? []),
  ];
  // Who must mend the post anyway is told of every picture at once, also of those that only decoding finds bad.
  const decoded =
    hasErrors(told) && options.lookCloser === undefined ? await findUndecodable(images.sources, references, roots) : [];
  const findings = applyChecks([...told, ...decoded], config.checks).toSorted(byPlace);
  if (hasErrors(findings)) return { kind: 'invalid', post, findings, bytes: file.bytes };
  const read: ReadPost = {
    at,
    account,
    bytes: file.bytes,
    sha256: sha256(file.bytes),
    mode: file.mode,
    post,
    fields: fields.fields,
    theme,
    settings,
    page,
    links,
    roots,
    sources: images.sources,
    cover: overrides.cover ?? (cover === null ? null : (images.sources.get(cover.src) ?? null)),
    findings,
  };
  return { kind: 'ok', read };
}

/** The pictures on disk that were found but cannot be read or decoded; of too many pictures the first ones are tried. */
async function findUndecodable(
  sources: ReadonlyMap<string, ImageSource>,
  references: readonly ImageReference[],
  roots: ImageRoots,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [src, source] of [...sources].slice(0, LIMITS.imagesPerPost.value)) {
    if (source.kind !== 'file' && source.kind !== 'data') continue;
    const got = await readImage(source, roots);
    const fitted = got.ok ? await JAIL.fit({ kind: 'body', bytes: got.bytes, maxWidth: MIN_FIT }) : got;
    const place = references.find((reference) => reference.src === src) ?? START;
    if (!fitted.ok) findings.push(finding(fitted.code, place, { ...fitted.args, src: showReference(src) }));
  }
  return findings;
}

function toFinding(problem: FileProblem): Finding {
  switch (problem.kind) {
    case 'missing':
      return finding('file-unreadable', START, { detail: 'ENOENT' });
    case 'special':
      return finding('not-a-file', START, { kind: problem.what });
    case 'too-big':
      return finding('file-too-big', START, { bytes: problem.bytes, max: LIMITS.postFile.value });
    case 'unreadable':
      return finding('file-unreadable', START, { detail: problem.detail });
  }
}

/** The cover of the front matter, else the first body image. */
function toCover(post: Post, images: readonly ImageReference[]): ImageReference | null {
  const { cover } = post;
  if (cover !== null) return { src: cover.src, alt: cover.alt, line: cover.line, column: cover.column };
  return findLeadImage(images);
}

/** A flag that could not be flipped afterwards must be known before a draft is made. */
function checkFlag(bytes: Uint8Array): readonly Finding[] {
  const change = setFlag(bytes, true);
  // A flag that is no boolean has its own finding, with the value in it.
  if (change.ok || change.reason === 'no-front-matter' || change.reason === 'not-boolean') return [];
  return [finding('flag-not-editable', change.place, { reason: change.reason })];
}

/** The names that there are, and the one that was perhaps meant. */
function toGuess({ args: { near = '', known = '' } }: WxsyncError): Finding['args'] {
  return { near, known };
}
