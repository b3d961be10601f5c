// The worlds in which a protocol has to hold, and what holding means; bounds for a quick search, which a longer one widens.
import { expect } from 'vitest';
import type { Protocol } from './protocol.ts';
import { askPerson, leaseChecked, noQuiet, withLedger, withoutLedger } from './protocols.ts';
import { judge } from './verdict.ts';
import type { Conditions } from './world.ts';

/** Adds may land late, answers be lost, and a person publishes or deletes whatever draft there is. */
export const WORLD = { late: true, lag: false, person: 'any', list: 'readable', weather: 'any' } as const;

const bounds = { runs: 2, crashes: 2, acts: 1 };

export interface Holding {
  readonly name: string;
  readonly protocol: Protocol;
  readonly conditions: Conditions;
  /** Ends of a rerun that leave the post to a person. */
  readonly persons: readonly string[];
}

export const HOLDING: readonly Holding[] = [
  {
    name: 'E, ledger',
    protocol: withLedger,
    conditions: { ...WORLD, ...bounds },
    persons: ['published', 'unknown'],
  },
  {
    name: 'H, ledger, the list lags',
    protocol: withLedger,
    conditions: { ...WORLD, ...bounds, lag: true },
    persons: ['published', 'unknown'],
  },
  {
    name: 'E, publish list unreadable, who publishes waits for wxsync',
    protocol: withLedger,
    conditions: { ...WORLD, ...bounds, runs: 3, acts: 2, list: 'unreadable', person: 'told' },
    persons: ['blocked', 'unknown'],
  },
  {
    name: 'E, publish list unreadable, a lost send is for a person',
    protocol: askPerson,
    conditions: { ...WORLD, ...bounds, runs: 3, list: 'unreadable' },
    persons: ['blocked', 'blocked without need'],
  },
  {
    name: 'J, no ledger',
    protocol: withoutLedger,
    conditions: { ...WORLD, ...bounds },
    persons: ['published'],
  },
  {
    name: 'J, no ledger, the list lags',
    protocol: withoutLedger,
    conditions: { ...WORLD, ...bounds, lag: true },
    persons: ['published'],
  },
  {
    name: 'J, publish list unreadable, who publishes waits for wxsync',
    protocol: withoutLedger,
    conditions: { ...WORLD, ...bounds, runs: 3, acts: 2, list: 'unreadable', person: 'told' },
    persons: ['blocked'],
  },
  {
    name: 'C, no quiet where nothing is late',
    protocol: noQuiet,
    conditions: { ...WORLD, ...bounds, late: false },
    persons: ['published', 'unknown'],
  },
  {
    name: 'G2, a lease that may expire and is asked at each send',
    protocol: leaseChecked,
    conditions: { ...WORLD, runs: 2, crashes: 1, acts: 0 },
    persons: ['published', 'unknown'],
  },
];

/** Never two articles; one rerun that nothing disturbs finishes, or ends in one of the states that are a person's. */
export function expectToHold({ protocol, conditions, persons }: Holding): void {
  const { states, fault, reruns } = judge(protocol, conditions);
  expect(fault, fault?.trace.join('\n')).toBeNull();
  expect(states, 'a search of nothing proves nothing').toBeGreaterThan(1_000);
  expect(reruns).toEqual(expect.arrayContaining(['done', 'skip']));
  expect(reruns.filter((end) => !['done', 'skip', ...persons].includes(end))).toEqual([]);
}
