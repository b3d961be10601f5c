// `node scripts/screenshots.mjs`: makes the pictures in docs/images from the example post and the built CLI.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { startChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'bin', 'wxsync.js');
const out = join(root, 'docs', 'images');
mkdirSync(out, { recursive: true });

const site = join(mkdtempSync(join(tmpdir(), 'wxsync-shots-')), 'blog');
cpSync(join(root, 'examples', 'blog'), site, { recursive: true });
const env = { PATH: process.env.PATH, HOME: site, WXSYNC_HOME: join(site, '.home'), WXSYNC_LANG: 'zh' };
const wxsync = (...args) => spawnSync(process.execPath, [bin, ...args], { cwd: site, env, encoding: 'utf8' });
wxsync('publish', '--sandbox', 'content/zh/2026-trade.md');
const preview = join(
  site,
  '.wxsync',
  'preview',
  readdirSync(join(site, '.wxsync', 'preview')).find((name) => name.endsWith('.html')),
);

const browser = await startChromium();
/** Colours of a screenshot are few: a palette makes it a third as large. */
const save = async (name, png) =>
  sharp(png)
    .png({ palette: true, quality: 92, effort: 8 })
    .toFile(join(out, `${name}.png`));

const article = /srcdoc="([^"]*)"/.exec(readFileSync(preview, 'utf8'))[1];
const html = article.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
for (const width of [375, 677]) {
  const page = await browser.newPage({ viewport: { width, height: 1400 } });
  await page.setContent(html);
  await save(`sample-${width}`, await page.screenshot({ fullPage: true }));
  await page.close();
}

for (const [name, colorScheme] of [
  ['preview', 'light'],
  ['preview-dark', 'dark'],
]) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 860 }, colorScheme });
  await page.goto(pathToFileURL(preview).href);
  await save(name, await page.screenshot());
  await page.close();
}

const server = spawn(process.execPath, [bin, 'sandbox', '--port', '0'], { cwd: site, env });
const url = await new Promise((found) => {
  let text = '';
  server.stdout.on('data', (part) => {
    text += part;
    const match = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
    if (match) found(match[0]);
  });
});
const page = await browser.newPage({ viewport: { width: 1100, height: 760 }, locale: 'zh-CN' });
await page.goto(url);
await save('sandbox', await page.screenshot());
await browser.close();
server.kill('SIGTERM');
