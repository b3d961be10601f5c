// Lines and columns of what is found in a post, whatever it stands in.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { render } from '../../src/render/render.ts';
import { NO_THEME, renderText, SETTINGS } from './cases.ts';

test.each<readonly [name: string, markdown: string, places: readonly string[]]>([
  ['first line', '![a](x.png)', ['1:1']],
  ['in a line', '前 ![a](x.png) 后 ![b](y.png)', ['1:3', '1:17']],
  ['twice the same', '![a](x.png)\n\n![a](x.png)\n', ['1:1', '3:1']],
  ['in a quote', '> 引\n>\n> ![a](x.png)\n', ['3:3']],
  ['in a list', '- 甲\n- 乙\n\n  ![a](x.png)\n  - ![b](y.png)\n', ['4:3', '5:5']],
  ['in a quoted list', '> - 甲\n>   ![a](x.png)\n', ['2:5']],
  ['in a table', '| 甲 | 乙 |\n|---|---|\n| 丙 | ![a](x.png) |\n', ['3:7']],
  ['behind code that shows it', '```md\n![a](x.png)\n```\n\n![a](x.png)\n', ['5:1']],
  ['behind inline code that shows it', '`![a](x.png)` ![a](x.png)\n', ['1:15']],
  ['in a heading', '# ![a](x.png)\n', ['1:3']],
  ['in emphasis', '**粗 ![a](x.png)**\n', ['1:5']],
  ['as HTML', '段\n\n<div>\n  <img src="x.png">\n</div>\n', ['4:3']],
  ['as HTML in a line', '前 <img src="x.png"> 后\n', ['1:3']],
  ['in a footnote', '甲[^1]\n\n[^1]: ![a](x.png)\n', ['3:7']],
  ['by reference', '![a][r]\n\n[r]: x.png\n', ['1:1']],
  ['in a hidden part', '前\n\n<!-- wxsync:only\n![a](x.png)\n-->\n', ['4:1']],
  ['with CRLF', '前\r\n\r\n![a](x.png)\r\n', ['3:1']],
  ['after tabs and blank lines', '\n\n\t代码\n\n\n![a](x.png)\n', ['6:1']],
  ['after a setext heading', '标题\n===\n\n![a](x.png)\n', ['4:1']],
])('images %s', async (_name, markdown, places) => {
  const { images } = await renderText(markdown);
  expect(images.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
});

test.each<readonly [name: string, markdown: string, findings: readonly string[]]>([
  ['a tag in a line', '前 <blink>闪</blink>', ['1:3 html-dropped']],
  ['a tag in a list', '- 甲\n- <marquee>乙</marquee>\n', ['2:3 html-dropped']],
  ['a tag in a block', '<div>\n<p>甲</p>\n  <blink>乙</blink>\n</div>\n', ['3:3 html-dropped']],
  ['a tag in a quoted block', '> <div>\n>   <blink>甲</blink>\n', ['2:5 html-dropped']],
  ['a tag in a block in an item', '- <div>\n\n  甲\n  <blink>乙</blink>\n', ['4:3 html-dropped']],
  ['a tag in a panel in a quote', '> ```ad-tip\n> title: a\n> 甲 <blink>乙</blink>\n> ```\n', ['3:5 html-dropped']],
  [
    'a tag in a panel in a panel',
    '!!! note\n    ```ad-tip\n    title: a\n    <u>甲</u> <blink>乙</blink>\n    ```\n',
    ['4:14 html-dropped'],
  ],
  ['equal lines in a quote', '> <div>\n> <u>甲</u>\n> <u>甲</u><blink>乙</blink>\n', ['3:11 html-dropped']],
  ['a link', '甲\n[乙](../b.md)', ['2:1 post-link-unknown']],
  ['a link in emphasis', '甲 **[乙](javascript:x)**', ['1:5 link-dropped']],
  ['a footnote', '> 甲[^x]', ['1:4 footnote-missing']],
  ['a placeholder', '甲\n\n> （此处应配图：乙）\n', ['3:3 placeholder']],
  ['code', '- 甲\n\n  ```nolang\n  x\n  ```\n', ['3:3 language-unknown']],
  ['several, in order', '<x>\n\n[^a] [b](c.md)', ['1:1 html-dropped', '3:1 footnote-missing', '3:6 post-link-unknown']],
])('%s', async (_name, markdown, expected) => {
  const { findings } = await renderText(markdown);
  expect(findings.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual(expected);
});

test('the sample post: images and placeholders have the lines of the file', async () => {
  const file = readFileSync(new URL('../../examples/blog/content/zh/2026-trade.md', import.meta.url), 'utf8');
  const head = /^---\n[\s\S]*?\n---\n/.exec(file)?.[0] ?? '';
  const source = { markdown: file.slice(head.length), firstLine: head.split('\n').length, title: null };
  const { images, findings } = await render(source, { theme: NO_THEME, settings: SETTINGS });
  const lines = file.split('\n');
  expect(images.map(({ line }) => lines[line - 1])).toEqual(lines.filter((line) => line.startsWith('![')));
  expect(findings.map(({ line }) => lines[line - 1])).toEqual(lines.filter((line) => line.includes('此处应配图')));
  expect(images.map(({ src }) => src.split('/').at(-1))).toEqual([
    'trade-manager.png',
    'digital-nomad.png',
    'busy-port.png',
  ]);
});
