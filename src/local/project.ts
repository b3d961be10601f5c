// Finds where a post belongs: the project root, the git root, the folder of .wxsync, and the project's name from its remote.
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { CONFIG_FILES } from './config-keys.ts';
import { errorCode } from './files.ts';

export interface Place {
  /** Absolute; nothing outside it is read. */
  readonly root: string;
  readonly gitRoot: string | null;
  /** Where `.wxsync` lies and what paths in output are relative to: the git root, else the project root. */
  readonly home: string;
}

/**
 * Project root = the nearest folder upward with a `wxsync.config.*`, else the git root, else a folder with `.obsidian`,
 * else the working directory when `folder` is under it, else `folder` itself.
 */
export function findPlace(folder: string, cwd: string): Place {
  const gitRoot = findGitRoot(folder);
  const root = findMarked(folder, gitRoot) ?? (isInside(cwd, folder) ? cwd : folder);
  return { root, gitRoot, home: gitRoot ?? root };
}

function findGitRoot(folder: string): string | null {
  return findUp(folder, (dir) => existsSync(join(dir, '.git')));
}

/** The root that a config, git or Obsidian marks: nothing above the git root, and without git nothing that somebody planted. */
function findMarked(folder: string, gitRoot: string | null): string | null {
  const marks = (names: readonly string[]) => (dir: string) =>
    names.some((name) => existsSync(join(dir, name)) && (gitRoot !== null || !isPlanted(join(dir, name))));
  const configured = findUp(folder, marks(CONFIG_FILES), gitRoot);
  return configured ?? gitRoot ?? findUp(folder, marks(['.obsidian']));
}

/**
 * Whether a file is neither this user's, nor root's, nor of the owner of its folder: put there by somebody else, as anybody
 * can in /tmp. Windows has no such owners.
 */
export function isPlanted(file: string): boolean {
  const user = process.getuid?.();
  return user !== undefined && ![user, 0, statSync(dirname(file)).uid].includes(lstatSync(file).uid);
}

export interface WayOut {
  /** Absolute, without links before its own name. */
  readonly link: string;
  /** The file as it is reached by that link. */
  readonly file: string;
}

/**
 * The first link on the way to a file by which the project that the link lies in is left; null when there is none. A link
 * outside of every project, such as one of the system or in a home folder, may lead anywhere.
 */
export function findWayOut(path: string, cwd: string): WayOut | null {
  const base = follow(cwd);
  const full = resolve(base, path);
  let real = parse(full).root;
  const steps = relative(real, full).split(sep);
  for (const [index, step] of steps.entries()) {
    const next = join(real, step);
    const isLink = lstatSync(next, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    const root = isLink ? (findMarked(real, findGitRoot(real)) ?? (isInside(base, real) ? base : null)) : null;
    real = isLink ? follow(next) : next;
    if (root !== null && !isInside(root, real)) return { link: next, file: join(next, ...steps.slice(index + 1)) };
  }
  return null;
}

/** Where a path leads; one that leads nowhere stands for itself. */
function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** An absolute path with its folders' links resolved and its own name kept, so that a linked post keeps its own path. */
export function toAbsolute(path: string, cwd: string): string {
  const full = resolve(cwd, path);
  try {
    return join(realpathSync(dirname(full)), basename(full));
  } catch {
    return full;
  }
}

export function isInside(root: string, path: string): boolean {
  const step = relative(root, path);
  return step === '' || (step !== '..' && !step.startsWith(`..${sep}`) && !isAbsolute(step));
}

/** `/`-separated, NFC, relative to `root`: the form of every path in output, JSON and the ledger. */
export function toPosixPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/').normalize('NFC');
}

/**
 * The file that a path of output means; null when nothing bears that very name. A disk may hold it in another Unicode form,
 * and one that does not tell `A` from `a` has other names for what is there.
 */
export function findFile(root: string, path: string): string | null {
  let file = root;
  for (const part of path.split('/')) {
    const names = listNames(file);
    const name = names?.includes(part) === false ? names.find((each) => each.normalize('NFC') === part) : part;
    if (name === undefined) return null;
    file = join(file, name);
  }
  return file;
}

/** Whether another file has the same path of output: only the Unicode form of their names tells them apart. */
export function hasTwin(root: string, file: string): boolean {
  const parts = relative(root, file).split(sep);
  return parts.some((part, index) => {
    const folder = join(root, ...parts.slice(0, index));
    // Most names, Chinese ones among them, have one form only.
    const isSpelt = part.normalize('NFD') !== part.normalize('NFC');
    const names = isSpelt ? (listNames(folder) ?? []) : [];
    const twins = names.filter((each) => each !== part && each.normalize('NFC') === part.normalize('NFC'));
    const below = parts.slice(index + 1).map((each) => each.normalize('NFC'));
    return twins.some((each) => findFile(folder, [each, ...below].join('/')) !== null);
  });
}

/** None when there is no such folder; null when it does not show what it holds. */
function listNames(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder);
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error)) ? [] : null;
  }
}

/** `host/owner/repo` of the remote named origin, read from git's own file; empty when there is none. */
export function readOrigin(gitRoot: string | null): string {
  if (gitRoot === null) return '';
  try {
    return normaliseRemote(originUrl(readFileSync(join(gitFolder(gitRoot), 'config'), 'utf8')));
  } catch {
    return '';
  }
}

/** Normalises https, ssh and scp forms of a remote to one name without credentials, port or `.git`. */
export function normaliseRemote(url: string): string {
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(url);
  const full = /^[a-z+]+:\/\/(?:[^@/]*@)?([^:/]+)(?::\d+)?\/(.+)$/i.exec(url);
  const match = full ?? scp;
  if (match === null) return '';
  const path = (match[2] ?? '').replace(/\/+$/, '').replace(/\.git$/, '');
  return `${(match[1] ?? '').toLowerCase()}/${path.replace(/^\/+/, '')}`;
}

/** In a worktree `.git` is a file that names the folder, and that folder names the common one. */
function gitFolder(gitRoot: string): string {
  const dotGit = join(gitRoot, '.git');
  if (statSync(dotGit).isDirectory()) return dotGit;
  const named = /^gitdir:\s*(.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.[1]?.trim() ?? '';
  const folder = resolve(gitRoot, named);
  const common = join(folder, 'commondir');
  return existsSync(common) ? resolve(folder, readFileSync(common, 'utf8').trim()) : folder;
}

function originUrl(config: string): string {
  let section = '';
  for (const line of config.split('\n')) {
    const heading = /^\s*\[(.+?)\]\s*$/.exec(line);
    if (heading !== null) section = heading[1] ?? '';
    const url = /^\s*url\s*=\s*(.+?)\s*$/.exec(line);
    if (url !== null && section === 'remote "origin"') return url[1] ?? '';
  }
  return '';
}

/** The nearest folder upward that passes, not above `last`. */
function findUp(folder: string, test: (dir: string) => boolean, last: string | null = null): string | null {
  for (let dir = folder; ; dir = dirname(dir)) {
    if (test(dir)) return dir;
    if (dir === last || dirname(dir) === dir) return null;
  }
}
