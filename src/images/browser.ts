// The one door to Chromium: where one is, how it is started without a network or a secret, and a page that draws diagrams; it knows no post.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { LIMITS } from '../facts/limits.ts';
import { findBuilt, toBareEnv } from './jail.ts';
import type { PageAnswer, PageJob } from './mermaid-page.ts';

/** The parts of a run that say where a browser may be. */
export interface BrowserSetting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

/** Why no browser draws: packages and programs that are not there or do not start, or a setting that wants none. */
export type NoBrowser = { readonly lacks: string } | { readonly setting: string };

/** Where a browser is, though it may not start. */
export type FoundBrowser =
  | { readonly is: 'there'; readonly path: string }
  | { readonly is: 'missing'; readonly why: NoBrowser };

/** Names a browser; `none` stands for none. */
const SETTING = 'WXSYNC_CHROME';

const LINUX = [
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/usr/bin/microsoft-edge',
];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];
const WINDOWS_ROOTS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];

/** Looks, and starts nothing: the setting, then where browsers are installed, then where playwright keeps its own. */
export async function findBrowser({ env, platform }: BrowserSetting): Promise<FoundBrowser> {
  const setting = env[SETTING];
  if (setting === 'none') return { is: 'missing', why: { setting: `${SETTING}=none` } };
  const there = setting ?? listPlaces({ env, platform }).find((path) => existsSync(path));
  if (!hasPlaywright()) {
    return { is: 'missing', why: { lacks: there === undefined ? 'playwright-core + Chrome' : 'playwright-core' } };
  }
  if (there !== undefined) return { is: 'there', path: there };
  const own = (await loadChromium()).executablePath();
  return existsSync(own) ? { is: 'there', path: own } : { is: 'missing', why: { lacks: 'Chrome' } };
}

function listPlaces({ env, platform }: BrowserSetting): readonly string[] {
  if (platform === 'darwin') return MAC;
  if (platform !== 'win32') return LINUX;
  const roots = WINDOWS_ROOTS.flatMap((name) => env[name] ?? []);
  return WINDOWS.flatMap((path) => roots.map((root) => join(root, path)));
}

/** It is the user's to install beside wxsync, and costs 150 ms to load. */
function hasPlaywright(): boolean {
  try {
    return createRequire(import.meta.url).resolve('playwright-core') !== '';
  } catch {
    return false;
  }
}

async function loadChromium() {
  const { chromium } = await import('playwright-core');
  return chromium;
}

export type BrowserAnswer =
  | Exclude<PageAnswer, { readonly is: 'drawn' }>
  /** At twice its size, on a card with round and transparent corners. */
  | { readonly is: 'drawn'; readonly png: Uint8Array }
  | { readonly is: 'too-much' };

/** A browser that runs. */
export interface Canvas {
  /** One drawing at a time. Rejects when the page crashed or was closed. */
  draw(job: PageJob): Promise<BrowserAnswer>;
  /** Ends all its processes, also those that hang; its profile is deleted. */
  close(): Promise<void>;
}

/** Who hears Ctrl-C: the caller, or nobody, so that the browser has to be ended here. */
export type Hearing = 'caller' | 'nobody';

/** Room for a browser's start on a busy computer, in ms. */
const START = 30_000;
/** Larger sides are not drawn whole; CSS pixels. */
const MAX_SIDE = 8_000;
const SCALE = 2;

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-component-update',
  '--disable-background-networking',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--js-flags=--max-old-space-size=1024',
  '--font-render-hinting=none',
];

/** No script of the page's own runs, nothing is loaded: mermaid comes from outside of it. */
const BLANK = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"><style>
body{margin:0;width:677px}
.card{display:inline-block;padding:16px;background:#fff;border-radius:8px;vertical-align:top}
svg{display:block}
</style>`;

/** Starts a browser with a new profile that is deleted at its end. Rejects when it does not start. */
export async function openCanvas(path: string, hearing: Hearing): Promise<Canvas> {
  const chromium = await loadChromium();
  const isHeard = hearing === 'nobody';
  const browser = await chromium.launch({
    executablePath: path,
    // Chromium refuses it for root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: FLAGS,
    env: toBareEnv(),
    timeout: START,
    handleSIGINT: isHeard,
    handleSIGTERM: isHeard,
    handleSIGHUP: isHeard,
  });
  try {
    const page = await openPage(browser);
    return { draw: (job) => draw(page, job), close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    ...{ deviceScaleFactor: SCALE, viewport: { width: 800, height: 600 }, offline: true },
    ...{ serviceWorkers: 'block', acceptDownloads: false, colorScheme: 'light', reducedMotion: 'reduce' },
    ...{ locale: 'zh-CN' },
  });
  await context.route('**/*', (route) => route.abort());
  const page = await context.newPage();
  await page.setContent(BLANK);
  await page.evaluate(await readFile(findBuilt('mermaid.js'), 'utf8'));
  return page;
}

async function draw(page: Page, job: PageJob): Promise<BrowserAnswer> {
  const answer = await page.evaluate<PageAnswer>(`drawDiagram(${JSON.stringify(job)})`);
  if (answer.is !== 'drawn') return answer;
  const { width, height } = answer;
  const pixels = width * height * SCALE ** 2;
  if (Math.max(width, height) > MAX_SIDE || pixels > LIMITS.sourcePixels.value) return { is: 'too-much' };
  await page.setViewportSize({ width: Math.max(677, width), height });
  return { is: 'drawn', png: await page.screenshot({ clip: { x: 0, y: 0, width, height }, omitBackground: true }) };
}
