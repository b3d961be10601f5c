// The shipped themes, each with each code theme: every text readable by day and at night, nothing lost, and the length of the sample.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parsePost } from '../../src/article/post.ts';
import { CODE_CLASS, MAX_LINE_ALPHA, THEME_CLASSES, THEME_TAGS, THEME_VARS } from '../../src/facts/theme.ts';
import { listThemes, readHead } from '../../src/local/themes.ts';
import { judgeText, type SeenText, seeTexts, toRatio } from '../../src/render/contrast.ts';
import { printColour, toBrightness, toColour } from '../../src/render/darkmode.ts';
import { parseHtml } from '../../src/render/html.ts';
import { parsePost as parseTree } from '../../src/render/render.ts';
import { parseStyle } from '../../src/render/style.ts';
import { checkContrast, TRIAL_PAGE } from '../../src/render/theme-page.ts';
import { checkTheme, toOwnRoot } from '../../src/render/theme-rules.ts';
import { readVars } from '../../src/render/theme-vars.ts';
import type { Node } from '../../src/render/tree.ts';
import { NO_THEME, readTheme, renderText, toGiven } from './cases.ts';

const root = new URL('../../', import.meta.url);
const readFile = (path: string) => readFileSync(new URL(path, root), 'utf8');
const base = readFile('themes/base.css');
const pairs = listThemes().flatMap((name) => listThemes('code').map((code) => ({ name, code })));
const files = [
  ...listThemes().map((name) => ({ name, kind: 'theme', css: readFile(`themes/${name}.css`) })),
  ...listThemes('code').map((name) => ({ name, kind: 'code', css: readFile(`themes/code/${name}.css`) })),
];

async function renderPost(path: string, theme: ReturnType<typeof readTheme>): Promise<string> {
  const { post } = await parsePost({ bytes: new TextEncoder().encode(readFile(path)), path });
  return (await renderText(post?.body ?? '', { title: post?.title ?? '' }, theme)).html;
}

/** Each text that is too faint, as one line. */
const listFaint = (texts: readonly SeenText[]) =>
  texts
    .filter((text) => judgeText(text) !== null)
    .map(({ kind, wished, light, dark, text }) => {
      const ratios = `${light.ratio.toFixed(2)} / ${dark.ratio.toFixed(2)}`;
      return `${kind} ${wished} on ${printColour(light.ground)}: ${ratios} «${text.slice(0, 12)}»`;
    });

describe.each(pairs)('$name with $code', ({ name, code }) => {
  let html = '';
  let page: readonly Node[] = [];
  beforeAll(async () => {
    html = await renderPost('test/fixtures/specimen.md', readTheme(name, code));
    page = parseHtml(html);
  });

  test('every text of the specimen can be read, by day and at night', () => {
    const texts = seeTexts(page);
    expect(texts.length).toBeGreaterThan(250);
    // Captions are darker than the greys that may be fainter.
    expect([...new Set(texts.map(({ kind }) => kind))].sort()).toEqual(['accent', 'body']);
    expect(listFaint(texts)).toEqual([]);
  });

  test('grounds turn dark, hairlines stay soft, nothing is painted in gradients', () => {
    const styles = toStyles(page);
    const grounds = styles.flatMap((style) => toColour(style.get('background-color') ?? '') ?? []);
    expect(grounds.length).toBeGreaterThan(10);
    const glaring = grounds.filter(({ r, g, b, alpha }) => alpha === 1 && !(r === g && g === b));
    expect(glaring.filter((colour) => toBrightness(colour) > 190).map(printColour)).toEqual([]);
    const lines = styles.flatMap((style) =>
      [...style].flatMap(([property, value]) =>
        /^border/.test(property) ? (value.match(/rgba\([^)]*\)/g) ?? []) : [],
      ),
    );
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(toColour(line)?.alpha).toBeLessThanOrEqual(MAX_LINE_ALPHA);
    expect(html).not.toContain('gradient');
  });
});

describe.each(files)('$kind $name', ({ name, kind, css }) => {
  test('says what it is and what it is for', () => {
    const { title, says } = readHead(css);
    expect(css).toContain(`@${kind} ${name}\n`);
    expect(title).toMatch(/^\p{Script=Han}{2,4}$/u);
    expect([says.zh, says.en]).toEqual([
      expect.stringMatching(/^\p{Script=Han}.*。$/u),
      expect.stringMatching(/^[A-Z].*\.$/),
    ]);
  });

  test('asks for nothing that is lost', () => expect(checkTheme(css, base)).toEqual([]));
});

