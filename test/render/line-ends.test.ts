// What a line end between two lines becomes: nothing inside Chinese and Japanese and beside full-width punctuation, else a space.
import { expect, test } from 'vitest';
import { toVisibleText } from '../../src/render/visible.ts';
import { renderText } from './cases.ts';

test.each<readonly [left: string, right: string, between: '' | ' ']>([
  // Chinese
  ['中文', '中文', ''],
  ['中文，', '中文', ''],
  ['中文', '（中文）', ''],
  ['中文', '“中文”', ''],
  ['他说——', '“好”', ''],
  ['“中文”', '“中文”', ''],
  ['中文……', '中文', ''],
  ['〇', '𠮷', ''],
  ['ㄅㄆ', 'ㄇㄈ', ''],
  // beside Latin and figures
  ['中文', 'English', ' '],
  ['English', '中文', ' '],
  ['共', '3 个', ' '],
  ['English', 'words', ' '],
  ['say', '“words”', ' '],
  ['“words”', 'more', ' '],
  ['words', '“引号”', ' '],
  ['well—', 'yes', ' '],
  ['😀', '中文', ' '],
  // full-width punctuation holds its own space
  ['中文，', 'English', ''],
  ['English', '（中文）', ''],
  ['English。', 'words', ''],
  ['3', '％', ''],
  ['【English】', 'words', ''],
  ['English', '《words》', ''],
  ['说：', '**bold**', ''],
  ['**bold。**', 'words', ''],
  ['`code`', '，后面', ''],
  ['`code`', '后面', ' '],
  // Japanese
  ['日本語', 'テスト', ''],
  ['ひらがな、', 'English', ''],
  ['スーパー', '「引用」', ''],
  ['ｶﾀｶﾅ', '日本', ''],
  ['日本', 'Tokyo', ' '],
  // Korean parts words by spaces
  ['한국어', '한국어', ' '],
  ['한국어', '中文', ' '],
  ['中文', '한국어', ' '],
  ['한국어，', '한국어', ' '],
  ['《책》', '한국어', ' '],
  ['한국어', '“한국어”', ' '],
  ['한국어', 'English', ' '],
])('%s, %s', async (left, right, between) => {
  const shown = (text: string): string => text.replace(/[*`]/g, '');
  const { html } = await renderText(`${left}\n${right}`);
  expect(toVisibleText(html)).toBe(shown(`${left}${between}${right}`));
});
