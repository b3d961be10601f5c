// Which accounts the waiting posts are for, from their front matter alone; knows no credential and renders nothing.
import type { Post } from '../article/post.ts';
import { mapLimited } from './pool.ts';
import { whyLeaveOut } from './posts.ts';
import { type PostFile, type ReadOptions, readPost } from './read.ts';

const READS_AT_ONCE = 8;
const WAITING = { update: false, force: false, all: false, showSynced: false } as const;
const overrides = { theme: null, codeTheme: null, cover: null, author: null, digest: null };

/** Each account (null: the default one) that a run without options would publish to, with the first post that is for it. */
export async function findWaitingAccounts(
  posts: readonly PostFile[],
  accountOf: ReadOptions['accountOf'],
): Promise<ReadonlyMap<string | null, PostFile>> {
  const found = await mapLimited(posts, READS_AT_ONCE, async (at) => {
    const rows: (readonly [string | null, PostFile])[] = [];
    const leaveOut = (post: Post) => {
      const reason = whyLeaveOut(post, at, WAITING);
      if (reason === null) rows.push([accountOf(post, at), at]);
      // What comes after parsing has nothing more to say of it.
      return reason ?? 'not-since';
    };
    await readPost(at, { overrides, accountOf, leaveOut });
    return rows;
  });
  const accounts = new Map<string | null, PostFile>();
  for (const [account, at] of found.flat()) if (!accounts.has(account)) accounts.set(account, at);
  return accounts;
}
