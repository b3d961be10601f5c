// The caret stands under what is meant, as a terminal draws it: wide characters, tabs, long lines, ends of files.
import { describe, expect, test } from 'vitest';
import { countColumns } from '../../src/article/width.ts';
import { toCodeFrame } from '../../src/report/code-frame.ts';

const frame = (text: string, line: number, column: number) => toCodeFrame(text, { line, column })?.lines.join('\n');

test.each<[name: string, text: string, at: [number, number], expected: string]>([
  ['the first column', 'abc', [1, 1], '> 1 | abc\n    | ^'],
  ['neighbours', 'a\nbc\nd', [2, 2], '  1 | a\n> 2 | bc\n    |  ^\n  3 | d'],
  ['blank neighbours are left out', 'a\n\nbc\n\nd', [3, 1], '> 3 | bc\n    | ^'],
  ['CRLF', 'a\r\nbc\r\n', [2, 2], '  1 | a\n> 2 | bc\n    |  ^'],
  ['a Chinese character takes two', '外贸x', [1, 3], '> 1 | 外贸x\n    |     ^'],
  ['an emoji of seven units takes two', '👩‍👩‍👧x', [1, 9], '> 1 | 👩‍👩‍👧x\n    |   ^'],
  ['a tab', '\tx', [1, 2], '> 1 |   x\n    |   ^'],
  ['a control is shown', '\u001bx', [1, 2], '> 1 | \\u001bx\n    |       ^'],
  ['behind the end', 'a', [1, 2], '> 1 | a\n    |  ^'],
  ['line numbers of different width', `${'x\n'.repeat(8)}a\nb`, [9, 1], '   8 | x\n>  9 | a\n     | ^\n  10 | b'],
])('%s', (_, text, [line, column], expected) => {
  expect(frame(text, line, column)).toBe(expected);
});

test('there is no frame for a line that is not there', () => {
  expect(toCodeFrame('a', { line: 3, column: 1 })).toBeNull();
});

test.each([200, 100, 80, 60])('on a terminal of %i columns no line wraps', (columns) => {
  const long = `${'前'.repeat(200)}中${'后'.repeat(200)}`;
  const text = `${'x\n'.repeat(1200)}${long}\n${long}`;
  const { lines, caret } = toCodeFrame(text, { line: 1201, column: 201 }, columns) ?? { lines: [], caret: 0 };
  const indented = lines.map((line) => countColumns(`  ${line}`));
  expect(Math.max(...indented)).toBeLessThanOrEqual(columns);
  expect(Math.max(...indented)).toBeGreaterThan(Math.min(columns, 100) - 6);
  expect(lines[caret]).toMatch(/\^$/);
});

describe('a long Chinese line', () => {
  const long = `${'前'.repeat(200)}中${'后'.repeat(200)}`;
  const { lines = [], caret = 0 } = toCodeFrame(long, { line: 1, column: 201 }) ?? {};

  test('is cut at both ends', () => {
    expect(lines[0]).toMatch(/^> 1 \| …前+中后+…$/);
    expect(countColumns(lines[0] ?? '')).toBeLessThanOrEqual(104);
  });

  test('has its caret under the character', () => {
    const before = (lines[0] ?? '').split('中')[0] ?? '';
    expect((lines[caret] ?? '').indexOf('^')).toBe(countColumns(before));
  });
});
