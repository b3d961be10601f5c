// A theme is a file from anywhere: whatever it says, a page is rendered in bounded time and size, and nothing is fetched or run.
import { describe, expect, test } from 'vitest';
import { createCascade } from '../../src/render/cascade.ts';
import { compileCss } from '../../src/render/css.ts';
import { readCss } from '../../src/render/css-text.ts';
import { checkTheme, toOwnRoot } from '../../src/render/theme-rules.ts';
import { readVars, resolveValue, resolveVars } from '../../src/render/theme-vars.ts';
import { type Element, element, text } from '../../src/render/tree.ts';
import { NO_THEME, renderText } from './cases.ts';

const many = (part: string, count: number) => part.repeat(count);
const deep = (levels: number): Element =>
  levels === 0 ? element('p', [text('x')]) : element('section', [element('p', [text('y')]), deep(levels - 1)]);

/** Each would take longer than anybody waits if it were read, resolved or matched by trying everything. */
const BOMBS: readonly (readonly [string, string])[] = [
  ['comments that nothing closes', many('/*', 60_000)],
  ['a comment of slashes and stars', `/*${many('/*', 60_000)}`],
  ['roots that nothing closes', many(':root{', 20_000)],
  ['a name that is all dashes', `:root{${many('-', 120_000)}`],
  ['a declaration of blanks', `p{color:a${many(' ', 120_000)}b}`],
  ['a name of blanks', `p{${many(' ', 120_000)}:b}`],
  ['brackets that nothing closes', `p{color:${many('(', 120_000)}`],
  ['quotes that nothing closes', `p{color:${many('"\'', 60_000)}`],
  ['braces that nothing closes', many('p{', 10_000)],
  ['var() that nothing closes', `p{color:${many('var(--a,', 15_000)}`],
  ['var() of blanks', `p{color:var(${many(' ', 120_000)}`],
  [
    'values that double sixty times',
    `:root{--v0:xx;${Array.from({ length: 60 }, (_, n) => `--v${n + 1}:var(--v${n})var(--v${n})`).join(';')}}p{color:var(--v60)}`,
  ],
  ['a circle of values', `:root{--a:${many('var(--b)', 40)};--b:${many('var(--a)', 40)}}p{color:var(--a)}`],
  ['descendants of descendants', `i ${many('blockquote ', 8)}p{color:red}`],
  ['children far up', `i > ${many('blockquote ', 8)}p{color:red}`],
  ['siblings of descendants', `${many('p ~ blockquote ', 8)}p{color:red}`],
  ['everything of everything', `i ${many('* ', 8)}{color:red}`],
  ['a selector that cannot be read', `${many('p[', 2_000)}{color:red}`],
  ['many rules', many('p section p{color:red}', 5_000)],
  ['commas', `${many(',', 100_000)}p{color:red}`],
  ['brackets inside brackets', `${many(':not(', 30_000)}p${many(')', 30_000)}{color:red}`],
  ['a long chain', `${many('* ', 5_000)}{color:red}`],
];

/** Each asks of every sibling what it asks of every other, on a page with many. */
const WALKS = [
  'p:has(~ * ~ *)',
  '* ~ * ~ * ~ *',
  `${many('p ~ ', 40)}p`,
  'p ~ h2 ~ p:nth-of-type(3n + 1)',
  ':nth-last-of-type(2) ~ p:not(:nth-of-type(2n))',
  ':not(p) ~ :is(p, section)',
];
const PAGE = many('a\n\n', 1_500);

test.each(WALKS.flatMap((walk) => [many(`${walk}{color:red}`, 300), many(`${walk}::before{content:"x"}`, 300)]))(
  '%.40s',
  { timeout: 20_000 },
  async (css) => expect((await renderText(PAGE, {}, { ...NO_THEME, css })).html.length).toBeLessThan(200_000),
);

