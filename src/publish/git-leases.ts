// Leases of runners that share no disk: a ref a post on the git remote, moved by compare-and-swap only; knows no branch.
import { randomBytes } from 'node:crypto';
import { WxsyncError } from '../errors.ts';
import type { Git } from '../local/git.ts';
import { readNotes, writeNote } from '../local/git-objects.ts';
import { deleteRefs, fetchBelow, fetchCommit, lookUp, push } from '../local/git-remote.ts';
import { currentProcess, type ProcessMark } from '../local/machine.ts';
import { type Entry, parseEntry } from './entry.ts';
import type { Lease, LeaseOptions, LeaseStore } from './lease.ts';

/** What a ref's commit says. The random id keeps two runners from writing the same commit, which both could push. */
interface Note {
  readonly schema: 'wxsync.lease/1';
  readonly id: string;
  /** Null: free, and only the entry is kept. */
  readonly holder: ProcessMark | null;
  /** When the holder counts as gone unless it says more; ms, the holder's clock. */
  readonly until: number;
  readonly entry: Entry | null;
}

interface Seen {
  readonly commit: string | null;
  readonly note: Note | null;
}

export interface GitLeaseOptions {
  readonly remote: string;
  /** How long a holder that says nothing is waited for; longer than a send and its quiet time. */
  readonly ttlMs: number;
}

const PREFIX = 'refs/wxsync/';
/** How long a lease that nobody holds keeps its entry at least: a checkout from before may still be at work. */
const KEEP_MS = 24 * 3_600_000;
const SWEPT_AT_ONCE = 100;

const AUTHOR = { name: 'wxsync', email: 'wxsync@localhost' };

/** Leases under `refs/wxsync/` of a remote. `acquire` throws `store-refused` when the server does not take such refs. */
export function openGitLeases(git: Git, options: GitLeaseOptions): LeaseStore {
  const store: Store = { git, ...options };
  let kept: Promise<ReadonlyMap<string, Entry>> | null = null;
  return {
    acquire: (key, wait) => acquire(store, PREFIX + key, wait),
    kept() {
      kept ??= listKept(store);
      return kept;
    },
  };
}

async function listKept({ git, remote }: Store): Promise<ReadonlyMap<string, Entry>> {
  const notes = await listNotes(git, remote);
  return new Map(notes.flatMap(({ ref, entry }) => (entry === null ? [] : [[ref.slice(PREFIX.length), entry]])));
}

/** What all leases say, with where they stand; one that cannot be read is left out. */
async function listNotes(git: Git, remote: string): Promise<readonly (Note & { ref: string; commit: string })[]> {
  const refs = await fetchBelow(git, { remote, prefix: PREFIX });
  const notes = await readNotes(git, [...refs.values()]);
  return [...refs].flatMap(([ref, commit]) => {
    const note = parseNote(notes.get(commit) ?? '');
    return note === null ? [] : [{ ...note, ref, commit }];
  });
}

export interface SweepOptions {
  readonly remote: string;
  /** How to tell whether an entry, as it is or newer, is where it belongs; asked when there is anything to sweep. */
  readonly findKept: () => Promise<(entry: Entry) => boolean>;
}

/**
 * Deletes leases that nobody has held for a day and whose entry, if any, is kept elsewhere; at most 100, each only if it
 * still is what was read. Gives how many; throws when the remote is not reached.
 */
export async function sweepGitLeases(git: Git, { remote, findKept }: SweepOptions): Promise<number> {
  const old = (await listNotes(git, remote)).filter(({ until }) => Date.now() > until + KEEP_MS);
  if (old.length === 0) return 0;
  const isKept = await findKept();
  const done = old.filter(({ entry }) => entry === null || isKept(entry)).slice(0, SWEPT_AT_ONCE);
  return deleteRefs(git, remote, new Map(done.map(({ ref, commit }) => [ref, commit])));
}

interface Store extends GitLeaseOptions {
  readonly git: Git;
}

async function acquire(store: Store, ref: string, { waitMs, onWait, stop }: LeaseOptions): Promise<Lease> {
  const end = performance.now() + waitMs;
  const pollMs = Math.min(1_000, store.ttlMs / 10);
  let told = false;
  for (;;) {
    const seen = await look(store, ref);
    if (isFree(seen.note, store.ttlMs)) {
      const since = Date.now();
      const note = toNote(currentProcess(), { entry: seen.note?.entry ?? null, ttlMs: store.ttlMs });
      const commit = await move(store, { ref, from: seen.commit, note });
      if (commit !== null) return hold(store, { ref, commit, since, entry: note.entry });
    }
    const holder = seen.note?.holder ?? null;
    if (performance.now() >= end || stop?.aborted) throw busy(holder);
    if (!told && holder !== null) onWait(holder);
    told ||= holder !== null;
    await new Promise((resolve) => setTimeout(resolve, pollMs * (0.5 + Math.random())));
  }
}

