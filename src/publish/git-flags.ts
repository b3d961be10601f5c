// Flags of posts as a branch holds them: which a run may set there, and which stand beside text that was never sent.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlag } from '../article/flag.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile, writeFileAtomic } from '../local/files.ts';
import type { Git } from '../local/git.ts';
import { type Changes, listTree, readBlobs, type Tree, type TreeFile } from '../local/git-objects.ts';
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
  if (edited.length > 0) await fetchHistory(git, { remote, ref });
  const unsent: Flagged[] = [];
  for (const post of edited) if (await isJoined(git, { commit, post })) unsent.push(post);
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
  return edited.filter(({ file }) => !sent.has(file.path));
}

/** Whether a commit since the draft's receipt came put the flag over text that a parent of it held without the flag. */
async function isJoined(git: Git, { commit, post }: { commit: string; post: Flagged }): Promise<boolean> {
  const { entry, file } = post;
  const receipt = RECEIPTS + toEntryName(entry.path, entry.appId);
  const rows = await git.ask(['rev-list', '--parents', commit, '--', file.path, receipt], {
    env: { GIT_LITERAL_PATHSPECS: '1' },
  });
  const parentsOf = new Map(
    rows.split('\n').map((row) => {
      const [id = '', ...parents] = row.split(' ');
      return [id, parents];
    }),
  );
  const isOfDraft = ({ bytes, sent }: Stand) => bytes !== null && isFlagged(bytes) && sent === entry.snapshot;
  const [tip = ''] = parentsOf.keys();
  const seen = new Set([tip]);
  for (const id of seen) {
    const here = await readStand(git, { id, path: file.path, receipt });
    const parents = await Promise.all(
      (parentsOf.get(id) ?? []).map(async (parent) => ({
        id: parent,
        ...(await readStand(git, { id: parent, path: file.path, receipt })),
      })),
    );
    const same = parents.filter(({ text }) => text === here.text);
    const isUnflagged = same.length > 0 && same.every(({ bytes }) => bytes !== null && !isFlagged(bytes));
    // A person who sets the flag leaves the receipt as it is.
    const isBrought = parents.length > 1 || parents.every(({ sent }) => sent !== entry.snapshot);
    if (here.bytes !== null && isUnflagged && isBrought) {
      if (!(await isText(git, { entry, bytes: here.bytes, commit: id, file }))) return true;
    }
    for (const parent of parents) if (isOfDraft(parent)) seen.add(parent.id);
  }
  return false;
}

/** What a commit holds of one post: its bytes, its text whatever the flag, and the snapshot of its receipt. */
interface Stand {
  readonly bytes: Uint8Array | null;
  readonly text: string | null;
  readonly sent: string | null;
}

async function readStand(
  git: Git,
  { id, path, receipt }: { id: string; path: string; receipt: string },
): Promise<Stand> {
  const tree = await listTree(git, id, [path, receipt]);
  const oids = [tree.get(path.normalize('NFC'))?.oid ?? '', tree.get(receipt)?.oid ?? ''] as const;
  const blobs = await readBlobs(git, oids.filter(Boolean));
  const bytes = blobs.get(oids[0]) ?? null;
  const entry = parseEntry(blobs.get(oids[1])?.toString() ?? '');
  return { bytes, text: bytes === null ? null : toSnapshot(bytes), sent: entry?.snapshot ?? null };
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
