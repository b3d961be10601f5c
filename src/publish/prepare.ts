// Step 2: makes every picture and the cover fit for WeChat, from the cache where the same bytes were fitted before.
import { WxsyncError } from '../errors.ts';
import { type Finding, finding, hasErrors } from '../facts/findings.ts';
import { drawCover } from '../images/cover.ts';
import type { ImageNote } from '../images/failure.ts';
import { fetchImage } from '../images/fetch.ts';
import { type ImageSource, readImage } from '../images/find.ts';
import { decodeFitted, encodeFitted, RULE_VERSION } from '../images/fit.ts';
import { JAIL, type Jail } from '../images/jail.ts';
import { showReference } from '../images/reference.ts';
import type { Studio } from '../images/studio.ts';
import { type Cache, sha256 } from '../local/cache.ts';
import { findLeadImage } from '../render/render.ts';
import { readAccent } from '../render/theme-vars.ts';
import { type BodyImage, drawDiagrams } from './diagrams.ts';
import { mapLimited } from './pool.ts';
import type { ReadPost } from './read.ts';
import type { ImageResult } from './result.ts';
import { toSnapshot, toSourceHash } from './source-hash.ts';

/** Decoding is heavy: as many at once as a small machine has cores. */
const FITS_AT_ONCE = 2;

export interface Prepared {
  readonly sourceHash: string;
  readonly snapshot: string;
  /** Each picture once, in document order, then the drawn diagrams; those at WeChat and those only planned are left out. */
  readonly body: readonly BodyImage[];
  readonly cover: {
    readonly jpeg: Uint8Array;
    /** Hash of the picture it was made from. */
    readonly source: string;
    /** As the author wrote it; empty for a drawn one. */
    readonly src: string;
  };
  readonly findings: readonly Finding[];
}

export type Preparing =
  | { readonly kind: 'ok'; readonly prepared: Prepared }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

export interface PrepareOptions {
  readonly cache: Cache;
  /** Where diagrams are drawn; null leaves them alone. */
  readonly studio: Studio | null;
  /** Put into the cover's bytes, so that equal pictures of two posts differ. */
  readonly mark: string;
  /** `plan` leaves remote pictures alone and says so; `fetch` gets them. */
  readonly remote: 'fetch' | 'plan';
  /** In CI only these hosts; null: any public one. */
  readonly allowHosts: readonly string[] | null;
  readonly signal: AbortSignal;
  /** Where pictures are decoded; the process's own unless a test has another. */
  readonly jail?: Jail;
}

/**
 * Fits all pictures. Bad ones are findings, all at once; a server that cannot be reached throws `image-unreachable`.
 * Writes nothing but the cache.
 */
export async function preparePost(read: ReadPost, options: PrepareOptions): Promise<Preparing> {
  const findings: Finding[] = [];
  const hashes = new Map<string, string>();
  const note = (src: string, { code, args }: ImageNote) => {
    // One picture may be both in the body and the cover.
    if (findings.some((each) => each.code === code && each.args['src'] === src)) return;
    const place = read.page.images.find((image) => image.src === src) ?? read.post.cover ?? { line: 1, column: 1 };
    findings.push(finding(code, place, { ...args, src }));
  };

  const loading = mapLimited([...read.sources], FITS_AT_ONCE, async ([src, source]) => {
    const got = await loadSource(source, read, options);
    if (got.kind === 'bad') note(src, got.note);
    if (got.kind === 'known') hashes.set(src, got.hash);
    if (got.kind === 'bytes') hashes.set(src, sha256(got.bytes));
    return { src, got };
  });
  const inBody = new Set(read.page.images.map((image) => image.src));
  const fitting = loading.then((loaded) =>
    mapLimited(loaded, FITS_AT_ONCE, async ({ src, got }) => {
      if (got.kind !== 'bytes' || !inBody.has(src)) return null;
      return fitCached(src, got.bytes, { read, options, note });
    }),
  );
  const drawing = drawDiagrams(read.page.diagrams, { ...options, theme: read.theme, config: read.at.config });
  // The cover needs nothing of the body.
  const covering = prepareCover(read, options, note);
  const [loaded, fitted, drawn, cover] = await Promise.all([loading, fitting, drawing, covering]);
  findings.push(...drawn.findings);

  // What must be mended is told before what may pass by itself.
  findings.sort((a, b) => a.line - b.line || a.column - b.column);
  if (cover === null || hasErrors(findings)) return { kind: 'invalid', findings };
  const late = loaded.find(({ got }) => got.kind === 'unreachable')?.got;
  if (late?.kind === 'unreachable') throw late.error;
  if (cover instanceof WxsyncError) throw cover;
  const prepared: Prepared = {
    sourceHash: toSourceHash(read, hashes, cover.source),
    snapshot: toSnapshot(read.bytes),
    body: [...fitted.filter((image) => image !== null), ...drawn.images],
    cover,
    findings,
  };
  return { kind: 'ok', prepared };
}

