// The compiled theme beside juice, declaration by declaration: on every case, on selectors of each kind, and where the two are to differ.
import { describe, expect, test } from 'vitest';
import { createCascade } from '../../src/render/cascade.ts';
import { compileCss } from '../../src/render/css.ts';
import { parsePost } from '../../src/render/render.ts';
import { parseStyle } from '../../src/render/style.ts';
import { type InlineTheme, loadJuice, toPlainCss } from '../../src/render/theme.ts';
import { type Element, element, findElement, type Node, rewrite, text } from '../../src/render/tree.ts';
import { listCss, readCases, readTheme, SAMPLE, SPECIMEN, toGiven } from './cases.ts';

function compile(from: string): InlineTheme {
  const { rules, pseudoCss } = compileCss(from);
  if (pseudoCss !== '') throw new Error(`not compiled: ${from}`);
  return createCascade(rules);
}

type Styled = readonly [tag: string, style: readonly (readonly [string, string])[]];

/** Each element's declarations, in the order of the document. */
function toStyles(node: Node): readonly Styled[] {
  if (node.kind === 'text') return [];
  return [[node.tag, [...parseStyle(node.attrs['style'] ?? '')]], ...node.children.flatMap(toStyles)];
}

/** A line for each element: ten thousand pairs of arrays take longer to compare than to make. */
const toLines = (node: Node): readonly string[] =>
  toStyles(node).map(([tag, style]) => [tag, ...style.map((each) => each.join(':'))].join(' '));

/** Every case and post as a theme meets it, one beside the other: juice's time goes by documents more than by elements. */
async function readPages(): Promise<readonly Element[]> {
  const pages = [...readCases(), SAMPLE, SPECIMEN].map(async ({ markdown, options }) => {
    const given = toGiven(markdown, options);
    return (await parsePost(given.source, given.options, () => {})).tree;
  });
  return await Promise.all(pages);
}

describe('every case and post', async () => {
  const all = await readPages();
  const pages = element('section', all);
  // The rules of a code theme reach no further, as is seen below.
  const withCode = element(
    'section',
    all.filter((page) => findElement(page, 'pre') !== undefined),
  );

  test.each(listCss(''))('theme %s', async (name) => {
    const css = toPlainCss(readTheme(name));
    const compiled = compile(css)(pages);
    expect(toLines(compiled)).toEqual(toLines((await loadJuice(css))(pages)));
    expect(toStyles(compiled).filter(([, style]) => style.length > 0).length).toBeGreaterThan(500);
  });

  const pairs = listCss('').flatMap((name) => listCss('code/').map((code) => ({ name, code })));

  test.each(pairs)('theme $name, code theme $code', async ({ name, code }) => {
    const css = toPlainCss(readTheme(name, code));
    expect(toLines(compile(css)(withCode))).toEqual(toLines((await loadJuice(css))(withCode)));
  });

  test.each(listCss('code/'))('code theme %s dresses code, and nothing beside it', (code) => {
    const dressed = compile(readTheme('default', code).codeCss)(pages);
    expect(toLines(dressed)).not.toEqual(toLines(pages));
    const toRest = (page: Element) => toLines(rewrite(page, (node) => (node.tag === 'pre' ? [] : node)));
    expect(toRest(dressed)).toEqual(toRest(pages));
  });
});

const item = (name: string, ...children: readonly Node[]): Element =>
  element('li', [text('x'), ...children], { attrs: { class: name } });
const TREE = element('section', [
  element('p', [text('a'), element('em', [text('b')]), element('strong', [], { attrs: { class: 'k j' } })], {
    attrs: { class: 'x', style: 'color:red;margin:1px' },
  }),
  element('ul', [item('one'), item('two', element('p', [text('deep')])), item('three'), item('four'), item('five')]),
  element('p', [element('span', [text('c')]), element('em'), element('span')]),
  element('h2', [text('d')]),
]);

