// One server a state folder: the lock file that names it, and how a dead one's lock is taken over.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, toTemporary } from './files.ts';

export interface LockRecord {
  readonly pid: number;
  readonly port: number;
  /** Random; the server answers it at `/_sandbox/instance`, which tells it from a stranger on the same port. */
  readonly instance: string;
  readonly appId: string;
  readonly appSecret: string;
}

/** Another sandbox serves this state folder. */
export class SandboxInUse extends Error {
  override readonly name = 'SandboxInUse';
  readonly url: string;
  constructor(url: string) {
    super(`another sandbox already serves this state folder at ${url}`);
    this.url = url;
  }
}

const PROBE_MS = 1_000;
const ATTEMPTS = 5;

/**
 * Claims the folder for a server that already listens.
 * @throws SandboxInUse when a living sandbox holds it; a dead one's lock is replaced.
 */
export async function takeLock(stateDir: string, record: LockRecord): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (linkLock(stateDir, record)) return;
    const holder = readLock(stateDir);
    if (holder === null) continue;
    if ((await probe(holder)) !== 'gone') throw new SandboxInUse(toUrl(holder.port));
    removeLock(stateDir, holder.instance);
  }
  throw new Error(`the lock of ${stateDir} keeps changing hands; try again`);
}

/** Removes the lock if it is still that instance's; another's lock, grabbed between two lines, is put back. */
export function removeLock(stateDir: string, instance: string): void {
  if (readLock(stateDir)?.instance !== instance) return;
  const path = toLockPath(stateDir);
  const grabbed = toTemporary(path);
  try {
    renameSync(path, grabbed);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const isOurs = parseLock(readFileSync(grabbed, 'utf8')).instance === instance;
  if (isOurs) rmSync(grabbed, { force: true });
  else renameSync(grabbed, path);
}

/** The living sandbox of that folder, or null. */
export async function findHolder(stateDir: string): Promise<(LockRecord & { readonly url: string }) | null> {
  const holder = readLock(stateDir);
  if (holder === null || (await probe(holder)) !== 'alive') return null;
  return { ...holder, url: toUrl(holder.port) };
}

/** `silent`: the process lives and the port takes connections, but no answer came in time. */
async function probe(holder: LockRecord): Promise<'alive' | 'gone' | 'silent'> {
  if (!isProcessAlive(holder.pid)) return 'gone';
  try {
    const response = await fetch(`${toUrl(holder.port)}/_sandbox/instance`, { signal: AbortSignal.timeout(PROBE_MS) });
    const body = (await response.json()) as { readonly instance?: unknown };
    return body.instance === holder.instance ? 'alive' : 'gone';
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'silent' : 'gone';
  }
}

/** Writes the record whole under another name, then links it: the link is the one atomic claim. */
function linkLock(stateDir: string, record: LockRecord): boolean {
  const path = toLockPath(stateDir);
  const temporary = toTemporary(path);
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function readLock(stateDir: string): LockRecord | null {
  try {
    return parseLock(readFileSync(toLockPath(stateDir), 'utf8'));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A lock that cannot be read counts as that of process 0, which never lives. */
function parseLock(text: string): LockRecord {
  try {
    return JSON.parse(text) as LockRecord;
  } catch {
    return { pid: 0, port: 0, instance: '', appId: '', appSecret: '' };
  }
}

function isProcessAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function toLockPath(stateDir: string): string {
  return join(stateDir, 'server.lock');
}

function toUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
