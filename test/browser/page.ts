// A page of Chromium that all tests of a file share: opened before the first of them, closed after the last.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { startChromium } from '../../scripts/chromium.mjs';

/** CSS pixels. */
const PHONE = { width: 375, height: 800 };

/** To be called beside a file's tests; what it returns gives the page within them. */
export function openPage(viewport = PHONE): () => Page {
  let browser: Browser | null = null;
  let page: Page | null = null;
  beforeAll(async () => {
    browser = await startChromium();
    page = await browser.newPage({ viewport });
  });
  afterAll(() => browser?.close());
  return () => page ?? expect.unreachable('no test has begun');
}
