// What we render, once its pictures lie at WeChat, loses nothing on its way: the sandbox's filters are asked, not ourselves.
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { filterContent, findForbidden } from '../../src/sandbox/content/api.ts';
import { filterClipboard } from '../../src/sandbox/content/clipboard.ts';
import { filterEditor } from '../../src/sandbox/content/editor.ts';
import { showReader } from '../../src/sandbox/content/reader.ts';
import type { Filtered } from '../../src/sandbox/content/rule.ts';
import { ALL_RULES, type FilterRule, FORTUNATE } from '../../src/sandbox/content/stages.ts';
import { readStyle } from '../../src/sandbox/content/style.ts';
import { type Element, isElement, parseTree } from '../../src/sandbox/content/tree.ts';
import { toVisibleText } from '../../src/sandbox/content/views.ts';
import { readTheme, renderText } from './cases.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const namesOf = (folder: string, end: string): readonly string[] =>
  readdirSync(new URL(`../../${folder}`, import.meta.url))
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length));
const THEMES = namesOf('themes', '.css').filter((name) => name !== 'base');

/** What themes dress in ways of their own; the specimen has the rest. */
const STRUCTURED = /^(?:alerts|aside|footnotes|headings|quotes|table)$/;

const PAGES: readonly (readonly [path: string, theme: string])[] = [
  ...namesOf('test/cases', '.md').map((name) => [`test/cases/${name}.md`, 'default'] as const),
  ...namesOf('test/cases', '.md').flatMap((name) =>
    STRUCTURED.test(name)
      ? THEMES.filter((theme) => theme !== 'default').map((theme) => [`test/cases/${name}.md`, theme] as const)
      : [],
  ),
  ...['examples/blog/content/zh/2026-trade.md', 'test/fixtures/specimen.md'].flatMap((path) =>
    THEMES.map((theme) => [path, theme] as const),
  ),
];

/** The page as it is sent: every picture is uploaded. */
async function renderSent(path: string, theme: string): Promise<string> {
  const markdown = read(path).replace(/^---\n.*?\n---\n/s, '');
  const options = JSON.parse(/^<!-- (\{.*\}) -->\n/.exec(markdown)?.[1] ?? '{}');
  const { images, html } = await renderText(markdown, options, readTheme(theme));
  if (images.length === 0) return html;
  const sent = images.map(({ src }, at) => {
    const url = `https://mmbiz.qpic.cn/mmbiz_png/${'x'.repeat(40)}${at}/640?wx_fmt=png`;
    return [src, { url, width: 800, height: 600 }] as const;
  });
  return (await renderText(markdown, { ...options, images: Object.fromEntries(sent) }, readTheme(theme))).html;
}

/** Every element but those that the editor puts around a line or a picture. */
function listElements(element: Element): readonly Element[] {
  const own =
    element.attributes.has('leaf') || element.attributes.has('nodeleaf') || element.tag === '' ? [] : [element];
  return [...own, ...element.children.filter(isElement).flatMap(listElements)];
}

async function listStyles(html: string): Promise<readonly string[]> {
  return listElements(await parseTree(html)).flatMap(({ tag, attributes }) => {
    const declarations = readStyle(attributes.get('style') ?? '').map(
      ({ name, value, isImportant }) => `${name}:${value}${isImportant ? '!' : ''}`,
    );
    return declarations.length === 0 ? [] : [`${tag} ${declarations.join(';')}`];
  });
}

async function listImages(html: string): Promise<readonly string[]> {
  return listElements(await parseTree(html)).flatMap(({ tag, attributes }) =>
    tag === 'img' ? [attributes.get('src') ?? attributes.get('data-src') ?? ''] : [],
  );
}

async function see(html: string) {
  return { text: await toVisibleText(html), images: await listImages(html), styles: await listStyles(html) };
}

/** A hundred quotes in each other: the editor makes one of them, and says so for anything deeper than ten. */
const isTooDeep = (path: string): boolean => path === 'test/cases/nesting.md';

function listLosses(path: string, { changes }: Filtered<FilterRule>): readonly FilterRule[] {
  return changes
    .map(({ rule }) => rule)
    .filter((rule) => ALL_RULES[rule].effect === 'loss' && !(rule === 'chain' && isTooDeep(path)));
}

describe.each(PAGES)('%s in %s', (path, theme) => {
  let sent = '';
  beforeAll(async () => {
    sent = await renderSent(path, theme);
  });

  test('is stored by the API byte for byte', async () => {
    expect(await findForbidden(sent, 'reject')).toEqual([]);
    expect(await filterContent(sent, 'reject')).toEqual({ html: sent, changes: [] });
  });

  test('keeps its text, pictures and styles in the editor, and reaches the reader', async () => {
    const saved = await filterEditor(sent, FORTUNATE);
    expect(listLosses(path, saved)).toEqual([]);
    const [left, given] = [await see(saved.html), await see(sent)];
    expect(left.text).toBe(given.text);
    expect(left.images).toEqual(given.images);
    if (!isTooDeep(path)) expect(left.styles).toEqual(given.styles);
    expect(listLosses(path, await showReader(saved.html, null))).toEqual([]);
  });

  test('keeps all this when it is pasted', async () => {
    expect(listLosses(path, await filterClipboard(sent, FORTUNATE))).toEqual([]);
  });
});
