// A theme's CSS on the tree: what matches, what wins, what becomes of variables and pseudo-elements.
import { expect, test } from 'vitest';
import { loadTheme } from '../../src/render/theme.ts';
import { element, printNodes, text } from '../../src/render/tree.ts';
import { NO_THEME, readTheme, renderText } from './cases.ts';

const tree = element('section', [
  element('p', [text('{{ a }} <% b %> <i>'), element('em', [text('c')])], {
    attrs: { class: 'x', style: 'color:red' },
  }),
  element('img', [], { attrs: { src: '</section><script>' } }),
  element('p', [text('d')]),
]);

test.each<readonly [css: string, html: string]>([
  ['em{color:blue}', '<em style="color: blue;">c</em>'],
  ['p.x{color:blue}', 'style="color: red;"'],
  ['p:last-child{margin:0}', '<p style="margin: 0;">d</p>'],
  [':root{--a:1px;--b:var(--a)}em{margin:var(--b)}', '<em style="margin: 1px;">c</em>'],
  ['em{margin:var(--none, 2px)}', '<em style="margin: 2px;">c</em>'],
  ['em::before{content:"※"}', '<em><span>※</span>c</em>'],
  ['/* em{color:blue} */', '<em>c</em>'],
  ['em{color:blue', '<em'],
])('%s', async (css, html) => {
  const inline = await loadTheme({ ...NO_THEME, css });
  expect(printNodes([inline(tree)])).toContain(html);
});

test('texts and addresses never meet the inliner', async () => {
  const inline = await loadTheme({ ...NO_THEME, css: 'p{margin:0}' });
  const printed = printNodes([inline(tree)]);
  expect(printed).toContain('{{ a }} &lt;% b %&gt; &lt;i&gt;');
  expect(printed).toContain('<img src="&lt;/section&gt;&lt;script&gt;">');
});

test('variables given by name win over those of the theme', async () => {
  const theme = { ...NO_THEME, css: ':root{--wx-primary:red}em{color:var(--wx-primary)}' };
  const inline = await loadTheme({ ...theme, vars: { '--wx-primary': 'green' } });
  expect(printNodes([inline(tree)])).toContain('<em style="color: green;">');
});

const SPECIMEN =
  '## 标题\n\n段 **粗** `码`\n\n- 甲\n  - 乙\n\n> 引\n\n> [!NOTE]\n> 注\n\n| a |\n|---|\n| 1 |\n\n```js\nlet a; // b\n```\n\n' +
  '![图](/a.png "题")\n\n[链](https://e.cn)\n\n<details><summary>开</summary>\n\n内\n\n</details>\n\n*附*\n';

test('every line of text says its colour, size and height itself', async () => {
  const { html } = await renderText(SPECIMEN, {}, readTheme('default'));
  const leaves = html.match(/<(?:p|h\d|td|th|section)\b[^>]*>(?=[^<]|<(?:strong|em|code|span|sup)\b)/g) ?? [];
  expect(leaves.length).toBeGreaterThan(10);
  for (const leaf of leaves) expect(leaf).toMatch(/(?=.*[";]color:)(?=.*font-size:)(?=.*line-height:)/);
});

test('the outermost section has no layout to lose', async () => {
  const { html } = await renderText(SPECIMEN, {}, readTheme('default'));
  expect(/^<section[^>]*>/.exec(html)?.[0]).not.toMatch(/margin|padding|background|border/);
});

test('panels are neutral grey and hairlines are thin black, as dark mode needs', () => {
  const { css } = readTheme('default');
  for (const [, hex = ''] of css.matchAll(/(?:panel|background-color):\s*#([\da-f]{6})/g)) {
    expect(new Set(hex.match(/../g)).size).toBe(1);
  }
  for (const [, alpha] of css.matchAll(/rgba\(0, 0, 0, ([\d.]+)\)/g)) expect(Number(alpha)).toBeLessThanOrEqual(0.15);
});

test.each(['css', 'codeCss'] as const)('%s: every colour of text is readable on white and on the panel', (part) => {
  const theme = readTheme('default');
  const known = Object.fromEntries(
    [...theme.css.matchAll(/(--[\w-]+):\s*(#[\da-f]{6})/g)].map(([, name, hex]) => [name, hex]),
  );
  const colours = [...theme[part].matchAll(/[^-]color:\s*(#[\da-f]{6}|var\((--[\w-]+)\))/g)].map(
    ([, value = '', name]) => (name === undefined ? value : (known[name] ?? '')),
  );
  expect(colours.length).toBeGreaterThan(5);
  for (const colour of colours) expect([colour, contrast(colour, '#f7f7f7') >= 4.5]).toEqual([colour, true]);
});

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = (hex.match(/[\da-f]{2}/g) ?? []).map((part) => {
    const value = Number.parseInt(part, 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