test('base.css asks for nothing that is lost, and has the variables of the table', () => {
  expect(checkTheme(base, '')).toEqual([]);
  expect([...readVars(base).keys()]).toEqual([...THEME_VARS]);
});

test("a theme of one's own begins with the values of base.css", () => {
  const vars = Object.fromEntries(readVars(readFile('templates/theme.css')));
  expect(Object.fromEntries(readVars(base))).toMatchObject(vars);
  expect(Object.keys(vars).length).toBeGreaterThan(9);
});

test.each(listThemes())('the sample has at most 9,000 characters in %s', async (name) => {
  const { length } = await renderPost('examples/blog/content/zh/2026-trade.md', readTheme(name));
  expect(length).toBeGreaterThan(5_000);
  expect(length).toBeLessThanOrEqual(9_000);
});

test.each(listThemes())('marked words are seen and read in %s, links and stressed words in them too', async (name) => {
  const link = '[链](https://mp.weixin.qq.com/s/a)';
  const { html } = await renderText(`正文正文正文 ==标${link}**重**== **重==标==**`, {}, readTheme(name));
  const texts = seeTexts(parseHtml(html));
  const marked = texts.filter(({ text }) => /^[标链重]$/.test(text)).slice(0, 3);
  expect(marked.map(({ text }) => text)).toEqual(['标', '链', '重']);
  for (const { light, dark } of marked) {
    expect(toRatio(light.ground, { r: 255, g: 255, b: 255, alpha: 1 })).toBeGreaterThan(1.15);
    expect(toRatio(dark.ground, { r: 25, g: 25, b: 25, alpha: 1 })).toBeGreaterThan(1.15);
  }
  expect(listFaint(texts)).toEqual([]);
});

test.each(listThemes())('%s keeps to the norms of Chinese pages', (name) => {
  const vars = readVars(readTheme(name).css);
  const read = (variable: string) => Number.parseFloat(vars.get(variable) ?? '');
  expect(read('--wx-size')).toSatisfy((size: number) => size >= 15 && size <= 17);
  expect(read('--wx-leading')).toSatisfy((leading: number) => leading >= 1.63 && leading <= 1.93);
  expect(read('--wx-spacing')).toSatisfy((spacing: number) => spacing >= 0 && spacing <= 0.05);
});

describe('a faint colour is found', () => {
  test.each([
    [':root{--wx-text:#aaaaaa}', 'body'],
    ['p{color:#8a8a8a}section{color:#8a8a8a}', 'body'],
    [':root{--wx-muted:#b0b0b0}', 'accent'],
    [':root{--wx-primary:#ffb11b}', 'accent'],
    ['strong{color:#d9e021}', 'accent'],
    ['blockquote{background-color:#f6f8fa}blockquote p{color:#888888}', 'accent'],
    ['th{background-color:#ffffff;color:#eeeeee}', 'accent'],
    ['.hljs-keyword{color:#c0c0c0}', 'accent'],
    // Between words of the text this grey would be a caption's.
    ['.hljs-keyword{color:#808080}', 'accent'],
    ['code{background-color:#333333}', 'body'],
    ['p{opacity:.5}', 'body'],
    ['blockquote{opacity:60%}blockquote p{opacity:.7}', 'accent'],
    ['strong{color:yellow}', 'accent'],
    ['em{color:transparent}', 'accent'],
    // WeChat's own tool takes it for a full grey, which is near that of the text at night.
    ['code{background-color:rgba(127, 127, 127, .12)}', 'body'],
  ])('%s', async (css, kind) => {
    const theme = readTheme('default');
    const html = await renderPost('test/fixtures/specimen.md', {
      ...theme,
      codeCss: `${theme.codeCss}${css}`,
      css: theme.css + css,
    });
    expect(listFaint(seeTexts(parseHtml(html))).join('\n')).toContain(`${kind} `);
    expect(await checkContrast({ ...theme, codeCss: `${theme.codeCss}${css}`, css: theme.css + css }, css)).not.toEqual(
      [],
    );
  });
});

test.each([
  ['the colour itself', 'p{margin:0}\nstrong{\n  color: #ccc;}', 3, 3],
  ['the variable that says it', ':root{\n--wx-primary: #cccccc}', 2, 1],
  ['the ground, where the colour is from elsewhere', 'p{}\n\nblockquote{background: #555555}', 3, 12],
])('a faint text is told at %s', async (_, css, line, column) => {
  const theme = readTheme('default');
  const found = await checkContrast({ ...theme, css: theme.css + css }, css);
  expect(found).toContainEqual(expect.objectContaining({ code: 'theme-contrast', severity: 'error', line, column }));
});

