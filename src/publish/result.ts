// What came of one post and of a run, as data; the exit code is read off it.
import { EXIT, EXIT_MIXED, type WxsyncError } from '../errors.ts';
import type { Finding } from '../facts/findings.ts';

export type PostStatus = 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed' | 'planned';

export interface ImageResult {
  /** As the author wrote it; empty for a drawn cover. */
  readonly src: string;
  readonly kind: 'body' | 'cover';
  readonly bytes: number;
  /** Sent in an earlier run, or (in a dry run) not sent at all. */
  readonly reused: boolean;
  readonly url: string | null;
}

export type Reason =
  | 'already-synced'
  | 'not-in-box'
  | 'interrupted'
  /** An earlier post met an error that concerns the whole account. */
  | 'account-stopped'
  | 'no-flag'
  | 'draft'
  | 'locale'
  | 'not-since';

export interface PostResult {
  /** Relative to the git root (else the project root), `/`-separated. */
  readonly file: string;
  readonly status: PostStatus;
  readonly reason: Reason | null;
  /** Synced and left alone, though the text is no longer the one that was sent. Said in words and in `next` alone. */
  readonly changedSince?: boolean;
  readonly title: string | null;
  readonly mediaId: string | null;
  /** Null: the key is not there. */
  readonly flag: { readonly before: boolean | null; readonly after: boolean | null };
  readonly images: readonly ImageResult[];
  readonly findings: readonly Finding[];
  /** Path of the page that a dry run wrote, relative like `file`. */
  readonly preview: string | null;
  readonly error: WxsyncError | null;
}

/**
 * 0 · with several posts: 8 if any failed so, else 7 when some failed, else the common code. Posts that were not tried because
 * their account was stopped are neither good nor bad.
 */
export function toExitCode(all: readonly Pick<PostResult, 'status' | 'reason' | 'error'>[]): number {
  const results = all.filter((each) => each.reason !== 'account-stopped');
  const codes = results.filter((each) => each.status === 'failed').map((each) => each.error?.exitCode ?? EXIT.nobody);
  const first = codes[0];
  if (first === undefined) return 0;
  if (results.length === 1) return first;
  if (codes.includes(EXIT.person)) return EXIT.person;
  const allAlike = codes.length === results.length && codes.every((code) => code === first);
  return allAlike ? first : EXIT_MIXED;
}

/** Some posts wait for the day that brings a new quota. */
export function isOutOfQuota(results: readonly Pick<PostResult, 'error'>[]): boolean {
  return results.some(({ error }) => error?.code === 'quota-used-up');
}

export function toSummary(results: readonly Pick<PostResult, 'status'>[]): Readonly<Record<PostStatus, number>> {
  const count = (status: PostStatus) => results.filter((each) => each.status === status).length;
  return {
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    skipped: count('skipped'),
    planned: count('planned'),
    failed: count('failed'),
  };
}
