// The protocol's model: wxsync's ways to publish hold in every order of events; without any one of their parts they do not.
import { describe, expect, test } from 'vitest';
import { type Action, TABLE } from '../../../src/publish/decide.ts';
import { expectToHold, HOLDING, WORLD } from './holding.ts';
import type { Protocol } from './protocol.ts';
import {
  addThenFlag,
  blindResend,
  coverAgedSince,
  leaseExpires,
  lookBeforeQuietOnly,
  noCoverQuiet,
  noLease,
  noPublishList,
  noQuiet,
  sameCoverAgain,
  scanBeforeLease,
  sendBeforeIntent,
  withLedger,
  withoutLedger,
} from './protocols.ts';
import { judge } from './verdict.ts';
import type { Conditions } from './world.ts';

const small: Conditions = { ...WORLD, runs: 2, crashes: 1, acts: 1 };
const alone: Conditions = { ...small, acts: 0 };

describe('never two articles, and one rerun finishes or asks a person', () => {
  test.each(HOLDING)('$name', (row) => {
    expectToHold(row);
  });
});

describe('two articles, by a way that the trace shows', () => {
  const landed = [1, 2].map((run) => `the add of run ${run} lands`);
  const again = ['run 1: answer: none', 'run 1: send', 'the add of run 1 lands', 'the add of run 1 lands'];
  const published = ['the add of run 1 lands', 'a person publishes the draft', 'run 1: send again'];

  test.each<[name: string, protocol: Protocol, conditions: Conditions, because: readonly string[]]>([
    ['A, add, then flag', addThenFlag, alone, ['run 1: send', 'run 2: send', ...landed]],
    ['B, send again without a look', blindResend, alone, again],
    ['D, no quiet', noQuiet, alone, ['run 1: look in the box: nothing', 'run 1: send again', ...again.slice(2)]],
    ['F, no lease', noLease, alone, ['run 1: save cover', 'run 2: read', 'run 1: send', 'run 2: send', ...landed]],
    [
      'G, lease expires under its holder',
      leaseExpires,
      alone,
      ['the lease of run 1 expires', 'run 2: lease and read', 'run 1: send', 'run 2: send', ...landed],
    ],
    [
      'I, no quiet, list lags',
      noQuiet,
      { ...alone, late: false, lag: true },
      ['run 1: send: it lands', 'run 1: look in the box: nothing', 'run 1: send again'],
    ],
    ['E, send before intent', sendBeforeIntent, alone, ['run 1: send', 'run 1 is killed', 'run 2: send']],
    [
      'E, no look after the quiet',
      lookBeforeQuietOnly,
      alone,
      ['run 1: look in the box: nothing', 'the add of run 1 lands', 'run 1: wait', 'run 1: send again'],
    ],
    ['E, publish list not asked before a second send', noPublishList, small, published],
    ['E, publish list unreadable', withLedger, { ...small, list: 'unreadable' }, published],
    [
      'J, a scan older than the lease',
      scanBeforeLease,
      alone,
      ['run 2: search the box: nothing', 'run 1 is killed', 'run 2: lease', 'run 2: send'],
    ],
    [
      'J, no quiet for a cover',
      noCoverQuiet,
      alone,
      ['run 1: send', 'run 1 is killed', 'run 2: search the box: nothing', 'run 2: send'],
    ],
    [
      'J, a cover that grew old after the search',
      coverAgedSince,
      alone,
      [
        'run 2: search the box: nothing',
        'the add of run 1 lands',
        'the quiet time passes',
        'run 2: weigh the cover: old',
      ],
    ],
    [
      'J, an old cover sent again',
      sameCoverAgain,
      alone,
      [
        'run 1: send again',
        'run 1: send',
        'run 1 is killed',
        'run 2: weigh the cover: old',
        'run 2: send',
        ...landed.toReversed(),
      ],
    ],
  ])('%s', (_, protocol, conditions, because) => {
    const { fault } = judge(protocol, conditions);
    const trace = fault?.trace ?? [];
    const told = trace.join('\n');
    expect(fault?.what).toBe('two articles of one post');
    expect(inOrder(trace, because), `these should come in this order: ${because.join(' · ')}\n${told}`).toBe(true);
  });
});

test('an action that the model does not know is said', () => {
  expect(() => judge({ ...withLedger, decide: () => 'teleport' }, alone)).toThrow('no action "teleport"');
});

describe('a row that adds instead of what it does is found', () => {
  const used: readonly Action[] = ['skip', 'search', 'adopt', 'weigh', 'settle', 'verify', 'look', 'gone', 'flip'];
  const rows = TABLE.filter((row) => used.includes(row.do));

  test.each(rows)('$do, $when', (row) => {
    const table = TABLE.map((each) => (each === row ? { ...each, do: 'add' } : each));
    const decide: Protocol['decide'] = (known) => {
      const entries = Object.entries(known);
      return (
        table.find(({ when }) => entries.every(([key, is]) => (when[key as keyof typeof when] ?? is) === is))?.do ?? ''
      );
    };
    const isFound = (protocol: Protocol) => judge({ ...protocol, decide }, small).fault !== null;
    expect(isFound(withLedger) || isFound(withoutLedger)).toBe(true);
  });
});

function inOrder(trace: readonly string[], events: readonly string[]): boolean {
  let from = 0;
  return events.every((event) => {
    const at = trace.indexOf(event, from);
    from = at + 1;
    return at !== -1;
  });
}
