// Publishes in processes that get a signal at one of their own steps on disk, and says what must hold afterwards.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parseFault } from '../../src/sandbox/index.ts';
import { refuseLeaks } from '../canary.ts';
import { A, draftsOf, expectAtRest, onStage, reword, type Stage } from './stage.ts';

export type Signal = 'SIGKILL' | 'SIGTERM' | 'SIGINT';

/** A moment of a run: before or after the Nth operation that shows on disk. */
export interface Moment {
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly signal: Signal;
}

/** What a run that is hit has to do, and what was before. */
export interface Errand {
  readonly name: string;
  readonly since: (stage: Stage) => Promise<void>;
}

export const FIRST: Errand = { name: 'a first publish', since: async () => undefined };

export const UPDATE: Errand = {
  name: 'an update',
  async since(stage) {
    await stage.publish(A);
    stage.write(A, reword);
  },
};

/** A firewall will not have the update: a new draft, and the old one goes. */
export const REPLACEMENT: Errand = {
  name: 'a replacement',
  async since(stage) {
    await UPDATE.since(stage);
    stage.sandbox.addFault(parseFault('draft/update:501@1'));
  },
};

const BIN = fileURLToPath(new URL('../../bin/wxsync.js', import.meta.url));
const PRELOAD = fileURLToPath(new URL('meddle.mjs', import.meta.url));

/** How many operations of a run show on disk: files put in place, linked or taken away. */
export async function countMoves({ since }: Errand): Promise<number> {
  let count = 0;
  await onStage(async (stage) => {
    await since(stage);
    const log = join(stage.home, 'moves.log');
    const { code, stderr } = await runMeddled(stage, { log });
    expect(stderr.includes('error') ? stderr : code).toBe(0);
    count = readFileSync(log, 'utf8').trim().split('\n').length;
    rmSync(log);
  })();
  return count;
}

/** One plain rerun heals; the flag and the draft are there once, and a further run writes nothing. */
export function hit({ since }: Errand, { signal, ...moment }: Moment): () => Promise<void> {
  return onStage(async (stage) => {
    await since(stage);
    const { code, signal: died } = await runMeddled(stage, { ...moment, what: signal });
    if (signal === 'SIGKILL') expect(died).toBe('SIGKILL');
    // The last steps are over before a signal is heard.
    else expect([0, signal === 'SIGINT' ? 130 : 143]).toContain(code);
    const { results } = await stage.publish(A);
    expect(results.map(({ error }) => error?.code ?? null)).toEqual([null]);
    const [words = ''] = /(?:First|Other) words/.exec(stage.text(A)) ?? [];
    expect(draftsOf(stage, A)[0]?.articles[0]?.content).toContain(words);
    expect(stage.sandbox.drafts().length).toBe(1);
    await expectAtRest(stage, A);
  });
}

/** `plan` as meddle.mjs takes it. */
export async function runMeddled(stage: Stage, plan: object) {
  const env = {
    ...stage.env,
    WXSYNC_TEST_MEDDLE: JSON.stringify({ folders: [stage.site, stage.home], only: 'moves', ...plan }),
  };
  const child = spawn(process.execPath, ['--import', PRELOAD, BIN, 'publish', A], {
    ...{ cwd: stage.site, env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const ended = await new Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>((end) =>
    child.on('close', (code, signal) => end({ code, signal })),
  );
  refuseLeaks('a run that was meddled with', { stderr });
  return { ...ended, stderr };
}
