// Step 2: makes every picture and the cover fit for WeChat, from the cache where the same bytes were fitted before.
import { WxsyncError } from '../errors.ts';
import { byPlace, type Finding, finding, hasErrors } from '../facts/findings.ts';
import { drawCover, markJpeg } from '../images/cover.ts';
import type { ImageNote } from '../images/failure.ts';
import { fetchImage } from '../images/fetch.ts';
import { type ImageSource, readImage } from '../images/find.ts';
import { decodeFitted, encodeFitted, type FitResult, type FittedImage, RULE_VERSION } from '../images/fit.ts';
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
    if (got.kind === 'known' || got.kind === 'bytes') hashes.set(src, got.hash);
    return { src, got };
  });
  const { cache, jail = JAIL, signal } = options;
  const { maxWidth } = read.at.config.images;
  const prepareBody = async (src: string, { bytes, hash }: LoadedBytes): Promise<BodyImage | null> => {
    const key = `body ${hash} ${maxWidth} ${RULE_VERSION}`;
    const make = () => jail.fit({ kind: 'body', bytes, maxWidth }, signal);
    const image = await getFitted(cache, { src, key, note, make });
    return image && { src, image };
  };
  const inBody = new Set(read.page.images.map((image) => image.src));
  const fitting = loading.then((loaded) =>
    mapLimited(loaded, FITS_AT_ONCE, async ({ src, got }) => {
      if (got.kind !== 'bytes' || !inBody.has(src)) return null;
      return prepareBody(src, got);
    }),
  );
  const drawing = drawDiagrams(read.page.diagrams, { ...options, theme: read.theme, config: read.at.config });
  // The cover needs nothing of the body.
  const covering = prepareCover(read, options, note);
  const [loaded, fitted, drawn, cover] = await Promise.all([loading, fitting, drawing, covering]);
  findings.push(...drawn.findings);

  // What must be mended is told before what may pass by itself.
  findings.sort(byPlace);
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
    return got.kind === 'bytes' || got.kind === 'known' ? got.hash : null;
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
  | ({ readonly kind: 'bytes' } & LoadedBytes)
  | { readonly kind: 'known'; readonly hash: string }
  | { readonly kind: 'bad'; readonly note: ImageNote }
  | { readonly kind: 'unreachable'; readonly error: WxsyncError };

interface LoadedBytes {
  readonly bytes: Uint8Array;
  /** sha256 in hex: four pictures of 2 MB take 40 ms, so it is taken once. */
  readonly hash: string;
}

type LoadOptions = Pick<PrepareOptions, 'remote' | 'allowHosts' | 'signal'>;

async function loadSource(source: ImageSource, read: ReadPost, options: LoadOptions): Promise<Loaded> {
  if (source.kind === 'wechat') return { kind: 'known', hash: source.url };
  if (source.kind === 'remote') {
    if (options.remote === 'plan') return { kind: 'bad', note: { code: 'image-remote-planned', args: {} } };
    const got = await fetchImage(source.url, { allowHosts: options.allowHosts, signal: options.signal });
    if (got.kind === 'ok') return toLoaded(got.bytes);
    if (got.kind === 'refused') return { kind: 'bad', note: got };
    const args = { src: showReference(source.url), detail: got.detail };
    return { kind: 'unreachable', error: new WxsyncError('image-unreachable', { args }) };
  }
  const got = await readImage(source, read.roots);
  return got.ok ? toLoaded(got.bytes) : { kind: 'bad', note: got };
}

function toLoaded(bytes: Uint8Array): Loaded {
  return { kind: 'bytes', bytes, hash: sha256(bytes) };
}

interface Fitting {
  readonly src: string;
  readonly key: string;
  readonly note: Note;
  make(): Promise<FitResult>;
}

/**
 * The picture as it was made before under this key, else made now and kept; null when it cannot be, which is noted. One
 * with a note is not kept, so that it is told at every run.
 */
async function getFitted(cache: Cache, { src, key, note, make }: Fitting): Promise<FittedImage | null> {
  const file = await cache.get(key);
  const before = file === null ? null : decodeFitted(file);
  if (before !== null) return before;
  const made = await make();
  const noted = made.ok ? made.image.note : made;
  if (noted !== null) note(src, noted);
  else if (made.ok) await cache.put(key, encodeFitted(made.image));
  return made.ok ? made.image : null;
}

/** The cover, or why it may be had later, or null when that was noted. */
async function prepareCover(
  read: ReadPost,
  options: PrepareOptions,
  note: Note,
): Promise<Prepared['cover'] | WxsyncError | null> {
  const { cache, mark, jail = JAIL, signal } = options;
  const src = read.post.cover?.src ?? findLeadImage(read.page.images)?.src ?? '';
  const toCover = (image: FittedImage | null, made: Omit<Prepared['cover'], 'jpeg'>) =>
    image && { jpeg: markJpeg(image.bytes, mark), ...made };
  const draw = async () => {
    const source = toDrawnSource(read);
    const cover = { title: read.fields.title, accent: readAccent(read.theme) };
    const make = async () => ({ ok: true, image: await drawCover(cover) }) as const;
    return toCover(await getFitted(cache, { src, key: `${source} ${RULE_VERSION}`, note, make }), { source, src: '' });
  };
  if (read.cover === null) return draw();
  const got = await loadSource(read.cover, read, options);
  // A remote cover is not fetched in a dry run; a picture already at WeChat has no bytes here.
  if (got.kind === 'known' || (got.kind === 'bad' && got.note.code === 'image-remote-planned')) return draw();
  if (got.kind === 'unreachable') return got.error;
  if (got.kind === 'bad') {
    note(src, got.note);
    return null;
  }
  const { bytes, hash } = got;
  const make = () => jail.fit({ kind: 'cover', bytes }, signal);
  return toCover(await getFitted(cache, { src, key: `cover ${hash} ${RULE_VERSION}`, note, make }), {
    source: hash,
    src,
  });
}
