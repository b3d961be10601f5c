// Leases on a git remote: the contract of all stores, and what only time tells of a holder on another computer.
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeNote } from '../../src/local/git-objects.ts';
import { currentProcess } from '../../src/local/machine.ts';
import { openGitLeases } from '../../src/publish/git-leases.ts';
import { holdToContract } from './lease-contract.ts';
import { type Clone, createRemote, type Remote, sh, toReceipt } from './repository.ts';

const now = { waitMs: 0, onWait: () => undefined };
const REF = 'refs/wxsync/k';

async function leave(clone: Clone, note: { readonly until: number; readonly entry?: object }): Promise<void> {
  const whole = { schema: 'wxsync.lease/1', id: 'other', holder: currentProcess(), entry: null, ...note };
  const commit = await writeNote(clone.git, JSON.stringify(whole), { name: 't', email: 't@localhost' });
  sh(clone.folder, 'push', '--quiet', '--force', 'origin', `${commit}:${REF}`);
}

const openPlace = (remote: Remote, ttlMs: number) => {
  const helper = remote.clone();
  return {
    open: () => openGitLeases(helper.git, { remote: 'origin', ttlMs }),
    abandon: () => leave(helper, { until: Date.now() - ttlMs }),
    usurp: () => leave(helper, { until: Date.now() + 60_000 }),
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
