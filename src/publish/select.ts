// Turns files, folders and globs into the list of posts, and says of each whether it was named or merely found.
import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import type { Config } from '../local/config-keys.ts';
import { type Git, listChanged } from '../local/git.ts';
import { toAbsolute } from '../local/project.ts';
import type { PostFile } from './read.ts';

export interface Candidate {
  /** Absolute. */
  readonly file: string;
  /** Named by its own path, not by a folder, a glob or the config. */
  readonly named: boolean;
}

const ALWAYS_LEFT_OUT = ['**/node_modules/**', '**/.*/**'];

/**
 * The posts that `paths` mean, sorted, each once; without paths those of the config's `include`.
 * Throws `path-missing` for a path without glob characters that is not there.
 */
export async function selectPosts(
  paths: readonly string[],
  where: { readonly cwd: string; readonly root: string; readonly config: Config },
): Promise<readonly Candidate[]> {
  const { cwd, root, config } = where;
  const found = new Map<string, Candidate>();
  const add = (file: string, named: boolean) => {
    const full = toAbsolute(file, cwd);
    if (named || !found.has(full)) found.set(full, { file: full, named });
  };
  const search = async (patterns: readonly string[], folder: string) => {
    const { glob } = await import('tinyglobby');
    const ignore = [...ALWAYS_LEFT_OUT, ...config.exclude];
    const options = { cwd: folder, ignore, absolute: true, followSymbolicLinks: false, expandDirectories: false };
    for (const file of (await glob([...patterns], options)).sort()) add(file, false);
  };
  if (paths.length === 0) await search(config.include, root);
  for (const path of paths) {
    const full = join(toAbsolute(path, cwd));
    const there = statSync(full, { throwIfNoEntry: false }) ?? lstatSync(full, { throwIfNoEntry: false });
    if (there?.isDirectory()) await search(['**/*.md', '**/*.markdown'], full);
    else if (there !== undefined) add(full, true);
    else if (/[*?[\]{}!]/.test(path)) await search([path], cwd);
    else throw new WxsyncError('path-missing', { args: { path } });
  }
  return [...found.values()];
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
