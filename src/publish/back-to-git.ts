// Brings flags and entries of a run to the branch as one commit on what stands there now; never merges, never rebases.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlag } from '../article/flag.ts';
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile } from '../local/files.ts';
import type { Git } from '../local/git.ts';
import { type Author, listTree, readBlobs, type Tree, type TreeFile, writeCommit } from '../local/git-objects.ts';
import { fetchCommit, lookUp, push } from '../local/git-remote.ts';
import { toPosixPath } from '../local/project.ts';
import { type Entry, parseEntry, printEntry, toEntryName } from './entry.ts';
import { listEntryNames, openLedger } from './ledger.ts';
import { mergeEntries, mergeSince, toNewDuplicates } from './merge.ts';
import { toSnapshot } from './source-hash.ts';

export const REMOTE = 'origin';
/** Where the commit goes when the branch does not take it. */
export const PENDING = 'wxsync/pending';

const POSTS = '.wxsync/posts/';
const PUSHES = 5;
const JITTER_MS = 300;

export interface Branch {
  readonly git: Git;
  /** Its name on the remote. */
  readonly branch: string;
}

/**
 * Makes sure that a run can push back, before its first draft. Throws `branch-unknown`, `behind-upstream`,
 * `push-denied`, or `git-failed` when the remote is not reached. Hooks of the server show only at the real push.
 */
export async function checkPush({ git, branch }: Branch): Promise<void> {
  const upstream = await fetchBranch({ git, branch });
  const ancestry = await git.run(['merge-base', '--is-ancestor', upstream, 'HEAD']);
  if (ancestry.code !== 0) throw new WxsyncError('behind-upstream', { args: { branch } });
  const answer = await push(git, { remote: REMOTE, ref: toRef(branch), commit: 'HEAD', mode: 'dry-run' });
  if (answer.kind === 'raced') throw new WxsyncError('behind-upstream', { args: { branch } });
  if (answer.kind !== 'ok') throw new WxsyncError('push-denied', { args: { detail: answer.detail } });
}

/** Writes the entries that wait on `wxsync/pending` into the ledger of the work tree, so that no draft is made again. */
export async function takePending(git: Git): Promise<number> {
  const commit = await fetchRef(git, toRef(PENDING));
  if (commit === null) return 0;
  const ledger = openLedger(git.root);
  const tree = await listTree(git, commit);
  const texts = await readTexts(git, [tree]);
  let taken = 0;
  for (const name of listNames(tree)) {
    const waiting = parseNamed(name, texts(tree, name));
    if (waiting === null) continue;
    const known = await ledger.read(waiting.path, waiting.appId);
    const merged = mergeEntries(known, waiting);
    if (merged === null || (known !== null && printEntry(merged) === printEntry(known))) continue;
    await ledger.write(merged);
    taken++;
  }
  return taken;
}

export interface CommitOptions extends Branch {
  readonly mode: 'push' | 'pr';
  /** Null: a message of ours. */
  readonly message: string | null;
  readonly author: Author;
}

/** What became of the commit. `problems` are told after it; one of them is the end of the run. */
export interface Committed {
  readonly kind: 'nothing' | 'pushed' | 'pending';
  readonly commit: string | null;
  readonly flags: number;
  readonly entries: number;
  readonly problems: readonly WxsyncError[];
}

/**
 * Commits and pushes what the run changed. Throws `branch-unknown`, `push-denied`, `push-raced` after five tries,
 * `git-failed`. A branch that refuses the commit is a problem, `branch-refused`, and the commit waits on `wxsync/pending`.
 */
