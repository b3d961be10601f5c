// Words in tables on a phone, as Chromium lays them out: none is cut that a phone has room for.
import { expect, test } from 'vitest';
import { READER_CSS } from './article.ts';
import { readTheme, renderGolden, THEMES } from './ours.ts';
import { openPage } from './page.ts';

const page = openPage();

/** Runs in the page: words and short names in tables whose cells span no others, and whether each stands in one line. */
const WORDS = `() => {
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement.closest('table:not(:has([colspan]))') === null) continue;
    for (const { 0: word, index } of node.data.matchAll(/[\\w./+]+|[\\u4e00-\\u9fff]{2,3}(?![\\u4e00-\\u9fff，])/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      words.push({ word, lines: new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size });
    }
  }
  return words;
}`;

/** Lays a golden out in a phone's article, 343 pixels wide. */
async function show(golden: string, theme: string): Promise<void> {
  const html = await renderGolden(golden, await readTheme(theme));
  const frame = `width: 343px; font: 17px/1.6 sans-serif`;
  await page().setContent(`<style>${READER_CSS}</style><div class="rich_media_content" style="${frame}">${html}</div>`);
}

test.each(THEMES)('in theme %s words stand in one line', async (name) => {
  await show('table-words', name);
  const words = await page().evaluate<readonly { word: string; lines: number }[]>(`(${WORDS})()`);
  expect(words.map(({ word }) => word)).toEqual(expect.arrayContaining(['Framework', 'Python/C++', '2015', '名称']));
  const cut = words.filter(({ word, lines }) => lines > 1 && word.length <= 20);
  expect(cut).toEqual([]);
});

interface Seen {
  /** How much wider than its frame. */
  readonly over: number;
  readonly hasHint: boolean;
  /** Of its narrowest column, in characters that fit. */
  readonly least: number;
  readonly cut: readonly string[];
  /** Formulas: how wide, as a part of how wide they would be by themselves. */
  readonly scales: readonly number[];
}

/** Runs in the page: each table, as it stands in its frame. */
const TABLES = `() => [...document.querySelectorAll('table')].map((table) => {
  const frame = table.parentElement;
  const cells = [...table.querySelectorAll('td')];
  const toRoom = (cell) => {
    const { paddingLeft, paddingRight, fontSize } = getComputedStyle(cell);
    return (cell.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) / parseFloat(fontSize);
  };
  const prose = cells.filter(({ textContent }) => /[\\u4e00-\\u9fff，]{10}/.test(textContent));
  const cut = [];
  const walker = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (const { 0: word, index } of node.data.matchAll(/[\\w.-]+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) cut.push(word);
    }
  }
  const scales = [...table.querySelectorAll('svg')].map((svg) => {
    const shown = svg.getBoundingClientRect().width;
    const free = svg.cloneNode(true);
    free.style.setProperty('max-width', 'none', 'important');
    free.style.position = 'absolute';
    svg.after(free);
    const whole = free.getBoundingClientRect().width;
    free.remove();
    return shown / whole;
  });
  const hasHint = frame.previousElementSibling.textContent.includes('左右滑动');
  return { over: frame.scrollWidth - frame.clientWidth, hasHint, least: Math.min(99, ...prose.map(toRoom)), cut, scales };
})`;

test.each(THEMES)(
  'in theme %s there is room for prose, dates, options and formulas, or a word that it scrolls',
  async (name) => {
    await show('table-room', name);
    const tables = await page().evaluate<readonly Seen[]>(`(${TABLES})()`);
    expect(tables.map(({ hasHint }) => hasHint)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(tables.filter(({ over, hasHint }) => over > 0 && !hasHint)).toEqual([]);
    expect(Math.min(...tables.map(({ least }) => least))).toBeGreaterThan(3.5);
    expect(tables.flatMap(({ cut }) => cut)).toEqual(['--with-a-very-long-kebab-case-option-name']);
    expect(tables.flatMap(({ scales }) => scales.map((scale) => scale > 0.98))).toEqual([true, true]);
  },
);
