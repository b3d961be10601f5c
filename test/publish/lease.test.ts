// The lease of this machine: one holder among processes, a dead one's lock taken over, the kept entry handed on.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentProcess } from '../../src/local/machine.ts';
import type { Entry } from '../../src/publish/entry.ts';
import { openMachineLeases } from '../../src/publish/lease.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'wxsync-lease-'));
const now = { waitMs: 0, onWait: () => undefined };
const entry = {
  schema: 'wxsync.entry/1',
  path: 'a.md',
  title: 'a',
  appId: 'w',
  rev: 1,
  state: 'drafted',
  coverIds: [],
} as unknown as Entry;

test('a second holder waits, is told whom for, and then gives up', async () => {
  const dir = folder();
  const lease = await openMachineLeases(dir).acquire('k', now);
  const told: number[] = [];
  const second = openMachineLeases(dir).acquire('k', { waitMs: 150, onWait: ({ pid }) => told.push(pid) });
  await expect(second).rejects.toMatchObject({ code: 'lease-busy', retryable: true, args: { pid: process.pid } });
  expect(told).toEqual([process.pid]);
  await lease.release();
  await (await openMachineLeases(dir).acquire('k', now)).release();
  expect(readdirSync(dir)).toEqual([]);
});

test('other posts are free', async () => {
  const leases = openMachineLeases(folder());
  await leases.acquire('a', now);
  await leases.acquire('b', now);
});

test('the last entry is handed to the next holder', async () => {
  const leases = openMachineLeases(folder());
  const first = await leases.acquire('k', now);
  expect(first.entry).toBeNull();
  await first.keep(entry);
  await first.release();
  expect((await leases.acquire('k', now)).entry).toEqual(entry);
});

test('a lock of a dead process is taken over', async () => {
  const dir = folder();
  const child = spawn(process.execPath, ['-e', '0']);
  await new Promise((end) => child.on('exit', end));
  const dead = { ...currentProcess(), pid: child.pid, started: '1', id: 'dead' };
  writeFileSync(join(dir, 'k.lock'), JSON.stringify(dead));
  await (await openMachineLeases(dir).acquire('k', now)).check();
});

test('a reused pid with another start time is dead too', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'k.lock'), JSON.stringify({ ...currentProcess(), started: '1', id: 'old' }));
  const taken = openMachineLeases(dir).acquire('k', now);
  if (existsSync(`/proc/${process.pid}/stat`)) await (await taken).check();
  else await expect(taken).rejects.toMatchObject({ code: 'lease-busy' });
});

test('a lock of another computer is never taken over', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'k.lock'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '', id: 'far' }));
  await expect(openMachineLeases(dir).acquire('k', now)).rejects.toMatchObject({
    code: 'lease-busy',
    args: { host: 'elsewhere' },
  });
});

test('who lost the lease is told before a send, and does not take the new one away', async () => {
  const dir = folder();
  const lease = await openMachineLeases(dir).acquire('k', now);
  writeFileSync(join(dir, 'k.lock'), JSON.stringify({ ...currentProcess(), id: 'thief' }));
  await expect(lease.check()).rejects.toMatchObject({ code: 'lease-busy' });
  await lease.release();
  expect(JSON.parse(readFileSync(join(dir, 'k.lock'), 'utf8'))).toMatchObject({ id: 'thief' });
});

test('of many who find the same dead lock, one holds it at a time', async () => {
  const dir = folder();
  const dead = { ...currentProcess(), pid: 2 ** 22 + 1, started: '1', id: 'dead' };
  writeFileSync(join(dir, 'k.lock'), JSON.stringify(dead));
  let holders = 0;
  let most = 0;
  const work = async () => {
    const lease = await openMachineLeases(dir).acquire('k', { waitMs: 20_000, onWait: () => undefined });
    most = Math.max(most, ++holders);
    await new Promise((resolve) => setImmediate(resolve));
    holders--;
    await lease.release();
  };
  await Promise.all(Array.from({ length: 12 }, work));
  expect(most).toBe(1);
});
