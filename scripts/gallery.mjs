// `npm run gallery [-- NAME…]`: draws scripts/gallery.md in every theme, by day and in WeChat's dark mode, into docs/images.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import sharp from 'sharp';
import { startChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'docs', 'images');

/** A phone's, in CSS pixels, and how much finer it is drawn: to whole pixels. */
const WIDTH = 375;
const SCALE = 1.6;
const GAP = 20;
/** Of a file, in pixels and bytes. */
const MAX_WIDTH = 1500;
const MAX_BYTES = 150_000;
/** What of a page is in the picture of all themes, and how many stand in a row. */
const GLIMPSE = 560;
const COLUMNS = 4;
/** The height of the line above each. */
const NAME = 40;
const GREY = '#d9d9d9';
/** As WeChat's, where its first names are installed: Chinese marks stand in the corner of their square. */
const TYPE = "'PingFang SC','Hiragino Sans GB','Noto Sans CJK SC','Microsoft YaHei',sans-serif";
/** Where the post says a picture is: one that WeChat has. */
const PICTURE = 'https://mmbiz.qpic.cn/morning';

const { darken, parseHtml, printNodes, renderPost } = await loadRenderer();
const post = readFileSync(join(root, 'scripts', 'gallery.md'), 'utf8');
const picture = await drawPicture();
const all = readdirSync(join(root, 'themes'))
  .filter((name) => name.endsWith('.css') && name !== 'base.css')
  .map((name) => name.slice(0, -'.css'.length))
  .sort();
const wished = process.argv.slice(2);
const themes = wished.length === 0 ? all : all.filter((name) => wished.includes(name));

const browser = await startChromium();
const glimpses = [];
for (const theme of themes) {
  const images = new Map([['morning.png', { url: PICTURE, width: 1080, height: 540 }]]);
  const { html } = await renderPost(post, { theme, images });
  const day = await shoot(html, { ground: '#fff', text: 'rgba(0,0,0,.9)' });
  const night = await shoot(printNodes(darken(parseHtml(html))), { ground: '#191919', text: '#a3a3a3' });
  await save(await layOut([day, night], 2), `theme-${theme}`);
  const part = { left: 0, top: 0, width: WIDTH * SCALE, height: GLIMPSE * SCALE };
  const glimpse = sharp(day)
    .extract(part)
    .extend({ top: NAME * SCALE, background: GREY });
  glimpses.push(
    await glimpse
      .composite([{ input: await shootName(theme), left: 0, top: 0 }])
      .png()
      .toBuffer(),
  );
}
await browser.close();
if (themes.length === all.length) await save(await layOut(glimpses, COLUMNS), 'themes');

async function shoot(body, { ground, text }) {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 }, deviceScaleFactor: SCALE });
  const style = `*{box-sizing:border-box;max-width:100%}body{margin:0;padding:24px 16px;background:${ground};color:${text};font-family:${TYPE}}`;
  await page.setContent(`<html lang="zh-CN"><style>${style}</style>${body.replace(PICTURE, picture)}`);
  const png = await page.screenshot({ fullPage: true });
  await page.close();
  return png;
}

/** Its name as it is written in a config, and as it is called. */
async function shootName(theme) {
  const [, title] = /@title (.+)/.exec(readFileSync(join(root, 'themes', `${theme}.css`), 'utf8')) ?? [];
  const page = await browser.newPage({ viewport: { width: WIDTH, height: NAME }, deviceScaleFactor: SCALE });
  const style = `body{margin:0;padding:0 16px;background:${GREY};font:600 17px/${NAME}px ${TYPE};color:#1f1f1f}span{font-weight:400;color:#555}`;
  await page.setContent(`<html lang="zh-CN"><style>${style}</style>${theme} <span>${title}</span>`);
  const png = await page.screenshot();
  await page.close();
  return png;
}

/** Pictures of one width beside each other, in rows as high as the highest. */
async function layOut(pictures, columns) {
  const height = Math.max(
    ...(await Promise.all(pictures.map((png) => sharp(png).metadata()))).map((each) => each.height),
  );
  const [width, gap] = [WIDTH * SCALE, GAP * SCALE];
  const rows = Math.ceil(pictures.length / columns);
  const whole = { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
  const placed = pictures.map((input, at) => {
    return { input, left: (at % columns) * (width + gap), top: Math.floor(at / columns) * (height + gap) };
  });
  const png = sharp({ create: { ...whole, channels: 3, background: GREY } }).composite(placed);
  return png.png().toBuffer();
}

/** Small enough to be read over a slow line, or not at all. */
async function save(png, name) {
  const picture = sharp(png).resize({ width: Math.min(MAX_WIDTH, (await sharp(png).metadata()).width) });
  const { size } = await picture
    .webp({ quality: 45, effort: 6, smartSubsample: true })
    .toFile(join(out, `${name}.webp`));
  if (size > MAX_BYTES) throw new Error(`${name}.webp has ${size} bytes, more than ${MAX_BYTES}`);
}

/** A morning without an author to ask for leave. */
async function drawPicture() {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1080" height="540">
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8fa9b8"/><stop offset="1" stop-color="#efe3d3"/></linearGradient>
<rect width="1080" height="540" fill="url(#sky)"/><circle cx="790" cy="250" r="64" fill="#f6d9b8"/>
<path d="M0 360 180 230l150 90 190-160 220 180 160-90 180 110v180H0z" fill="#7d909a"/>
<path d="M0 430 240 310l210 110 230-120 180 100 220-70v210H0z" fill="#566b74"/>
<path d="M0 480 300 410l260 70 270-60 250 50v70H0z" fill="#36474f"/></svg>`;
  const png = await sharp(Buffer.from(svg)).png().toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** What is not part of the library, and Node 20 does not read TypeScript by itself. */
async function loadRenderer() {
  const contents = `
    export { renderPost } from './dist/index.js';
    export { darken } from './src/render/darkmode.ts';
    export { parseHtml } from './src/render/html.ts';
    export { printNodes } from './src/render/tree.ts';`;
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  const options = { bundle: true, format: 'esm', platform: 'node', write: false, external: ['./dist/index.js'] };
  const { outputFiles } = await build({ stdin, ...options });
  const code = outputFiles[0].text.replace('./dist/index.js', new URL('../dist/index.js', import.meta.url).href);
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
