// Formulas: where they stand and where a dollar is money, what comes out of them, and that no formula is too much.
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { parseMarkdown } from '../../src/render/markdown.ts';
import { loadMath } from '../../src/render/math.ts';
import { readInlineMath } from '../../src/render/syntax/math.ts';
import { forEachElement, printNodes } from '../../src/render/tree.ts';
import { NO_THEME, renderText } from './cases.ts';

/** The formulas of a post, those with a line of their own between double bars. */
async function findFormulas(markdown: string): Promise<readonly string[]> {
  const found: string[] = [];
  const { root } = await parseMarkdown({ markdown, firstLine: 1 }, () => undefined);
  forEachElement([root], ({ tag, attrs }) => {
    if (tag === 'wx-math') found.push(attrs['is'] === 'block' ? `‖${attrs['tex']}‖` : (attrs['tex'] ?? ''));
  });
  return found;
}

describe('where formulas stand', () => {
  test.each<readonly [markdown: string, ...formulas: string[]]>([
    ['设$x$为', 'x'],
    ['$x$-轴, the $n$th', 'x', 'n'],
    ['\\(a_1\\) 和 \\(a_2\\)', 'a_1', 'a_2'],
    ['$a*b$ 与 $c*d$，$e_f$ 与 $g_h$', 'a*b', 'c*d', 'e_f', 'g_h'],
    ['\\(a*b\\) 与 *重* \\(c*d\\)', 'a*b', 'c*d'],
    ['**$x$**、*$y$*、==$z$==', 'x', 'y', 'z'],
    ['# 题 $x$', 'x'],
    ['- 项 $x$\n- $$y=1$$', 'x', '‖y=1‖'],
    ['> $x$\n> $$\n> y\n> $$', 'x', '‖y‖'],
    ['字\n$$\na\n= b\n- c\n$$\n字', '‖a\n= b\n- c‖'],
    ['字\n$$x$$\n字', '‖x‖'],
    ['字 $$x$$ 字', '‖x‖'],
    ['$$\na\n\nb\n$$', '‖a\n\nb‖'],
    ['\\[\na\n\\]', '‖a‖'],
    ['字 \\[a^2\\] 字', '‖a^2‖'],
    ['$\\text{若 $x$ 为}$', '\\text{若 $x$ 为}'],
    ['$价格 = 单价 \\times 数量$', '价格 = 单价 \\times 数量'],
    ['$\\$5$', '\\$5'],
    ['$<b>$ 与 $[a](b)$', '<b>', '[a](b)'],
    ['| a |\n| - |\n| $|x|$ 和 $P(A|B)$ |', '|x|', 'P(A|B)'],
    ['[$x$](https://mp.weixin.qq.com/s/a)', 'x'],
    ['字[^1]。\n\n[^1]: $x$'],
  ])('%j', async (markdown, ...formulas) => expect(await findFormulas(markdown)).toEqual(formulas));

  test.each([
    '从 $5 到 $10',
    '$20,000 and USD$30,000',
    '共$20的套餐，加一$，',
    '$HOME 和 $PATH',
    '$ x $',
    '\\$x\\$',
    '`$x$` ``\\(x\\)``',
    '$`x`$',
    '    $x$',
    '```\n$$\nx\n$$\n```',
    '$$',
    '$$$$',
    '$$\nx',
    '\\[1\\] 甲 \\[注\\] 乙 \\[x\\]',
    '\\(见上\\)',
    '\\(\\)\\[\\\\\\]',
    '| $5 | $6 |\n| - | - |\n| $7 | $8 |',
    '|$a|$b|\n|-|-|\n|$c|$d|',
    '![$x$](a.png)',
    'https://example.com/?a=$b$',
  ])('not in %j', async (markdown) => expect(await findFormulas(markdown)).toEqual([]));

  test.each(['$a ', '$a', '$$a ', '\\(a ', '\\[a^', '$\\text{$} ', '`$', '$$\n', '\\[\n', '|$a'])(
    'twenty thousand %j end soon',
    async (piece) => expect(await findFormulas(piece.repeat(20_000))).toBeInstanceOf(Array),
  );

  test('one that is not closed costs no more than its text', () => {
    expect(readInlineMath(`$${'a '.repeat(500_000)}`)).toBeUndefined();
  });
});

const draw = async (...formulas: string[]): Promise<readonly string[]> => {
  const drawMath = await loadMath();
  return formulas.map((tex) => {
    const drawn = drawMath(tex, true);
    return 'is' in drawn ? drawn.is : printNodes([drawn]);
  });
};

const DRAWING =
  /^<svg viewBox="[-\d ]+" fill="currentColor"( data-ignore-width="")? style="[a-z:;\d.-]+">(<path d="[a-z\d -]+"[^<>]*><\/path>|<text x="-?\d+" y="-?\d+" font-size="\d+"( fill="[#\w]+")?>[^<>]+<\/text>)+<\/svg>$/;

