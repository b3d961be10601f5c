// Whose a receipt is: the post's own from ledger and lease, or that of a renamed post, whose file is gone; asks no network.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, isSameDraft, newer } from './entry.ts';
import type { Lease } from './lease.ts';
import { isTakenOver } from './merge.ts';
import type { PostFile } from './read.ts';
import type { Run } from './run.ts';

/** The ledger's receipt of a post, and the newer one of it and the lease's copy. */
export interface Known {
  readonly own: Entry | null;
  readonly entry: Entry | null;
}

/** What is known of a post, under its lease. A copy whose draft went to another post with that one's receipt is no longer this post's. */
export async function readKnown(at: PostFile, lease: Lease, run: Run): Promise<Known> {
  const ledger = run.ledgerOf(at);
  const own = await ledger.read(at.path, run.appId);
  const kept = lease.entry;
  if (kept === null || (own !== null && isSameDraft(kept, own))) return { own, entry: newer(own, kept) };
  const others = (await ledger.readAccount(run.appId)).filter(({ path }) => path !== at.path);
  return { own, entry: others.some((each) => isSameDraft(kept, each)) ? own : newer(own, kept) };
}

/** What a renamed post is known by. */
export interface Likeness {
  readonly sourceHash: string;
  readonly title: string;
}

export type Heritage =
  | { readonly kind: 'none' }
  /** The one receipt of a post that said exactly the same. */
  | { readonly kind: 'sure'; readonly entry: Entry }
  /** Receipts that may be this post's: same title, or more than one with the same text. */
  | { readonly kind: 'unsure'; readonly entries: readonly Entry[] };

/** Looks through an account's receipts for one that lost its file. `home` is where post paths begin. */
export async function findHeritage(
  entries: readonly Entry[],
  { sourceHash, title }: Likeness,
  home: string,
): Promise<Heritage> {
  const alike = entries.filter(
    (each) => mayHaveDraft(each) && (each.sourceHash === sourceHash || each.title === title),
  );
  const lost: Entry[] = [];
  for (const entry of alike) {
    // A run that was killed may have left the receipt that it took over.
    const isFree = !entries.some((each) => each !== entry && isTakenOver(entry, each));
    if (isFree && (await isGone(join(home, entry.path)))) lost.push(entry);
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

/** Nothing stands at the path. */
export async function isGone(file: string): Promise<boolean> {
  return lstat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  );
}
