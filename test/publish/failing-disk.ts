// Runs a publishing process whose disk fails at its Nth operation, for each N, and says what must hold of every run.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { APP_SECRET, refuseLeaks } from '../canary.ts';

export const CODES = ['EIO', 'ENOSPC', 'EACCES', 'EROFS'] as const;

/** What came of a run whose operation `at` failed, of a plain rerun and of one more. */
interface Came {
  readonly at: number;
  readonly what: string;
  readonly operations: number;
  readonly faulted: Result;
  readonly rerun: Result;
  readonly again: Result;
  /** Entries of the ledger that are no JSON. */
  readonly torn: readonly string[];
  /** More than the flag's value is another. */
  readonly changed: boolean;
  /** The flag was true without its draft. */
  readonly early: boolean;
  readonly left: readonly string[];
  readonly flagged: boolean;
  readonly drafts: number;
  /** The last run wrote nothing at WeChat. */
  readonly idle: boolean;
}

interface Result {
  readonly exitCode: number;
  readonly status: string | null;
  readonly code: string | null;
}

export interface Way {
  /** One code an operation, in turn, or every code. */
  readonly codes: 'one' | 'all';
  /** Of the operations each one, or one in so many. */
  readonly step: number;
}

/** Ends when a run has met no fault. */
export async function failDisk(site: string, way: Way): Promise<readonly Came[]> {
  const driver = fileURLToPath(new URL('failing-disk.mjs', import.meta.url));
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [driver, JSON.stringify({ site, codes: CODES, way, appSecret: APP_SECRET })], {
    env: { PATH, HOME: '/nonexistent', WXSYNC_LANG: 'en' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((end) => child.on('close', end));
  expect(code).toBe(0);
  refuseLeaks('runs on a failing disk', { results: text });
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Came);
}

/** No torn file, no lost draft, no second one, no bug; one rerun heals and a further one writes nothing. */
export function expectSoundDisk(all: readonly Came[]): void {
  for (const came of all) {
    const { at, what, faulted, ...rest } = came;
    expect({ at, what, isBug: faulted.exitCode === 1, code: faulted.code === 'bug' }).toEqual({
      at,
      what,
      isBug: false,
      code: false,
    });
    expect({ at, what, faulted, ...rest }).toMatchObject({
      ...{ at, what, torn: [], changed: false, early: false, left: [] },
      rerun: { exitCode: 0, code: null },
      again: { exitCode: 0, status: 'skipped' },
      ...{ flagged: true, drafts: 1, idle: true },
    });
  }
  expect(all.length).toBeGreaterThan(15);
  expect(all.at(-1)?.faulted).toMatchObject({ exitCode: 0, status: 'created' });
}
