// The commit that waits on `wxsync/pending`: what it still has to say to the branch, and its end when that is nothing.
import { resolve } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { makeFolder, writeFileAtomic } from '../local/files.ts';
import type { Git } from '../local/git.ts';
import { fetchCommit, fetchHistory, push } from '../local/git-remote.ts';
import type { Entry } from './entry.ts';
import { openLedger } from './ledger.ts';
import { isSame, mergeSince } from './merge.ts';
import { isReceipt, RECEIPTS, type Receipts, readReceipts, toName } from './receipts.ts';

/** The branch of commits that their own branch did not take. */
export const PENDING = 'wxsync/pending';

/** A remote that has the branch. */
export interface Waiting {
  readonly git: Git;
  readonly remote: string;
}

export interface Pending extends Waiting {
  readonly commit: string;
  /** Paths that the commit changed, from where it left the branch. */
  readonly paths: readonly string[];
  /** Names of the receipts that it brought, without those that the branch took away since. */
  readonly names: readonly string[];
  /** Whether the text is what the commit brought under that name. */
  brought(name: string, text: string | null): boolean;
  /** Throws `ledger-unreadable`. */
  entry(name: string): Entry | null;
  /** What a receipt elsewhere becomes with what waits. Throws `ledger-unreadable`. */
  join(name: string, known: Entry | null): Entry | null;
  /** Whether what was done to that path is still to be done in `branch`. */
  isOpen(path: string, branch: Receipts): boolean;
}

const REF = `refs/heads/${PENDING}`;

/** Fetches what waits; null: nothing. `branch` is the commit that it waits for. */
export async function fetchPending(waiting: Waiting, branch: string): Promise<Pending | null> {
  const commit = await fetchCommit(waiting.git, { remote: waiting.remote, ref: REF });
  return commit === null ? null : readPending(waiting, { commit, branch });
}

/**
 * What the commit that waits says, which was fetched, to the commit that `branch` names. What the branch took away since,
 * such as a post with its receipt, never comes back from here; a shallow clone gets its history for that.
 */
export async function readPending(
  { git, remote }: Waiting,
  { commit, branch }: { readonly commit: string; readonly branch: string },
): Promise<Pending> {
  await fetchHistory(git, { remote, ref: REF });
  const base = await findBase(git, commit, branch);
  const [now, before] = await Promise.all([readReceipts(git, commit), readReceipts(git, base)]);
  const away = base === null ? new Set() : await listDeleted(git, base, branch);
  const isChanged = (path: string) => now.tree.get(path)?.oid !== before.tree.get(path)?.oid;
  const paths = [...new Set([...now.tree.keys(), ...before.tree.keys()])].filter(isChanged);
  const names = paths.filter((path) => isReceipt(path) && now.tree.has(path) && !away.has(path)).map(toName);
  const join = (name: string, known: Entry | null) =>
    names.includes(name) ? mergeSince({ base: before.entry(name), upstream: known, ours: now.entry(name) }) : known;
  return {
    git,
    remote,
    commit,
    paths,
    names,
    entry: now.entry,
    brought: (name, text) => text !== null && text === now.text(name) && isChanged(RECEIPTS + name),
    join,
    isOpen(path, there) {
      if (!isReceipt(path) || !now.tree.has(path)) return there.tree.get(path)?.oid === before.tree.get(path)?.oid;
      const known = there.entry(toName(path));
      return !isSame(join(toName(path), known), known);
    },
  };
}

/** Where the commit left the branch; its parent where the branch's history was written anew, null without one. */
async function findBase(git: Git, commit: string, branch: string): Promise<string | null> {
  const common = await git.run(['merge-base', commit, branch]);
  if (common.code === 0) return common.stdout.toString().trim();
  const parent = await git.run(['rev-parse', '--verify', '--quiet', `${commit}^`]);
  return parent.code === 0 ? parent.stdout.toString().trim() : null;
}

/** Receipts that were taken away on the way from one commit to the other, whether or not they came again. */
async function listDeleted(git: Git, from: string, to: string): Promise<ReadonlySet<string>> {
  const how = ['-m', '--full-history', '--no-renames', '--no-ext-diff', '--diff-filter=D', '--name-only', '-z'];
  const text = await git.ask(['log', ...how, '--format=', `${from}..${to}`, '--', RECEIPTS]);
  return new Set(text.split('\0').filter((path) => path !== ''));
}

/** Stands in the ledger for a receipt that cannot be read; no JSON, and so never taken for one. */
const UNREADABLE = `The receipt on ${PENDING}, or the one here, cannot be read.\n`;

/**
 * Writes the receipts that wait into the ledger of the work tree, so that no draft is made again; gives how many. One that
 * cannot be read stops its own post, and the others go on.
 */
export async function takePending({ git, names, entry, join }: Pending): Promise<number> {
  const ledger = openLedger(git.root);
  let taken = 0;
  for (const name of names) {
    try {
      const waiting = entry(name);
      const known = waiting === null ? null : await ledger.read(waiting.path, waiting.appId);
      const merged = join(name, known);
      if (merged === null || isSame(merged, known)) continue;
      await ledger.write(merged);
      taken++;
    } catch (error) {
      if (!(error instanceof WxsyncError)) throw error;
      await writeFileAtomic(resolve(makeFolder(git.root, RECEIPTS), name), UNREADABLE);
    }
  }
  return taken;
}

/**
 * Deletes `wxsync/pending` when the branch at that commit holds all that it has to say. Tidiness, no more: a remote that
 * does not let us, or a receipt that cannot be read, leaves it where it is.
 */
export async function retirePending({ git, remote, commit, paths, isOpen }: Pending, branch: string): Promise<void> {
  try {
    const there = await readReceipts(git, branch);
    if (paths.some((path) => isOpen(path, there))) return;
    await push(git, { remote, ref: REF, commit: null, expected: commit });
  } catch (error) {
    if (!(error instanceof WxsyncError)) throw error;
  }
}
