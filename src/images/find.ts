// Finds the file behind each image reference of a post, and reads it safely; it knows the disk, not what a picture is.
import { constants, realpathSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { type Finding, finding } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import type { ImageReference } from '../render/render.ts';
import { createNameSearch, type FindByName, fold } from './by-name.ts';
import { fail, type ImageFailure, type ImageNote } from './failure.ts';
import { type PathReference, readReference, showReference } from './reference.ts';

/** Where pictures may lie. */
export interface ImageRoots {
  /** Absolute; nothing outside it is read. */
  readonly projectRoot: string;
  /** Absolute path of the post. */
  readonly postFile: string;
  /** Folders of site-root references, relative to the project root, best first; a dot-folder named here is fine. */
  readonly publicDirs: readonly string[];
}

/** A picture of this computer, or inside the post itself. */
export type LocalSource =
  | {
      readonly kind: 'file';
      /** Absolute real path. */
      readonly path: string;
      /** Relative to the project root, `/`-separated, NFC. */
      readonly shown: string;
    }
  | { readonly kind: 'data'; readonly bytes: Uint8Array };

export type ImageSource =
  | LocalSource
  | { readonly kind: 'remote'; readonly url: string }
  /** Already on WeChat's own image hosts: passes through as it is. */
  | { readonly kind: 'wechat'; readonly url: string };

export interface FoundImages {
  /** By the author's `src`, as written. */
  readonly sources: ReadonlyMap<string, ImageSource>;
  /** Every problem, at each place where the reference is used. */
  readonly findings: readonly Finding[];
}

interface Found {
  readonly ok: true;
  readonly source: ImageSource;
  readonly note: ImageNote | null;
}

/** The roots as they really are on disk. */
interface RealRoots {
  readonly root: string;
  readonly postFolders: readonly string[];
  readonly publicFolders: readonly string[];
}

/** Errors of the file system that mean "nothing there". */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL']);

/** How many looked-for paths a message names. */
const SHOWN_TRIES = 4;

/**
 * Finds what each reference means. Reads folders and file facts only, never a file's bytes, and no network.
 * Rejects only when the project root or the post's folder cannot be read.
 */
export async function findImages(references: readonly ImageReference[], roots: ImageRoots): Promise<FoundImages> {
  const real = readRoots(roots);
  const byName = new Set(references.flatMap((reference) => (reference.byName === true ? [reference.src] : [])));
  const search = createNameSearch(real.root);
  const results = new Map<string, Found | ImageFailure>();
  const sources = new Map<string, ImageSource>();
  const findings: Finding[] = [];
  for (const reference of references) {
    const { src } = reference;
    const result = results.get(src) ?? (await findImage(src, real, byName.has(src) ? search : null));
    results.set(src, result);
    if (result.ok) sources.set(src, result.source);
    const note = result.ok ? result.note : result;
    if (note !== null) findings.push(finding(note.code, reference, { src: showReference(src), ...note.args }));
  }
  return { sources, findings };
}

/**
 * Reads a found picture: at most `LIMITS.sourceImage` bytes, a regular file inside the project root, whatever was
 * swapped since it was found (the file is opened first, and then compared with what lies at its real path).
 */
export async function readImage(
  source: LocalSource,
  roots: Pick<ImageRoots, 'projectRoot'>,
): Promise<{ readonly ok: true; readonly bytes: Uint8Array } | ImageFailure> {
  const read = await readImageHead(source, roots, LIMITS.sourceImage.value);
  return read.ok ? { ok: true, bytes: read.bytes } : read;
}

/** The same of its first `most` bytes alone; `size`: how many there are. */
export async function readImageHead(
  source: LocalSource,
  roots: Pick<ImageRoots, 'projectRoot'>,
  most: number,
): Promise<{ readonly ok: true; readonly bytes: Uint8Array; readonly size: number } | ImageFailure> {
  if (source.kind === 'data') return { ok: true, bytes: source.bytes, size: source.bytes.length };
  try {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer for ever. Windows has neither flag.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = await open(source.path, flags);
    try {
      const opened = await file.stat();
      const problem = problemOf(opened);
      if (problem !== null) return problem;
      const root = await realpath(roots.projectRoot);
      if (pathInside(root, source.path) === null || !(await liesAt(source.path, file))) {
        return fail('image-outside', { root: basename(root) });
      }
      const bytes = new Uint8Array(Math.min(opened.size, most));
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return { ok: true, bytes: bytes.subarray(0, length), size: length < bytes.length ? length : opened.size };
    } finally {
      await file.close();
    }
  } catch (error) {
    // O_NOFOLLOW says ELOOP when the real path has become a link.
    return errorCode(error) === 'ELOOP'
      ? fail('image-outside', { root: basename(roots.projectRoot) })
      : fail('image-unreadable', { detail: errorCode(error) });
  }
}

/**
 * Whether the opened file is the one at this real path, with no link on the way. Linux says where an opened file lies;
 * elsewhere path and file are compared one after the other, which a swapper with very good timing could still outrun.
 */
async function liesAt(path: string, file: FileHandle): Promise<boolean> {
  const told = await readlink(`/proc/self/fd/${file.fd}`).catch(() => null);
  if (told !== null) return told === path;
  const [opened, there] = [await file.stat(), await stat(path)];
  return (await realpath(path)) === path && there.ino === opened.ino && there.dev === opened.dev;
}

function readRoots({ projectRoot, postFile, publicDirs }: ImageRoots): RealRoots {
  const root = realpathSync.native(projectRoot);
  const folder = realpathSync.native(dirname(postFile));
  return {
    root,
    // Hexo keeps a post's pictures in a folder of the post's own name.
    postFolders: [folder, join(folder, basename(postFile, extname(postFile))), root],
    publicFolders: publicDirs.map((dir) => resolve(root, dir)),
  };
}

async function findImage(src: string, roots: RealRoots, search: FindByName | null): Promise<Found | ImageFailure> {
  const reference = readReference(src);
  if ('ok' in reference) return reference;
  if (reference.kind !== 'path') return { ok: true, source: reference, note: null };
  const found = await findFile(reference, roots);
  if (found.ok || found.code !== 'image-missing' || search === null || reference.fromSiteRoot) return found;
  return (await findAnywhere(reference, roots, search)) ?? found;
}

/** The first candidate that is there by its exact name; else the first whose name differs only in case or Unicode form. */
async function findFile(reference: PathReference, roots: RealRoots): Promise<Found | ImageFailure> {
  const folders = reference.fromSiteRoot ? roots.publicFolders : roots.postFolders;
  // Of a path from the site's root, ".." cannot climb higher, as in a URL.
  const paths = reference.spellings.map((path) => (reference.fromSiteRoot ? posix.normalize(path) : path));
  const written = [...new Set(paths.flatMap((path) => folders.map((folder) => join(folder, path))))];
  const inside = written.filter((path) => pathInside(roots.root, path) !== null);
  const candidates = inside.filter((path) => !isHidden(path, roots));
  // The post's own folder is what an author means; the other folders must not turn "outside" into "missing".
  const leaves = !reference.fromSiteRoot && written[0] !== inside[0];
  if (inside.length === 0 || leaves) return fail('image-outside', { root: basename(roots.root) });
  if (candidates.length === 0) return fail('image-hidden');

  for (const path of candidates) {
    const result = judgeFile(path, roots);
    if (result !== null) return result;
  }
  for (const path of candidates) {
    const matches = await matchNames(path, roots.root);
    const sameText = matches.filter((match) => match.normalize() === path.normalize());
    const chosen = sameText.length === 1 ? sameText : matches;
    if (chosen.length > 1) {
      return fail('image-ambiguous', { found: chosen.map((match) => showPath(match, roots)).join(', ') });
    }
    const result = chosen[0] === undefined ? null : judgeFile(chosen[0], roots);
    if (result?.ok && chosen[0] !== undefined) return withNameNote(result, chosen[0], roots);
    if (result !== null) return result;
  }
  const tried = candidates.map((path) => showPath(path, roots));
  const more = tried.length > SHOWN_TRIES ? ', …' : '';
  return fail('image-missing', { tried: tried.slice(0, SHOWN_TRIES).join(', ') + more });
}

/** The one file of that name, wherever it lies; of several, none is a guess. */
async function findAnywhere(
  { spellings: [written = ''] }: PathReference,
  roots: RealRoots,
  search: FindByName,
): Promise<Found | ImageFailure | null> {
  const all = await search(written);
  const exact = all.filter((path) => basename(path).normalize() === posix.basename(written).normalize());
  const chosen = exact.length > 0 ? exact : all;
  if (chosen.length > 1) {
    const shown = chosen.slice(0, SHOWN_TRIES).map((path) => showPath(path, roots));
    return fail('image-ambiguous', { found: shown.join(', ') + (chosen.length > SHOWN_TRIES ? ', …' : '') });
  }
  const result = chosen[0] === undefined ? null : judgeFile(chosen[0], roots);
  return result?.ok && exact.length === 0 && chosen[0] !== undefined ? withNameNote(result, chosen[0], roots) : result;
}

/** What lies at a path; null when nothing does. */
function judgeFile(path: string, roots: RealRoots): Found | ImageFailure | null {
  try {
    const real = realpathSync.native(path);
    if (pathInside(roots.root, real) === null) return fail('image-outside', { root: basename(roots.root) });
    if (isHidden(real, roots)) return fail('image-hidden');
    const problem = problemOf(statSync(real));
    if (problem !== null) return problem;
    const found: Found = { ok: true, source: { kind: 'file', path: real, shown: showPath(path, roots) }, note: null };
    // A file system that ignores case answers to a name that is not there.
    return real !== path && fold(real) === fold(path) ? withNameNote(found, real, roots) : found;
  } catch (error) {
    return ABSENT.has(errorCode(error)) ? null : fail('image-unreadable', { detail: errorCode(error) });
  }
}

function withNameNote(found: Found, path: string, roots: RealRoots): Found {
  return { ...found, note: { code: 'image-name-match', args: { found: showPath(path, roots) } } };
}

function problemOf(stats: Stats): ImageFailure | null {
  if (!stats.isFile()) return fail('image-not-a-file', { kind: kindOf(stats) });
  const max = LIMITS.sourceImage.value;
  return stats.size > max ? fail('image-too-big', { bytes: stats.size, max }) : null;
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'FIFO';
  return stats.isSocket() ? 'socket' : 'device';
}

/** Every path on disk that equals this one but for upper and lower case or Unicode form. */
async function matchNames(path: string, root: string): Promise<readonly string[]> {
  let matches = [root];
  for (const segment of relative(root, path).split(sep)) {
    const next: string[] = [];
    for (const folder of matches) {
      const names = await readdir(folder).catch(() => []);
      next.push(...names.filter((name) => fold(name) === fold(segment)).map((name) => join(folder, name)));
    }
    matches = next;
  }
  return matches;
}

/** The path relative to the folder, or null when it lies outside. */
function pathInside(folder: string, path: string): string | null {
  const inside = relative(folder, path);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : inside;
}

/** Whether a dot-file or dot-folder is on the way, other than one that `publicDirs` names. */
function isHidden(path: string, roots: RealRoots): boolean {
  const ways = [pathInside(roots.root, path), ...roots.publicFolders.map((folder) => pathInside(folder, path) || null)];
  return ways.every((way) => way === null || way.split(sep).some((segment) => segment.startsWith('.')));
}

function showPath(path: string, roots: RealRoots): string {
  return relative(roots.root, path).split(sep).join('/').normalize();
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