describe('what is wrong with a theme is told with its line', () => {
  test.each<readonly [css: string, ...expected: string[]]>([
    ['p{margin:0}'],
    ['.wx > h2:first-child, .alert-tip ~ p{margin:0}'],
    ['h2::before{content:"§"; color:#1a1a1a}'],
    ['.hljs-keyword{color:#333333}'],
    [':root{--mine:1px}p{margin:var(--mine)}'],
    ['p{margin:var(--none, 2px)}'],
    ['li{color:#333333;font-size:15px}'],
    ['#nice p{margin:0}#nice{color:#333333}.markdown-body h1,#wenyan > h2{margin:0}'],
    ['article p{margin:0}', '1:1 theme-selector article'],
    ['p,\n .lead{margin:0}', '2:2 theme-selector .lead'],
    ['p:not(.x) em{margin:0}'],
    ['#id{margin:0}', '1:1 theme-selector #id'],
    ['a:hover{margin:0}', '1:1 theme-selector a:hover'],
    ['[title]{margin:0}', '1:1 theme-selector [title]'],
    ['p:is(.note, .line)::after{margin:0}'],
    ['p:has(~ * ~ *), em{margin:0}', '1:1 theme-selector-refused selector-unknown'],
    ['em,\n p ~ td ~ p::before{margin:0}', '2:2 theme-selector-refused selector-costly'],
    [`${'p '.repeat(13)}{margin:0}`, '1:1 theme-selector-refused selector-costly'],
    ['p[{margin:0}', '1:1 theme-syntax p[{margin:0}'],
    ['p{position:relative}', '1:3 theme-lost position'],
    ['p{\n  font-family: Kaiti;\n}', '2:3 theme-lost font'],
    ['code{font-family:Menlo,monospace}'],
    ['p{background:url(x.png)}', '1:3 theme-lost outside-file'],
    ['p{animation:x 1s}', '1:3 theme-lost property-lost'],
    ['p{margin:calc(1px + 2px)}', '1:3 theme-lost value-lost'],
    ['p{margin:1rem}', '1:3 theme-lost value-lost'],
    ['p{margin:0 !important}', '1:3 theme-lost important'],
    ['li{margin:0}', '1:4 theme-lost item-style'],
    ['.wx{--x:1px}', '1:5 theme-lost var-outside-root'],
    [':root{color:#333333}', '1:7 theme-lost root-is-for-vars'],
    ['p{color:tomato}h2{border-bottom:1px solid hsl(200 50% 30%)}'],
    ['p{color:tomatoe}', '1:3 theme-lost colour-name'],
    ['blockquote{background:lavender}', '1:12 theme-panel-tinted background: lavender'],
    ['td{border:1px solid lightgrey}', '1:4 theme-line-hard border: 1px solid lightgrey'],
    ['p{font-size:16;line-height:1.8;margin:0 auto}', '1:3 theme-lost unit-missing'],
    ['p{margin:0 8}', '1:3 theme-lost unit-missing'],
    ['p{color:var(--none)}', '1:3 theme-var-unset --none'],
    ['h2{background:linear-gradient(#fff, #000)}', '1:4 theme-gradient background: linear-gradient(#fff, #000)'],
    ['blockquote{background:#f6f8fa}', '1:12 theme-panel-tinted background: #f6f8fa'],
    ['blockquote{background:rgba(26, 119, 148, .1)}'],
    ['h2{background:#176b87;color:#ffffff}'],
    ['td{border:1px solid #eee}', '1:4 theme-line-hard border: 1px solid #eee'],
    ['td{border-top-color:rgba(0,0,0,.4)}', '1:4 theme-line-hard border-top-color: rgba(0,0,0,.4)'],
    ['@import "x.css";\np{margin:0}', '1:1 theme-at-rule @import "x.css"'],
    ['@media (max-width: 1px){p{margin:0}}', '1:1 theme-at-rule @media (max-width: 1px)'],
    ['p{margin}', '1:3 theme-syntax margin'],
    ['/* a\n*/ p{\n/* x{} */ float: left; color red\n}', '3:24 theme-syntax color red'],
  ])('%s', (css, ...expected) => {
    const own = toOwnRoot(css);
    expect(own.length).toBe(css.length);
    const told = checkTheme(own, base).map(({ line, column, code, args }) => {
      return `${line}:${column} ${code} ${args['problem'] ?? args['name'] ?? args['text']}`;
    });
    expect(told).toEqual(expected);
  });

  test('a theme of more selectors than are read says where the reading ends', () => {
    const told = checkTheme(`${'p{margin:0}\n'.repeat(2_000)}em, del{margin:0}`, base);
    expect(told).toMatchObject([{ code: 'theme-selector-refused', line: 2_001, column: 1 }]);
  });

  test('but not without end', () => expect(checkTheme('x{}'.repeat(400), base)).toHaveLength(200));
});

