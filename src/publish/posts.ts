// A whole run over many posts: select, read them all, refuse what is too much, then publish one after the other.
import type { Post } from '../article/post.ts';
import { WxsyncError } from '../errors.ts';
import { isLive } from './entry.ts';
import { type Overrides, type PostFile, type Reading, readPost } from './read.ts';
import type { PostResult, Reason } from './result.ts';
import type { Run } from './run.ts';
import { publishPost, toInvalid, toResult } from './story.ts';

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
  if (synced) return 'flag-is-true';
  return post.flag === 'absent' && !wish.all ? 'no-flag' : null;
}

export interface ReadResult {
  readonly at: PostFile;
  readonly reading: Reading;
}

/** Reads every post. One that cannot be used never stops the others. */
export async function readPosts(
  posts: readonly PostFile[],
  options: { readonly selection: Selection; readonly overrides: Overrides; readonly onRead: (at: PostFile) => void },
): Promise<readonly ReadResult[]> {
  const results: ReadResult[] = [];
  for (const at of posts) {
    options.onRead(at);
    const leaveOut = (post: Post) => whyLeaveOut(post, at, options.selection);
    results.push({ at, reading: await readPost(at, { overrides: options.overrides, leaveOut }) });
  }
  return results;
}

/** The result of a post that goes no further than reading; null for one that can go on. */
export function toEarlyResult({ at, reading }: ReadResult): PostResult | null {
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
  if (reading.kind === 'left-out') return { ...base, reason: reading.reason };
  return toInvalid({ ...base, findings: reading.findings });
}

export interface PublishOptions {
  readonly maxNew: number;
  readonly failFast: boolean;
  /** Least time between two drafts of one account. */
  readonly paceMs: number;
  readonly onResult: (result: PostResult) => void;
}

/** Publishes what was read; results come in the order of the posts. Throws `too-many-new` before anything is sent. */
export async function publishPosts(
  readings: readonly ReadResult[],
  run: Run,
  options: PublishOptions,
): Promise<readonly PostResult[]> {
  await refuseTooMany(readings, run, options.maxNew);
  const results: PostResult[] = [];
  let failed = false;
  let paced = 0;
  for (const each of readings) {
    let result = toEarlyResult(each);
    if (result === null && each.reading.kind === 'ok') {
      const { read } = each.reading;
      if (run.stop.aborted || (failed && options.failFast)) {
        result = { ...toResult(read), status: 'skipped', reason: 'interrupted' };
      } else {
        await pauseUntil(paced, run);
        result = await publishPost(read, run);
        if (result.status === 'created') paced = run.now() + options.paceMs;
      }
    }
    if (result === null) continue;
    failed ||= result.status === 'failed';
    options.onResult(result);
    results.push(result);
  }
  return results;
}

/** A flag lost in a bad merge must not turn into hundreds of drafts. */
async function refuseTooMany(readings: readonly ReadResult[], run: Run, max: number): Promise<void> {
  let count = 0;
  for (const { at, reading } of readings) {
    if (reading.kind !== 'ok') continue;
    const entry = await run
      .ledgerOf(at)
      .read(at.path, run.appId)
      .catch(() => null);
    if (entry === null || !isLive(entry)) count++;
  }
  if (count > max) throw new WxsyncError('too-many-new', { args: { count, max } });
}

async function pauseUntil(time: number, run: Run): Promise<void> {
  const left = time - run.now();
  if (left <= 0) return;
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(left, undefined, { signal: run.stop }).catch(() => undefined);
}
