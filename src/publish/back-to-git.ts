// Brings flags and entries of a run to the branch as one commit on what stands there now; never merges, never rebases.
import { join } from 'node:path';
import { setFlag } from '../article/flag.ts';
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile } from '../local/files.ts';
import type { Git } from '../local/git.ts';
import { type Author, type Changes, writeCommit } from '../local/git-objects.ts';
import { fetchCommit, fetchCommits, push } from '../local/git-remote.ts';
import { type Entry, parseEntry, printEntry, toEntryName } from './entry.ts';
import { isSettled, isText, toFlags } from './git-flags.ts';
import { sweepGitLeases } from './git-leases.ts';
import { type Flagged, listUnsent, takeBack } from './joined-flags.ts';
import { listEntryNames } from './ledger.ts';
import { isEmptied, isSame, isTakenOver, mergeEntries, mergeSince, toNewDuplicates } from './merge.ts';
import { PENDING, type Pending, readPending, retirePending } from './pending.ts';
import { parseReceipt, RECEIPTS, type Receipts, readReceipts } from './receipts.ts';

export const REMOTE = 'origin';

const PUSHES = 5;
const JITTER_MS = 300;

export interface Branch {
  readonly git: Git;
  /** Its name on the remote. */
  readonly branch: string;
}

/**
 * Makes sure that a run can push back, before its first draft, and gives where the branch stands. Throws `branch-unknown`,
 * `behind-upstream`, `push-denied`, or `git-failed` when the remote is not reached. Hooks of the server show only at the
 * real push.
 */
export async function checkPush({ git, branch }: Branch): Promise<string> {
  const upstream = await fetchBranch({ git, branch });
  const ancestry = await git.run(['merge-base', '--is-ancestor', upstream, 'HEAD']);
  if (ancestry.code !== 0) throw new WxsyncError('behind-upstream', { args: { branch } });
  const answer = await push(git, { remote: REMOTE, ref: toRef(branch), commit: 'HEAD', mode: 'dry-run' });
  if (answer.kind === 'raced') throw new WxsyncError('behind-upstream', { args: { branch } });
  if (answer.kind !== 'ok') throw new WxsyncError('push-denied', { args: { detail: answer.detail } });
  return upstream;
}

/**
 * Takes back in the work tree the flags that stand beside text which was never sent, so that this run publishes it; gives
 * the posts' paths. `upstream` is what the branch holds. Throws `git-failed`.
 */
export async function takeBackFlags({ git, branch }: Branch, upstream: string): Promise<readonly string[]> {
  const joining = { git, remote: REMOTE, ref: toRef(branch), commit: upstream };
  return takeBack(git, await listUnsent(joining, await readReceipts(git, upstream)));
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
  /** Where the branch stands now. */
  readonly head: string;
  readonly flags: number;
  /** Receipts written, and those of renamed posts taken away. */
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
    if (attempt > 1) await new Promise((end) => setTimeout(end, Math.random() * JITTER_MS * 2 ** (attempt - 1)));
    const { upstream, pending } = await fetchBoth(options);
    const { files, flags, entries, problems } = await toChange(options, { upstream, pending });
    const counts = { flags, entries };
    const end = async (kind: 'nothing' | 'pushed', head: string): Promise<Committed> => {
      if (pending !== null) await retirePending(pending, head);
      return { kind, commit: kind === 'pushed' ? head : null, head, ...counts, problems };
    };
    if (files.size === 0) return end('nothing', upstream);
    const message = options.message ?? toMessage(counts);
    const commit = await writeCommit(git, { parent: upstream, files, message, author });
    let refusal: string | null = null;
    if (mode === 'push') {
      const answer = await push(git, { remote: REMOTE, ref: toRef(branch), commit });
      if (answer.kind === 'ok') return end('pushed', commit);
      if (answer.kind === 'denied') throw new WxsyncError('push-denied', { args: { detail: answer.detail } });
      refusal = answer.kind === 'refused' ? answer.detail : null;
    }
    if (mode === 'pr' || refusal !== null) {
      const all = refusal === null ? problems : [...problems, refused(branch, refusal)];
      const waiting = { kind: 'pending', head: upstream, ...counts, problems: all } as const;
      const expected = pending?.commit ?? null;
      if (expected !== null && (await isSameChange(git, expected, commit))) return { ...waiting, commit: expected };
      const answer = await push(git, { remote: REMOTE, ref: toRef(PENDING), commit, expected });
      if (answer.kind === 'ok') return { ...waiting, commit };
      if (answer.kind !== 'raced') {
        throw new WxsyncError('push-denied', { args: { detail: answer.detail } });
      }
    }
  }
  throw new WxsyncError('push-raced', { args: { branch, count: PUSHES } });
}

function refused(branch: string, detail: string): WxsyncError {
  return new WxsyncError('branch-refused', { args: { branch, pending: PENDING, detail } });
}

interface Change {
  readonly files: Changes;
  readonly flags: number;
  readonly entries: number;
  readonly problems: readonly WxsyncError[];
}

/**
 * What differs from upstream: merged entries, flags of posts whose text upstream is what the draft was made from, and flags
 * taken back that stand beside text which was never sent.
 */
