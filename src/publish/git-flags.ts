// Flags of posts as a branch holds them: which a run may set there, and which stand beside text that was never sent.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlag } from '../article/flag.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile, writeFileAtomic } from '../local/files.ts';
import type { Git } from '../local/git.ts';
import { type Changes, readBlobs, type Tree, type TreeFile } from '../local/git-objects.ts';
import { fetchHistory } from '../local/git-remote.ts';
import { toPosixPath } from '../local/project.ts';
import { type Entry, parseEntry, toEntryName } from './entry.ts';
import { RECEIPTS, type Receipts } from './receipts.ts';
import { toSnapshot } from './source-hash.ts';

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
    const local = await readRegularFile(join(git.root, file.path), LIMITS.postFile.value);
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

/** A post of a commit that says it is synced, with the bytes it has there. */
export interface Flagged {
  readonly entry: Entry;
  readonly file: TreeFile;
  readonly bytes: Uint8Array;
}

export interface Joining {
  readonly git: Git;
  readonly remote: string;
  /** In full; where history comes from when the clone is shallow. */
  readonly ref: string;
  readonly commit: string;
}

/**
 * Posts whose flag was joined, by a merge or a rebase, with text that nobody sent: it was written while the flag was
 * false. A synced post that was edited later, and a flag that a person set, are left alone. Asks for history only when a
 * flagged post is not what its receipt says.
 */
export async function listUnsent({ git, remote, ref, commit }: Joining, there: Receipts): Promise<readonly Flagged[]> {
  const edited = await listEdited(git, { commit, there });
  if (edited.length === 0) return [];
  await fetchHistory(git, { remote, ref });
  const parents = await listParents(git, { commit, paths: edited.flatMap(toPaths) });
  const unsent: Flagged[] = [];
  for (const post of edited) if (await isJoined(git, { parents, post })) unsent.push(post);
  return unsent;
}

/** Flagged posts of a commit whose text is not that of their draft, in any account. */
async function listEdited(
  git: Git,
  { commit, there }: { commit: string; there: Receipts },
): Promise<readonly Flagged[]> {
  const entries = there.names.flatMap((name) => parseEntry(there.text(name) ?? '') ?? []).filter(isSettled);
  const posts: { entry: Entry; file: TreeFile }[] = [];
  for (const entry of entries) {
    const file = there.tree.get(await toTarget(git, there.tree, entry.path));
    if (file !== undefined) posts.push({ entry, file });
  }
  const blobs = await readBlobs(
    git,
    posts.map(({ file }) => file.oid),
  );
  const edited: Flagged[] = [];
  const sent = new Set<string>();
  for (const { entry, file } of posts) {
    const bytes = blobs.get(file.oid);
    if (bytes === undefined || !isFlagged(bytes)) continue;
    if (await isText(git, { entry, bytes, commit, file })) sent.add(file.path);
    else edited.push({ entry, file, bytes });
  }
  // Git cannot be asked for many names at once when one has a line feed.
  return edited.filter(({ file }) => !sent.has(file.path) && !file.path.includes('\n'));
}

/** Where a commit holds the post and its receipt. */
function toPaths({ entry, file }: Flagged): readonly [string, string] {
  return [file.path, RECEIPTS + toEntryName(entry.path, entry.appId)];
}

/** Commits with their parents, newest first. */
type Parents = ReadonlyMap<string, readonly string[]>;

/** The commits that count for any of these files, as if there were no others. */
async function listParents(
  git: Git,
  { commit, paths }: { commit: string; paths: readonly string[] },
): Promise<Parents> {
  const env = { GIT_LITERAL_PATHSPECS: '1' };
  const rows = await git.ask(['rev-list', '--parents', commit, '--', ...paths], { env });
  return new Map(
    rows.split('\n').map((row) => {
      const [id = '', ...parents] = row.split(' ');
      return [id, parents];
    }),
  );
}

