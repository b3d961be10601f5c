// The decision table: every combination has one row, and each row that matters is met by name.
import { describe, expect, test } from 'vitest';
import { type Action, decide, type Known, TABLE } from '../../src/publish/decide.ts';

const base: Known = {
  flag: 'false',
  update: false,
  overwrite: false,
  entry: 'none',
  source: 'same',
  draft: 'not-asked',
};

const all: readonly Known[] = (['true', 'false', 'absent'] as const).flatMap((flag) =>
  [true, false].flatMap((update) =>
    [true, false].flatMap((overwrite) =>
      (['none', 'prepared', 'open', 'drafted', 'verified', 'blocked'] as const).flatMap((entry) =>
        (['same', 'changed'] as const).flatMap((source) =>
          (['not-asked', 'as-stored', 'edited', 'gone'] as const).map((draft) => ({
            flag,
            update,
            overwrite,
            entry,
            source,
            draft,
          })),
        ),
      ),
    ),
  ),
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
    ['update without an entry never adds', { flag: 'true', update: true }, 'no-entry'],
    ['update of what was only begun never adds', { flag: 'true', update: true, entry: 'prepared' }, 'no-entry'],
    [
      'update of a draft that is gone',
      { flag: 'true', update: true, entry: 'verified', source: 'changed', draft: 'gone' },
      'not-in-box',
    ],
    ['new', {}, 'add'],
    ['new without the key', { flag: 'absent' }, 'add'],
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

  test('a true flag never leads to an add', () => {
    expect(all.filter(({ flag }) => flag === 'true').filter((known) => decide(known).do === 'add')).toEqual([]);
  });
});