export async function commitBack(options: CommitOptions): Promise<Committed> {
  const { git, branch, mode, author } = options;
  for (let attempt = 1; attempt <= PUSHES; attempt++) {
    const upstream = await fetchBranch(options);
    const pending = await fetchRef(git, toRef(PENDING));
    const { files, flags, entries, problems } = await toChange(git, { upstream, pending });
    const counts = { flags, entries };
    if (files.size === 0) return { kind: 'nothing', commit: null, ...counts, problems };
    const message = options.message ?? toMessage(counts);
    const commit = await writeCommit(git, { parent: upstream, files, message, author });
    let refusal: string | null = null;
    if (mode === 'push') {
      const answer = await push(git, { remote: REMOTE, ref: toRef(branch), commit });
      if (answer.kind === 'ok') return { kind: 'pushed', commit, ...counts, problems };
      if (answer.kind === 'denied') throw new WxsyncError('push-denied', { args: { detail: answer.detail } });
      refusal = answer.kind === 'refused' ? answer.detail : null;
    }
    if (mode === 'pr' || refusal !== null) {
      const all = refusal === null ? problems : [...problems, refused(branch, refusal)];
      const waiting = { kind: 'pending', ...counts, problems: all } as const;
      if (pending !== null && (await isSameChange(git, pending, commit))) return { ...waiting, commit: pending };
      const answer = await push(git, { remote: REMOTE, ref: toRef(PENDING), commit, expected: pending });
      if (answer.kind === 'ok') return { ...waiting, commit };
      if (answer.kind !== 'raced') {
        throw new WxsyncError('push-denied', { args: { detail: answer.detail } });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * JITTER_MS * 2 ** attempt));
  }
  throw new WxsyncError('push-raced', { args: { branch, count: PUSHES } });
}

function refused(branch: string, detail: string): WxsyncError {
  return new WxsyncError('branch-refused', { args: { branch, pending: PENDING, detail } });
}

interface Change {
  readonly files: ReadonlyMap<string, { readonly mode: string; readonly bytes: Uint8Array }>;
  readonly flags: number;
  readonly entries: number;
  readonly problems: readonly WxsyncError[];
}

/** What differs from upstream: merged entries, and flags of posts whose text upstream is what the draft was made from. */
async function toChange(git: Git, commits: { upstream: string; pending: string | null }): Promise<Change> {
  const none: Tree = new Map();
  const [head, upstream, pending] = await Promise.all([
    listTree(git, 'HEAD'),
    listTree(git, commits.upstream),
    commits.pending === null ? none : listTree(git, commits.pending),
  ]);
  const files = new Map<string, { mode: string; bytes: Uint8Array }>();
  const problems: WxsyncError[] = [];
  const merged: Entry[] = [];
  const folder = join(git.root, POSTS);
  const texts = await readTexts(git, [head, upstream, pending]);
  for (const name of new Set([...(await listEntryNames(folder)), ...listNames(pending)])) {
    try {
      const local = await readRegularFile(join(folder, name), LIMITS.postFile.value);
      const before = parseNamed(name, texts(upstream, name));
      const ours = parseNamed(name, local.kind === 'ok' ? new TextDecoder().decode(local.bytes) : null);
      const since = mergeSince({ base: parseNamed(name, texts(head, name)), upstream: before, ours });
      const entry = mergeEntries(since, parseNamed(name, texts(pending, name)));
      if (entry === null) continue;
      merged.push(entry);
      const text = printEntry(entry);
      if (text !== texts(upstream, name)) files.set(POSTS + name, { mode: '100644', bytes: Buffer.from(text) });
      const duplicates = toNewDuplicates(entry, before);
      if (duplicates.length > 0) problems.push(duplicated(entry, duplicates));
    } catch (error) {
      // A broken receipt stops its own post; the others come home.
      if (!(error instanceof WxsyncError)) throw error;
      problems.push(error);
    }
  }
  const entries = files.size;
  for (const [path, file] of await toFlags(git, { head, upstream, commit: commits.upstream, entries: merged })) {
    files.set(path, file);
  }
  return { files, flags: files.size - entries, entries, problems };
}

function duplicated({ path, mediaId }: Entry, duplicates: readonly string[]): WxsyncError {
  return new WxsyncError('duplicate-drafts', {
    args: { file: path, mediaId: mediaId ?? '', others: duplicates.join(', ') },
  });
}

interface Flagging {
  readonly head: Tree;
  readonly upstream: Tree;
  readonly commit: string;
  readonly entries: readonly Entry[];
}

