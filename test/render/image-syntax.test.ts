// Which images our own pattern reads, and which are left to CommonMark's.
import { expect, test } from 'vitest';
import { readImage } from '../../src/render/syntax/image.ts';

const PNG = `data:image/png;base64,${'A'.repeat(3_000_000)}`;

test.each([
  ['with a space', '![图](a b.png)', 'a b.png', null, ''],
  ['with a size', '![图](a.png =300x200)', 'a.png', null, '300px'],
  ['with a width', '![图](a.png){width=50%}', 'a.png', null, '50%'],
  ['in the post itself', `![图](${PNG})`, PNG, null, ''],
  ['in the post itself, with more', `![图](${PNG} "标题"){width=50%}`, PNG, '标题', '50%'],
])('%s', (_, source, href, title, width) => {
  expect(readImage(`${source} 后`)).toEqual({ raw: source, href, title, text: '图', width });
});

test.each(['![图](a.png)', '![图](a.png "标题")', '[图](a b.png)', `![图](${PNG}`])('%.40s is not read', (source) => {
  expect(readImage(source)).toBeUndefined();
});
