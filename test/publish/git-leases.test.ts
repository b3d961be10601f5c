// Leases on a git remote: the contract of all stores, and what only time tells of a holder on another computer.
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { writeNote } from '../../src/local/git-objects.ts';
import { deleteRefs } from '../../src/local/git-remote.ts';
import { currentProcess } from '../../src/local/machine.ts';
import { openGitLeases, sweepGitLeases } from '../../src/publish/git-leases.ts';
import { holdToContract } from './lease-contract.ts';
import { type Clone, createRemote, type Remote, sh, toReceipt } from './repository.ts';

const now = { waitMs: 0, onWait: () => undefined };
const REF = 'refs/wxsync/k';

interface Left {
  readonly until: number;
  readonly holder?: null;
  readonly entry?: object;
}

async function leave(clone: Clone, note: Left, refs: readonly string[] = [REF]): Promise<string> {
  const whole = { schema: 'wxsync.lease/1', id: 'other', holder: currentProcess(), entry: null, ...note };
  const commit = await writeNote(clone.git, JSON.stringify(whole), { name: 't', email: 't@localhost' });
  sh(clone.folder, 'push', '--quiet', '--force', 'origin', ...refs.map((ref) => `${commit}:${ref}`));
  return commit;
}

const openPlace = (remote: Remote, ttlMs: number) => {
  const helper = remote.clone();
  return {
    open: () => openGitLeases(helper.git, { remote: 'origin', ttlMs }),
    abandon: async () => void (await leave(helper, { until: Date.now() - ttlMs })),
    usurp: async () => void (await leave(helper, { until: Date.now() + 60_000 })),
  };
};
const createSite = () => createRemote({ 'a.md': 'words' });

holdToContract('leases on a git remote', () => openPlace(createSite(), 2_000));

test('a holder at work keeps it past its time, one that fell silent does not', async () => {
  const remote = createSite();
  const place = openPlace(remote, 600);
  const lease = await place.open().acquire('k', now);
  await expect(place.open().acquire('k', { waitMs: 1_500, onWait: () => undefined })).rejects.toMatchObject({
    code: 'lease-busy',
  });
  await lease.check();
  await lease.release();

  const entry = toReceipt('a.md', 'words', { state: 'prepared' });
  await leave(remote.clone(), { until: Date.now() + 300, entry });
  const begun = Date.now();
  const taken = await place.open().acquire('k', { waitMs: 20_000, onWait: () => undefined });
  expect(Date.now() - begun).toBeGreaterThan(300);
  expect(taken.entry).toEqual(entry);
  await taken.release();
});

test.each([
  ['by less than a third of its time: clocks may disagree', 5_000, 'rejected'],
  ['by more', 21_000, 'fulfilled'],
])('a holder overdue %s', async (_, overdueMs, end) => {
  const remote = createSite();
  await leave(remote.clone(), { until: Date.now() - overdueMs });
  const [taken] = await Promise.allSettled([openPlace(remote, 60_000).open().acquire('k', now)]);
  expect(taken?.status).toBe(end);
  if (taken?.status === 'fulfilled') await taken.value.release();
});

test('what is kept stays when the lease is given back, and nothing stays where nothing was kept', async () => {
  const remote = createSite();
  const place = openPlace(remote, 60_000);
  const lease = await place.open().acquire('k', now);
  await lease.release();
  expect(sh(remote.folder, 'for-each-ref', REF)).toBe('');
  const again = await place.open().acquire('k', now);
  await again.keep(toReceipt('a.md', 'words'));
  await again.release();
  expect(sh(remote.folder, 'for-each-ref', REF)).not.toBe('');
});

test('a check after a while asks the remote', async () => {
  const remote = createSite();
  const ttlMs = 2_000;
  const place = openPlace(remote, ttlMs);
  const lease = await place.open().acquire('k', now);
  await place.usurp();
  await after(ttlMs / 10 + 1);
  await expect(lease.check()).rejects.toMatchObject({ code: 'lease-busy' });
  await lease.release();
});

test('a server that takes no such refs is said to', async () => {
  const remote = createSite();
  remote.hook('pre-receive', 'echo "only branches" >&2; exit 1');
  const lease = openPlace(remote, 60_000).open().acquire('k', now);
  await expect(lease).rejects.toMatchObject({ code: 'store-refused', exitCode: 4 });
});

test('a ref with something else in it is never taken for free', async () => {
  const remote = createSite();
  const helper = remote.clone();
  sh(helper.folder, 'push', '--quiet', 'origin', `HEAD:${REF}`);
  await expect(openPlace(remote, 60_000).open().acquire('k', now)).rejects.toMatchObject({
    code: 'ledger-unreadable',
    args: { path: REF },
  });
});