/** The source hash from files alone, nothing decoded or written; null when a picture that is not here has a part in it. */
export async function readSourceHash(read: ReadPost): Promise<string | null> {
  const load = async (source: ImageSource): Promise<string | null> => {
    const got = await loadSource(source, read, {
      remote: 'plan',
      allowHosts: null,
      signal: new AbortController().signal,
    });
    return got.kind === 'bytes' ? sha256(got.bytes) : got.kind === 'known' ? got.hash : null;
  };
  const hashes = new Map<string, string>();
  for (const [src, source] of read.sources) {
    const hash = await load(source);
    if (hash === null) return null;
    hashes.set(src, hash);
  }
  const isDrawn = read.cover === null || read.cover.kind === 'wechat';
  const cover = read.cover === null || isDrawn ? toDrawnSource(read) : await load(read.cover);
  return cover === null ? null : toSourceHash(read, hashes, cover);
}

function toDrawnSource({ fields, theme }: ReadPost): string {
  return `drawn ${sha256(fields.title)} ${readAccent(theme)}`;
}

/** The pictures of a post none of which is sent now. */
export function toImages({ body, cover }: Prepared): readonly ImageResult[] {
  const bodyImages = body.map(
    ({ src, image }) => ({ src, kind: 'body', bytes: image.bytes.length, reused: true, url: null }) as const,
  );
  return [...bodyImages, { src: cover.src, kind: 'cover', bytes: cover.jpeg.length, reused: true, url: null }];
}

type Note = (src: string, note: ImageNote) => void;

type Loaded =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'known'; readonly hash: string }
  | { readonly kind: 'bad'; readonly note: ImageNote }
  | { readonly kind: 'unreachable'; readonly error: WxsyncError };

type LoadOptions = Pick<PrepareOptions, 'remote' | 'allowHosts' | 'signal'>;

async function loadSource(source: ImageSource, read: ReadPost, options: LoadOptions): Promise<Loaded> {
  if (source.kind === 'wechat') return { kind: 'known', hash: source.url };
  if (source.kind === 'remote') {
    if (options.remote === 'plan') return { kind: 'bad', note: { code: 'image-remote-planned', args: {} } };
    const got = await fetchImage(source.url, { allowHosts: options.allowHosts, signal: options.signal });
    if (got.kind === 'ok') return { kind: 'bytes', bytes: got.bytes };
    if (got.kind === 'refused') return { kind: 'bad', note: got };
    const args = { src: showReference(source.url), detail: got.detail };
    return { kind: 'unreachable', error: new WxsyncError('image-unreachable', { args }) };
  }
  const got = await readImage(source, read.roots);
  return got.ok ? { kind: 'bytes', bytes: got.bytes } : { kind: 'bad', note: got };
}

async function fitCached(
  src: string,
  bytes: Uint8Array,
  { read, options, note }: { read: ReadPost; options: PrepareOptions; note: Note },
): Promise<BodyImage | null> {
  const { maxWidth } = read.at.config.images;
  const key = `body ${sha256(bytes)} ${maxWidth} ${RULE_VERSION}`;
  const cached = await options.cache.get(key);
  const before = cached === null ? null : decodeFitted(cached);
  if (before !== null) return { src, image: before };
  const { jail = JAIL, signal } = options;
  const fitted = await jail.fit({ kind: 'body', bytes, maxWidth }, signal);
  if (!fitted.ok) {
    note(src, fitted);
    return null;
  }
  const { image } = fitted;
  if (image.note !== null) note(src, image.note);
  else await options.cache.put(key, encodeFitted(image));
  return { src, image };
}

/** The cover, or why it may be had later, or null when that was noted. */
async function prepareCover(
  read: ReadPost,
  options: PrepareOptions,
  note: Note,
): Promise<Prepared['cover'] | WxsyncError | null> {
  const { mark, jail = JAIL, signal } = options;
  const src = read.post.cover?.src ?? findLeadImage(read.page.images)?.src ?? '';
  const drawn = async () => {
    const { jpeg } = await drawCover({ title: read.fields.title, mark, accent: readAccent(read.theme) });
    return { jpeg, source: toDrawnSource(read), src: '' };
  };
  if (read.cover === null) return drawn();
  const got = await loadSource(read.cover, read, options);
  // A remote cover is not fetched in a dry run; a picture already at WeChat has no bytes here.
  if (got.kind === 'known' || (got.kind === 'bad' && got.note.code === 'image-remote-planned')) return drawn();
  if (got.kind === 'unreachable') return got.error;
  if (got.kind === 'bad') {
    note(src, got.note);
    return null;
  }
  const source = sha256(got.bytes);
  const key = `cover ${source} ${mark} ${RULE_VERSION}`;
  const cached = await options.cache.get(key);
  const before = cached === null ? null : decodeFitted(cached);
  if (before !== null) return { jpeg: before.bytes, source, src };
  const fitted = await jail.fit({ kind: 'cover', bytes: got.bytes, mark }, signal);
  if (!fitted.ok) {
    note(src, fitted);
    return null;
  }
  await options.cache.put(key, encodeFitted(fitted.image));
  return { jpeg: fitted.image.bytes, source, src };
}
