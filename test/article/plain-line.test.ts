// One harmless line of anything.
import { expect, test } from 'vitest';
import { toPlainLine } from '../../src/article/plain-line.ts';

test.each([
  ['', ''],
  [' a  b ', 'a  b'],
  ['a\nb', 'a b'],
  [' a \r\n\r\n b\t\tc\u2028d\u0085e ', 'a b c d e'],
  ['a\0b\x07c\x1b[31md\x7f\x9b', 'abc[31md'],
  ['evil\u202Egnp.exe\u202C \u2066x\u2069', 'evilgnp.exe x'],
  ['\uFEFFa', 'a'],
  ['a\uD83Db', 'ab'],
  ['外贸人 🎉 👨‍👩‍👧', '外贸人 🎉 👨‍👩‍👧'],
])('%j', (text, line) => {
  expect(toPlainLine(text)).toBe(line);
});