test.each([
  ['text', `p::before{content:"${many('x', 100_000)}"}`],
  ['a Roman number', 'p{counter-increment:n 99999999}p::before{content:counter(n, upper-roman)}'],
  ['blanks', `p::before{content:counter(${many(' ', 100_000)}`],
])('a pseudo-element adds no endless %s', { timeout: 20_000 }, async (_, css) => {
  expect((await renderText(PAGE, {}, { ...NO_THEME, css })).html.length).toBeLessThan(100_000);
});

test.each(BOMBS)('check ends: %s', { timeout: 20_000 }, (_, css) => {
  expect(checkTheme(toOwnRoot(css), '').length).toBeLessThanOrEqual(200);
});

/** juice makes pseudo-elements real. */
const FOR_JUICE = 'q::before{content:"x"}';
const all = BOMBS.flatMap(([name, css]) => [[name, css] as const, [`${name}, by juice`, FOR_JUICE + css] as const]);

test.each(all)('%s', { timeout: 20_000 }, async (_, css) => {
  const { html } = await renderText(`${many('> ', 30)}x\n\n${many('- a\n\n  ', 20)}b`, {}, { ...NO_THEME, css });
  expect(html.length).toBeLessThan(100_000);
});

/** In every way, these would be some 80 million steps each. */
test.each([`i ${many('section ', 5)}p`, `i > ${many('section ', 5)}p`, `i ~ ${many('section ', 5)}p`])(
  '%s is looked for once up and along',
  { timeout: 10_000 },
  (selector) => {
    const { rules } = compileCss(`${selector}{color:red}`);
    expect(JSON.stringify(createCascade(rules)(deep(66)))).not.toContain('red');
  },
);

describe('what is asked of the network or the reader goes', () => {
  test.each([
    'p{background:url(https://e.example/x.png)}',
    'p{background-image:u\\72l(https://e.example/x.png)}',
    '@import "https://e.example/x.css";p{margin:0}',
    '@import url(https://e.example/x.css);p{margin:0}',
    '@font-face{font-family:x;src:url(https://e.example/x.woff)}p{font-family:x}',
    'p::before{content:url(https://e.example/x.png)}',
    'p{list-style:url(https://e.example/x.png)}',
    'p{behavior:url(https://e.example/x.htc)}',
    'p{width:expression(alert(1))}',
    'p{position:fixed;z-index:9}',
    'p{color:red"><script>alert(1)</script>}',
  ])('%s', async (css) => {
    const { html } = await renderText('x', {}, { ...NO_THEME, css });
    expect(html).not.toMatch(/e\.example|script|expression|position|behavior|@/);
    expect(html).toContain('x</p>');
  });
});

describe('variables', () => {
  test.each([
    ['var(--a)', '1px'],
    ['var(--b)', '1px 1px'],
    ['var(--none)', '?--none'],
    ['var(--none, 2px)', '2px'],
    ['var(--none, var(--a))', '1px'],
    ['var(--round)', '?--round'],
    ['0 var( --a ) 0', '0 1px 0'],
  ])('%s is %s', (value, expected) => {
    const vars = readVars('/* :root{--a:9px} */:root{--a:1px;--b:var(--a) var(--a)}p{}:root {--round:var(--round)}');
    expect(resolveValue(value, vars, (name) => `?${name}`)).toBe(expected);
  });

  test('those given by name win, with or without the dashes', () => {
    expect(resolveVars(':root{--a:1;--b:2}p{x:var(--a) var(--b)}', { a: '3', '--b': '4' })).toBe('p{x:3 4}');
  });
});

test('blocks, declarations and the rest have their places', () => {
  const css = '/* {} */ p {\n  color: red;\n  broken;\n  --a: b\n}\n@import "x";\n@media print { p { color: red } }';
  const { blocks, others } = readCss(css);
  const at = (place: { readonly at: number }) => css.slice(place.at, place.at + 5);
  expect(blocks.map((block) => [block.selectors, at(block), ...block.declarations.map(at)])).toEqual([
    ['p', 'p {\n ', 'color', '--a: '],
    ['@media print', '@medi'],
  ]);
  expect(others.map((other) => [other.text, at(other)])).toEqual([
    ['broken', 'broke'],
    ['@import "x"', '@impo'],
  ]);
});
