// Lengths as WeChat and terminals count them.
import { expect, test } from 'vitest';
import { countCodePoints, countColumns, countHalfWidths, toGraphemes } from '../../src/article/width.ts';

test.each<[text: string, codePoints: number, halfWidths: number, columns: number]>([
  ['', 0, 0, 0],
  ['abc', 3, 3, 3],
  ['汉字', 2, 4, 4],
  ['“汉”', 3, 6, 4],
  ['ｱｲ', 2, 2, 2],
  ['アイ', 2, 4, 4],
  ['한국', 2, 4, 4],
  ['Ａ，', 2, 4, 4],
  ['é', 1, 2, 1],
  ['e\u0301', 2, 3, 1],
  ['🎉', 1, 4, 2],
  ['☀️', 2, 4, 2],
  ['👨‍👩‍👧', 5, 16, 2],
  ['𠮷', 1, 4, 2],
  ['a\u200B\u0007', 3, 4, 1],
  // Authors that WeChat took (15 and 16) and refused (17).
  ['DracoVibeCoding', 15, 15, 15],
  ['HardRock硬石户外', 12, 16, 16],
  ['数据舞者Ivy Notes', 13, 17, 17],
])('%j', (text, codePoints, halfWidths, columns) => {
  expect([countCodePoints(text), countHalfWidths(text), countColumns(text)]).toEqual([codePoints, halfWidths, columns]);
});

test('an emoji with its joiners is one character', () => {
  expect([...toGraphemes('a👨‍👩‍👧e\u0301')]).toEqual(['a', '👨‍👩‍👧', 'e\u0301']);
});

test.each([
  '',
  'a b~',
  '汉字，“引”—…·',
  '（全角）！～',
  '〇々〈〉',
  'a汉\u0301',
  '汉\ufe00',
  'か\u3099',
  '\u302a',
  '\u200d',
  '한',
])('%j falls into the characters that Unicode says', (text) => {
  const all = [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
  expect([...toGraphemes(text)]).toEqual(all);
});

test('of no two characters that are taken one by one does Unicode make one', () => {
  const ends = [
    ' ',
    '~',
    '\u00b7',
    '\u2013',
    '\u2019',
    '\u2026',
    '\u3000',
    '\u3029',
    '\u4e00',
    '\u9fff',
    '\uff01',
    '\uff60',
  ];
  const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
  const alone = ends.flatMap((one) => ends.map((other) => one + other));
  expect(alone.filter((pair) => [...segmenter.segment(pair)].length !== 2)).toEqual([]);
  expect(alone.filter((pair) => [...toGraphemes(pair)].length !== 2)).toEqual([]);
});
