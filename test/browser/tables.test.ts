// Words in tables on a phone, as Chromium lays them out: none is cut that a phone has room for.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../scripts/chromium.mjs';
import { READER_CSS } from './article.ts';
import { readTheme, renderGolden, THEMES } from './ours.ts';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await startChromium();
  page = await browser.newPage({ viewport: { width: 375, height: 800 } });
});
afterAll(() => browser.close());

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

test.each(THEMES)('in theme %s words stand in one line', async (name) => {
  const html = await renderGolden('table-words', await readTheme(name));
  const frame = `width: 343px; font: 17px/1.6 sans-serif`;
  await page.setContent(`<style>${READER_CSS}</style><div class="rich_media_content" style="${frame}">${html}</div>`);
  const words = await page.evaluate<readonly { word: string; lines: number }[]>(`(${WORDS})()`);
  expect(words.map(({ word }) => word)).toEqual(expect.arrayContaining(['Framework', 'Python/C++', '2015', '名称']));
  const cut = words.filter(({ word, lines }) => lines > 1 && word.length <= 20);
  expect(cut).toEqual([]);
});
