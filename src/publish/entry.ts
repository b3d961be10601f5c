// The ledger's entry: what is known of one post in one account, its bytes, and which of two entries is newer.
import { isAbsolute } from 'node:path';
import { sha256 } from '../local/cache.ts';
import { MAX_TIMEOUT_MS } from '../local/settings.ts';
import { type Fingerprint, PARTS } from './fingerprint.ts';

/** `prepared` nothing sent yet · `intent` a draft/add may be on its way · `unknown` it got no answer · `drafted` made · `verified` read back · `blocked` waits for a person. */
export type EntryState = 'prepared' | 'intent' | 'unknown' | 'drafted' | 'verified' | 'blocked';

/** A draft/add about to be sent or without an answer. Times in ms. */
export interface Intent {
  readonly attempt: number;
  readonly time: number;
  /** How long that send may take at most. */
  readonly deadline: number;
  readonly sourceHash: string;
  readonly coverId: string;
}

export interface Entry {
  readonly schema: 'wxsync.entry/1';
  readonly path: string;
  readonly title: string;
  readonly appId: string;
  /** 1 at the add, one more with each verified update. */
  readonly rev: number;
  readonly state: EntryState;
  readonly sourceHash: string;
  /** sha256 of the post's bytes with the flag masked. */
  readonly snapshot: string;
  /** Covers uploaded for this post, newest last. */
  readonly coverIds: readonly string[];
  /** sha256 of the source of the newest cover, so that an unchanged one is not uploaded again. */
  readonly coverSource: string | null;
  readonly mediaId: string | null;
  /** When the draft was made, or the cover when no more is known; WeChat's clock, seconds. */
  readonly createTime: number | null;
  readonly fingerprint: Fingerprint | null;
  readonly renderer: string;
  readonly intent?: Intent;
  readonly updating?: { readonly sourceHash: string; readonly expected: Fingerprint };
  /** A draft that WeChat would not update (HTTP 501): it goes when the new one is there, if nobody has touched it. */
  readonly replacing?: { readonly mediaId: string; readonly fingerprint: Fingerprint };
  /** Covers and drafts that a person said are not this post's. */
  readonly ignored?: readonly string[];
  /** Earlier paths of the post; their receipts went into this one. */
  readonly renamedFrom?: readonly string[];
  /** The path came to this receipt when its own was given to another post: nobody has said that what stands here is its post. */
  readonly displaced?: boolean;
  /** Drafts of posts that look like this one, which a person said is none of them. */
  readonly distinct?: readonly string[];
  /** A person said that the next publish may replace what was edited in WeChat. */
  readonly overwrite?: boolean;
  readonly duplicates?: readonly string[];
  readonly error?: { readonly code: string; readonly errcode: number | null };
}

/** An entry before anything was sent. */
export function createEntry(post: Pick<Entry, 'path' | 'title' | 'appId' | 'renderer'>): Entry {
  const nothing = { coverIds: [], coverSource: null, mediaId: null, createTime: null, fingerprint: null } as const;
  return { schema: 'wxsync.entry/1', ...post, ...nothing, rev: 0, state: 'prepared', sourceHash: '', snapshot: '' };
}

/** The entry without what a send or an update left open, what a person allowed for once, and the doubt whose it is. */
export function closeEntry(entry: Entry): Entry {
  const { intent: _intent, updating: _updating, error: _error, overwrite: _overwrite, ...rest } = entry;
  const { displaced: _, ...closed } = rest;
  return closed;
}

/** The covers with one more as the newest; WeChat may have none to tell of. */
export function toCoverIds(known: readonly string[], coverId: string): readonly string[] {
  return [...new Set([...known.filter((id) => id !== coverId), coverId])].filter((id) => id !== '');
}

/** A draft of this post is believed to exist. */
export function isLive(entry: Entry): boolean {
  return entry.state === 'drafted' || entry.state === 'verified';
}

/** Whether all that `one` knows of a draft, made or on its way, the other knows too: a cover is of one post only. */
export function isSameDraft(one: Entry, other: Entry): boolean {
  if (one.mediaId !== null && one.mediaId === other.mediaId) return true;
  return one.coverIds.length > 0 && one.coverIds.every((id) => other.coverIds.includes(id));
}