describe('selectors', () => {
  test.each([
    'p{margin:0}em{color:blue}',
    '*{color:blue}p{color:green}',
    'P, EM{color:blue}',
    '.k{color:a}.j{color:b}.k.j{margin:0}strong.k{padding:0}',
    'section em{color:blue}section > em{color:red}p > em{margin:0}',
    'p em, ul p{color:blue}section ul li p{color:green}',
    'p + ul{color:a}ul + p{color:b}p ~ h2{color:c}em + strong{color:d}span ~ span{color:e}',
    'li:first-child{a:b}li:last-child{c:d}p:first-of-type{e:f}p:last-of-type{g:h}',
    'li:nth-child(2){a:1}li:nth-child(odd){b:1}li:nth-child(even){c:1}li:nth-child(3n+1){d:1}li:nth-child(n+4){e:1}',
    'li:nth-last-child(2){a:1}li:nth-child(-n+2){b:1}span:nth-of-type(2){c:1}',
    'li:nth-last-of-type(2n+1){a:1}span:nth-last-of-type(1){b:1}p:only-child{c:1}',
    'li ~ li + li{a:1}.one ~ .four{b:1}.four ~ .one{c:1}ul ~ p em{d:1}p ~ ul > li ~ li{e:1}',
    'p{padding:1px;padding-top:2px}.x{padding:3px}section p{padding-top:4px}',
    '.x{color:blue !important;margin:2px}p{margin:3px !important}',
    'p{color:blue;color:green}',
    'a:hover{color:red}p:hover{color:red}em{color:blue}',
    '@media print{p{color:red}}@import "x.css";@font-face{font-family:x}em{color:blue}',
    'p{background:url("a;b{c}.png");color:blue}em{content:"}";color:green}',
    '/* p{color:red} */em{color:blue}/* open',
    '#id{color:red}[title]{color:red}em{color:blue}',
    'p{font-family:"A B", c}',
    'p{color:}em{:red}strong{color:blue}',
  ])('%s', async (from) => {
    expect(toStyles(compile(from)(TREE))).toEqual(toStyles((await loadJuice(from))(TREE)));
  });
});

const ALIKE = element(
  'table',
  [1, 2, 3].map(() => element('tr', [element('td', [element('em'), element('em')]), element('td', [element('em')])])),
);

describe('rules that ask of siblings are asked for each of elements that are alike', () => {
  test.each([
    'tr:nth-child(even) td{a:1}tr:last-child > td:first-child em{b:1}',
    'tr:not(:first-child) > td{a:1}td:not(:last-child) em{b:1}em:only-child{c:1}',
    'tr + tr td{a:1}tr ~ tr > td + td em{b:1}table > * + * em + em{c:1}ul > * + *{d:1}',
  ])('%s', async (from) => {
    expect(toStyles(compile(from)(ALIKE))).toEqual(toStyles((await loadJuice(from))(ALIKE)));
  });
});

test.each([
  [':is(p, .three){a:1}', ['p', 'p', 'p', 'li']],
  [':where(.one, .two):not(.one){a:1}', ['li']],
  ['em:is(:only-child, :nth-of-type(1)){a:1}', ['em', 'em']],
  ['p:not(:is(.x)){a:1}', ['p', 'p']],
])('%s', (from, tags) => {
  expect(
    toStyles(compile(from)(TREE))
      .flatMap(([tag, style]) => (style.some(([name]) => name === 'a') ? [tag] : []))
      .toSorted(),
  ).toEqual(tags.toSorted());
});

test('what pseudo-elements say is for the full inliner, and the counters in it; nothing else is', () => {
  const { rules, pseudoCss } = compileCss(
    'h2{counter-increment:n;color:#333}em{color:a}p.x::before, em:after{content:counter(n);color:red;position:fixed}',
  );
  expect(rules).toHaveLength(2);
  expect(pseudoCss.split('\n')).toEqual([
    'h2{counter-increment:n}',
    'p.x::before{content:counter(n);color:red}',
    'em:after{content:counter(n);color:red}',
  ]);
});

test.each(['p:lang(zh)', 'p:has(em)', 'p:nth-child(x)', 'p >> em', 'p:contains(a)', 'p:first', ':nth-child(2 of p)'])(
  '%s is left out, and what stands beside it stays',
  (selector) =>
    expect(compileCss(`${selector}, em{a:b}${selector}::before{a:b}`)).toMatchObject({ rules: [{}], pseudoCss: '' }),
);

describe('deliberate differences', () => {
  type Style = readonly (readonly [string, string])[];
  test.each<[why: string, css: string, ours: Style, juice: Style]>([
    [
      'a place among siblings weighs what a class weighs, as CSS says; juice counts it as a tag',
      'li.one{color:blue}li:first-child{color:red}',
      [['color', 'red']],
      [['color', 'blue']],
    ],
    [
      '`:not()` weighs what its heaviest argument weighs, as CSS says; juice counts the first',
      'li.one{color:blue}li:not(p, .a.b){color:red}',
      [['color', 'red']],
      [['color', 'blue']],
    ],
    [
      'a block that nothing closes ends with the file, as CSS says; juice drops it',
      'li{color:blue',
      [['color', 'blue']],
      [],
    ],
  ])('%s', async (_, from, ours, juices) => {
    const list = element('ul', [item('one')]);
    expect(toStyles(compile(from)(list))[1]).toEqual(['li', ours]);
    expect(toStyles((await loadJuice(from))(list))[1]).toEqual(['li', juices]);
  });
});
