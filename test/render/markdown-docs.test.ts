// Holds docs/markdown.md to the renderer: each of its examples is rendered, each of its lists laid beside the tables.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FINDINGS } from '../../src/facts/findings.ts';
import { LIMITS } from '../../src/facts/limits.ts';
import { AUTHOR_STYLES, REMOVED_WITH_CONTENT } from '../../src/facts/markup.ts';
import { toVisibleText } from '../../src/render/visible.ts';
import { renderInner, renderText } from './cases.ts';

const page = readFileSync(new URL('../../docs/markdown.md', import.meta.url), 'utf8');
const twin = readFileSync(new URL('../../docs/markdown.zh-CN.md', import.meta.url), 'utf8');
const codesOf = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

describe('two boxes: what is written and what is seen', () => {
  const boxes = [
    ...page.matchAll(/^(`{3,})markdown\n([\s\S]*?)^\1\n\n```text\n([\s\S]*?)^```\n(?:\n(Found: .*)\n)?/gm),
  ].map(([, , markdown = '', seen = '', found = '']) => ({ markdown, seen: seen.trim(), found: codesOf(found) }));

  test('all of them are read', () => {
    expect(boxes.length).toBe(page.match(/^`{3,}markdown$/gm)?.length);
    expect(boxes.length).toBeGreaterThan(15);
  });

  test.each(boxes)('$markdown', async ({ markdown, seen, found }) => {
    const { html, findings } = await renderText(markdown);
    expect(toVisibleText(html)).toBe(seen);
    expect(findings.map(({ code }) => code)).toEqual(found);
  });
});

describe('two cells: what is written and what it becomes', () => {
  const rows = page.split('\n').flatMap((line) => {
    const [, written = '', becomes = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const html = /^`([^`]+)`$/.exec(becomes)?.[1];
    const all = [...written.matchAll(/(`+) ?(.+?) ?\1/g)].map((match) => match[2] ?? '');
    return html === undefined ? [] : all.map((markdown) => ({ markdown, html }));
  });

  test('all of them are read', () => expect(rows.length).toBeGreaterThan(30));

  /** A page of one paragraph, whose marks have no theme to dress them. */
  test.each(rows)('$markdown', async ({ markdown, html }) => {
    expect(await renderInner(markdown)).toBe(`<p>${html}</p>`);
  });
});

/** The cells of each row that begins with code, as far as they are code; punctuation is each language's own. */
const examplesOf = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    if (!line.startsWith('| `')) return [];
    const [, written = '', becomes = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return [`${codesOf(written).join(' ')} -> ${/^`([^`]+)`$/.exec(becomes)?.[1] ?? ''}`];
  });

// Its blocks are written by scripts/docs.mjs.
test('the Chinese page has the same examples in its tables, and names the same findings', () => {
  expect(examplesOf(twin)).toEqual(examplesOf(page));
  const findingsOf = (text: string) => codesOf(text).filter((code) => Object.hasOwn(FINDINGS, code));
  expect(findingsOf(twin)).toEqual(findingsOf(page));
  expect(twin).toContain(`认得 ${/; (\d+) are known/.exec(page)?.[1]} 种`);
  for (const title of ['说明', '提示', '重要', '注意', '警告']) expect(twin).toContain(title);
  expect(twin).toContain(`最多 ${LIMITS.miniprogramTitle.value} 个字`);
  for (const figure of page.match(/\d{1,3}(?:,\d{3})+/g) ?? []) expect(twin).toContain(figure);
});

describe('lists', () => {
  const sentence = (start: string): string => page.split('\n').find((line) => line.includes(start)) ?? '';
  const part = (start: string): string => sentence(start).split(start)[1]?.split('.')[0] ?? '';

  test('styles that an author may set', () => {
    expect([...codesOf(part('Of styles an author may set '))].sort()).toEqual([...AUTHOR_STYLES].sort());
  });

  test('tags that go with all that is in them', () => {
    const tags = codesOf(part('must not run goes with all that is in it: '));
    expect(tags.length).toBeGreaterThan(5);
    expect(tags.filter((tag) => !REMOVED_WITH_CONTENT.has(tag))).toEqual([]);
  });

  test.each(
    [...page.matchAll(/`(\[![A-Z]+\])` (\p{Script=Han}+)/gu)].map(([, mark = '', title = '']) => ({ mark, title })),
  )('$mark is titled $title', async ({ mark, title }) => {
    expect(toVisibleText((await renderText(`> ${mark}\n> 文`)).html)).toBe(`${title}\n文`);
  });

  test('languages that are coloured', () => {
    const source = readFileSync(new URL('../../src/render/highlight.ts', import.meta.url), 'utf8');
    const languages = source.match(/import\('highlight\.js\/lib\/languages\//g) ?? [];
    expect(page).toContain(`; ${languages.length} are known`);
  });

  test('findings and limits have their names and figures', () => {
    const named = codesOf(page).filter((code) => /^[a-z]+(?:-[a-z]+)+$/.test(code) && !AUTHOR_STYLES.has(code));
    expect(named.filter((code) => !Object.hasOwn(FINDINGS, code))).toEqual([]);
    const card = `\`title\` (up to ${LIMITS.miniprogramTitle.value} characters)`;
    expect(page).toContain(card);
    expect(page).toContain(`${LIMITS.miniprogramWidth.value} × ${LIMITS.miniprogramHeight.value} pixels`);
    const figure = (value: number): string => value.toLocaleString('en');
    const lengths = page.split('## Lengths')[1] ?? '';
    for (const { value } of [LIMITS.contentLong, LIMITS.content, LIMITS.nesting])
      expect(lengths).toContain(figure(value));
  });
});
