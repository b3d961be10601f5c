// The lease of this machine: the contract of all stores, and what a process number and a start time tell of its holder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentProcess } from '../../src/local/machine.ts';
import { openMachineLeases } from '../../src/publish/lease.ts';
import { holdToContract } from './lease-contract.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'wxsync-lease-'));
const now = { waitMs: 0, onWait: () => undefined };
const lock = (dir: string, holder: object) => writeFileSync(join(dir, 'k.lock'), JSON.stringify(holder));

holdToContract('leases of this machine', () => {
  const dir = folder();
  return {
    open: () => openMachineLeases(dir),
    abandon() {
      const { pid } = spawnSync(process.execPath, ['-e', '0']);
      lock(dir, { ...currentProcess(), pid, started: '1', id: 'dead' });
    },
    usurp: () => lock(dir, { ...currentProcess(), id: 'thief' }),
  };
});

test('nothing is left behind', async () => {
  const dir = folder();
  await (await openMachineLeases(dir).acquire('k', now)).release();
  expect(readdirSync(dir)).toEqual([]);
});

test('a reused pid with another start time is dead too', async () => {
  const dir = folder();
  lock(dir, { ...currentProcess(), started: '1', id: 'old' });
  const taken = openMachineLeases(dir).acquire('k', now);
  if (existsSync(`/proc/${process.pid}/stat`)) await (await taken).check();
  else await expect(taken).rejects.toMatchObject({ code: 'lease-busy' });
});

test('a lock of another computer is never taken over', async () => {
  const dir = folder();
  lock(dir, { pid: 1, host: 'elsewhere', started: '', id: 'far' });
  await expect(openMachineLeases(dir).acquire('k', now)).rejects.toMatchObject({
    code: 'lease-busy',
    args: { host: 'elsewhere' },
  });
});
