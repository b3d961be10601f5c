// What an author's own HTML is told: each kind with its place, and the nearest that is told nothing.
import { expect, test } from 'vitest';
import { AUTHOR_RULES } from '../../src/check/author-rules.ts';
import { readOutline } from '../../src/check/outline.ts';
import { runRules } from '../../src/check/rule.ts';

const row = (...widths: readonly number[]) =>
  `<table><tr>${widths.map((width) => `<td style="width:${width}px">格</td>`).join('')}</tr></table>`;
const nested = (tag: string, count: number) => `${`<${tag}>`.repeat(count)}文${`</${tag}>`.repeat(count)}`;

test.each<[markdown: string, told: readonly string[]]>([
  // widths
  ['<div style="width:600px">文</div>', ['1:1 width-fixed 600']],
  ['文\n\n<div>\n\n  <p style="width:400px">文</p>\n\n</div>', ['5:3 width-fixed 400']],
  ['<div style="width:80%">文</div>', []],
  ['<span style="width:600px">文</span>', []],
  ['<img src="a.png" width="600">', []],
  [row(200, 200), ['1:12 width-fixed 400']],
  [row(200, 175), []],
  // contrast
  ['一<font color="yellow">二</font>', ['1:2 contrast-low 1.1']],
  ['一<font color="red">二</font>', []],
  ['<span style="color:#fff;background:linear-gradient(red,blue)">文</span>', ['1:1 contrast-low 1.0']],
  ['<span style="color:#fff;background-color:#1a1a1a">文</span>', []],
  ['<div style="background-color:#000">文</div>', ['1:1 contrast-low 1.2']],
  ['<div style="background-color:#000"><p style="color:#fff">文</p></div>', []],
  ['<div style="color:#fff">\n\n[文](https://mp.weixin.qq.com/s/a) `文`\n\n</div>', []],
  ['<div style="color:#fff">\n\n**文**\n\n</div>', ['1:1 contrast-low 1.0']],
  ['<span style="color:transparent">文</span>', ['1:1 contrast-low 1.0']],
  ['<span style="color:var(--red)">文</span>', []],
  // formulas: their colours stay at night
  ['值 $\\color{yellow}{x}$', ['1:3 contrast-low 1.1']],
  ['$$\n\\textcolor{#222}{x} + \\textcolor{yellow}{y}\n$$', ['1:1 contrast-low 1.1']],
  ['$\\color[HTML]{1A1A2E}{x}$', ['1:1 contrast-low 1.0']],
  ['$\\color[RGB]{255,255,240}x$', ['1:1 contrast-low 1.0']],
  ['$\\color[rgb]{1,1,.9}x \\color[gray]{.1}y$', ['1:1 contrast-low 1.0']],
  ['$\\color{red}{x} \\color{black}{y} \\color[RGB]{0,0,0}z$', []],
  ['$\\colorbox{#aaa}{$x$}$', ['1:1 contrast-low 1.1']],
  ['$\\fcolorbox{red}{yellow}{$x$}$', []],
  ['$\\color{nonsense}{x} \\color$', []],
  ['<span style="background-color:#ff0">$\\color{yellow}{x}$</span>', ['1:37 contrast-low 1.0']],
  // nesting
  [nested('div', 12), ['1:1 nesting-redundant 11']],
  [nested('div', 11), []],
  [nested('sup', 11), ['1:1 nesting-redundant 11']],
  ['- '.repeat(12).concat('文'), []],
  // tables
  ['<table><tr><td>一<table><tr><td>二</td></tr></table></td></tr></table>', ['1:17 table-nested ']],
  // parts that WeChat does not see
  ['<!-- wxsync:skip -->\n\n<font color="yellow">二</font>\n\n<!-- wxsync:end -->', []],
])('%s', async (markdown, told) => {
  const outline = await readOutline({ markdown, firstLine: 1 });
  const found = runRules(AUTHOR_RULES, { outline });
  const seen = found.map(
    ({ line, column, code, args }) =>
      `${line}:${column} ${code} ${args['ratio'] ?? args['width'] ?? args['count'] ?? ''}`,
  );
  expect(seen).toEqual(told);
});
