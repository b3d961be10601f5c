// Turns files, folders and globs into the list of posts, and says of each whether it was named or merely found.
import { type Dirent, lstatSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { type Config, POSTS } from '../local/config-keys.ts';
import { type Git, listChanged } from '../local/git.ts';
import { findWayOut, isInside, toAbsolute } from '../local/project.ts';
import type { PostFile } from './read.ts';

export interface Candidate {
  /** Absolute. */
  readonly file: string;
  /** Named by its own path, not by a folder, a glob or the config. */
  readonly named: boolean;
  /** The link by which the way to it leaves the project; then the file is named as it was asked for. Null: it stays inside. */
  readonly link: string | null;
}

const ALWAYS_LEFT_OUT = ['**/node_modules/**', '**/.*/**'];

/**
 * The posts that `paths` mean, sorted, each once; without paths those of the config's `include`. A folder that a link out of
 * the project leads to is not looked into, and stands in the list itself. No file is opened. Throws `path-missing` for a path without glob characters that is not there.
 */
export async function selectPosts(
  paths: readonly string[],
  where: { readonly cwd: string; readonly root: string; readonly config: Config },
): Promise<readonly Candidate[]> {
  const { cwd, root, config } = where;
  const found = new Map<string, Candidate>();
  const add = (path: string, named: boolean) => {
    const { link, file } = findWayOut(path, cwd) ?? { link: null, file: toAbsolute(path, cwd) };
    if (named || !found.has(file)) found.set(file, { file, named, link });
  };
  const shut = config.exclude.map(toFolder).filter((each) => each !== '.');
  const isExcluded = (link: string) => shut.some((each) => isInside(join(root, each), link));
  const search = async (patterns: readonly string[], folder: string, isWanted: (file: string) => boolean) => {
    const isOpen = (pattern: string) => findWayOut(join(folder, toFolder(pattern)), cwd) === null;
    for (const closed of patterns.filter((pattern) => !isOpen(pattern))) add(join(folder, toFolder(closed)), false);
    const deep = patterns.filter((pattern) => pattern.includes('**') && isOpen(pattern)).map(toFolder);
    for (const below of new Set(deep)) {
      const links = await findClosed(join(folder, below), cwd);
      for (const link of links.filter((each) => !isExcluded(each))) add(link, false);
    }
    const { glob } = await import('tinyglobby');
    const ignore = [...ALWAYS_LEFT_OUT, ...config.exclude];
    const options = { cwd: folder, ignore, absolute: true, followSymbolicLinks: false, expandDirectories: false };
    const files = await glob(patterns.filter(isOpen), options);
    for (const file of files.filter(isWanted).sort()) add(file, false);
  };
  // A pattern that leaves the root is refused with the config; what finds its way all the same is not taken.
  if (paths.length === 0) await search(config.include, root, (file) => isInside(root, file));
  for (const path of paths) {
    const full = resolve(cwd, path);
    const there = statSync(full, { throwIfNoEntry: false }) ?? lstatSync(full, { throwIfNoEntry: false });
    if (there?.isDirectory()) await search(POSTS, full, () => true);
    else if (there !== undefined) add(full, true);
    else if (/[*?[\]{}!]/.test(path)) await search([path], cwd, () => true);
    else throw new WxsyncError('path-missing', { args: { path } });
  }
  return [...found.values()];
}

/** Links to folders out of the project below a folder; nothing behind a link is looked into. */
async function findClosed(folder: string, cwd: string): Promise<readonly string[]> {
  const found: string[] = [];
  const entries: readonly Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) found.push(...(await findClosed(path, cwd)));
    else if (entry.isSymbolicLink() && leadsOut(path, cwd)) found.push(path);
  }
  return found;
}

function leadsOut(link: string, cwd: string): boolean {
  return statSync(link, { throwIfNoEntry: false })?.isDirectory() === true && findWayOut(link, cwd) !== null;
}

/** The folder below which all lies that a pattern can find. */
function toFolder(pattern: string): string {
  return /^[^*?[\]{}()!]*[\\/]/.exec(pattern)?.[0] ?? '.';
}

/**
 * Whether a post differs from `ref` in its repository; null when there is nothing to compare with, as at a branch's first push
 * (zeros), on an event without a push (empty) or in a shallow clone: then every post counts, for `ref` only narrows.
 * Throws `no-repository` and `ref-unknown`.
 */
export async function findChanges(
  posts: readonly PostFile[],
  ref: string,
  openGit: (root: string) => Git,
): Promise<((at: PostFile) => boolean) | null> {
  if (/^0*$/.test(ref)) return null;
  const changed = new Map<string, ReadonlySet<string>>();
  for (const gitRoot of new Set(posts.map(({ place }) => place.gitRoot))) {
    if (gitRoot === null) throw new WxsyncError('no-repository');
    const paths = await listChanged(openGit(gitRoot), ref);
    if (paths === null) return null;
    changed.set(gitRoot, new Set([...paths].map((path) => path.normalize('NFC'))));
  }
  return ({ place, path }) => changed.get(place.home)?.has(path) === true;
}