function isUnderWay(entry: Entry): boolean {
  return entry.intent !== undefined || entry.updating !== undefined;
}

/** Sorted keys, two spaces, a final newline: two runners write the same bytes. */
export function printEntry(entry: Entry): string {
  return `${JSON.stringify(sorted(entry), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isId: Check = (value) => typeof value === 'string' && value !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isBetween =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const isMaybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isList =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** Keys that it does not know are left in peace: a newer version may have written them. */
const isMap =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([key, check]) => check(Reflect.get(value, key)));

/** A post's path stays below its home: files are looked for by it. */
const isPath: Check = (value) =>
  typeof value === 'string' && value !== '' && !isAbsolute(value) && !value.split(/[\\/]/).includes('..');
/** Later than any draft, in seconds; what lies beyond is no date. */
const YEAR_2100 = 4_102_444_800;
/** What the time that a request's bytes take may add to its deadline. */
const MAX_BYTES_MS = 300_000;

const isFingerprint = isMap(Object.fromEntries(PARTS.map((part) => [part, isText])));

const INTENT: Readonly<Record<keyof Intent, Check>> = {
  attempt: isBetween(1, 9),
  time: isBetween(0, YEAR_2100 * 1000),
  // Nobody can have a run wait for ever.
  deadline: isBetween(0, MAX_TIMEOUT_MS + MAX_BYTES_MS),
  sourceHash: isText,
  coverId: isId,
};

const ENTRY: Readonly<Record<keyof Entry, Check>> = {
  schema: (value) => value === 'wxsync.entry/1',
  path: isPath,
  title: isText,
  appId: isText,
  rev: isBetween(0, 1_000_000_000),
  state: (value) => typeof value === 'string' && Object.hasOwn(NEEDS, value),
  sourceHash: isText,
  snapshot: isText,
  coverIds: isList(isId),
  coverSource: orNull(isText),
  mediaId: orNull(isId),
  createTime: orNull(isBetween(0, YEAR_2100)),
  fingerprint: orNull(isFingerprint),
  renderer: isText,
  intent: isMaybe(isMap(INTENT)),
  updating: isMaybe(isMap({ sourceHash: isText, expected: isFingerprint })),
  replacing: isMaybe(isMap({ mediaId: isId, fingerprint: isFingerprint })),
  ignored: isMaybe(isList(isId)),
  renamedFrom: isMaybe(isList(isPath)),
  displaced: isMaybe(isFlag),
  distinct: isMaybe(isList(isId)),
  overwrite: isMaybe(isFlag),
  duplicates: isMaybe(isList(isId)),
  error: isMaybe(isMap({ code: isText, errcode: orNull(isBetween(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) })),
};

const isEntry = isMap(ENTRY);

/** What must be known in each state. */
const NEEDS: Readonly<Record<EntryState, (entry: Entry) => boolean>> = {
  prepared: () => true,
  intent: hasIntent,
  unknown: hasIntent,
  drafted: ({ mediaId }) => mediaId !== null,
  verified: ({ mediaId }) => mediaId !== null,
  blocked: () => true,
};

function hasIntent({ intent, coverIds }: Entry): boolean {
  return intent !== undefined && coverIds.includes(intent.coverId);
}

/** Null when the text is not an entry, whole and possible; a broken receipt must stop the post, never count as absent. */
export function parseEntry(text: string): Entry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isEntry(value)) return null;
  const entry = value as Entry;
  return NEEDS[entry.state](entry) ? entry : null;
}

/** The entry's file name: one for each post and account. */
export function toEntryName(path: string, appId: string): string {
  return `${sha256(path).slice(0, 20)}-${sha256(appId).slice(0, 8)}.json`;
}

/**
 * The higher `rev`, then a media id before none, then a send or an update that may be on its way, then `ours` (the
 * ledger's): git may have taken the ledger back to what it was before that send.
 */
export function newer(ours: Entry | null, other: Entry | null): Entry | null {
  if (ours === null || other === null) return ours ?? other;
  if (other.rev !== ours.rev) return other.rev > ours.rev ? other : ours;
  if ((ours.mediaId === null) !== (other.mediaId === null)) return ours.mediaId === null ? other : ours;
  return isUnderWay(other) && !isUnderWay(ours) ? other : ours;
}
