// How long the HTML of a post is, which WeChat limits: the sample, and a long post of many links and images, in each theme.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseHtml } from '../../src/render/html.ts';
import { parseStyle, type Style } from '../../src/render/style.ts';
import type { Node } from '../../src/render/tree.ts';
import { listCss, readTheme, renderText, SAMPLE, SPECIMEN } from './cases.ts';

/** About 12,000 characters with 60 links and 30 images; the bench has what another tool makes of it. */
const LONG = readFileSync(new URL('../fixtures/long.md', import.meta.url), 'utf8');

test('the long post is what it says', () => {
  expect(LONG.length).toBeGreaterThan(11_500);
  expect(LONG.length).toBeLessThan(12_500);
  expect(LONG.match(/(?<!!)\[/g)?.length).toBe(60);
  expect(LONG.match(/!\[/g)?.length).toBe(30);
});

test.each(listCss(''))('theme %s', async (name) => {
  const theme = readTheme(name);
  const toLength = async (markdown: string, compact: boolean): Promise<number> =>
    (await renderText(markdown, { settings: { compact } }, theme)).html.length;
  expect(await toLength(SAMPLE.markdown, false)).toBeLessThanOrEqual(9_000);
  expect(await toLength(SAMPLE.markdown, true)).toBeLessThanOrEqual(7_500);
  expect(await toLength(LONG, false)).toBeLessThanOrEqual(39_000);
  expect(await toLength(LONG, true)).toBeLessThanOrEqual(34_000);
});

const INHERITED = ['color', 'font-size', 'line-height', 'font-weight', 'text-align', 'letter-spacing', 'word-break'];

/** Each character with the inherited styles that it ends up with. */
function toSeen(node: Node, around: Style = new Map()): readonly string[] {
  if (node.kind === 'text') {
    const look = INHERITED.map((name) => around.get(name) ?? '-').join(' ');
    return [...node.value].map((character) => `${character} ${look}`);
  }
  const style = new Map([...around, ...parseStyle(node.attrs['style'] ?? '')]);
  return node.children.flatMap((child) => toSeen(child, style));
}

const pairs = listCss('').flatMap((name) => [SAMPLE, SPECIMEN].map((post) => ({ name, post, title: post.name })));
test.each(pairs)('compact looks the same: theme $name, $title', async ({ name, post }) => {
  const [long, compact] = await Promise.all(
    [false, true].map(async (compact) => {
      const { html } = await renderText(post.markdown, { settings: { compact } }, readTheme(name));
      return parseHtml(html).flatMap((node) => toSeen(node));
    }),
  );
  expect(compact).toEqual(long);
});
