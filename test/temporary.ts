// One folder for everything that the tests of a run write, so that nothing of it is left on the computer; in memory where that is roomy.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux's file system in memory. A run makes and deletes a hundred thousand small files: on a disk that is half of its time. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 4e9;

export default function setUp(): () => void {
  const folder = makeFolder();
  const names = ['TMPDIR', 'TEMP', 'TMP'] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  // Workers are started after this and inherit it.
  for (const name of names) process.env[name] = folder;
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}

/** Who names a folder in TMPDIR gets it there. */
function makeFolder(): string {
  const name = 'wxsync-tests-';
  if (process.env['TMPDIR'] !== undefined || !isRoomy()) return mkdtempSync(join(tmpdir(), name));
  const folder = mkdtempSync(join(MEMORY, name));
  if (mayRun(folder)) return folder;
  rmSync(folder, { recursive: true });
  return mkdtempSync(join(tmpdir(), name));
}

/** A container often has 64 MB there. */
function isRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    return false;
  }
}

/** Tests write hooks of git and start them. */
function mayRun(folder: string): boolean {
  const script = join(folder, 'script');
  writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 });
  return spawnSync(script).status === 0;
}
