// Flags that git put beside text which was never sent: found in the history of a commit, taken back in the work tree.
import { join } from 'node:path';
import { setFlag } from '../article/flag.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile, writeFileAtomic } from '../local/files.ts';
import type { Git } from '../local/git.ts';
import { readBlobs, type TreeFile } from '../local/git-objects.ts';
import { fetchHistory } from '../local/git-remote.ts';
import { type Entry, parseEntry, toEntryName } from './entry.ts';
import { isFlagged, isSettled, isText, toTarget } from './git-flags.ts';
import { MARKDOWN } from './read.ts';
import { RECEIPTS, type Receipts } from './receipts.ts';
import { toSnapshot, toSnapshots } from './source-hash.ts';

/** A post of a commit that says it is synced, with the bytes it has there. */
interface FlaggedPost {
  readonly path: string;
  readonly file: TreeFile;
  readonly bytes: Uint8Array;
}

/** With the receipt that its flag is of: its own, or that of an earlier name. */
export interface Flagged extends FlaggedPost {
  readonly entry: Entry;
}

export interface Joining {
  readonly git: Git;
  readonly remote: string;
  /** In full; where history comes from when the clone is shallow. */
  readonly ref: string;
  readonly commit: string;
}

/**
 * Posts whose flag was joined with text that nobody sent: a merge, or a commit of ours that was brought onto other text,
 * put the flag where the text had stood without it; also when the post was renamed there. A synced post that was edited
 * later, and a flag that a person set, are left alone; so is an edit that was rebased or squashed onto the flag, since
 * history then shows an edit of a synced post. Asks for history only when a flagged post is not what a receipt says.
 */
export async function listUnsent({ git, remote, ref, commit }: Joining, there: Receipts): Promise<readonly Flagged[]> {
  const edited = await listEdited(git, { commit, there });
  const lost = await findLost(git, there);
  if (edited.length === 0 && lost.posts.length === 0) return [];
  await fetchHistory(git, { remote, ref });
  const posts = [...edited, ...(await listRenamed(git, commit, lost))];
  if (posts.length === 0) return [];
  const parents = await listParents(git, { commit, paths: posts.flatMap(toPaths) });
  const unsent: Flagged[] = [];
  for (const post of posts) if (await isJoined(git, { parents, post })) unsent.push(post);
  return unsent;
}

/** Flagged posts of a commit whose text is not that of their draft, in any account. */
async function listEdited(
  git: Git,
  { commit, there }: { commit: string; there: Receipts },
): Promise<readonly Flagged[]> {
  const entries = listEntries(there).filter(isSettled);
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
    else edited.push({ path: entry.path, entry, file, bytes });
  }
  return edited.filter(({ file }) => !sent.has(file.path) && isAskable(file.path));
}

function listEntries({ names, text }: Receipts): readonly Entry[] {
  return names.flatMap((name) => parseEntry(text(name) ?? '') ?? []);
}

/** Git cannot be asked for many names at once when one has a line feed. */
function isAskable(path: string): boolean {
  return !path.includes('\n');
}

/** Receipts whose post is gone, and flagged posts without a receipt that may be those posts under another name. */
interface Lost {
  readonly entries: readonly Entry[];
  readonly posts: readonly FlaggedPost[];
}

/** A post that was renamed and no more says what its receipt says, and is none of them. */
async function findLost(git: Git, there: Receipts): Promise<Lost> {
  const all = listEntries(there);
  const entries = all.filter((entry) => isSettled(entry) && !there.tree.has(entry.path) && isAskable(entry.path));
  if (entries.length === 0) return { entries, posts: [] };
  const known = new Set(all.map(({ path }) => path));
  const sent = new Set(entries.map(({ snapshot }) => snapshot));
  const isStray = (path: string, { mode }: TreeFile) =>
    mode.startsWith('100') && MARKDOWN.test(path) && !known.has(path);
  const files = [...there.tree].filter(([path, file]) => isStray(path, file) && isAskable(path));
  const blobs = await readBlobs(
    git,
    files.map(([, { oid }]) => oid),
  );
  const posts = files.flatMap(([path, file]) => {
    const bytes = blobs.get(file.oid);
    const isSent = bytes !== undefined && toSnapshots(bytes).some((each) => sent.has(each));
    return bytes === undefined || !isFlagged(bytes) || isSent ? [] : [{ path, file, bytes }];
  });
  return { entries, posts };
}

/** What `git log -z --name-status` says of a commit and one of its parents. */
const ROW = /([\da-f]{40,64})\0\n((?:[AM]\0[^\0]+\0)+)/g;

/**
 * Posts with the receipt of another name that a commit brought while it changed the post, as a merge does which takes
 * the one for the other, renamed. One question, however many posts there are.
 */