test('leases work in a shallow clone and leave its branches, tags and depth alone', async () => {
  const remote = createSite();
  remote.author((clone) => clone.write('b.md', 'more'));
  const shallow = remote.clone('--depth', '1');
  const before = sh(shallow.folder, 'for-each-ref');
  const first = await openPlace(remote, 60_000).open().acquire('k', now);
  await first.keep(toReceipt('a.md', 'words'));
  await first.release();
  const lease = await openGitLeases(shallow.git, { remote: 'origin', ttlMs: 60_000 }).acquire('k', now);
  expect(lease.entry).not.toBeNull();
  await lease.release();
  expect(sh(shallow.folder, 'for-each-ref')).toBe(before);
  expect(sh(shallow.folder, 'rev-list', '--count', 'HEAD')).toBe('1');
});

describe('the sweep', () => {
  const HOUR = 3_600_000;
  const entry = toReceipt('a.md', 'words');
  const ago = (hours: number) => Date.now() - hours * HOUR;

  test('takes leases that nobody held for a day and whose entry is kept elsewhere', async () => {
    const remote = createSite();
    const clone = remote.clone();
    const leases: Readonly<Record<string, Left>> = {
      'free for a day': { until: ago(25), holder: null, entry },
      'free for less': { until: ago(23), holder: null, entry },
      'free for a day, its entry only here': { until: ago(25), holder: null, entry: { ...entry, rev: 2 } },
      'its holder gone for a day': { until: ago(25), entry },
      'its holder gone for a day, nothing kept': { until: ago(25) },
      'its holder gone for less': { until: ago(1), entry },
      held: { until: ago(-1), entry },
    };
    const toRef = (name: string) => `refs/wxsync/${name.replaceAll(' ', '-')}`;
    for (const [name, note] of Object.entries(leases)) await leave(clone, note, [toRef(name)]);
    expect(
      await sweepGitLeases(clone.git, {
        remote: 'origin',
        findKept:
          async () =>
          ({ rev }) =>
            rev === 1,
      }),
    ).toBe(3);
    const left = sh(remote.folder, 'for-each-ref', '--format=%(refname)', 'refs/wxsync/').split('\n');
    expect(Object.keys(leases).filter((name) => left.includes(toRef(name)))).toEqual([
      'free for less',
      'free for a day, its entry only here',
      'its holder gone for less',
      'held',
    ]);
  });

  test('takes a hundred at a time, nothing that is no lease, and leaves nothing in the clone', async () => {
    const remote = createSite();
    const clone = remote.clone('--depth', '1');
    const refs = Array.from({ length: 101 }, (_, index) => `${REF}${index}`);
    await leave(remote.clone(), { until: ago(25) }, refs);
    sh(clone.folder, 'push', '--quiet', 'origin', 'HEAD:refs/wxsync/words', 'HEAD:refs/heads/wxsync/pending');
    const before = sh(clone.folder, 'for-each-ref');
    const sweep = () => sweepGitLeases(clone.git, { remote: 'origin', findKept: async () => () => true });
    expect([await sweep(), await sweep(), await sweep()]).toEqual([100, 1, 0]);
    expect(sh(clone.folder, 'for-each-ref')).toBe(before);
    expect(sh(remote.folder, 'for-each-ref', '--format=%(refname)').split('\n')).toEqual([
      ...['refs/heads/main', 'refs/heads/wxsync/pending', 'refs/wxsync/words'],
    ]);
  });

  test('leaves what somebody took meanwhile', async () => {
    const remote = createSite();
    const clone = remote.clone();
    const [old, other] = [await leave(clone, { until: ago(25) }), 'refs/wxsync/other'];
    await leave(clone, { until: ago(25) }, [other]);
    const now = await leave(clone, { until: ago(-1) });
    const seen = sh(remote.folder, 'rev-parse', other);
    expect(
      await deleteRefs(
        clone.git,
        'origin',
        new Map([
          [REF, old],
          [other, seen],
        ]),
      ),
    ).toBe(1);
    expect(sh(remote.folder, 'for-each-ref', '--format=%(objectname)', 'refs/wxsync/')).toBe(now);
  });

  test('a remote that keeps them all', async () => {
    const remote = createSite();
    const clone = remote.clone();
    await leave(clone, { until: ago(25) });
    remote.hook('update', 'exit 1');
    expect(await sweepGitLeases(clone.git, { remote: 'origin', findKept: async () => () => true })).toBe(0);
  });
});
