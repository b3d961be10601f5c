// What waits on wxsync/pending: it comes home once, goes when nothing of it is left to say, and brings nothing back.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CommitOptions, checkPush, commitBack, sweepLeases } from '../../src/publish/back-to-git.ts';
import { type Entry, printEntry } from '../../src/publish/entry.ts';
import { openGitLeases } from '../../src/publish/git-leases.ts';
import { openLedger } from '../../src/publish/ledger.ts';
import { fetchPending, PENDING, retirePending, takePending } from '../../src/publish/pending.ts';
import {
  APP_ID,
  type Clone,
  createRemote,
  publishIn,
  type Remote,
  receiptOf,
  sh,
  toPost,
  toReceipt,
} from './repository.ts';

const A = 'posts/a.md';
const B = 'posts/b.md';
const BOT = { name: 'bot', email: 'bot@localhost' };
const createSite = () => createRemote({ [A]: toPost('A'), 'other.txt': 'words\n' });
const commit = (clone: Clone, more: Partial<CommitOptions> = {}) =>
  commitBack({ git: clone.git, branch: 'main', mode: 'push', message: null, author: BOT, ...more });

/** As `ci check` does; gives how many receipts were taken. */
async function check(clone: Clone): Promise<number> {
  const upstream = await checkPush({ git: clone.git, branch: 'main' });
  const pending = await fetchPending({ git: clone.git, remote: 'origin' }, upstream);
  if (pending === null) return 0;
  const count = await takePending(pending);
  await retirePending(pending, upstream);
  return count;
}

/** A site whose first run left flag and receipt of A on wxsync/pending; that run is played once, and copied. */
async function leavePending(more: Partial<Entry> = {}): Promise<Remote> {
  const key = JSON.stringify(more);
  const remote = waiting.get(key) ?? (await playPending(more));
  waiting.set(key, remote);
  return remote.copy();
}

const waiting = new Map<string, Remote>();

async function playPending(more: Partial<Entry>): Promise<Remote> {
  const remote = createSite();
  const clone = remote.clone();
  publishIn(clone, A, more);
  expect(await commit(clone, { mode: 'pr' })).toMatchObject({ kind: 'pending' });
  return remote;
}

const MERGES: readonly [string, (remote: Remote) => void][] = [
  ['merged', (remote) => merge(remote, '--no-ff')],
  ['squashed', (remote) => merge(remote, '--squash')],
];

function merge(remote: Remote, how: string): void {
  remote.author((person) => {
    sh(person.folder, 'merge', '--quiet', how, `origin/${PENDING}`);
    person.write('other.txt', `${how}\n`);
  });
}

describe.each(MERGES)('%s by a person', (_, bring) => {
  test('it goes, and a post that is deleted later stays deleted', async () => {
    const remote = await leavePending();
    bring(remote);
    const stale = sh(remote.folder, 'rev-parse', PENDING);
    expect(await check(remote.clone())).toBe(0);
    expect(remote.has(PENDING)).toBe(false);

    // The same again where no run came between.
    sh(remote.folder, 'update-ref', `refs/heads/${PENDING}`, stale);
    remote.author((person) => sh(person.folder, 'rm', '--quiet', A, receiptOf(A)));
    const clone = remote.clone();
    expect(await check(clone)).toBe(0);
    expect(remote.has(PENDING)).toBe(false);
    sh(remote.folder, 'update-ref', `refs/heads/${PENDING}`, stale);
    expect(await commit(clone)).toMatchObject({ kind: 'nothing', head: sh(remote.folder, 'rev-parse', 'main') });
    expect(remote.has(PENDING)).toBe(false);
  });
});

test('a later commit on the branch takes it along, and a run killed before the end is made good by the next', async () => {
  const remote = await leavePending();
  const stale = sh(remote.folder, 'rev-parse', PENDING);
  const next = remote.clone();
  expect(await check(next)).toBe(1);
  expect(remote.has(PENDING)).toBe(true);
  next.write(A, next.read(A).replace('synced: false', 'synced: true'));
  expect(await commit(next)).toMatchObject({ kind: 'pushed', flags: 1, entries: 1 });
  expect(remote.has(PENDING)).toBe(false);

  sh(remote.folder, 'update-ref', `refs/heads/${PENDING}`, stale);
  expect(await check(remote.clone())).toBe(0);
  expect(remote.has(PENDING)).toBe(false);
});

test('it stays while a flag of it can still be set, and goes when the author has changed the post', async () => {
  const remote = await leavePending();
  const receipt = remote.show(receiptOf(A), PENDING);
  remote.author((person) => person.write(receiptOf(A), `${receipt}\n`));
  await check(remote.clone());
  expect(remote.has(PENDING)).toBe(true);
  remote.author((person) => person.write(A, toPost('A', 'Other words.')));
  await check(remote.clone());
  expect(remote.has(PENDING)).toBe(false);
});

