// A whole run over many posts: select, read them all, refuse what is too much, then publish one after the other.
import { FLAG } from '../article/flag.ts';
import type { Post } from '../article/post.ts';
import { WxsyncError } from '../errors.ts';
import { type Entry, isLive, newer } from './entry.ts';
import { createHold } from './hold.ts';
import type { Ledger } from './ledger.ts';
import { mapLimited } from './pool.ts';
import { type PostFile, type Reading, type ReadOptions, type ReadPost, readPost } from './read.ts';
import type { PostResult, Reason } from './result.ts';
import type { Run } from './run.ts';
import { toSnapshots } from './source-hash.ts';
import { publishPost, toInvalid, toResult } from './story.ts';

/** So many files wait for the disk while one is parsed. */
const READS_AT_ONCE = 8;

export interface Selection {
  readonly update: boolean;
  readonly force: boolean;
  /** Takes posts without the key too. */
  readonly all: boolean;
  /** A dry run shows the page of a synced post as well. */
  readonly showSynced: boolean;
}

/**
 * Selection by state: a named post is taken whatever it says (a synced one is skipped with a note); of those found,
 * only posts whose flag is false, in a wished language and not marked as hidden.
 */
export function whyLeaveOut(post: Post, at: PostFile, wish: Selection): Reason | null {
  const synced = post.flag === 'true' && !wish.update && !wish.force;
  if (at.named) return synced && !wish.showSynced ? 'already-synced' : null;
  if (post.draftMark !== null) return 'draft';
  const { locales } = at.config;
  if (locales.length > 0 && (post.locale === null || !locales.includes(post.locale))) return 'locale';
  if (synced) return 'already-synced';
  // A flag that is no boolean is a mistake to be told of, not a post without one.
  return post.flag === 'absent' && !wish.all && !(FLAG in post.data) ? 'no-flag' : null;
}

export interface ReadResult {
  readonly at: PostFile;
  readonly reading: Reading;
  /** A named post that was left alone as synced says something else by now. */
  readonly changedSince?: boolean;
}

export interface ReadPostsOptions extends Omit<ReadOptions, 'leaveOut'> {
  readonly selection: Selection;
  /** Posts for which it says no are not even opened. */
  readonly isChanged?: (at: PostFile) => boolean;
  /** Newest entry of a post; given, a named synced post that changed since is noticed. */
  readonly entryOf?: (at: PostFile, account: string | null) => Promise<Entry | null>;
  readonly onRead: (at: PostFile) => void;
}

/** Reads every post. One that cannot be used never stops the others. */
export function readPosts(
  posts: readonly PostFile[],
  { selection, isChanged = () => true, entryOf, onRead, ...options }: ReadPostsOptions,
): Promise<readonly ReadResult[]> {
  return mapLimited(posts, READS_AT_ONCE, async (at) => {
    if (!isChanged(at)) return { at, reading: { kind: 'left-out', post: null, reason: 'not-since', bytes: null } };
    onRead(at);
    const leaveOut = (post: Post) => whyLeaveOut(post, at, selection);
    const reading = await readPost(at, { ...options, leaveOut });
    if (isStray(reading, at, selection)) return { at, reading: STRAY };
    const isDone = at.named && reading.kind === 'left-out' && reading.reason === 'already-synced';
    if (!isDone || entryOf === undefined || reading.post === null || reading.bytes === null) return { at, reading };
    const entry = await entryOf(at, options.accountOf(reading.post, at)).catch(toNone);
    return { at, reading, changedSince: isBehind(entry, reading.bytes) };
  });
}

/** A receipt that cannot be read is no reason not to leave a post alone. */
function toNone(error: unknown): null {
  if (error instanceof WxsyncError) return null;
  throw error;
}

/** Whether a draft is believed to be there and was made from other bytes; a change of the flag alone is none. */
export function isBehind(entry: Entry | null, bytes: Uint8Array): boolean {
  return entry !== null && isLive(entry) && !toSnapshots(bytes).includes(entry.snapshot);
}

/** The newest entry of a post in an account; without a known AppID of whichever account. Throws `ledger-unreadable`. */
export async function readNewest(ledger: Ledger, path: string, appId: string | null): Promise<Entry | null> {
  if (appId !== null) return ledger.read(path, appId);
  return (await ledger.readAll(path)).reduce<Entry | null>(newer, null);
}

const STRAY: Reading = { kind: 'left-out', post: null, reason: 'no-flag', bytes: null };

