// The ledger as a commit holds it: names and texts of its receipts, and entries that stand under their own name.
import { WxsyncError } from '../errors.ts';
import type { Git } from '../local/git.ts';
import { listTree, readBlobs, type Tree } from '../local/git-objects.ts';
import { type Entry, parseEntry, toEntryName } from './entry.ts';

export const RECEIPTS = '.wxsync/posts/';

export interface Receipts {
  /** All files of the commit. */
  readonly tree: Tree;
  readonly names: readonly string[];
  text(name: string): string | null;
  /** Null when there is none. Throws `ledger-unreadable`. */
  entry(name: string): Entry | null;
}

/** Reads the receipts of a commit in one go; null: a commit without any file. */
export async function readReceipts(git: Git, commit: string | null): Promise<Receipts> {
  const tree: Tree = commit === null ? new Map() : await listTree(git, commit);
  const oids = new Map([...tree].flatMap(([path, { oid }]) => (isReceipt(path) ? [[toName(path), oid]] : [])));
  const blobs = await readBlobs(git, [...oids.values()]);
  const text = (name: string) => blobs.get(oids.get(name) ?? '')?.toString() ?? null;
  return { tree, names: [...oids.keys()], text, entry: (name) => parseReceipt(name, text(name)) };
}

const NAME = /^[\da-f]{20}-[\da-f]{8}\.json$/;

export function isReceipt(path: string): boolean {
  return path.startsWith(RECEIPTS) && NAME.test(toName(path));
}

/** The name of a receipt in its folder. */
export function toName(path: string): string {
  return path.slice(RECEIPTS.length);
}

/** Null without a text. Throws `ledger-unreadable` when the text is not the entry of that name. */
export function parseReceipt(name: string, text: string | null): Entry | null {
  if (text === null) return null;
  const entry = parseEntry(text);
  if (entry !== null && toEntryName(entry.path, entry.appId) === name) return entry;
  throw new WxsyncError('ledger-unreadable', {
    args: { path: RECEIPTS + name, detail: entry === null ? 'JSON' : 'path' },
  });
}
