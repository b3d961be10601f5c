// The four stages as such: what holds for any HTML, and that each rule is complete and can happen.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterContent } from '../../src/sandbox/content/api.ts';
import { filterEditor } from '../../src/sandbox/content/editor.ts';
import { showReader } from '../../src/sandbox/content/reader.ts';
import { FORTUNATE, STAGE_RULES, STAGES, showStage } from '../../src/sandbox/content/stages.ts';
import { toVisibleText } from '../../src/sandbox/content/views.ts';

const MMBIZ = 'https://mmbiz.qpic.cn/mmbiz_png/x/640?wx_fmt=png';
const TAGS =
  'p section div h2 blockquote ul ol li dl dt dd table tr td pre code span strong em a svg text mp-common-profile figure';
const STYLES = [
  'color:red',
  'position:absolute',
  'a:b;;c',
  '--x:1',
  `background:url(x)`,
  'max-width:50%',
  'font:1px "a;b',
];
const CLASSES = ['foo', 'list-paddingleft-1', 'list-x', 'rich_pages', 'js_catchremoteimageerror'];
const VOIDS = [
  '<br>',
  '<hr>',
  '<img src=x>',
  `<img src="${MMBIZ}" width=1>`,
  '<img src="//e.com/a.gif">',
  '<col>',
  '<input>',
];

const attributes = fc.oneof(
  fc.constantFrom(...STYLES).map((style) => ` style='${style}'`),
  fc.constantFrom(...CLASSES).map((name) => ` class="${name}"`),
  fc.constantFrom(
    '',
    ' id=x',
    ' leaf=""',
    ' nodeleaf=""',
    ' href="#a"',
    ' href="https://mp.weixin.qq.com/s/a"',
    ' href=/x',
  ),
);
const open = fc.tuple(fc.constantFrom(...TAGS.split(' ')), attributes).map(([tag, text]) => `<${tag}${text}>`);
const close = fc.constantFrom(...TAGS.split(' ')).map((tag) => `</${tag}>`);
const rest = fc.constantFrom(
  ...VOIDS,
  ' ',
  '\n  ',
  '字',
  'a',
  '&nbsp;',
  '&lt;',
  '<',
  '<!-- c -->',
  '<script>',
  '</script>',
);
const html = fc
  .array(fc.oneof({ weight: 3, arbitrary: open }, { weight: 2, arbitrary: close }, { weight: 3, arbitrary: rest }), {
    maxLength: 16,
  })
  .map((parts) => parts.join(''));

describe('for any HTML', () => {
  test.each([
    ['the API', (source: string) => filterContent(source, 'strip')],
    ['the editor', (source: string) => filterEditor(source, FORTUNATE)],
    [
      'the editor without what lies elsewhere',
      (source: string) => filterEditor(source, { fetches: 'none', svg: 'lost' }),
    ],
    ['the reader', async (source: string) => showReader((await filterEditor(source, FORTUNATE)).html, null)],
  ])('what %s makes of it, it leaves as it is', async (_stage, filter) => {
    await fc.assert(
      fc.asyncProperty(html, async (source) => {
        const once = await filter(source);
        expect((await filter(once.html)).html).toBe(once.html);
      }),
      { numRuns: 100 },
    );
  });

  test('the editor keeps the visible text of what the API stored', async () => {
    const toLetters = async (source: string) => (await toVisibleText(source)).replaceAll(' ', '');
    await fc.assert(
      fc.asyncProperty(html, async (source) => {
        const { html: stored } = await filterContent(source, 'strip');
        expect(await toLetters((await filterEditor(stored, FORTUNATE)).html)).toBe(await toLetters(stored));
      }),
      { numRuns: 100 },
    );
  });
});

test('HTML of any depth is read', async () => {
  const deep = `${'<b>'.repeat(20_000)}a${'</b>'.repeat(20_000)}`;
  expect(await toVisibleText((await filterEditor(deep, FORTUNATE)).html)).toBe('a');
});

test.each([
  ['brackets', '('.repeat(200_000)],
  ['quotes', `${"'".repeat(100_000)}"`],
  ['semicolons', 'a:b;'.repeat(10_000)],
  ['spaces', `a:${' '.repeat(200_000)}b`],
])(
  'a style of many %s is read at once',
  async (_what, style) => {
    const { html } = await filterEditor(`<p style="${style.replaceAll('"', '&quot;')}">a</p>`, FORTUNATE);
    expect(await toVisibleText(html)).toBe('a');
  },
  5000,
);

test('no two stages have a rule of one name', () => {
  const names = STAGES.flatMap((stage) => Object.keys(STAGE_RULES[stage]));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('a reader sees what the editor made of what the API stored', async () => {
  const stored = await filterContent(
    `<section style="position:absolute;max-width:50%"><img src="${MMBIZ}"></section>`,
    'reject',
  );
  const shown = await Promise.all(
    STAGES.map(async (stage) => (await showStage(stage, stored)).changes.map(({ rule }) => rule)),
  );
  expect(shown).toEqual([
    [],
    ['position', 'image-form', 'nodeleaf'],
    ['position', 'image-form', 'nodeleaf'],
    ['lazy-image', 'max-width'],
  ]);
});
