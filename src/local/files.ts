// Reads and writes files so that nothing is ever torn, hung on or followed out of place; knows no format.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

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
export async function readRegularFile(path: string, maxBytes: number): Promise<FileRead | FileProblem> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK opening a pipe nobody writes to would wait for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return { kind: 'special', what: describeKind(stat) };
    if (stat.size > maxBytes) return { kind: 'too-big', bytes: stat.size };
    return { kind: 'ok', bytes: await handle.readFile(), mode: stat.mode & 0o7777 };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'EISDIR') return { kind: 'special', what: 'folder' };
    if (code === 'ENXIO') return { kind: 'special', what: 'socket' };
    return { kind: 'unreadable', detail: code };
  } finally {
    await handle?.close();
  }
}

interface Kind {
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

function describeKind(stat: Kind): string {
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
  const target = options.link === 'follow' ? await realpath(path).catch(() => path) : path;
  const there = await lstat(target).catch(() => null);
  const old = there?.isSymbolicLink() ? null : there;
  const mode = options.mode ?? (old === null ? 0o666 : old.mode & 0o7777);
  const temp = join(options.tempDir ?? dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(temp, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    try {
      // The umask narrows what open() was asked for; an existing file's mode must come through whole.
      if (old !== null || options.mode !== undefined) await handle.chmod(mode);
      if (old !== null) await handle.chown(old.uid, old.gid).catch(() => undefined);
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameStubbornly(temp, target);
  } catch (error) {
    await unlink(temp).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}

const RENAME_TRIES = 10;

/** On Windows a virus scanner may hold the file for a moment; everywhere else the first try decides. */
async function renameStubbornly(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const passing = ['EPERM', 'EBUSY', 'EACCES'].includes(errorCode(error)) && process.platform === 'win32';
      if (!passing || attempt === RENAME_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Best effort: Windows cannot open a folder, and some network disks refuse to sync one. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } catch {
    // The rename itself is done; a folder that cannot be synced is no reason to fail.
  } finally {
    await handle.close();
  }
}

/** Makes a folder that only this user can enter. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/**
 * Makes a folder below `home`, step by step. Throws ELOOP where a link stands in the way, which a repository may have
 * committed to have files written elsewhere, and ENOTDIR where a file does.
 */
export async function makeFolder(home: string, path: string): Promise<string> {
  let folder = home;
  for (const step of path.split('/')) {
    folder = join(folder, step);
    await mkdir(folder).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    const stat = await lstat(folder);
    if (stat.isSymbolicLink()) throw Object.assign(new Error(`${path} is a link`), { code: 'ELOOP' });
    if (!stat.isDirectory()) throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
  }
  return folder;
}

/** The same for a folder whose content git never sees, by a `.gitignore` of its own. */
export async function makeUnseenFolder(home: string, path: string): Promise<string> {
  const folder = await makeFolder(home, path);
  const ignore = join(folder, '.gitignore');
  if ((await lstat(ignore).catch(() => null)) === null) await writeFileAtomic(ignore, '*\n');
  return folder;
}

/** The `code` of a file-system error, such as ENOENT; else its first line. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
