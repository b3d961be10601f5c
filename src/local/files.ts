// Reads and writes files so that nothing is ever torn, hung on or followed out of place; knows no format.
// Calls are synchronous but for fsync, which alone waits for the disk: a small read through promises costs ten times as much.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface FileRead {
  readonly kind: 'ok';
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

export type FileProblem =
  | { readonly kind: 'missing' }
  | { readonly kind: 'special'; readonly what: string }
  | { readonly kind: 'too-big'; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Reads a regular file (links are followed) of at most `maxBytes`; never opens a pipe or device. */
export function readRegularFile(path: string, maxBytes: number): FileRead | FileProblem {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK opening a pipe nobody writes to would wait for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return { kind: 'special', what: describeKind(stat) };
    if (stat.size > maxBytes) return { kind: 'too-big', bytes: stat.size };
    return { kind: 'ok', bytes: readFileSync(file), mode: stat.mode & 0o7777 };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'EISDIR') return { kind: 'special', what: 'folder' };
    if (code === 'ENXIO') return { kind: 'special', what: 'socket' };
    return { kind: 'unreadable', detail: code };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function describeKind(stat: Stats): string {
  if (stat.isDirectory()) return 'folder';
  if (stat.isFIFO()) return 'pipe';
  return stat.isSocket() ? 'socket' : 'device';
}

export interface WriteOptions {
  /** Permission bits of the new file; an existing file's are kept when absent. */
  readonly mode?: number;
  /** Folder of the temporary file, on the same disk; default: the file's own. */
  readonly tempDir?: string;
  /** What is done where a symlink stands: its target is written, or (the default) the link itself is replaced. */
  readonly link?: 'follow' | 'replace';
}

/**
 * Replaces a file whole: temporary file, fsync, rename, fsync of the folder; an existing file's mode and owner are kept.
 * A link is followed only when asked to: a repository could commit one that leads to any file of its reader's.
 * Throws the file system's error and leaves the old file and no temporary file behind.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  const target = options.link === 'follow' ? (attempt(() => realpathSync.native(path)) ?? path) : path;
  const there = attempt(() => lstatSync(target));
  const old = there?.isSymbolicLink() ? null : there;
  const mode = options.mode ?? (old === null ? 0o666 : old.mode & 0o7777);
  const temp = join(options.tempDir ?? dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = openSync(temp, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    try {
      // The umask narrows what open() was asked for; an existing file's mode must come through whole.
      if (old !== null || options.mode !== undefined) fchmodSync(file, mode);
      if (old !== null) attempt(() => fchownSync(file, old.uid, old.gid));
      writeFileSync(file, bytes);
      await sync(file);
    } finally {
      closeSync(file);
    }
    await renameStubbornly(temp, target);
  } catch (error) {
    attempt(() => rmSync(temp));
    throw error;
  }
  await syncFolder(dirname(target));
}

const sync = promisify(fsync);

/** Null where it throws: for what is only looked at, or may fail. */
export function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch {
    return null;
  }
}

const RENAME_TRIES = 10;

/** On Windows a virus scanner may hold the file for a moment; everywhere else the first try decides. */
async function renameStubbornly(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return renameSync(from, to);
    } catch (error) {
      const passing = ['EPERM', 'EBUSY', 'EACCES'].includes(errorCode(error)) && process.platform === 'win32';
      if (!passing || tries === RENAME_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Best effort: Windows cannot open a folder, and some network disks refuse to sync one. */
async function syncFolder(folder: string): Promise<void> {
  const file = attempt(() => openSync(folder, constants.O_RDONLY));
  if (file === null) return;
  // The rename itself is done; a folder that cannot be synced is no reason to fail.
  await sync(file).catch(() => undefined);
  closeSync(file);
}

/** Makes a folder that only this user can enter. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/**
 * Makes a folder below `home`, step by step. Throws ELOOP where a link stands in the way, which a repository may have
 * committed to have files written elsewhere, and ENOTDIR where a file does.
 */
export function makeFolder(home: string, path: string): string {
  let folder = home;
  for (const step of path.split('/')) {
    folder = join(folder, step);
    const stat = lstatSync(folder, { throwIfNoEntry: false }) ?? makeOne(folder);
    if (stat.isSymbolicLink()) throw Object.assign(new Error(`${path} is a link`), { code: 'ELOOP' });
    if (!stat.isDirectory()) throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
  }
  return folder;
}

/** Another process may be the one that makes it. */
function makeOne(folder: string): Stats {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  return lstatSync(folder);
}

/** The same for a folder whose content git never sees, by a `.gitignore` of its own. */
export async function makeUnseenFolder(home: string, path: string): Promise<string> {
  const folder = makeFolder(home, path);
  const ignore = join(folder, '.gitignore');
  if (attempt(() => lstatSync(ignore)) === null) await writeFileAtomic(ignore, '*\n');
  return folder;
}

/** The `code` of a file-system error, such as ENOENT; else its first line. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
