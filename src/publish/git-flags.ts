// Flags of posts as a branch holds them, and which of them a run may set there; knows nothing of history.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlag } from '../article/flag.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile } from '../local/files.ts';
import type { Git } from '../local/git.ts';
import { type Changes, readBlobs, type Tree, type TreeFile } from '../local/git-objects.ts';
import { toPosixPath } from '../local/project.ts';
import type { Entry } from './entry.ts';
import { toSnapshot, toSnapshots } from './source-hash.ts';

export interface Flagging {
  readonly head: Tree;
  readonly upstream: Tree;
  readonly commit: string;
  readonly entries: readonly Entry[];
}

/** Upstream's posts with the flag set: those that this run flagged and whose text upstream is the entry's. */
export async function toFlags(git: Git, { head, upstream, commit, entries }: Flagging): Promise<Changes> {
  const how = ['-z', '--no-ext-diff', '--no-renames', '--ignore-submodules=all', '--relative'];
  const diff = await git.ask(['diff', '--name-only', ...how, 'HEAD', '--']);
  const changed = new Set(diff.split('\0').map((path) => path.normalize('NFC')));
  const files = new Map<string, { mode: string; bytes: Uint8Array }>();
  for (const entry of entries.filter(isSettled)) {
    const path = await toTarget(git, upstream, entry.path);
    const file = upstream.get(path);
    if (!changed.has(path) || file === undefined) continue;
    const local = readRegularFile(join(git.root, file.path), LIMITS.postFile.value);
    const before = head.get(path);
    const blobs = await readBlobs(git, [file.oid, ...(before === undefined ? [] : [before.oid])]);
    const bytes = blobs.get(file.oid);
    const old = before === undefined ? undefined : blobs.get(before.oid);
    if (local.kind !== 'ok' || !isFlagged(local.bytes) || (old !== undefined && isFlagged(old))) continue;
    if (bytes === undefined || isFlagged(bytes) || !(await isText(git, { entry, bytes, commit, file }))) continue;
    const change = setFlag(bytes, true);
    if (change.ok) files.set(file.path, { mode: file.mode, bytes: change.bytes });
  }
  return files;
}

export function isSettled({ state, mediaId, updating, intent }: Entry): boolean {
  return state === 'verified' && mediaId !== null && updating === undefined && intent === undefined;
}

/** The post says that it is synced. */
export function isFlagged(bytes: Uint8Array): boolean {
  const change = setFlag(bytes, true);
  return change.ok && change.bytes === bytes;
}

/** The post's own path, or that of the file it is a link to. */
export async function toTarget(git: Git, tree: Tree, path: string): Promise<string> {
  if (tree.get(path)?.mode !== '120000') return path;
  const target = await realpath(join(git.root, path)).catch(() => null);
  return target === null ? path : toPosixPath(await realpath(git.root), target);
}

interface Compared {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly commit: string;
  readonly file: TreeFile;
}

/** Whether a commit's post is what the entry was made from, as it is stored or as git would check it out. */
export async function isText(git: Git, { entry, bytes, commit, file }: Compared): Promise<boolean> {
  if (toSnapshots(bytes).includes(entry.snapshot)) return true;
  const { code, stdout } = await git.run(['cat-file', '--filters', `${commit}:${file.path}`]);
  return code === 0 && toSnapshot(stdout) === entry.snapshot;
}
