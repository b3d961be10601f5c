// The right to work on one post: a lock file on this machine that also keeps the newest entry until git has it.
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { attempt, errorCode, makePrivateFolder, readRegularFile, writeFileAtomic } from '../local/files.ts';
import { currentProcess, mayBeAlive, type ProcessMark } from '../local/machine.ts';
import { type Entry, parseEntry, printEntry } from './entry.ts';

export interface Lease {
  /** The entry that the last holder left; it may be newer than the ledger's. */
  readonly entry: Entry | null;
  /** By `performance.now()`. */
  readonly heldSince: number;
  /** Keeps an entry with the lease, durably; null forgets the one that is kept. */
  keep(entry: Entry | null): Promise<void>;
  /** Throws `lease-busy` when the lease is no longer ours; to be asked right before a send. */
  check(): Promise<void>;
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly waitMs: number;
  readonly onWait: (holder: ProcessMark) => void;
  readonly stop?: AbortSignal;
}

export interface LeaseStore {
  /** Waits up to `waitMs` for the post's lease, or until `stop`; then throws `lease-busy`, retryable. */
  acquire(key: string, options: LeaseOptions): Promise<Lease>;
  /** The entries that are kept with leases, held or not, by key; as they were when this was first asked. */
  kept(): Promise<ReadonlyMap<string, Entry>>;
}

interface Holder extends ProcessMark {
  readonly id: string;
}

const POLL_MS = 100;
/** Ending of the files with entries. */
const KEPT = '.json';
/** A guard is held for a few file operations; an older one was left by a killed process. */
const GUARD_STALE_MS = 30_000;

/** Leases of this machine, shared by all clones on it. `folder` is made when needed; `ledger-unwritable` when it cannot be. */
export function openMachineLeases(folder: string): LeaseStore {
  let kept: Promise<ReadonlyMap<string, Entry>> | null = null;
  const explain = (error: unknown) => {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new WxsyncError('ledger-unwritable', { args: { path: folder, detail: errorCode(error) }, cause: error });
  };
  return {
    acquire: (key, options) => acquire(folder, key, options).catch(explain),
    kept() {
      kept ??= listKept(folder).catch(explain);
      return kept;
    },
  };
}

async function listKept(folder: string): Promise<ReadonlyMap<string, Entry>> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(KEPT)) : [];
  return new Map(
    names.flatMap((name) => {
      const entry = readKept(join(folder, name));
      return entry === null ? [] : [[name.slice(0, -KEPT.length), entry] as const];
    }),
  );
}

function readKept(file: string): Entry | null {
  const read = readRegularFile(file, 256_000);
  return read.kind === 'ok' ? parseEntry(new TextDecoder().decode(read.bytes)) : null;
}

async function acquire(folder: string, key: string, { waitMs, onWait, stop }: LeaseOptions): Promise<Lease> {
  makePrivateFolder(folder);
  const lock = join(folder, `${key}.lock`);
  const me: Holder = { ...currentProcess(), id: randomBytes(12).toString('hex') };
  const end = performance.now() + waitMs;
  let told = false;
  while (!create(lock, me)) {
    const holder = await readHolder(lock);
    if (holder !== null && !mayBeAlive(holder)) {
      await steal(lock, holder);
      continue;
    }
    if (performance.now() >= end || stop?.aborted) throw busy(holder);
    if (!told && holder !== null) onWait(holder);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return openLease({ lock, kept: join(folder, key + KEPT), me });
}

function openLease(files: { lock: string; kept: string; me: Holder }): Lease {
  const { lock, kept, me } = files;
  return {
    entry: readKept(kept),
    heldSince: performance.now(),
    async keep(entry) {
      if (entry === null) rmSync(kept, { force: true });
      else await writeFileAtomic(kept, printEntry(entry), { mode: 0o600 });
    },
    async check() {
      const holder = await readHolder(lock);
      if (holder?.id !== me.id) throw busy(holder);
    },
    async release() {
      const holder = await readHolder(lock);
      if (holder?.id === me.id) attempt(() => unlinkSync(lock));
    },
  };
}

/** Creates the lock with its content in one step: a link either makes it whole or fails because it is there. */
function create(lock: string, me: Holder): boolean {
  const temp = `${lock}.${me.id}`;
  writeFileSync(temp, JSON.stringify(me), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(temp, lock);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    attempt(() => unlinkSync(temp));
  }
}

async function readHolder(lock: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** Removes a dead process's lock. Only one may do so at a time, and only while it still is that process's. */
async function steal(lock: string, dead: Holder): Promise<void> {
  const guard = `${lock}.guard`;
  const me: Holder = { ...currentProcess(), id: randomBytes(12).toString('hex') };
  if (!create(guard, me)) {
    const made = attempt(() => statSync(guard).mtimeMs) ?? Date.now();
    if (Date.now() - made > GUARD_STALE_MS) attempt(() => unlinkSync(guard));
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return;
  }
  try {
    if ((await readHolder(lock))?.id === dead.id) unlinkSync(lock);
  } finally {
    attempt(() => unlinkSync(guard));
  }
}

function busy(holder: ProcessMark | null): WxsyncError {
  return new WxsyncError('lease-busy', { args: { pid: holder?.pid ?? '?', host: holder?.host ?? '?' } });
}
