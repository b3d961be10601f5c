// The decision table: every combination has one row, and each row that matters is met by name.
import { describe, expect, test } from 'vitest';
import { type Action, decide, type Known, TABLE } from '../../src/publish/decide.ts';

const base: Known = {
  flag: 'false',
  update: false,
  overwrite: false,
  entry: 'none',
  replacing: 'no',
  trace: 'not-asked',
  source: 'same',
  draft: 'not-asked',
};

/** Every value that each thing known can have. */
const VALUES: { readonly [Key in keyof Known]: readonly Known[Key][] } = {
  flag: ['true', 'false', 'absent'],
  update: [true, false],
  overwrite: [true, false],
  entry: ['none', 'prepared', 'open', 'drafted', 'verified', 'blocked'],
  replacing: ['yes', 'no'],
  trace: ['not-asked', 'nothing', 'draft', 'drafts', 'cover'],
  source: ['same', 'changed'],
  draft: ['not-asked', 'as-stored', 'edited', 'gone'],
};

const all = Object.entries(VALUES).reduce<readonly Known[]>(
  (known, [key, values]) => known.flatMap((each) => values.map((value) => ({ ...each, [key]: value }))),
  [base],
);

test('every combination has a row, and every row is met', () => {
  const met = new Set(all.map(decide));
  expect(TABLE.filter((row) => !met.has(row))).toEqual([]);
});

describe('rows', () => {
  test.each<[string, Partial<Known>, Action]>([
    ['synced', { flag: 'true' }, 'skip'],
    ['synced, whatever the entry', { flag: 'true', entry: 'open' }, 'skip'],
    ['update of what is the same', { flag: 'true', update: true, entry: 'verified' }, 'unchanged'],
    ['update of what changed', { flag: 'true', update: true, entry: 'verified', source: 'changed' }, 'look'],
    ['update without an entry looks for one', { flag: 'true', update: true }, 'search'],
    ['update without an entry never adds', { flag: 'true', update: true, trace: 'nothing' }, 'no-entry'],
    ['update with nothing but a cover never adds', { flag: 'true', update: true, trace: 'cover' }, 'no-entry'],
    ['update of what was only begun never adds', { flag: 'true', update: true, entry: 'prepared' }, 'no-entry'],
    [
      'update of a draft that is gone',
      { flag: 'true', update: true, entry: 'verified', source: 'changed', draft: 'gone' },
      'not-in-box',
    ],
    ['new', {}, 'search'],
    ['new without the key', { flag: 'absent' }, 'search'],
    ['new, nothing at WeChat', { trace: 'nothing' }, 'add'],
    ['a draft at WeChat', { trace: 'draft' }, 'adopt'],
    ['a draft at WeChat, to be updated', { trace: 'draft', flag: 'true', update: true }, 'adopt'],
    ['two drafts at WeChat', { trace: 'drafts' }, 'several'],
    ['a cover at WeChat', { trace: 'cover' }, 'weigh'],
    ['a draft that could not be updated', { entry: 'prepared', replacing: 'yes', flag: 'true', update: true }, 'add'],
    ['its successor', { entry: 'verified', replacing: 'yes', flag: 'true', update: true }, 'retire'],
    ['begun', { entry: 'prepared' }, 'add'],
    ['a lost send', { entry: 'open' }, 'settle'],
    ['made, not read back', { entry: 'drafted' }, 'verify'],
    ['verified', { entry: 'verified' }, 'look'],
    ['verified, there and same', { entry: 'verified', draft: 'as-stored' }, 'flip'],
    ['verified, there and changed', { entry: 'verified', draft: 'as-stored', source: 'changed' }, 'update'],
    ['edited by a person', { entry: 'verified', draft: 'edited' }, 'conflict'],
    ['edited, to be overwritten', { entry: 'verified', draft: 'edited', overwrite: true }, 'update'],
    ['gone', { entry: 'verified', draft: 'gone' }, 'gone'],
    ['waiting for a person', { entry: 'blocked' }, 'blocked'],
  ])('%s', (_, known, action) => {
    expect(decide({ ...base, ...known }).do).toBe(action);
  });

  test('nothing but an empty or begun entry ever leads to an add', () => {
    const adders = all.filter((known) => decide(known).do === 'add').map(({ entry }) => entry);
    expect(new Set(adders)).toEqual(new Set(['none', 'prepared']));
  });

  test('a true flag never leads to an add but in place of a draft that cannot be updated', () => {
    const synced = all.filter(
      ({ flag, entry, replacing }) => flag === 'true' && !(entry === 'prepared' && replacing === 'yes'),
    );
    expect(synced.filter((known) => decide(known).do === 'add')).toEqual([]);
  });
});
