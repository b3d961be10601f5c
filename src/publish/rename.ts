// Whose a receipt is: the post's own, or that of a post that has moved, by itself or out of another one's way; asks no network but the leases.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePost } from '../article/post.ts';
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile } from '../local/files.ts';
import { type Entry, isSameDraft, newer } from './entry.ts';
import type { Lease } from './lease.ts';
import { isTakenOver } from './merge.ts';
import type { PostFile, ReadPost } from './read.ts';
import type { Run } from './run.ts';
import { toSnapshot } from './source-hash.ts';

/** The ledger's receipt of a post, and the newer one of it and the lease's copy. */
export interface Known {
  readonly own: Entry | null;
  readonly entry: Entry | null;
}

/**
 * What is known of a post, under its lease. A receipt whose draft went on under another path is no longer this post's, and
 * is forgotten: a run may have been killed, or a branch merged, before it was.
 */
export async function readKnown(at: PostFile, lease: Lease, run: Run): Promise<Known> {
  const ledger = run.ledgerOf(at);
  const own = await ledger.read(at.path, run.appId);
  const kept = lease.entry;
  const others = await ledger.readAccount(run.appId);
  const isOurs = own !== null && kept !== null && isSameDraft(kept, own);
  const mine = own !== null && (await isElsewhere(own, others, at)) ? null : own;
  const isCopy = kept !== null && !isOurs && others.some((each) => each.path !== at.path && isSameDraft(kept, each));
  const entry = newer(mine, isCopy || (mine === null && isOurs) ? null : kept);
  if (entry === null && (own !== null || kept?.mediaId != null)) await forget(at, lease, run);
  return { own: mine, entry };
}

/** Whether a receipt went into that of a post which stands here. On another branch the post may still bear this name. */
async function isElsewhere(entry: Entry, others: readonly Entry[], at: PostFile): Promise<boolean> {
  for (const each of others)
    if (isTakenOver(entry, each) && !(await isGone(join(at.place.home, each.path)))) return true;
  return false;
}

/** Every receipt of the account, by path: those of the ledger, and those that only a lease has kept since its run died. */
export async function listEntries(at: PostFile, run: Run): Promise<readonly Entry[]> {
  const known = new Map((await run.ledgerOf(at).readAccount(run.appId)).map((entry) => [entry.path, entry]));
  for (const [key, entry] of await run.leases.kept()) {
    if (entry.appId !== run.appId || key !== run.markOf({ ...at, path: entry.path })) continue;
    known.set(entry.path, newer(known.get(entry.path) ?? null, entry) ?? entry);
  }
  return [...known.values()];
}

export interface Claim {
  readonly read: ReadPost;
  readonly sourceHash: string;
  readonly run: Run;
  readonly lease: Lease;
}

/**
 * The post's receipt, unless it is known to have gone elsewhere. Throws `maybe-moved` when another text has come to this path
 * and a post without a receipt says what was sent from here, or bears its title: which of them it was written for, a copy
 * or a post that moved, only a person knows.
 */
export async function holdOnTo(entry: Entry, { read, sourceHash, run, lease }: Claim): Promise<Entry | null> {
  const { at, fields, post } = read;
  if (entry.sourceHash === sourceHash) return entry;
  const entries = await listEntries(at, run);
  if (await isElsewhere(entry, entries, at)) return forget(at, lease, run);
  const isRetitled = fields.title !== entry.title && entry.mediaId !== null;
  if (!isRetitled || run.wishes.overwrite || entry.overwrite === true) return entry;
  const known = new Set(entries.map(({ path }) => path));
  for (const other of await run.postsOf(at)) {
    if (other.path === at.path || known.has(other.path) || other.isHidden || other.locale !== post.locale) continue;
    const isAlike = other.snapshot === entry.snapshot || (other.isWaiting && other.title === entry.title);
    if (!isAlike || (await run.ledgerOf(at).readAll(other.path)).length > 0) continue;
    throw new WxsyncError('maybe-moved', { args: { file: at.path, other: other.path, mediaId: entry.mediaId ?? '' } });
  }
  return entry;
}

/** What is left under the post's path would bring a draft up again that is another post's. */
export async function forget(at: PostFile, lease: Lease, run: Run): Promise<null> {
  await run.ledgerOf(at).remove(at.path, run.appId);
  await lease.keep(null);
  return null;
}

/** What a renamed post is known by. */
export interface Likeness {
  readonly path: string;
  readonly sourceHash: string;
  readonly snapshot: string;
  readonly title: string;
}

export type Heritage =
  | { readonly kind: 'none' }
  /** The one receipt of a post that is gone and said exactly the same. */
  | { readonly kind: 'sure'; readonly entry: Entry }
  /** Receipts that may be this post's: same title, more than one with the same text, or one whose path has another text. */
  | { readonly kind: 'unsure'; readonly entries: readonly Entry[] };

/** Looks through an account's receipts for one that lost its post. `home` is where post paths begin. */
export async function findHeritage(
  entries: readonly Entry[],
  { path, sourceHash, snapshot, title }: Likeness,
  home: string,
): Promise<Heritage> {
  const isSame = (each: Entry) => each.sourceHash === sourceHash || each.snapshot === snapshot;
  const alike = entries.filter(
    (each) => each.path !== path && mayHaveDraft(each) && (isSame(each) || each.title === title),
  );
  const gone: Entry[] = [];
  const displaced: Entry[] = [];
  for (const entry of alike) {
    // A run that was killed may have left the receipt that it took over.
    if (entries.some((each) => each !== entry && isTakenOver(entry, each))) continue;
    if (await isGone(join(home, entry.path))) gone.push(entry);
    else if (isSame(entry) && (await isLeft(entry, home))) displaced.push(entry);
  }
  const [only, ...others] = gone.filter(isSame);
  if (only !== undefined && others.length === 0) return { kind: 'sure', entry: only };
  const lost = [...gone, ...displaced];
  return lost.length === 0 ? { kind: 'none' } : { kind: 'unsure', entries: lost };
}

/** The receipt under the post's new path. */
export function toInherited(old: Entry, path: string): Entry {
  return { ...old, path, renamedFrom: [...new Set([...(old.renamedFrom ?? []), old.path])] };
}

/** Without a draft, made or on its way, there is nothing to take over. */
function mayHaveDraft({ mediaId, intent, state }: Entry): boolean {
  return mediaId !== null || intent !== undefined || state === 'blocked';
}

/** Whether an entry's post is not at its path any more: nothing is there, or another text with another title. */
export async function isLeft(entry: Entry, home: string): Promise<boolean> {
  const path = join(home, entry.path);
  if (await isGone(path)) return true;
  const file = await readRegularFile(path, LIMITS.postFile.value);
  if (file.kind !== 'ok' || toSnapshot(file.bytes) === entry.snapshot) return false;
  const { post } = await parsePost({ bytes: file.bytes, path: entry.path });
  return post !== null && post.title !== entry.title;
}

/** Nothing stands at the path. */
async function isGone(file: string): Promise<boolean> {
  return lstat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  );
}
