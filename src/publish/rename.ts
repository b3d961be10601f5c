// Finds the receipt of a post that was renamed: one whose file is gone and that says what this post says; asks no network.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from './entry.ts';

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
  const taken = new Set(entries.flatMap(({ renamedFrom }) => renamedFrom ?? []));
  const lost: Entry[] = [];
  for (const entry of alike) if (!taken.has(entry.path) && (await isGone(join(home, entry.path)))) lost.push(entry);
  const same = lost.filter((each) => each.sourceHash === sourceHash);
  const [only, ...others] = same;
  if (only !== undefined && others.length === 0) return { kind: 'sure', entry: only };
  return lost.length === 0 ? { kind: 'none' } : { kind: 'unsure', entries: lost };
}

/** The receipt under the post's new path. */
export function toInherited(old: Entry, path: string): Entry {
  return { ...old, path, renamedFrom: [...new Set([...(old.renamedFrom ?? []), old.path])] };
}

/** A run that was killed may have left the receipt that it took over. */
export function hasTaken(entry: Entry, old: Entry): boolean {
  const isSame =
    old.mediaId === null ? old.coverIds.every((id) => entry.coverIds.includes(id)) : old.mediaId === entry.mediaId;
  return isSame && entry.renamedFrom?.includes(old.path) === true;
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
