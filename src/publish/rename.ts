// Whose a receipt is: the post's own, or that of a post that has moved, by itself or out of another one's way; asks no network but the leases.
import { parsePost } from '../article/post.ts';
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import { readRegularFile } from '../local/files.ts';
import { findFile } from '../local/project.ts';
import { type Entry, isSameDraft, newer } from './entry.ts';
import { toTextPart } from './fingerprint.ts';
import type { Lease } from './lease.ts';
import { isTakenOver } from './merge.ts';
import type { PostFile, ReadPost } from './read.ts';
import type { PostFacts, Run } from './run.ts';
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
  const isOurs = own !== null && kept !== null && isSameDraft(kept, own);
  // Two drafts: git may have taken the ledger back to where posts stood before they changed places, and only leases tell.
  const isTorn = own !== null && kept !== null && !isOurs;
  const others = isTorn ? await listEntries(at, run) : await ledger.readAccount(run.appId);
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
 * and another post says what was sent from here, or bears its title or shows its text, and has no receipt or one of another text; and
 * `maybe-renamed` when what has come looks like what was sent from a path that is gone or says something else now, or
 * when the receipt itself was displaced: a copy, an edit or a post that moved, only a person knows.
 */
export async function holdOnTo(entry: Entry, { read, sourceHash, run, lease }: Claim): Promise<Entry | null> {
  const { at, bytes, fields, post } = read;
  if (entry.sourceHash === sourceHash || toSnapshots(bytes).includes(entry.snapshot)) return settleIn(entry);
  const entries = await listEntries(at, run);
  if (isElsewhere(entry, entries, at)) return forget(at, lease, run);
  if (entry.mediaId === null || run.wishes.overwrite || entry.overwrite === true) return entry;
  const isRetitled = fields.title !== entry.title;
  // A title that is the file's name says nothing of the text. A person's word that the text is the post's own stands.
  const isUnnamed = post.titleFrom === 'file' && entry.snapshot !== '';
  const origin =
    entry.snapshot === '' ? NOTHING : await findHeritage(entries, toLikeness(read, sourceHash), at.place.home);
  if (!isRetitled && !isUnnamed && origin.kind === 'none' && !isOneOfMany(entry, entries)) return entry;
  const isDisplaced = entry.displaced === true;
  const by = isRetitled || isDisplaced || origin.kind === 'sure' || origin.kind === 'text' ? 'title' : 'text';
  const other = await findMoved(entry, { read, run, entries, by });
  if (other !== null) throw new WxsyncError('maybe-moved', { args: { file: at.path, other, mediaId: entry.mediaId } });
  const origins = isDisplaced ? [...origin.entries, toDisplaced(entry)] : origin.entries;
  if (origins.length > 0) throw maybeRenamed(at.path, origins, isDisplaced ? null : entry);
  return entry;
}

/** A displaced receipt that has found its post. */
function settleIn(entry: Entry): Entry {
  const { displaced, ...own } = entry;
  return displaced === true ? own : entry;
}

/** A displaced receipt as it was where it came from. */
function toDisplaced(entry: Entry): Entry {
  return { ...entry, path: entry.renamedFrom?.at(-1) ?? entry.path };
}

export interface MovedOptions {
  /** What stands at the entry's path, or says the same as it. */
  readonly read: ReadPost;
  readonly run: Run;
  readonly entries: readonly Entry[];
  /** `text`: only a post that says exactly what was sent; `title`: also one with a flag that bears its title, or waits and shows its text. */
  readonly by: 'text' | 'title';
}

/** The path of another post that the entry may be of: one without a receipt, or whose own is of another text. */
export async function findMoved(
  entry: Entry,
  { read: { at, post, page }, run, entries, by }: MovedOptions,
): Promise<string | null> {
  if (entry.snapshot === '' && by === 'text') return null;
  const text = entry.fingerprint?.text ?? null;
  // A post that only got another title shows the text itself; and a person's word that it was rewritten stands.
  const isTextGone = text !== null && entry.snapshot !== '' && toTextPart(page.html) !== text;
  for (const other of await run.postsOf(at)) {
    if (other.path === at.path) continue;
    const isSaid = other.snapshots.includes(entry.snapshot);
    const mayBeKin = by === 'title' && other.flag !== 'absent' && !other.isHidden && other.locale === post.locale;
    if (!isSaid && !mayBeKin) continue;
    const its = entries.find(({ path }) => path === other.path);
    if (its === undefined && (await run.ledgerOf(at).readAll(other.path)).length > 0) continue;
    if (its !== undefined && (isOwn(its, other) || (!isSaid && its.title === other.title))) continue;
    if (isSaid || other.title === entry.title) return other.path;
    // Of a site whose old posts have no receipts, those are too many to render.
    if (isTextGone && other.flag === 'false' && (await other.readText()) === text) return other.path;
  }
  return null;
}

/** Whether a receipt says what its post says, or a person has said that it does. */
function isOwn({ snapshot }: Entry, post: PostFacts): boolean {
  return snapshot === '' || post.snapshots.includes(snapshot);
}

