// The sample post in real Chromium at phone and desktop width: nothing cut, nothing wider than the page, nothing fetched.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium } from '../../scripts/chromium.mjs';
import { copySite, run, SAMPLE, toEnv } from '../cli/stage.ts';

let browser: Browser;
let preview: string;
beforeAll(async () => {
  const site = copySite();
  const { stdout } = await run(['publish', '-n', SAMPLE, '--json'], { cwd: site, env: toEnv({ WXSYNC_LANG: 'zh' }) });
  preview = join(site, JSON.parse(stdout).results[0].preview);
  browser = await startChromium();
});
afterAll(() => browser.close());

/** Opens the preview page and tells of everything it asked for and complained of. */
async function open(width: number): Promise<{ page: Page; asked: string[]; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url().slice(0, 60)));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`file://${preview}`);
  return { page, asked, complaints };
}

/** The article alone, as the preview's frame holds it. */
async function openArticle(width: number): Promise<Page> {
  const escaped = /srcdoc="([^"]*)"/.exec(readFileSync(preview, 'utf8'))?.[1] ?? '';
  const html = escaped
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.setContent(html);
  await page.waitForFunction('[...document.images].every((image) => image.complete)');
  return page;
}

describe.each([375, 585, 677])('at %i px', (width) => {
  test('the article fits', async () => {
    const page = await openArticle(width);
    const seen = await page.evaluate(`(() => {
      const article = document.querySelector('#js_content');
      const scrolls = (node) => ['auto', 'scroll'].includes(getComputedStyle(node).overflowX);
      const inScroller = (node) => node !== article && (scrolls(node) || inScroller(node.parentElement));
      const nodes = [...article.querySelectorAll('*')].filter((node) => !inScroller(node));
      const right = article.getBoundingClientRect().right;
      return {
        pageFits: document.documentElement.scrollWidth <= document.documentElement.clientWidth,
        tooWide: nodes.filter((node) => node.getBoundingClientRect().right > right + 0.5).map((node) => node.outerHTML.slice(0, 80)),
        cut: nodes.filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0 && !scrolls(node) && getComputedStyle(node).display !== 'inline').map((node) => node.outerHTML.slice(0, 80)),
        images: [...article.querySelectorAll('img')].map((image) => image.naturalWidth > 0 && Math.abs(image.width / image.height - image.naturalWidth / image.naturalHeight) < 0.02),
        captions: [...article.querySelectorAll('img')].map((image) => {
          const caption = image.nextElementSibling;
          const gap = caption.getBoundingClientRect().top - image.getBoundingClientRect().bottom;
          return [caption.textContent, gap >= 0 && gap < 20];
        }),
        cells: [...article.querySelectorAll('th,td')].filter((cell) => cell.getBoundingClientRect().height > 10).length,
        classes: article.querySelectorAll('[class],[id]').length,
      };
    })()`);
    expect(seen).toEqual({
      pageFits: true,
      tooWide: [],
      cut: [],
      images: [true, true, true],
      captions: [
        ['图源：AI Generated', true],
        ['图源：AI Generated', true],
        ['图源：Unsplash', true],
      ],
      cells: 15,
      classes: 0,
    });
    await page.close();
  });
});

test('the preview page asks for nothing and switches between phone and desktop, day and night without a script', async () => {
  const { page, asked, complaints } = await open(1280);
  expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:') && url !== 'about:srcdoc')).toEqual(
    [],
  );
  expect(complaints).toEqual([]);
  const frame = (name: string) => page.locator(`iframe.${name}`);
  const width = () => frame('day').evaluate(({ clientWidth }) => clientWidth);
  expect(await width()).toBe(375);
  await page.getByText('电脑 677').click();
  expect(await width()).toBe(709);
  const isShown = () => Promise.all(['day', 'night'].map((name) => frame(name).isVisible()));
  expect(await isShown()).toEqual([true, false]);
  await page.getByText('夜间', { exact: true }).click();
  expect(await isShown()).toEqual([false, true]);
  expect(await page.locator('aside li').count()).toBe(3);
  await page.close();
});

test('the preview page fits a phone', async () => {
  const { page } = await open(375);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
  await page.close();
});