/**
 * A holder that says nothing past its time is gone; a third of the TTL is room for clocks that disagree. Whether it is
 * a dead process is not asked: runners in containers share names and process numbers.
 */
function isFree(note: Note | null, ttlMs: number): boolean {
  return note === null || note.holder === null || Date.now() > note.until + ttlMs / 3;
}

interface Held {
  readonly ref: string;
  readonly commit: string;
  /** When the last move that counted began, ms. */
  readonly since: number;
  readonly entry: Entry | null;
}

function hold(store: Store, begun: Held): Lease {
  let held: Held | null = begun;
  let last: Promise<unknown> = Promise.resolve();
  /** One move after the other, each from where the one before left the ref. */
  const say = (entry?: Entry | null): Promise<void> => {
    const turn = last.then(async () => {
      if (held === null) throw busy(null);
      const since = Date.now();
      const next = entry === undefined ? held.entry : entry;
      const note = toNote(currentProcess(), { entry: next, ttlMs: store.ttlMs });
      const commit = await move(store, { ref: held.ref, from: held.commit, note });
      held = commit === null ? null : { ...held, commit, since, entry: next };
      if (held === null) throw busy(null);
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  // A beat that fails is noticed by the next check, which has to succeed.
  const beat = setInterval(() => say().catch(() => undefined), store.ttlMs / 3).unref();
  return {
    entry: begun.entry,
    heldSince: performance.now(),
    keep: (entry) => say(entry),
    async check() {
      await last;
      if (held === null) throw busy(null);
      const age = Date.now() - held.since;
      if (age < 0 || age > store.ttlMs / 10) await say();
    },
    async release() {
      clearInterval(beat);
      await last;
      if (held === null) return;
      const { ref, commit, entry } = held;
      held = null;
      const note = entry === null ? null : toNote(null, { entry, ttlMs: 0 });
      await move(store, { ref, from: commit, note }).catch(() => undefined);
    },
  };
}

/** Where the ref stands and what it says. */
async function look({ git, remote }: Store, ref: string): Promise<Seen> {
  const commit = await fetchCommit(git, { remote, ref });
  if (commit === null) return { commit, note: null };
  const note = parseNote((await readNotes(git, [commit])).get(commit) ?? '');
  if (note !== null) return { commit, note };
  throw new WxsyncError('ledger-unreadable', { args: { path: ref, detail: commit } });
}

interface Move {
  readonly ref: string;
  readonly from: string | null;
  /** Null takes the ref away. */
  readonly note: Note | null;
}

/** Moves the ref if it still stands at `from`, and gives its new commit; null when somebody else moved it. */
async function move({ git, remote }: Store, { ref, from, note }: Move): Promise<string | null> {
  const commit = note === null ? null : await writeNote(git, JSON.stringify(note), AUTHOR);
  const answer = await push(git, { remote, ref, commit, expected: from });
  if (answer.kind === 'ok') return commit;
  if (answer.kind !== 'raced') throw new WxsyncError('store-refused', { args: { remote, detail: answer.detail } });
  // A move whose answer was lost stands there all the same.
  return commit !== null && (await lookUp(git, { remote, ref })) === commit ? commit : null;
}

function toNote(holder: ProcessMark | null, { entry, ttlMs }: { entry: Entry | null; ttlMs: number }): Note {
  const id = randomBytes(12).toString('hex');
  return { schema: 'wxsync.lease/1', id, holder, until: Date.now() + ttlMs, entry };
}

function parseNote(text: string): Note | null {
  try {
    const { schema, id, holder, until, entry } = JSON.parse(text) as Note;
    if (schema !== 'wxsync.lease/1' || typeof until !== 'number') return null;
    const kept = entry === null ? null : parseEntry(JSON.stringify(entry));
    if (kept === null && entry !== null) return null;
    return { schema, id, holder, until, entry: kept };
  } catch {
    return null;
  }
}

function busy(holder: ProcessMark | null): WxsyncError {
  return new WxsyncError('lease-busy', { args: { pid: holder?.pid ?? '?', host: holder?.host ?? '?' } });
}
