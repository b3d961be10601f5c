// `node scripts/theme-picture.mjs`: makes docs/images/themes.png, a short post in every theme by day and in WeChat's dark mode.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import sharp from 'sharp';
import { startChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const WIDTH = 375;
const HEIGHT = 730;
const GAP = 16;

const { darken, parseHtml, printNodes, renderPost } = await loadRenderer();
const themes = readdirSync(join(root, 'themes')).filter((name) => name.endsWith('.css') && name !== 'base.css');
const post = `
把博客写在仓库里，改一处就是一处；到了公众号，样子不该走样。**版式是读者先看到的内容**，所以主题只做三件事：节奏、对齐、克制。

## 先定节奏

标题上面留白多，下面留白少，读者才知道它管着哪一段。细节见[这篇文章](https://mp.weixin.qq.com/s/a)，命令是 \`wxsync theme\`。

- 正文十六像素，行高一点七五
- 只用一种点缀色

> 少即是多，但少得要有道理。

### 再看对齐

| 元素 | 白天 | 夜间 |
| --- | --- | ---: |
| 正文 | 深灰 | 10.3 |
| **标题** | 近黑 | 7.0 |
`;

const browser = await startChromium();
const pictures = [];
for (const name of themes.sort()) {
  const { html } = await renderPost(post, { theme: name.replace('.css', '') });
  for (const [row, [ground, text, body]] of [
    ['#fff', 'rgba(0,0,0,.9)', html],
    ['#191919', '#a3a3a3', printNodes(darken(parseHtml(html)))],
  ].entries()) {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, deviceScaleFactor: 2 });
    await page.setContent(
      `<style>*{box-sizing:border-box;max-width:100%}body{margin:0;padding:24px 16px;background:${ground};color:${text};font-family:sans-serif}</style>${body}`,
    );
    pictures.push({ row, png: await page.screenshot() });
    await page.close();
  }
}
await browser.close();

const [columns, rows] = [pictures.length / 2, 2];
await sharp({
  create: {
    width: 2 * (columns * WIDTH + (columns - 1) * GAP),
    height: 2 * (rows * HEIGHT + (rows - 1) * GAP),
    channels: 3,
    background: '#d9d9d9',
  },
})
  .composite(
    pictures.map(({ row, png }, index) => ({
      input: png,
      left: 2 * Math.floor(index / 2) * (WIDTH + GAP),
      top: 2 * row * (HEIGHT + GAP),
    })),
  )
  .png({ palette: true, quality: 90, effort: 8 })
  .toFile(join(root, 'docs/images/themes.png'));

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
