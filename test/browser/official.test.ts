// The public good and bad articles, and everything of ours in every theme, judged by WeChat's rules in Chromium.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { layOut } from './article.ts';
import { judge, OFFICIAL_RULES, READER_RULES } from './official.ts';
import { CODE_THEMES, GOLDENS, readSource, readTheme, renderGolden, renderOurs, THEMES } from './ours.ts';
import { openPage } from './page.ts';

const page = openPage({ width: 1280, height: 720 });

/** Articles of github.com/wechatjs/verify-article-structure-spec, MIT, with the rule that each was chosen for. */
const fixtures = new URL('../fixtures/official-lint/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures), 'utf8');
const { bad, good }: { bad: Record<string, { expect: string[] }>; good: string[] } = JSON.parse(read('expected.json'));

/** What the bad articles break besides the rule that each was chosen for. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  // Pictures of 640 and 578 pixels: full on a phone, not on a desktop. A tree 15 deep.
  JAk9Sa9c7cCu9sX5pNIcZg: ['width'],
  tZ70Hqt5QdAvRLQKyRpFBw: ['width', 'nestNodes'],
  // Text on a gradient, which the public release of mp-darkmode does not mark.
  '42ApGiMTpDD9hotlfOqspA': ['darkmode-no-gradient'],
  // The element without height holds the text in further blocks, where the tool does not look.
  Xo_hRprDLhLbm9oabjX9CA: ['height'],
  // One and the same article, chosen for either rule.
  'issue12-darkmode-low-contrast': ['darkmode-no-gradient'],
  'issue8-darkmode-no-gradient': ['darkmode-low-contrast'],
};

describe('the public articles', () => {
  test.each(Object.entries(bad))('%s breaks its rule', async (name, { expect: broken }) => {
    const [article = []] = await layOut(page(), [read(`bad/${name}.html`)]);
    expect(Object.keys(judge(article)).sort()).toEqual([...broken, ...(ALSO[name] ?? [])].sort());
  });

  test.each(good)('%s breaks nothing', async (name) => {
    const [article = []] = await layOut(page(), [read(`good/${name}.html`)]);
    expect(judge(article)).toEqual({});
  });
});

test.each([
  [0.9, ['line-height']],
  [0.98, []],
])('two lines %f of their size apart break %o', async (height, rules) => {
  const html = `<section><p style="font-size:40px;line-height:${height}">一行<br>又一行</p></section>`;
  const [article = []] = await layOut(page(), [html]);
  expect(Object.keys(judge(article))).toEqual(rules);
});

/** What goldens break that show a post which no page can hold. */
const toUnfit = (golden: string, theme: string): readonly string[] => {
  if (golden !== 'nesting') return [];
  // A hundred quotes in each other; poem sets them in by nothing.
  return theme === 'poem' ? ['nestNodes'] : ['width', 'nestNodes', 'text-cut'];
};

const ALL = [...OFFICIAL_RULES, ...READER_RULES];

describe.each(THEMES)('in theme %s', (name) => {
  test('no golden breaks a rule', async () => {
    const theme = await readTheme(name);
    const articles = await layOut(page(), await Promise.all(GOLDENS.map((golden) => renderGolden(golden, theme))));
    const broken = articles.map((article, at) => [GOLDENS[at] ?? '', judge(article, ALL)] as const);
    const told = broken.filter(([golden, rules]) => Object.keys(rules).join() !== toUnfit(golden, name).join());
    expect(told).toEqual([]);
  });

  test.each(['examples/blog/content/zh/2026-trade.md', 'test/fixtures/specimen.md'])('%s breaks none', async (path) => {
    const source = await readSource(path);
    const themes = await Promise.all(CODE_THEMES.map((code) => readTheme(name, code)));
    const articles = await layOut(page(), await Promise.all(themes.map((theme) => renderOurs(source, theme))));
    expect(articles.map((article) => judge(article, ALL))).toEqual(CODE_THEMES.map(() => ({})));
  });
});
