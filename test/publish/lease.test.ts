// The lease of this machine: the contract of all stores, and what a process number and a start time tell of its holder.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
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

test.skipIf(process.platform === 'win32')('a lock that another run took meanwhile is not stolen', async () => {
  const dir = folder();
  const file = join(dir, 'k.lock');
  // Whoever reads this lock waits until it is written.
  execFileSync('mkfifo', [file]);
  const acquired = openMachineLeases(dir).acquire('k', now);
  const written = await open(file, 'w');
  const taken = JSON.stringify({ ...currentProcess(), id: 'quicker' });
  writeFileSync(join(dir, 'next'), taken);
  await rename(join(dir, 'next'), file);
  await written.writeFile(JSON.stringify({ ...currentProcess(), started: '1', pid: 2 ** 30, id: 'dead' }));
  await written.close();
  await expect(acquired).rejects.toMatchObject({ code: 'lease-busy' });
  expect(readFileSync(file, 'utf8')).toBe(taken);
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
