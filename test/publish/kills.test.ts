// Signals at the steps that show on disk: killed there, one rerun finishes; asked to stop, a run ends in order.
import { describe, expect, test } from 'vitest';
import { countMoves, type Errand, FIRST, hit, type Moment, REPLACEMENT, UPDATE } from './kills.ts';

/** One that is more than there are would never be met, and one run that has more would not be covered. */
const MOVES = 18;

test('a run has the steps that are hit here', async () => expect(await countMoves(FIRST)).toBe(MOVES));

const steps = Array.from({ length: MOVES }, (_, index) => index + 1);
/** Every step is hit by SIGKILL, every sixth by each of the others; test/soak hits all by all three, before and after. */
const moments = steps.flatMap((at): readonly Moment[] => [
  { at, when: 'before', signal: 'SIGKILL' },
  ...(at % 6 === 0 ? [{ at, when: 'after', signal: 'SIGTERM' } as const] : []),
  ...(at % 6 === 3 ? [{ at, when: 'before', signal: 'SIGINT' } as const] : []),
]);

/** Of the others a few. */
const others: readonly [errand: Errand, steps: readonly number[]][] = [
  [UPDATE, [3, 6, 9]],
  [REPLACEMENT, [5, 8, 11, 14, 17]],
];

const all = [
  ...moments.map((moment) => ({ errand: FIRST, ...moment })),
  ...others.flatMap(([errand, steps]) =>
    steps.map((at) => ({ errand, at, when: 'before', signal: 'SIGKILL' }) as const),
  ),
];

describe.concurrent('a signal', () => {
  test.each(all)('$errand.name, $signal $when step $at', async ({ errand, ...moment }) => hit(errand, moment)());
});