describe('drawings', () => {
  test.each([
    'x',
    '\\frac{a}{b}+\\sqrt[3]{x}',
    '\\sum_{i=1}^n\\int_0^1\\prod',
    '\\begin{pmatrix}a&b\\\\c&d\\end{pmatrix}',
    '\\begin{cases}a&\\text{若 }b\\\\c\\\\d\\end{cases}',
    '\\begin{aligned}a&=b\\\\&=c\\end{aligned}',
    '\\begin{align}a&=b\\tag{1}\\\\&=c\\label{x}\\end{align}',
    '\\begin{array}{|c:c|}\\hline a&b\\\\\\hdashline c&d\\\\\\hline\\end{array}',
    '\\begin{CD}A@>a>>B\\\\@VVV@AAA\\\\C@=D\\end{CD}',
    '\\overbrace{a+b}^{\\text{八项}}\\underbrace{c}\\xrightarrow[a]{b}\\widehat{abc}',
    '\\boxed{x}\\cancel{y}\\enclose{circle}{z}\\enclose{updiagonalarrow}{z}',
    '\\color{red}{x}\\textcolor{#00f}{y}\\colorbox{yellow}{$z$}',
    '\\ce{2H2O <=> H3O+ + OH-}',
    '\\left\\{\\begin{matrix}1\\\\2\\\\3\\\\4\\\\5\\end{matrix}\\right\\|',
    '\\require{mhchem}\\ce{CO2}',
    '中文',
  ])('%s', async (tex) => expect((await draw(tex))[0]).toMatch(DRAWING));

  test('a definition holds for the formulas after it, and for this post only', async () => {
    expect(await draw('\\R', '\\newcommand{\\R}{\\mathbb{R}}\\R', '\\R')).toEqual([
      'broken',
      ...Array(2).fill(expect.stringMatching(DRAWING)),
    ]);
    expect(await draw('\\R')).toEqual(['broken']);
  });

  test('the same formula a hundred times, alone and after others, is the same bytes', async () => {
    const tex = '\\begin{cases}\\frac{a}{b}&\\text{若}\\\\c\\end{cases}';
    const alone = await draw(`\\def\\q{1}${tex}`);
    const many = await draw('\\def\\p{1}', ...Array(100).fill(`\\def\\q{1}${tex}`));
    expect(new Set([...alone, ...many.slice(1)]).size).toBe(1);
  });

  test('black is the ink of the reader', async () => {
    expect(await draw('\\color{black}{x}')).toEqual(await draw('{x}'));
  });

  test('a wide one is no narrower than it is, and scrolls', async () => {
    const wide = (await draw('a+'.repeat(30)))[0];
    expect(wide).toMatch(/style="width:([\d.]+ex);min-width:\1;/);
    expect(wide).toContain('data-ignore-width');
  });
});

describe('hostile formulas', () => {
  test.each([
    ['\\href{https://example.com}{x}', 'broken'],
    ['\\url{https://example.com}', 'broken'],
    ['\\class{a}{x}', 'broken'],
    ['\\style{color:red}{x}', 'broken'],
    ['\\cssId{a}{x}', 'broken'],
    ['\\unicode{x41}', 'broken'],
    ['\\require{html}', 'broken'],
    ['\\bbox[url(x)]{x}', 'broken'],
    ['\\ref{a}', 'broken'],
    ['\\def\\a{\\a}\\a', 'broken'],
    ['\\def\\a{\\a\\a}\\a', 'broken'],
    ['\\def\\a#1{\\a{#1#1}}\\a{xxxx}', 'broken'],
    ['\\frac{a}{b', 'broken'],
    ['\\left( x', 'broken'],
    ['\\end{x}', 'broken'],
    ['\\rule{99999999em}{1em}', 'too-much'],
    ['x'.repeat(1_000_000), 'too-much'],
  ])('%.40s is %s', async (tex, is) => expect(await draw(tex)).toEqual([is]));

  test.each([
    ['braces', `${'{'.repeat(9_000)}x${'}'.repeat(9_000)}`],
    ['fractions', `${'\\frac1{'.repeat(2_000)}x${'}'.repeat(2_000)}`],
    ['roots', `${'\\sqrt'.repeat(5_000)}x`],
    ['powers', `${'x^{'.repeat(5_000)}x${'}'.repeat(5_000)}`],
    ['brackets', `${'\\left('.repeat(2_000)}x${'\\right)'.repeat(2_000)}`],
    ['choices', `${'\\mathchoice{}{}{}{'.repeat(500)}x${'}'.repeat(500)}`],
    ['columns', `\\begin{array}{*{9999}{c}}x\\end{array}`],
    ['words', `\\def\\a{${'\\text{xxxxxxxx}'.repeat(200)}}${'\\a'.repeat(500)}`],
    ['spaces', `\\def\\a{${'\\!'.repeat(4_000)}}${'\\a'.repeat(900)}`],
  ])('deep or endless %s end, and the next formula is drawn', async (_, tex) => {
    const drawMath = await loadMath();
    drawMath(tex, true);
    expect(await draw('x')).toEqual([expect.stringMatching(DRAWING)]);
  });

  test('a post holds so many and no more', async () => {
    const drawMath = await loadMath();
    const spaces = '\\!'.repeat(LIMITS.formula.value / 4);
    const results = Array.from({ length: 60 }, () => drawMath(`x${spaces}`, false));
    const drawn = results.filter((each) => !('is' in each)).length;
    expect([drawn > 10, drawn < 60]).toEqual([true, true]);
    expect(results.at(-1)).toEqual({ is: 'too-much' });
  });
});

test('a post with twenty thousand formulas is rendered, and says so', async () => {
  const { findings, html } = await renderText(`${'$x_1$ 与 '.repeat(20_000)}`, {}, NO_THEME);
  expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['math-too-much']));
  expect(html).not.toContain('href');
});