test('every class that the renderer gives is in the table, and the trial page has all of them but code', async () => {
  const given = toGiven(readFile('test/fixtures/specimen.md').replace(/^---[\s\S]*?---\n/, ''), {});
  const trial = toGiven(TRIAL_PAGE, {});
  const dotted = { ...NO_THEME, vars: { 'wx-dots': 'shown' } };
  const [specimen, page] = await Promise.all(
    [given, trial].map(async ({ source, options }) =>
      findNames((await parseTree(source, { ...options, theme: dotted }, () => undefined)).tree),
    ),
  );
  expect([...(specimen?.classes ?? [])].filter((name) => !THEME_CLASSES.has(name) && !CODE_CLASS.test(name))).toEqual(
    [],
  );
  expect([...THEME_CLASSES].filter((name) => specimen?.classes.has(name) !== true)).toEqual([]);
  // A formula is a drawing, in the colour of the text round it.
  const quiet = ['gap', 'pictured', 'wide', 'swipe', 'line', 'url', 'math'];
  expect([...THEME_CLASSES].filter((name) => page?.classes.has(name) !== true && !quiet.includes(name))).toEqual([]);
  const silent = ['hr', 'br', 'img', 'figure', 'ul', 'ol', 'tfoot', 'table', 'thead', 'tbody', 'tr'];
  const drawn = ['svg', 'path', 'text', 'circle'];
  expect([...(specimen?.tags ?? [])].filter((tag) => !THEME_TAGS.has(tag) && !drawn.includes(tag))).toEqual([]);
  expect([...THEME_TAGS].filter((tag) => specimen?.tags.has(tag) !== true && !silent.includes(tag))).toEqual([]);
});

test('the code theme owns the panel: it comes after the theme and wins', async () => {
  const html = await renderText(
    '```\nx\n```',
    {},
    { ...NO_THEME, css: 'pre{background-color:#111111}', codeCss: 'pre{background-color:#eeeeee}' },
  );
  expect(html.html).toContain('background-color:#eee');
});

function toStyles(nodes: readonly Node[]): readonly ReadonlyMap<string, string>[] {
  return nodes.flatMap((node) =>
    node.kind === 'text' ? [] : [parseStyle(node.attrs['style'] ?? ''), ...toStyles(node.children)],
  );
}

function findNames(node: Node): { readonly tags: ReadonlySet<string>; readonly classes: ReadonlySet<string> } {
  const tags = new Set<string>();
  const classes = new Set<string>();
  const visit = (each: Node): void => {
    if (each.kind === 'text') return;
    tags.add(each.tag);
    for (const name of (each.attrs['class'] ?? '').split(' ')) if (name !== '') classes.add(name);
    each.children.forEach(visit);
  };
  visit(node);
  return { tags, classes };
}

test('a picture that begins a paragraph is never indented out of the column', async () => {
  const toStyle = async (markdown: string) =>
    /<p style="([^"]*)"/.exec((await renderText(markdown, {}, readTheme('essay'))).html)?.[1] ?? '';
  expect(await toStyle('![图](a.png) 后面的字')).toContain('text-indent:0');
  expect(await toStyle('文 ![图](a.png)')).toContain('text-indent:2em');
});

test.each([
  ['*重点*', 'normal', '1px'],
  ['*Nature* 和 *x*', 'italic', '0'],
  ['*强调 and words*', 'normal', '1px'],
])('%s: only words of Latin letters are slanted', async (markdown, slant, line) => {
  const { html } = await renderText(`正文 ${markdown}`, {}, readTheme('default'));
  const styles = [...html.matchAll(/<em(?: style="([^"]*)")?>/g)].map((match) => parseStyle(match[1] ?? ''));
  expect(styles.length).toBeGreaterThan(0);
  for (const style of styles) {
    expect(style.get('font-style') ?? 'italic').toBe(slant);
    expect((style.get('border-bottom') ?? '0').split(' ')[0]).toBe(line);
  }
});
