// Themes in the manner of mdnice and wenyan: what of them reaches the page, and what is told as lost, with its line.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadTheme } from '../../src/local/themes.ts';
import { renderText } from './cases.ts';

const root = fileURLToPath(new URL('../fixtures/themes/', import.meta.url));
const load = (name: string) => loadTheme({ name: `${name}.css`, codeTheme: 'default', vars: {}, root, trusted: true });

const POST = `## 题

### 小题

正文 **粗** \`码\` [别处](https://example.com) [文章](https://mp.weixin.qq.com/s/a)。

- 项

> 引

| 甲 |
| --- |
| 一 |
`;

describe.each<readonly [name: string, looks: readonly RegExp[], lost: readonly string[]]>([
  [
    'nice',
    [
      /<h2 style="[^"]*background:#a8432f[^"]*color:#fff[^"]*font-size:18px[^"]*">题/,
      /<h2 style="[^"]*border-bottom:2px solid #a8432f/,
      /<h3 style="[^"]*font-size:20px[^"]*">小题/,
      /<section style="[^"]*border-left:4px solid #a8432f[^"]*background:#f5f5f5[^"]*"><p style="[^"]*color:#5a4a44[^"]*"><span style="[^"]*">“<\/span>引/,
      /<strong style="color:#a8432f">粗/,
      /<sup style="[^"]*color:#a8432f[^"]*">\[1\]/,
      /<p style="[^"]*margin:4px 0[^"]*">\[1\]/,
      /<ul style="[^"]*list-style-type:square/,
      /<th style="[^"]*background:#f0f0f0/,
      /<code style="[^"]*color:#8a4f0a/,
    ],
    [
      ...['4 theme-lost', '7 theme-gradient', '28 theme-selector', '29 theme-selector'],
      ...['78 theme-selector', '87 theme-selector', '90 theme-selector'],
    ],
  ],
  [
    'wenyan',
    [
      /<h2 style="[^"]*font-size:22px[^"]*text-align:center[^"]*border-bottom:3px solid #3f5f8f;color:#3f5f8f[^"]*">题/,
      /<h3 [^>]*><span style="color:#3f5f8f">◆ <\/span>小题/,
      /<section style="[^"]*border-left:3px solid #3f5f8f[^"]*background-color:#f6f6f6/,
      /<a href="[^"]*" style="[^"]*border-bottom:1px solid #3f5f8f/,
      /<section style="[^"]*color:#4d4d4d[^"]*">项/,
    ],
    ['2 theme-at-rule', '12 theme-lost', '19 theme-lost', '40 theme-lost', '67 theme-lost', '89 theme-selector'],
  ],
])('%s', (name, looks, lost) => {
  test.each(looks)('shows %s', async (look) => {
    expect((await renderText(POST, {}, await load(name))).html).toMatch(look);
  });

  test('tells what is lost', async () => {
    expect((await load(name)).remarks.map(({ line, code }) => `${line} ${code}`)).toEqual(lost);
  });
});