/** Which of these receipts is the post's is for a person to say; `own` is the one under its path, if any. */
export function maybeRenamed(file: string, entries: readonly Entry[], own: Entry | null): WxsyncError {
  const others = entries.map(({ path }) => path).join(', ');
  const first = entries.find((each) => each.mediaId !== null);
  const mediaId = first?.mediaId ?? 'MEDIA_ID';
  const of = entries.length === 1 ? '' : (first?.path ?? '');
  // A draft that is under its path is taken for its own only by one who knows whose words are in it.
  const mine = own?.mediaId == null ? null : { word: `--adopt ${own.mediaId}`, title: own.title };
  return new WxsyncError('maybe-renamed', {
    args: { file, others, mediaId, of, ...(mine ?? { word: '--none', none: '--none' }) },
  });
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
  /** Of a fingerprint; null when the page shows no text. */
  readonly text: string | null;
}

export function toLikeness({ at, bytes, fields, page }: ReadPost, sourceHash: string): Likeness {
  const snapshots = toSnapshots(bytes);
  return { path: at.path, sourceHash, snapshots, title: fields.title, text: toTextPart(page.html) };
}

/** Receipts that are or may be a post's. */
export interface Heritage {
  /**
   * `sure`: the one receipt of a post that is gone and said exactly the same; `text`: more than one says the same, or one
   * whose path says something else now; `title`, when there is none: those that have its title or show its text, and
   * whose post may have left its path.
   */
  readonly kind: 'none' | 'sure' | 'text' | 'title';
  readonly entries: readonly Entry[];
}

const NOTHING: Heritage = { kind: 'none', entries: [] };

/** Looks through an account's receipts for one that lost its post. `home` is where post paths begin. */
export async function findHeritage(
  entries: readonly Entry[],
  { path, sourceHash, snapshots, title, text }: Likeness,
  home: string,
): Promise<Heritage> {
  const isSame = (each: Entry) => each.sourceHash === sourceHash || snapshots.includes(each.snapshot);
  const isAlike = (each: Entry) => each.title === title || (text !== null && each.fingerprint?.text === text);
  const apart = entries.find((each) => each.path === path)?.distinct ?? [];
  const gone: Entry[] = [];
  const said: Entry[] = [];
  const alike: Entry[] = [];
  for (const entry of entries) {
    if (entry.path === path || !mayHaveDraft(entry) || !(isSame(entry) || isAlike(entry))) continue;
    if (entry.mediaId !== null && apart.includes(entry.mediaId)) continue;
    // A run that was killed may have left the receipt that it took over.
    if (entries.some((each) => each !== entry && isTakenOver(entry, each))) continue;
    const standing = await judgePath(entry, entries, home);
    const isSplit = standing === 'edited' && isOneOfMany(entry, entries);
    if (isSame(entry) && (isLeft(standing) || isSplit)) (standing === 'gone' ? gone : said).push(entry);
    if (!isSame(entry) && isLeft(standing)) alike.push(entry);
  }
  if (gone.length === 1) return { kind: 'sure', entries: gone };
  const exact = [...gone, ...said];
  if (exact.length > 0) return { kind: 'text', entries: exact };
  return alike.length === 0 ? NOTHING : { kind: 'title', entries: alike };
}

/** The receipt under the post's new path. */
export function toInherited(old: Entry, path: string): Entry {
  return { ...old, path, renamedFrom: [...new Set([...(old.renamedFrom ?? []), old.path])] };
}

/** Whether posts share the entry's title, so that one which stays the same at a path says nothing of what stands there. */
function isOneOfMany({ path, title }: Entry, entries: readonly Entry[]): boolean {
  return entries.some((each) => each.path !== path && each.title === title && mayHaveDraft(each));
}

/** Without a draft, made or on its way, there is nothing to take over. */
function mayHaveDraft({ mediaId, intent, state }: Entry): boolean {
  return mediaId !== null || intent !== undefined || state === 'blocked';
}

/**
 * What stands at an entry's path: nothing; what was sent from there; the same title with another text; or a text that has
 * another title or only met a displaced receipt, has no title but the file's name, or was sent from a path that says
 * something else now.
 */
export type Standing = 'gone' | 'said' | 'edited' | 'retitled' | 'unnamed' | 'brought';

/** What has become of an entry's path. What cannot be read there counts as its post. */
export async function judgePath(entry: Entry, entries: readonly Entry[], home: string): Promise<Standing> {
  const bytes = await readAt(entry, home);
  if (bytes === 'gone') return bytes;
  const snapshots = bytes === 'unreadable' ? [entry.snapshot] : toSnapshots(bytes);
  if (bytes === 'unreadable' || snapshots.includes(entry.snapshot)) return 'said';
  const { post } = await parsePost({ bytes, path: entry.path });
  if (post === null) return 'said';
  if (post.title !== entry.title || entry.displaced === true) return 'retitled';
  if (post.titleFrom === 'file' && entry.snapshot !== '') return 'unnamed';
  for (const each of entries.filter(({ path, snapshot }) => path !== entry.path && snapshots.includes(snapshot))) {
    const there = await readAt(each, home);
    if (there === 'gone') return 'brought';
    if (there !== 'unreadable' && !toSnapshots(there).includes(each.snapshot)) return 'brought';
  }
  return 'edited';
}

/** Whether an entry's post may not be at its path any more. */
function isLeft(standing: Standing): boolean {
  return standing !== 'said' && standing !== 'edited';
}

async function readAt({ path }: Entry, home: string): Promise<Uint8Array | 'gone' | 'unreadable'> {
  const file = findFile(home, path);
  if (file === null) return 'gone';
  const read = readRegularFile(file, LIMITS.postFile.value);
  return read.kind === 'ok' ? read.bytes : 'unreadable';
}
