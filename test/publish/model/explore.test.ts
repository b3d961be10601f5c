// The search itself: it meets every state, tells the shortest way to a fault, and sees what never ends.
import { expect, test } from 'vitest';
import { explore, type Space } from './explore.ts';

/** Numbers from 1, each leading to others. */
const toSpace = (ways: Readonly<Record<number, readonly number[]>>, bad = -1): Space<number> => ({
  starts: [1],
  toKey: String,
  toMoves: (from) => (ways[from] ?? []).map((to) => ({ says: `to ${to}`, to })),
  findFault: (state, isLast) => (state === bad ? (isLast ? 'an end' : 'on the way') : null),
});

test.each<[name: string, space: Space<number>, states: number, what: string | undefined, trace?: readonly string[]]>([
  ['all states once', toSpace({ 1: [2, 3], 2: [4], 3: [4] }), 4, undefined],
  ['the shortest way', toSpace({ 1: [2, 4], 2: [3], 3: [5], 4: [5], 5: [6] }, 5), 5, 'on the way', ['to 4', 'to 5']],
  ['where no move leads on', toSpace({ 1: [2] }, 2), 2, 'an end', ['to 2']],
  ['a circle', toSpace({ 1: [2], 2: [3], 3: [2] }), 3, 'it may go on for ever', ['to 2']],
  ['a step on the spot', toSpace({ 1: [2], 2: [2] }), 2, 'it may go on for ever', ['to 2']],
])('%s', (_, space, states, what, trace) => {
  const found = explore(space);
  expect(found.fault?.what).toBe(what);
  expect(found.fault?.trace).toEqual(trace);
  expect(found.states).toHaveLength(states);
});
