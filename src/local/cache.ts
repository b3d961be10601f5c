// What is safe to lose, in the user's own folder: tokens (0600), addresses of uploaded pictures, fitted bytes, leases.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { makePrivateFolder, readRegularFile, writeFileAtomic } from './files.ts';
import type { Io } from './io.ts';

const MAX_BYTES = 20_000_000;

/**
 * `WXSYNC_HOME`, else the platform's cache folder for wxsync. Throws `setting-invalid` where others could put files into it: a
 * token that they left there would choose the account, a picture would be sent as the author's.
 */
export function findCacheHome(io: Pick<Io, 'env' | 'platform'>): string {
  const home = nameCacheHome(io);
  const stat = statSync(home, { throwIfNoEntry: false });
  if (stat === undefined || io.platform === 'win32') return home;
  const { uid } = userInfo();
  const isOthers = uid !== 0 && stat.uid !== 0 && stat.uid !== uid;
  if (!isOthers && (stat.mode & 0o002) === 0) return home;
  const detail = isOthers ? `${home}: uid ${stat.uid}` : `${home}: mode ${(stat.mode & 0o7777).toString(8)}`;
  const mend = isOthers ? 'WXSYNC_HOME=…' : `chmod 700 ${home}`;
  throw new WxsyncError('setting-invalid', { args: { name: 'WXSYNC_HOME', detail, mend } });
}

function nameCacheHome(io: Pick<Io, 'env' | 'platform'>): string {
  const { WXSYNC_HOME, XDG_CACHE_HOME, LOCALAPPDATA } = io.env;
  if (WXSYNC_HOME) return WXSYNC_HOME;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'wxsync');
  if (io.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'wxsync');
  return join(homedir(), '.cache', 'wxsync');
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Small values by key; an unreadable one counts as absent, a failed write is no error. */
export interface Cache {
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, bytes: Uint8Array | string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** A folder as a cache: one file a key, named by the key's hash, private to the user. */
export function openCache(folder: string): Cache {
  const fileOf = (key: string) => join(folder, sha256(key).slice(0, 40));
  return {
    async get(key) {
      const read = readRegularFile(fileOf(key), MAX_BYTES);
      return read.kind === 'ok' ? read.bytes : null;
    },
    async put(key, bytes) {
      try {
        makePrivateFolder(folder);
        await writeFileAtomic(fileOf(key), bytes, { mode: 0o600 });
      } catch {
        // A cache that cannot be written only costs time at the next run.
      }
    },
    async remove(key) {
      const { rm } = await import('node:fs/promises');
      await rm(fileOf(key), { force: true }).catch(() => undefined);
    },
  };
}

/** A cache of JSON values, seen through a check of their shape. */
export function openJsonCache<Value>(cache: Cache, isValue: (value: unknown) => value is Value) {
  return {
    async get(key: string): Promise<Value | null> {
      const bytes = await cache.get(key);
      if (bytes === null) return null;
      try {
        const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
        return isValue(value) ? value : null;
      } catch {
        return null;
      }
    },
    put: (key: string, value: Value) => cache.put(key, JSON.stringify(value)),
    remove: (key: string) => cache.remove(key),
  };
}