test('in a shallow clone, whose history ends before that commit', async () => {
  const remote = await leavePending();
  remote.author((person) => person.write('other.txt', 'more\n'));
  const clone = remote.clone('--depth', '1');
  expect(await check(clone)).toBe(1);
  expect(await commit(clone)).toMatchObject({ kind: 'pushed', entries: 1 });
  expect(await commit(clone)).toMatchObject({ kind: 'nothing' });
  remote.author((person) => person.write(A, toPost('A', 'Other words.')));
  expect(await check(remote.clone('--depth', '1'))).toBe(0);
  expect(remote.has(PENDING)).toBe(false);
});

test('a post that was deleted after its commit was merged stays deleted, also in a shallow clone', async () => {
  const remote = await leavePending();
  merge(remote, '--squash');
  remote.author((person) => sh(person.folder, 'rm', '--quiet', A, receiptOf(A)));
  const clone = remote.clone('--depth', '1');
  const stale = sh(remote.folder, 'rev-parse', PENDING);
  expect([await check(clone), remote.has(PENDING)]).toEqual([0, false]);
  sh(remote.folder, 'update-ref', `refs/heads/${PENDING}`, stale);
  expect(await commit(remote.clone('--depth', '1'))).toMatchObject({ kind: 'nothing' });
});

test('a receipt there that cannot be read stops its own post only', async () => {
  const remote = createRemote({ [A]: toPost('A'), [B]: toPost('B') });
  const clone = remote.clone();
  publishIn(clone, A);
  publishIn(clone, B);
  await commit(clone, { mode: 'pr' });
  const person = remote.clone('--branch', PENDING);
  person.write(receiptOf(A), printEntry(toReceipt(B, toPost('B'))));
  sh(person.folder, 'commit', '--quiet', '--all', '--message', 'words');
  sh(person.folder, 'push', '--quiet', 'origin', PENDING);

  const next = remote.clone();
  expect(await check(next)).toBe(1);
  await expect(openLedger(next.folder).read(A, APP_ID)).rejects.toMatchObject({ code: 'ledger-unreadable' });
  const { kind, problems } = await commit(next);
  expect([kind, problems.map(({ code }) => code)]).toEqual(['pushed', ['ledger-unreadable']]);
  expect(remote.log()[0]?.files).toEqual([receiptOf(B)]);
  expect(remote.has(PENDING)).toBe(true);
});

test('a receipt that was taken in, and whose post the author deletes before the commit, stays deleted', async () => {
  const remote = await leavePending();
  merge(remote, '--squash');
  const clone = remote.clone();
  clone.write(receiptOf(A), remote.show(receiptOf(A), PENDING).concat('\n'));
  sh(clone.folder, 'reset', '--quiet', '--soft', 'HEAD~1');
  remote.author((person) => sh(person.folder, 'rm', '--quiet', A, receiptOf(A)));
  expect(await commit(clone)).toMatchObject({ kind: 'nothing' });
});

test('a newer receipt than the one of the branch is taken, an older one is not', async () => {
  const remote = await leavePending({ rev: 2 });
  remote.author((person) => person.write(receiptOf(A), printEntry(toReceipt(A, toPost('A')))));
  const clone = remote.clone();
  expect(await check(clone)).toBe(1);
  expect(clone.read(receiptOf(A))).toContain('"rev": 2');
  remote.author((person) => person.write(receiptOf(A), printEntry(toReceipt(A, toPost('A'), { rev: 3 }))));
  expect(await check(remote.clone())).toBe(0);
});

test('a server that lets nobody delete it is no error', async () => {
  const remote = await leavePending();
  merge(remote, '--ff-only');
  const clone = remote.clone();
  remote.hook('update', 'exit 1');
  expect(await check(clone)).toBe(0);
  expect(remote.has(PENDING)).toBe(true);
});

