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
