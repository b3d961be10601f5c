// Tables as a terminal draws them: columns aligned beside wide characters, cells cut between the user's characters.
import { expect, test } from 'vitest';
import { toTable } from '../../src/report/table.ts';

test.each([
  ['nothing', [], [], []],
  ['one column', [['a'], ['bbb']], [], ['a', 'bbb']],
  [
    'plain cells',
    [
      ['a', 'x'],
      ['bbb', 'y'],
    ],
    [],
    ['a    x', 'bbb  y'],
  ],
  [
    'wide cells',
    [
      ['一二', 'x'],
      ['abc', 'y'],
      ['👨‍👩‍👧', 'z'],
    ],
    [],
    ['一二  x', 'abc   y', '👨‍👩‍👧    z'],
  ],
  [
    'no blanks at the end',
    [
      ['a', ''],
      ['b', 'c'],
    ],
    [],
    ['a', 'b  c'],
  ],
  ['rows of unlike length', [['a'], ['b', 'c']], [], ['a', 'b  c']],
  ['a cell that just fits', [['一二', 'x']], [4], ['一二  x']],
  ['a cell that is cut', [['一二三', 'x']], [4], ['一…  x']],
  [
    'a cut beside a plain cell',
    [
      ['一二三', 'x'],
      ['abcd', 'y'],
    ],
    [4],
    ['一…   x', 'abcd  y'],
  ],
  ['only the named column', [['abcdef', 'abcdef']], [null, 3], ['abcdef  ab…']],
])('%s', (_, rows, max, expected) => {
  expect(toTable(rows, max)).toEqual(expected);
});