/** A file that was merely found, cannot be read as a post and never names the flag, such as a template or one in TOML. */
export function isStray(reading: Reading, at: PostFile, wish: Selection): boolean {
  if (reading.kind !== 'invalid' || reading.post !== null || reading.bytes === null) return false;
  return !at.named && !wish.all && !Buffer.from(reading.bytes).includes(FLAG);
}

/** The result of a post that goes no further than reading; null for one that can go on. */
export function toEarlyResult({ at, reading, changedSince }: ReadResult): PostResult | null {
  if (reading.kind === 'ok') return null;
  const { post } = reading;
  const flag = post === null || post.flag === 'absent' ? null : post.flag === 'true';
  const base: PostResult = {
    file: at.path,
    status: 'skipped',
    reason: null,
    title: post?.title ?? null,
    mediaId: null,
    flag: { before: flag, after: flag },
    images: [],
    findings: [],
    preview: null,
    error: null,
  };
  if (reading.kind === 'left-out')
    return { ...base, reason: reading.reason, ...(changedSince === true && { changedSince }) };
  return toInvalid({ ...base, findings: reading.findings });
}

export interface PublishOptions {
  readonly failFast: boolean;
  /** A post of the same run failed before, and that is to be the end. */
  readonly stopped: boolean;
  /** Least time between two drafts of one account. */
  readonly paceMs: number;
  readonly onResult: (result: PostResult) => void;
}

/**
 * Publishes what was read; results come in the order of the posts. A lost send is waited for when all others are done.
 * After an error that concerns the whole account the posts that follow are not tried.
 */
export async function publishPosts(
  readings: readonly ReadResult[],
  run: Run,
  options: PublishOptions,
): Promise<readonly PostResult[]> {
  const hold = createHold(run);
  const impatient: Run = { ...run, leases: hold.leases, wishes: { ...run.wishes, wait: false } };
  const results = new Map<ReadResult, PostResult>();
  const unresolved: { readonly each: ReadResult; readonly read: ReadPost; readonly result: PostResult }[] = [];
  let failed = false;
  let paced = 0;
  let isAccountOut = false;
  const whyNot = (): Reason | null => {
    if (run.stop.aborted || options.stopped || (failed && options.failFast)) return 'interrupted';
    return isAccountOut ? 'account-stopped' : null;
  };
  const publish = async (read: ReadPost, how: Run) => {
    await pauseUntil(paced, run);
    const result = await publishPost(read, how);
    if (result.status === 'created') paced = run.now() + options.paceMs;
    isAccountOut ||= result.error !== null && concernsAccount(result.error);
    return result;
  };
  const tell = (each: ReadResult, result: PostResult) => {
    failed ||= result.status === 'failed';
    options.onResult(result);
    results.set(each, result);
  };

  let ahead = 0;
  try {
    for (const [index, each] of readings.entries()) {
      const early = toEarlyResult(each);
      if (early !== null) tell(each, early);
      if (each.reading.kind !== 'ok') continue;
      const { read } = each.reading;
      const reason = whyNot();
      if (reason !== null) {
        tell(each, { ...toResult(read), status: 'skipped', reason });
        continue;
      }
      if (index >= ahead) ahead = index + (await hold.take(readings.slice(index).map(({ reading }) => reading)));
      const result = await publish(read, impatient);
      if (result.error?.code === 'waiting' && run.wishes.wait) unresolved.push({ each, read, result });
      else tell(each, result);
    }
  } finally {
    await hold.release();
  }
  for (const { each, read, result } of unresolved) tell(each, whyNot() === null ? await publish(read, run) : result);
  return readings.flatMap((each) => results.get(each) ?? []);
}

/** Any further post of the account would be refused as well, and asking again does harm. */
function concernsAccount({ mender, code }: WxsyncError): boolean {
  return mender === 'owner' || code === 'quota-used-up';
}

/** How many drafts a run may make: a flag lost in a bad merge must not turn into hundreds of them unasked. */
export async function countNew(readings: readonly ReadResult[], run: Run): Promise<number> {
  let count = 0;
  for (const { at, reading } of readings) {
    if (reading.kind !== 'ok' || (reading.read.post.flag === 'true' && !run.wishes.force)) continue;
    const entry = await run
      .ledgerOf(at)
      .read(at.path, run.appId)
      .catch(() => null);
    if (entry === null || !isLive(entry)) count++;
  }
  return count;
}

async function pauseUntil(time: number, run: Run): Promise<void> {
  const left = time - run.now();
  if (left <= 0) return;
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(left, undefined, { signal: run.stop }).catch(() => undefined);
}