/** Whether a commit since the draft's receipt came put the flag over text that a parent of it held without the flag. */
async function isJoined(git: Git, { parents, post }: { parents: Parents; post: Flagged }): Promise<boolean> {
  const { entry, file } = post;
  const standOf = await readStands(git, [...parents.keys()], toPaths(post));
  const [tip = ''] = parents.keys();
  const seen = new Set([tip]);
  for (const id of seen) {
    const here = standOf(id);
    const before = (parents.get(id) ?? []).map((parent) => ({ ...standOf(parent), id: parent }));
    const same = before.filter(({ text }) => text === here.text);
    const isUnflagged = same.length > 0 && same.every(({ isFlagged }) => !isFlagged);
    // A person who sets the flag leaves the receipt as it is.
    const isBrought = before.length > 1 || before.every(({ sent }) => sent !== entry.snapshot);
    if (here.bytes !== null && isUnflagged && isBrought) {
      if (!(await isText(git, { entry, bytes: here.bytes, commit: id, file }))) return true;
    }
    for (const { isFlagged, sent, id: parent } of before) if (isFlagged && sent === entry.snapshot) seen.add(parent);
  }
  return false;
}

/** What a commit holds of one post. */
interface Stand {
  readonly bytes: Uint8Array | null;
  /** The snapshot of the bytes. */
  readonly text: string | null;
  readonly isFlagged: boolean;
  /** The snapshot of the receipt. */
  readonly sent: string | null;
}

async function readStands(
  git: Git,
  commits: readonly string[],
  [path, receipt]: readonly [string, string],
): Promise<(commit: string) => Stand> {
  const input = commits.map((id) => `${id}:${path}\n${id}:${receipt}\n`).join('');
  const rows = (await git.ask(['cat-file', '--batch-check=%(objectname)'], { input })).split('\n');
  const oids = rows.map((row) => (/^[\da-f]+$/.test(row) ? row : ''));
  const blobs = await readBlobs(git, oids.filter(Boolean));
  const made = new Map<string, Stand>();
  const toStand = (post: string, kept: string): Stand => {
    const bytes = blobs.get(post) ?? null;
    const sent = parseEntry(blobs.get(kept)?.toString() ?? '')?.snapshot ?? null;
    const what = { text: bytes && toSnapshot(bytes), isFlagged: bytes !== null && isFlagged(bytes) };
    return { bytes, ...what, sent };
  };
  const at = new Map(commits.map((id, index) => [id, 2 * index]));
  return (commit) => {
    const index = at.get(commit) ?? -1;
    const [post = '', kept = ''] = index < 0 ? [] : oids.slice(index, index + 2);
    const key = `${post} ${kept}`;
    const stand = made.get(key) ?? toStand(post, kept);
    made.set(key, stand);
    return stand;
  };
}

/** Sets the flag of these posts back in the work tree, where no run has brought the draft up to date; gives their paths. */
export async function takeBack(git: Git, posts: readonly Flagged[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { entry, file } of posts) {
    const at = join(git.root, file.path);
    const [local, receipt] = await Promise.all([
      readRegularFile(at, LIMITS.postFile.value),
      readRegularFile(join(git.root, RECEIPTS, toEntryName(entry.path, entry.appId)), LIMITS.postFile.value),
    ]);
    if (local.kind !== 'ok' || !isFlagged(local.bytes)) continue;
    const known = receipt.kind === 'ok' ? parseEntry(new TextDecoder().decode(receipt.bytes)) : null;
    if (known !== null && isSettled(known) && known.snapshot === toSnapshot(local.bytes)) continue;
    const change = setFlag(local.bytes, false);
    if (!change.ok) continue;
    await writeFileAtomic(at, change.bytes);
    paths.push(entry.path);
  }
  return paths;
}

export function isSettled({ state, mediaId, updating, intent }: Entry): boolean {
  return state === 'verified' && mediaId !== null && updating === undefined && intent === undefined;
}

function isFlagged(bytes: Uint8Array): boolean {
  const change = setFlag(bytes, true);
  return change.ok && change.bytes === bytes;
}

/** The post's own path, or that of the file it is a link to. */
async function toTarget(git: Git, tree: Tree, path: string): Promise<string> {
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
  if (toSnapshot(bytes) === entry.snapshot) return true;
  const { code, stdout } = await git.run(['cat-file', '--filters', `${commit}:${file.path}`]);
  return code === 0 && toSnapshot(stdout) === entry.snapshot;
}
