// The ledger on disk: one file a post and account under .wxsync/posts/, replaced whole, committed with the post.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { attempt, errorCode, makeFolder, makeUnseenFolder, readRegularFile, writeFileAtomic } from '../local/files.ts';
import { type Entry, printEntry, toEntryName } from './entry.ts';
import { parseReceipt } from './receipts.ts';

const MAX_BYTES = 256_000;

export interface Ledger {
  /** Null when there is none. Throws `ledger-unreadable` for a broken file. */
  read(path: string, appId: string): Promise<Entry | null>;
  /** All entries of a post, whatever the account. */
  readAll(path: string): Promise<readonly Entry[]>;
  /** All entries of an account, as they were when this was first asked, and as written here since. Broken ones are left out. */
  readAccount(appId: string): Promise<readonly Entry[]>;
  /** Durable when it returns. */
  write(entry: Entry): Promise<void>;
  /** No error when there is none. */
  remove(path: string, appId: string): Promise<void>;
}

/** File names of all entries in a ledger's folder; none when there is no folder. */
export function listEntryNames(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder);
    return names.filter((name) => name.endsWith('.json')).sort();
  } catch (error) {
    const detail = errorCode(error);
    if (detail === 'ENOENT' || detail === 'ENOTDIR') return [];
    throw new WxsyncError('ledger-unreadable', { args: { path: '.wxsync/posts', detail }, cause: error });
  }
}

/** Opens the ledger under `.wxsync` in `home`; temporary files go to `.wxsync/tmp`, which git never sees. */
export function openLedger(home: string, kind: 'posts' | 'sandbox/posts' = 'posts'): Ledger {
  const folder = join(home, '.wxsync', kind);
  const load = (name: string): Entry | null => {
    const read = readRegularFile(join(folder, name), MAX_BYTES);
    if (read.kind === 'missing') return null;
    if (read.kind === 'ok') return parseReceipt(name, new TextDecoder().decode(read.bytes));
    const detail = read.kind === 'unreadable' ? read.detail : read.kind;
    throw new WxsyncError('ledger-unreadable', { args: { path: `.wxsync/posts/${name}`, detail } });
  };
  const accounts = new Map<string, Map<string, Entry>>();
  const loadAccount = (appId: string) => {
    const ending = toEntryName('', appId).split('-')[1] ?? '';
    const names = listEntryNames(folder).filter((name) => name.endsWith(`-${ending}`));
    const entries = names.map((name) => attempt(() => load(name)));
    return new Map(entries.flatMap((entry) => (entry?.appId === appId ? [[entry.path, entry]] : [])));
  };
  return {
    read: async (path, appId) => load(toEntryName(path, appId)),

    async readAccount(appId) {
      const account = accounts.get(appId) ?? loadAccount(appId);
      accounts.set(appId, account);
      return [...account.values()];
    },

    async readAll(path) {
      const prefix = toEntryName(path, '').split('-')[0] ?? '';
      const names = listEntryNames(folder).filter((name) => name.startsWith(`${prefix}-`));
      return names.map(load).filter((entry) => entry !== null);
    },

    async write(entry) {
      makeFolder(home, `.wxsync/${kind}`);
      const tempDir = await makeUnseenFolder(home, '.wxsync/tmp');
      await writeFileAtomic(join(folder, toEntryName(entry.path, entry.appId)), printEntry(entry), {
        mode: 0o644,
        tempDir,
      });
      accounts.get(entry.appId)?.set(entry.path, entry);
    },

    async remove(path, appId) {
      rmSync(join(folder, toEntryName(path, appId)), { force: true });
      accounts.get(appId)?.delete(path);
    },
  };
}
