// Whose a receipt is: the post's own, or that of a post that has moved, by itself or out of another one's way; asks no network but the leases.
import { parsePost } from '../article/post.ts';
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile } from '../local/files.ts';
import { findFile } from '../local/project.ts';
import { type Entry, isSameDraft, newer } from './entry.ts';
import type { Lease } from './lease.ts';
import { isTakenOver } from './merge.ts';
import type { PostFile, ReadPost } from './read.ts';
import type { Run } from './run.ts';
import { toSnapshots } from './source-hash.ts';

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
  const mine = own !== null && isElsewhere(own, others, at) ? null : own;
  const isCopy = kept !== null && !isOurs && others.some((each) => each.path !== at.path && isSameDraft(kept, each));
  const entry = newer(mine, isCopy || (mine === null && isOurs) ? null : kept);
  if (entry === null && (own !== null || kept?.mediaId != null)) await forget(at, lease, run);
  return { own: mine, entry };
}

/** Whether a receipt went into that of a post which stands here. On another branch the post may still bear this name. */
function isElsewhere(entry: Entry, others: readonly Entry[], { place }: PostFile): boolean {
  return others.some((each) => isTakenOver(entry, each) && findFile(place.home, each.path) !== null);
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
 * and a post without a receipt says what was sent from here, or bears its title, and `maybe-renamed` when what has come is
 * what was sent from a path where nothing is left: a copy, an edit or a post that moved, only a person knows.
 */
export async function holdOnTo(entry: Entry, { read, sourceHash, run, lease }: Claim): Promise<Entry | null> {
  const { at, fields, post } = read;
  if (entry.sourceHash === sourceHash) return entry;
  const entries = await listEntries(at, run);
  if (isElsewhere(entry, entries, at)) return forget(at, lease, run);
  if (entry.mediaId === null || run.wishes.overwrite || entry.overwrite === true) return entry;
  const isRetitled = fields.title !== entry.title;
  // A title that is the file's name says nothing of the text. A person's word that the text is the post's own stands.
  const isUnnamed = post.titleFrom === 'file' && entry.snapshot !== '';
  const origin =
    entry.snapshot === '' ? NOTHING : await findHeritage(entries, toLikeness(read, sourceHash), at.place.home);
  const isBrought = origin.kind === 'sure';
  if (!isRetitled && !isUnnamed && !isBrought) return entry;
  const known = new Set(entries.map(({ path }) => path));
  for (const other of await run.postsOf(at)) {
    if (other.path === at.path || known.has(other.path)) continue;
    const isSaid = other.snapshots.includes(entry.snapshot);
    const isKin = other.isWaiting && !other.isHidden && other.locale === post.locale && other.title === entry.title;
    if (!isSaid && !(isKin && (isRetitled || isBrought))) continue;
    if ((await run.ledgerOf(at).readAll(other.path)).length > 0) continue;
    throw new WxsyncError('maybe-moved', { args: { file: at.path, other: other.path, mediaId: entry.mediaId } });
  }
  if (origin.kind === 'sure') throw maybeRenamed(at.path, [origin.entry]);
  return entry;
}

/** Which of these receipts is the post's is for a person to say. */
export function maybeRenamed(file: string, entries: readonly Entry[]): WxsyncError {
  const others = entries.map(({ path }) => path).join(', ');
  const mediaId = entries.find((each) => each.mediaId !== null)?.mediaId ?? 'MEDIA_ID';
  return new WxsyncError('maybe-renamed', { args: { file, others, mediaId } });
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
  readonly snapshots: readonly string[];
  readonly title: string;
}

export function toLikeness({ at, bytes, fields }: ReadPost, sourceHash: string): Likeness {
  return { path: at.path, sourceHash, snapshots: toSnapshots(bytes), title: fields.title };
}

export type Heritage =
  | { readonly kind: 'none' }
  /** The one receipt of a post that is gone and said exactly the same. */
  | { readonly kind: 'sure'; readonly entry: Entry }
  /** Receipts that may be this post's: more than one with the same text, one whose path has another text, else those with the same title. */
  | { readonly kind: 'unsure'; readonly entries: readonly Entry[] };

const NOTHING: Heritage = { kind: 'none' };

/** Looks through an account's receipts for one that lost its post. `home` is where post paths begin. */
export async function findHeritage(
  entries: readonly Entry[],
  { path, sourceHash, snapshots, title }: Likeness,
  home: string,
): Promise<Heritage> {
  const isSame = (each: Entry) => each.sourceHash === sourceHash || snapshots.includes(each.snapshot);
  const alike = entries.filter(
    (each) => each.path !== path && mayHaveDraft(each) && (isSame(each) || each.title === title),
  );
  const gone: Entry[] = [];
  const displaced: Entry[] = [];
  for (const entry of alike) {
    // A run that was killed may have left the receipt that it took over.
    if (entries.some((each) => each !== entry && isTakenOver(entry, each))) continue;
    if (findFile(home, entry.path) === null) gone.push(entry);
    else if (isSame(entry) && (await isLeft(entry, entries, home))) displaced.push(entry);
  }
  const exact = gone.filter(isSame);
  const [only, ...others] = exact;
  if (only !== undefined && others.length === 0) return { kind: 'sure', entry: only };
  const said = [...exact, ...displaced];
  const lost = said.length > 0 ? said : gone;
  return lost.length === 0 ? NOTHING : { kind: 'unsure', entries: lost };
}

/** The receipt under the post's new path. */
export function toInherited(old: Entry, path: string): Entry {
  return { ...old, path, renamedFrom: [...new Set([...(old.renamedFrom ?? []), old.path])] };
}

/** Without a draft, made or on its way, there is nothing to take over. */
function mayHaveDraft({ mediaId, intent, state }: Entry): boolean {
  return mediaId !== null || intent !== undefined || state === 'blocked';
}

/**
 * Whether an entry's post may not be at its path any more: nothing is there, or another text with another title, with no
 * title but the file's name, or one that was sent from a path where nothing is left.
 */
export async function isLeft(entry: Entry, entries: readonly Entry[], home: string): Promise<boolean> {
  const path = findFile(home, entry.path);
  if (path === null) return true;
  const file = await readRegularFile(path, LIMITS.postFile.value);
  if (file.kind !== 'ok') return false;
  const snapshots = toSnapshots(file.bytes);
  if (snapshots.includes(entry.snapshot)) return false;
  const { post } = await parsePost({ bytes: file.bytes, path: entry.path });
  if (post === null) return false;
  if (post.title !== entry.title || post.titleFrom === 'file') return true;
  return entries.some((each) => snapshots.includes(each.snapshot) && findFile(home, each.path) === null);
}