/** Upstream's posts with the flag set: those that this run flagged and whose text upstream is the entry's. */
async function toFlags(git: Git, { head, upstream, commit, entries }: Flagging) {
  const diff = await git.ask([
    'diff',
    '--name-only',
    '-z',
    '--no-ext-diff',
    '--no-renames',
    '--relative',
    'HEAD',
    '--',
  ]);
  const changed = new Set(diff.split('\0').map((path) => path.normalize('NFC')));
  const files = new Map<string, { mode: string; bytes: Uint8Array }>();
  for (const entry of entries.filter(isSettled)) {
    const path = await toTarget(git, upstream, entry.path);
    const theirs = upstream.get(path);
    if (!changed.has(path) || theirs === undefined) continue;
    const local = await readRegularFile(join(git.root, theirs.path), LIMITS.postFile.value);
    const before = head.get(path);
    const blobs = await readBlobs(git, [theirs.oid, ...(before === undefined ? [] : [before.oid])]);
    const bytes = blobs.get(theirs.oid);
    const old = before === undefined ? undefined : blobs.get(before.oid);
    if (local.kind !== 'ok' || !isFlagged(local.bytes) || (old !== undefined && isFlagged(old))) continue;
    if (bytes === undefined || isFlagged(bytes) || !(await isText(git, { entry, bytes, commit, theirs }))) continue;
    const change = setFlag(bytes, true);
    if (change.ok) files.set(theirs.path, { mode: theirs.mode, bytes: change.bytes });
  }
  return files;
}

function isSettled({ state, mediaId, updating, intent }: Entry): boolean {
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
  readonly theirs: TreeFile;
}

/** Whether upstream's post is what the entry was made from, as it is stored or as git would check it out. */
async function isText(git: Git, { entry, bytes, commit, theirs }: Compared): Promise<boolean> {
  if (toSnapshot(bytes) === entry.snapshot) return true;
  const { code, stdout } = await git.run(['cat-file', '--filters', `${commit}:${theirs.path}`]);
  return code === 0 && toSnapshot(stdout) === entry.snapshot;
}

/** Names of the entries in a commit. */
function listNames(tree: Tree): readonly string[] {
  return [...tree.keys()].filter((path) => path.startsWith(POSTS)).map((path) => path.slice(POSTS.length));
}

/** Every entry of the trees as text, read in one go; a function from tree and name. */
async function readTexts(git: Git, trees: readonly Tree[]) {
  const files = trees.flatMap((tree) => listNames(tree).flatMap((name) => tree.get(POSTS + name) ?? []));
  const blobs = await readBlobs(
    git,
    files.map(({ oid }) => oid),
  );
  return (tree: Tree, name: string): string | null => blobs.get(tree.get(POSTS + name)?.oid ?? '')?.toString() ?? null;
}

/** Null without a text. Throws `ledger-unreadable` when the text is not the entry of that name. */
function parseNamed(name: string, text: string | null): Entry | null {
  if (text === null) return null;
  const entry = parseEntry(text);
  if (entry !== null && toEntryName(entry.path, entry.appId) === name) return entry;
  throw new WxsyncError('ledger-unreadable', {
    args: { path: POSTS + name, detail: entry === null ? 'JSON' : 'path' },
  });
}

async function fetchBranch({ git, branch }: Branch): Promise<string> {
  const commit = await fetchRef(git, toRef(branch));
  if (commit !== null) return commit;
  throw new WxsyncError('branch-unknown', { args: { branch, remote: REMOTE } });
}

/** Null when there is no such ref; one that moved meanwhile is asked again. */
async function fetchRef(git: Git, ref: string): Promise<string | null> {
  for (;;) {
    const commit = await fetchCommit(git, { remote: REMOTE, ref });
    if (commit !== null || (await lookUp(git, { remote: REMOTE, ref })) === null) return commit;
  }
}

async function isSameChange(git: Git, one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map((commit) => git.ask(['log', '-1', '--format=%T %P', commit, '--'])),
  );
  return first === second;
}

function toRef(branch: string): string {
  return `refs/heads/${branch}`;
}

/** No run is needed for a commit of ours, and services that know the mark start none. */
function toMessage({ flags, entries }: { flags: number; entries: number }): string {
  return `Record drafts in WeChat [skip ci]\n\nFlags set: ${flags}. Receipts written: ${entries}.\n`;
}