async function toChange(
  { git, branch }: Branch,
  { upstream, pending }: { upstream: string; pending: Pending | null },
): Promise<Change> {
  const [head, theirs] = await Promise.all([readReceipts(git, 'HEAD'), readReceipts(git, upstream)]);
  const files = new Map<string, { mode: string; bytes: Uint8Array } | null>();
  const problems: WxsyncError[] = [];
  const merged = new Map<string, Entry>();
  const folder = join(git.root, RECEIPTS);
  for (const name of new Set([...listEntryNames(folder), ...(pending?.names ?? [])])) {
    try {
      const file = readRegularFile(join(folder, name), LIMITS.postFile.value);
      const text = file.kind === 'ok' ? new TextDecoder().decode(file.bytes) : null;
      const [base, before] = [head.entry(name), theirs.entry(name)];
      // What was only taken over from there is not this run's word.
      const isOurs = text !== null && pending?.brought(name, text) !== true;
      const since = mergeSince({ base, upstream: before, ours: isOurs ? parseReceipt(name, text) : base });
      const entry = pending === null ? since : pending.join(name, since);
      if (entry === null) continue;
      merged.set(name, entry);
      const print = printEntry(entry);
      if (print !== theirs.text(name)) files.set(RECEIPTS + name, { mode: '100644', bytes: Buffer.from(print) });
      const duplicates = toNewDuplicates(entry, before);
      if (duplicates.length > 0) problems.push(duplicated(entry, duplicates));
    } catch (error) {
      // A broken receipt stops its own post; the others come home.
      if (!(error instanceof WxsyncError)) throw error;
      problems.push(error);
    }
  }
  for (const name of listTakenOver(merged, theirs)) {
    merged.delete(name);
    if (theirs.text(name) === null) files.delete(RECEIPTS + name);
    else files.set(RECEIPTS + name, null);
  }
  const entries = files.size;
  const flagging = { head: head.tree, upstream: theirs.tree, commit: upstream, entries: [...merged.values()] };
  for (const [path, file] of await toFlags(git, flagging)) files.set(path, file);
  for (const post of await listUnsent({ git, remote: REMOTE, ref: toRef(branch), commit: upstream }, theirs)) {
    const change = setFlag(post.bytes, false);
    if (!change.ok || (await isSent(git, { post, merged, commit: upstream }))) continue;
    files.set(post.file.path, { mode: post.file.mode, bytes: change.bytes });
  }
  return { files, flags: files.size - entries, entries, problems };
}

/** Names of receipts that went into the one of a renamed post. */
function listTakenOver(merged: ReadonlyMap<string, Entry>, { tree, text }: Receipts): readonly string[] {
  return [...merged.values()].flatMap((entry) =>
    (entry.renamedFrom ?? []).flatMap((path) => {
      const name = toEntryName(path, entry.appId);
      const old = merged.get(name) ?? parseEntry(text(name) ?? '');
      // Under a path that a new post has come to, only what is known to be of the one that left it.
      const isOver = old !== null && (isTakenOver(old, entry) || (!tree.has(path) && isEmptied(old, entry)));
      return isOver ? [name] : [];
    }),
  );
}

function duplicated({ path, mediaId }: Entry, duplicates: readonly string[]): WxsyncError {
  return new WxsyncError('duplicate-drafts', {
    args: { file: path, mediaId: mediaId ?? '', others: duplicates.join(', ') },
  });
}

/** Whether a run has sent upstream's text of the post by now, to any account. */
async function isSent(
  git: Git,
  { post, merged, commit }: { post: Flagged; merged: ReadonlyMap<string, Entry>; commit: string },
): Promise<boolean> {
  for (const entry of merged.values()) {
    if (entry.path === post.path && isSettled(entry) && (await isText(git, { ...post, entry, commit }))) return true;
  }
  return false;
}

/**
 * Sweeps leases on git refs whose entry the branch at `head` has, as it is or newer, or under the name that the post has
 * now; gives how many went.
 */
export function sweepLeases(git: Git, head: string): Promise<number> {
  return sweepGitLeases(git, {
    remote: REMOTE,
    async findKept() {
      const receipts = await readReceipts(git, head);
      const entries = new Map(receipts.names.map((name) => [name, parseEntry(receipts.text(name) ?? '')]));
      return (entry) => {
        const known = entries.get(toEntryName(entry.path, entry.appId)) ?? null;
        if (known !== null) return isSame(mergeEntries(known, entry), known);
        const isOver = (each: Entry | null) => each !== null && (isTakenOver(entry, each) || isEmptied(entry, each));
        return [...entries.values()].some(isOver);
      };
    },
  });
}

async function fetchBranch({ git, branch }: Branch): Promise<string> {
  return known(branch, await fetchCommit(git, { remote: REMOTE, ref: toRef(branch) }));
}

/** The branch and what waits for it, as they stand at one moment. */
async function fetchBoth({ git, branch }: Branch): Promise<{ upstream: string; pending: Pending | null }> {
  const refs = await fetchCommits(git, REMOTE, [toRef(branch), toRef(PENDING)]);
  const upstream = known(branch, refs.get(toRef(branch)));
  const commit = refs.get(toRef(PENDING));
  if (commit === undefined) return { upstream, pending: null };
  return { upstream, pending: await readPending({ git, remote: REMOTE }, { commit, branch: upstream }) };
}

function known(branch: string, commit: string | null | undefined): string {
  if (typeof commit === 'string') return commit;
  throw new WxsyncError('branch-unknown', { args: { branch, remote: REMOTE } });
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
  return `Record drafts in WeChat [skip ci]\n\nFlags: ${flags}. Receipts written: ${entries}.\n`;
}
