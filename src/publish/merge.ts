// Makes one entry of two that grew apart on two runners; of two drafts none is ever forgotten. Knows nothing of git.
import { type Entry, isSameDraft, newer, printEntry } from './entry.ts';

export interface Versions {
  /** What both began with. */
  readonly base: Entry | null;
  readonly upstream: Entry | null;
  readonly ours: Entry | null;
}

/** Who has not changed the entry since the base gives way; when both have, `mergeEntries` decides. */
export function mergeSince({ base, upstream, ours }: Versions): Entry | null {
  if (isSame(base, upstream)) return ours;
  if (isSame(base, ours)) return upstream;
  return mergeEntries(upstream, ours);
}

/**
 * The newer of the two, else upstream's. Two different drafts that no person told apart: upstream's, and the other is
 * kept under `duplicates` for a person.
 */
export function mergeEntries(upstream: Entry | null, other: Entry | null): Entry | null {
  if (upstream === null || other === null || !isRival(upstream, other)) return newer(upstream, other);
  const all = [...(upstream.duplicates ?? []), ...(other.duplicates ?? []), other.mediaId ?? ''];
  const duplicates = [...new Set(all)].filter((id) => id !== upstream.mediaId).sort();
  return { ...upstream, duplicates };
}

/** The drafts that `merged` reports and `before` did not. */
export function toNewDuplicates(merged: Entry, before: Entry | null): readonly string[] {
  return (merged.duplicates ?? []).filter((id) => !before?.duplicates?.includes(id));
}

/**
 * Whether `entry` took over the receipt of a post that was renamed: it names the old path and is of the same draft, or of
 * one that it had before a person told it to begin anew.
 */
export function isTakenOver(old: Entry, entry: Entry): boolean {
  const isGivenUp = old.mediaId !== null && entry.ignored?.includes(old.mediaId) === true;
  return isEarlier(old, entry) && (isGivenUp || isSameDraft(old, entry));
}

/** Whether `old` is of an earlier path of the entry's post, and has nothing that a draft could be known by. */
export function isEmptied(old: Entry, entry: Entry): boolean {
  return isEarlier(old, entry) && old.mediaId === null && old.coverIds.length === 0;
}

function isEarlier(old: Entry, { appId, path, renamedFrom = [] }: Entry): boolean {
  return old.appId === appId && old.path !== path && renamedFrom.includes(old.path);
}

function isRival(one: Entry, other: Entry): boolean {
  const isGivenUp = (id: string, by: Entry) => by.ignored?.includes(id) === true;
  if (one.mediaId === null || other.mediaId === null || one.mediaId === other.mediaId) return false;
  return !isGivenUp(one.mediaId, other) && !isGivenUp(other.mediaId, one);
}

export function isSame(one: Entry | null, other: Entry | null): boolean {
  return (one === null ? null : printEntry(one)) === (other === null ? null : printEntry(other));
}
