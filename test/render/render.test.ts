// What holds for every post: one section, the post's own words, nothing between list items, the same bytes each time.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { render } from '../../src/render/render.ts';
import { toImageUrls, toVisibleText } from '../../src/render/visible.ts';
import { readTheme, renderText, SETTINGS } from './cases.ts';

const folder = new URL('../cases/', import.meta.url);
const cases = readdirSync(folder).filter((file) => file.endsWith('.md'));
const sample = readFileSync(new URL('../../examples/blog/content/zh/2026-trade.md', import.meta.url), 'utf8');
const head = /^---\n[\s\S]*?\n---\n/.exec(sample)?.[0] ?? '';
const body = sample.slice(head.length);
const title = '2025 vs 2026：外贸人的“生死局”与AI的“成人礼”';
const images = new Map(
  [...body.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, src = ''], at) => [
    src,
    { url: `http://mmbiz.qpic.cn/mmbiz_png/${'x'.repeat(48)}${at}/640?wx_fmt=png`, width: 1600, height: 900 },
  ]),
);
const renderSample = (settings = SETTINGS) =>
  render(
    { markdown: body, firstLine: head.split('\n').length, title },
    { theme: readTheme('default'), settings, images },
  );

test.each(cases)('%s has the shape WeChat keeps', async (name) => {
  const { html, text } = await renderText(readFileSync(new URL(name, folder), 'utf8'), {}, readTheme('default'));
  expect(html).toMatch(/^<section\b[\s\S]*<\/section>$/);
  expect(html).not.toMatch(/<\/li>\s+<|<(?:ul|ol)[^>]*>\s+<|<li>(?!<section)|<\/section>[^<]+<\/li>/);
  expect(html).not.toMatch(/<(p|section|span|strong|em|li|h\d)\b[^>]*><\/\1>/);
  expect(html).not.toMatch(/\n/);
  expect(toVisibleText(html)).toBe(text);
});

test('the sample says what the post says', async () => {
  const { text } = await renderSample();
  const said = (value: string): string => value.replace(/\s/g, '');
  const plain = body
    .replace(/^# .*$/m, '')
    .replace(/^\|[\s:|-]+\|$/gm, '')
    .replace(/!\[[^\]]*\]\([^)]*\)|<[^>]+>|^(?:---|#+ |> ?|\* +)/gm, '')
    .replace(/^> ?/gm, '')
    .replace(/[|*]/g, '');
  expect(said(text)).toBe(said(plain));
});

test('the sample is short, and shorter when compact', async () => {
  const [full, compact] = [await renderSample(), await renderSample({ ...SETTINGS, compact: true })];
  expect(full.html.length).toBeLessThan(9_000);
  expect(compact.html.length).toBeLessThan(full.html.length * 0.85);
  expect(compact.text).toBe(full.text);
});

test('the sample: title dropped, captions kept, images placed, cells aligned', async () => {
  const { html, text, digest } = await renderSample();
  expect(html).not.toContain('<h1');
  expect(text.match(/^图源：.*$/gm)).toEqual(['图源：AI Generated', '图源：AI Generated', '图源：Unsplash']);
  expect(toImageUrls(html)).toEqual([...images.values()].map(({ url }) => url));
  expect(html.match(/<t[dh] style="[^"]*text-align:left/g)).toHaveLength(15);
  expect([...digest]).toHaveLength(54);
});

test('the word over a wide table is in what WeChat cuts, but in no digest of ours', async () => {
  const { text, digest, opening } = await renderText(`${'|甲'.repeat(6)}|\n${'|-'.repeat(6)}|\n\n正文`);
  expect(opening).toBe('← 左右滑动 → 甲 甲 甲 甲 甲 甲 正文');
  expect(digest).toBe('甲 甲 甲 甲 甲 甲 正文');
  expect(text).toContain('左右滑动');
});

test('the same post gives the same bytes, again and again and at once', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => renderSample()));
  expect(new Set(all.map(({ html }) => html)).size).toBe(1);
});

test.each<readonly [name: string, markdown: string]>([
  ['nothing', ''],
  ['only spaces', ' \n\t\n'],
  ['only a comment', '<!-- x -->'],
  ['only a definition', '[a]: b'],
])('%s is an empty section', async (_name, markdown) => {
  expect(await renderText(markdown)).toEqual({
    html: '<section></section>',
    text: '',
    digest: '',
    opening: '',
    images: [],
    diagrams: [],
    findings: [],
  });
});

test('CRLF, CR and LF give the same page', async () => {
  const [lf, crlf, cr] = await Promise.all(
    ['\n', '\r\n', '\r'].map((end) => renderText(body.replaceAll('\n', end), { title }, readTheme('default'))),
  );
  expect(crlf).toEqual(lf);
  expect(cr?.html).toBe(lf?.html);
});

test('diagrams are told with their places, and are no images, drawn or not', async () => {
  const markdown =
    '![](a.png)\n\n> ```mermaid\n> pie\n> ```\n\n<!-- wxsync:skip -->\n\n```mermaid\ngantt\n```\n\n<!-- wxsync:end -->';
  const { diagrams, images } = await renderText(markdown);
  expect(diagrams).toEqual([
    { key: expect.stringMatching(/^mermaid:[0-9a-f]{16}$/), source: 'pie', line: 3, column: 3 },
  ]);
  const drawn = { [diagrams[0]?.key ?? '']: { url: 'https://mmbiz.qpic.cn/1', width: 20, height: 10 } };
  const page = await renderText(markdown, { images: drawn });
  expect([page.html.match(/<img/g)?.length, page.images, page.diagrams]).toEqual([2, images, diagrams]);
});
