// Every signal at every step that shows on disk, and 500 runs that die at a random operation beside other faults.
import { describe, expect, test } from 'vitest';
import { type Fault, parseFault } from '../../src/sandbox/index.ts';
import { countMoves, FIRST, hit, type Moment, REPLACEMENT, runMeddled, UPDATE } from '../publish/kills.ts';
import { A, expectAtRest, onStage } from '../publish/stage.ts';
import { createDice, inLanes } from './dice.ts';

const ROUNDS = 500;
const AT_ONCE = 4;
/** More than a run has: some rounds meet nothing. */
const OPERATIONS = 260;

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;
const ENDPOINTS: readonly [string, ...string[]] = [
  'stable_token',
  'media/uploadimg',
  'material/add_material',
  'material/batchget_material',
  'draft/batchget',
  'draft/add',
  'draft/get',
];
const FAULTS: readonly [string, ...string[]] = [
  'reset',
  'reset:after',
  '502',
  '502:after',
  'half-body',
  'half-body:after',
  '-1',
  '-1:after',
  '307',
];

test.each([FIRST, UPDATE, REPLACEMENT])('each signal before and after each step of $name', async (errand) => {
  const moves = await countMoves(errand);
  const moments = Array.from({ length: moves }, (_, index) => index + 1).flatMap((at) =>
    (['before', 'after'] as const).flatMap((when) => SIGNALS.map((signal): Moment => ({ at, when, signal }))),
  );
  expect(moments.length).toBe(moves * 6);
  await inLanes(moments, AT_ONCE, (moment) => hit(errand, moment)());
});

describe('deaths at random', () => {
  test(`${ROUNDS} runs, each with a fault, then a second death, then a plain rerun`, async () => {
    const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 1_000_000);
    console.info(`seed ${seed}; WXSYNC_SEED=${seed} repeats it`);
    const rounds = Array.from({ length: ROUNDS }, (_, index) => createDice(seed * ROUNDS + index));
    await inLanes(rounds, AT_ONCE, async (dice) => {
      const faults: readonly Fault[] = [0, 1].map(() =>
        parseFault(`${dice.pick(ENDPOINTS)}:${dice.pick(FAULTS)}@${1 + dice.below(3)}`),
      );
      const deaths = [0, 1].map(() => ({
        ...{ only: 'all', at: 1 + dice.below(OPERATIONS), when: dice.pick(['before', 'after']), what: 'SIGKILL' },
      }));
      await onStage(async (stage) => {
        for (const fault of faults) stage.sandbox.addFault(fault);
        for (const death of deaths) await runMeddled(stage, death);
        // What is left of the faults meets the first rerun; two lost sends of one post are a person's, by design.
        await stage.publish(A);
        stage.sandbox.clearFaults();
        const { results } = await stage.publish(A);
        const code = results[0]?.error?.code ?? null;
        if (code !== null) expect({ code, faults, deaths }).toMatchObject({ code: 'unknown' });
        else if (results[0]?.status === 'skipped') await expectAtRest(stage, A);
      })().catch((error: unknown) => {
        throw new Error(JSON.stringify({ faults, deaths }), { cause: error });
      });
    });
  });
});