describe('a renamed post', () => {
  const OLD = toReceipt(A, toPost('A'));
  const NEW: Entry = { ...OLD, path: B, renamedFrom: [A] };
  /** The receipt of A is on the branch, and its file was moved to B there. */
  const createRenamed = (old: Partial<Entry> = {}): Remote => {
    const key = JSON.stringify(old);
    const remote = renamed.get(key) ?? rename(old);
    renamed.set(key, remote);
    return remote.copy();
  };
  const renamed = new Map<string, Remote>();
  const rename = (old: Partial<Entry>): Remote => {
    const remote = createSite();
    remote.author((person) => {
      person.write(receiptOf(A), printEntry({ ...OLD, ...old }));
      sh(person.folder, 'mv', A, B);
    });
    return remote;
  };
  const publishRenamed = (clone: Clone) => {
    rmSync(join(clone.folder, receiptOf(A)), { force: true });
    clone.write(receiptOf(B), printEntry(NEW));
    clone.write(B, clone.read(B).replace('synced: false', 'synced: true'));
  };
  const receipts = (remote: Remote, branch = 'main') =>
    [A, B].filter((path) => sh(remote.folder, 'ls-tree', '--name-only', branch, receiptOf(path)) !== '');

  test('takes its receipt along in one commit', async () => {
    const remote = createRenamed();
    const clone = remote.clone();
    publishRenamed(clone);
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 1, entries: 2, problems: [] });
    expect(receipts(remote)).toEqual([B]);
    expect(remote.show(B)).toContain('synced: true');
    expect(await commit(remote.clone())).toMatchObject({ kind: 'nothing' });
  });

  test.each<[string, Partial<Entry>, (remote: Remote) => void, readonly string[]]>([
    ['another draft', { mediaId: 'm-other', coverIds: ['c2'] }, () => undefined, [A, B]],
    // What it made is the renamed post's: the new one begins without a receipt.
    ['a new post at the old path', {}, (remote) => remote.author((person) => person.write(A, toPost('C'))), [B]],
    [
      'a new post at the old path that has a receipt of its own',
      { mediaId: 'm-other', coverIds: ['c2'] },
      (remote) => remote.author((person) => person.write(A, toPost('C'))),
      [A, B],
    ],
    ['a change of its own', {}, (remote) => remote.author((person) => person.write(B, toPost('C'))), [B]],
  ])('whose receipt meets %s', async (_, old, meanwhile, left) => {
    const remote = createRenamed(old);
    const clone = remote.clone();
    publishRenamed(clone);
    meanwhile(remote);
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', problems: [] });
    expect(receipts(remote)).toEqual(left);
  });

  test('never writes the old receipt back from the work tree or from what waits', async () => {
    const remote = await leavePending();
    merge(remote, '--ff-only');
    remote.author((person) => {
      sh(person.folder, 'mv', A, B);
      sh(person.folder, 'rm', '--quiet', receiptOf(A));
      person.write(receiptOf(B), printEntry({ ...NEW, mediaId: `m-${A}` }));
    });
    const clone = remote.clone();
    clone.write(receiptOf(A), printEntry({ ...OLD, rev: 2 }));
    expect(await commit(clone)).toMatchObject({ kind: 'nothing' });
    expect([receipts(remote), remote.has(PENDING)]).toEqual([[B], false]);
  });

  test('does so through wxsync/pending too, which stays until the old receipt is gone', async () => {
    const remote = createRenamed();
    const clone = remote.clone();
    publishRenamed(clone);
    expect(await commit(clone, { mode: 'pr' })).toMatchObject({ kind: 'pending', entries: 2 });
    expect(receipts(remote, PENDING)).toEqual([B]);
    const next = remote.clone();
    expect(await check(next)).toBe(1);
    expect(await commit(next)).toMatchObject({ kind: 'pushed', entries: 2 });
    expect(receipts(remote)).toEqual([B]);
  });
});

test('leases are swept when the branch has their entry, also under the new name of a renamed post', async () => {
  const remote = createSite();
  const entries = {
    same: toReceipt(A, 'words'),
    newer: toReceipt(A, 'words', { rev: 3 }),
    other: toReceipt(A, 'words', { mediaId: 'm-other' }),
    renamed: toReceipt('posts/old.md', 'words', { mediaId: `m-${A}` }),
    unknown: toReceipt('posts/unknown.md', 'words'),
  };
  remote.author((person) => {
    const renamedFrom = ['posts/old.md'];
    person.write(receiptOf(A), printEntry(toReceipt(A, 'words', { rev: 2, renamedFrom })));
  });
  const clone = remote.clone();
  const store = openGitLeases(clone.git, { remote: 'origin', ttlMs: 60_000 });
  for (const [key, entry] of Object.entries(entries)) {
    const lease = await store.acquire(key, { waitMs: 0, onWait: () => undefined });
    await lease.keep(entry);
    await lease.release();
    age(clone, key);
  }
  expect(await sweepLeases(clone.git, sh(remote.folder, 'rev-parse', 'main'))).toBe(2);
  const left = sh(remote.folder, 'for-each-ref', '--format=%(refname:lstrip=2)', 'refs/wxsync/').split('\n');
  expect(left).toEqual(['newer', 'other', 'unknown']);
});

/** Makes a note of yesterday of one that was just written. */
function age({ folder }: Clone, key: string): void {
  sh(folder, 'fetch', '--quiet', 'origin', `refs/wxsync/${key}`);
  const note = JSON.parse(sh(folder, 'log', '-1', '--format=%B', 'FETCH_HEAD')) as { until: number };
  const old = JSON.stringify({ ...note, until: note.until - 25 * 3_600_000 });
  const commit = sh(folder, 'commit-tree', '-m', old, 'HEAD^{tree}');
  sh(folder, 'push', '--quiet', '--force', 'origin', `${commit}:refs/wxsync/${key}`);
}
