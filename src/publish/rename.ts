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
import { mapLimited } from './pool.ts';
import type { PostFile, ReadPost } from './read.ts';
import type { PostPlace, Run } from './run.ts';
import { toSnapshot } from './source-hash.ts';

const READS_AT_ONCE = 8;

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
  const others = (await ledger.readAccount(run.appId)).filter(({ path }) => path !== at.path);
  const isOurs = own !== null && kept !== null && isSameDraft(kept, own);
  const mine = own !== null && others.some((each) => isTakenOver(own, each)) ? null : own;
  const copy = kept !== null && !isOurs && others.some((each) => isSameDraft(kept, each)) ? null : kept;
  const entry = newer(mine, mine === null && isOurs ? null : copy);
  if (entry === null && (own !== null || kept?.mediaId != null)) await forget(at, lease, run);
  return { own: mine, entry };
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
 * The post's receipt, unless what it was written for stands under another path by now: another text has come to this one.
 * Then the receipt goes there, and null is given. Throws `maybe-moved` when only the title says so.
 */
export async function holdOnTo(entry: Entry, { read, sourceHash, run, lease }: Claim): Promise<Entry | null> {
  const { at, fields } = read;
  if (entry.sourceHash === sourceHash) return entry;
  const others = (await listEntries(at, run)).filter(({ path }) => path !== at.path);
  if (others.some((each) => isTakenOver(entry, each))) return forget(at, lease, run);
  const isRetitled = fields.title !== entry.title && entry.mediaId !== null;
  if (!isRetitled || run.wishes.overwrite || entry.overwrite === true) return entry;
  const paths = new Set(others.map(({ path }) => path));
  const free = (await run.postsOf(at)).filter(({ path }) => path !== at.path && !paths.has(path));
  const found = await findText(entry, free);
  const [place, ...more] = found.same;
  if (place !== undefined && more.length === 0) {
    await handOver(entry, { ...at, ...place }, run);
    return forget(at, lease, run);
  }
  const [first] = [...found.same, ...found.alike];
  if (first === undefined) return entry;
  const args = { file: at.path, other: first.path, mediaId: entry.mediaId ?? '' };
  throw new WxsyncError('maybe-moved', { args });
}

/** Posts that say what an entry's did to the byte, but for the flag, and those that have its title only. */
async function findText(
  entry: Entry,
  places: readonly PostPlace[],
): Promise<{ readonly same: readonly PostPlace[]; readonly alike: readonly PostPlace[] }> {
  const same: PostPlace[] = [];
  const alike: PostPlace[] = [];
  await mapLimited(places, READS_AT_ONCE, async (place) => {
    const likeness = await compare(entry, place.file);
    if (likeness === 'same') same.push(place);
    if (likeness === 'title') alike.push(place);
  });
  return { same, alike };
}

/** Writes a post's receipt under the path where the post is now. Throws `lease-busy` while another run is at work on it. */
async function handOver(entry: Entry, to: PostFile, run: Run): Promise<void> {
  const lease = await run.leases.acquire(run.markOf(to), {
    waitMs: run.leaseWaitMs,
    stop: run.stop,
    onWait: ({ pid, host }) => run.onStep({ kind: 'lease', path: to.path, pid, host }),
  });
  try {
    const moved = toInherited(entry, to.path);
    await lease.keep(moved);
    await run.ledgerOf(to).write(moved);
  } finally {
    await lease.release();
  }
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
  readonly title: string;
}

export type Heritage =
  | { readonly kind: 'none' }
  /** The one receipt of a post that said exactly the same. */
  | { readonly kind: 'sure'; readonly entry: Entry }
  /** Receipts that may be this post's: same title, or more than one with the same text. */
  | { readonly kind: 'unsure'; readonly entries: readonly Entry[] };

/** Looks through an account's receipts for one that lost its post. `home` is where post paths begin. */
export async function findHeritage(
  entries: readonly Entry[],
  { path, sourceHash, title }: Likeness,
  home: string,
): Promise<Heritage> {
  const alike = entries.filter(
    (each) => each.path !== path && mayHaveDraft(each) && (each.sourceHash === sourceHash || each.title === title),
  );
  const lost: Entry[] = [];
  for (const entry of alike) {
    // A run that was killed may have left the receipt that it took over.
    const isFree = !entries.some((each) => each !== entry && isTakenOver(entry, each));
    if (isFree && (await isLeft(entry, home))) lost.push(entry);
  }
  const same = lost.filter((each) => each.sourceHash === sourceHash);
  const [only, ...others] = same;
  if (only !== undefined && others.length === 0) return { kind: 'sure', entry: only };
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

/** Whether an entry's post is not at its path any more: nothing is there, or a text with another title. */
export async function isLeft(entry: Entry, home: string): Promise<boolean> {
  const file = join(home, entry.path);
  const isGone = await lstat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  );
  return isGone || (await compare(entry, file)) === 'other';
}

/** What a file has of an entry's post; `unknown` when it cannot be read as a post. */
async function compare(entry: Entry, path: string): Promise<'same' | 'title' | 'other' | 'unknown'> {
  const file = await readRegularFile(path, LIMITS.postFile.value);
  if (file.kind !== 'ok') return 'unknown';
  if (toSnapshot(file.bytes) === entry.snapshot) return 'same';
  const { post } = await parsePost({ bytes: file.bytes, path: entry.path });
  if (post === null) return 'unknown';
  return post.title === entry.title ? 'title' : 'other';
}