async function listRenamed(git: Git, commit: string, { entries, posts }: Lost): Promise<readonly Flagged[]> {
  if (posts.length === 0) return [];
  const how = ['-m', '--full-history', '--full-diff', '--no-renames', '--no-ext-diff', '--diff-filter=AM'];
  const args = ['log', ...how, '--name-status', '-z', '--format=%H', commit, '--', ...entries.map(toReceiptPath)];
  const text = await git.ask(args, { env: { GIT_LITERAL_PATHSPECS: '1' } });
  const commits = new Map<string, ReadonlyMap<string, string>[]>();
  for (const [, id = '', list = ''] of text.matchAll(ROW)) {
    const changes = new Map([...list.matchAll(/([AM])\0([^\0]+)\0/g)].map(([, how = '', path = '']) => [path, how]));
    commits.set(id, [...(commits.get(id) ?? []), changes]);
  }
  const renamed = new Map<string, Flagged>();
  for (const rows of commits.values()) {
    // What only one side of a merge changed is not the merge's doing.
    const own = posts.filter(({ file }) => rows.every((row) => row.has(file.path)));
    for (const row of rows) {
      const changed = own.filter(({ file }) => row.get(file.path) === 'M');
      if (changed.length === 0) continue;
      for (const entry of entries) {
        const receipt = toReceiptPath(entry);
        if (!row.has(receipt) || row.has(entry.path)) continue;
        for (const post of changed) renamed.set(`${receipt} ${post.path}`, { ...post, entry });
      }
    }
  }
  return [...renamed.values()];
}

function toReceiptPath({ path, appId }: Entry): string {
  return RECEIPTS + toEntryName(path, appId);
}

/** Where a commit holds the post, the receipt, and the post that the receipt names. */
function toPaths({ entry, file }: Flagged): readonly [string, string, string] {
  return [file.path, toReceiptPath(entry), entry.path];
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
  const isRenamed = standOf(tip).isGone;
  const seen = new Set([tip]);
  for (const id of seen) {
    const here = standOf(id);
    const before = (parents.get(id) ?? []).map((parent) => ({ ...standOf(parent), id: parent }));
    const same = before.filter(({ text }) => text === here.text);
    const isUnflagged = same.length > 0 && same.every(({ isFlagged }) => !isFlagged);
    // A person who sets the flag leaves the receipt as it is.
    const isNew = before.every(({ bytes, sent }) => bytes === null || sent !== entry.snapshot);
    const isBrought = here.isGone === isRenamed && (isNew || (before.length > 1 && !isRenamed));
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
  /** The post that the receipt names is not there. */
  readonly isGone: boolean;
}

async function readStands(
  git: Git,
  commits: readonly string[],
  paths: readonly [string, string, string],
): Promise<(commit: string) => Stand> {
  const input = commits.flatMap((id) => paths.map((path) => `${id}:${path}\n`)).join('');
  const rows = (await git.ask(['cat-file', '--batch-check=%(objectname)'], { input })).split('\n');
  const oids = rows.map((row) => (/^[\da-f]+$/.test(row) ? row : ''));
  const wanted = oids.filter((oid, index) => oid !== '' && index % 3 < 2);
  const blobs = await readBlobs(git, wanted);
  const made = new Map<string, Stand>();
  const toStand = (post: string, kept: string, named: string): Stand => {
    const bytes = blobs.get(post) ?? null;
    const sent = parseEntry(blobs.get(kept)?.toString() ?? '')?.snapshot ?? null;
    const what = { text: bytes && toSnapshot(bytes), isFlagged: bytes !== null && isFlagged(bytes) };
    return { bytes, ...what, sent, isGone: named === '' };
  };
  const at = new Map(commits.map((id, index) => [id, 3 * index]));
  return (commit) => {
    const index = at.get(commit) ?? -1;
    const [post = '', kept = '', named = ''] = index < 0 ? [] : oids.slice(index, index + 3);
    const key = `${post} ${kept} ${named}`;
    const stand = made.get(key) ?? toStand(post, kept, named);
    made.set(key, stand);
    return stand;
  };
}

/** Sets the flag of these posts back in the work tree, where no run has brought the draft up to date; gives their paths. */
export async function takeBack(git: Git, posts: readonly Flagged[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { path, entry, file } of posts) {
    const at = join(git.root, file.path);
    const local = readRegularFile(at, LIMITS.postFile.value);
    const kept = join(git.root, RECEIPTS, toEntryName(path, entry.appId));
    const receipt = readRegularFile(kept, LIMITS.postFile.value);
    if (local.kind !== 'ok' || !isFlagged(local.bytes)) continue;
    const known = receipt.kind === 'ok' ? parseEntry(new TextDecoder().decode(receipt.bytes)) : null;
    if (known !== null && isSettled(known) && known.snapshot === toSnapshot(local.bytes)) continue;
    const change = setFlag(local.bytes, false);
    if (!change.ok) continue;
    await writeFileAtomic(at, change.bytes);
    paths.push(path);
  }
  return paths;
}
