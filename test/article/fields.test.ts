// The fields beside an article: what fits, what is cut, what is dropped, what stops the post.
import { describe, expect, test } from 'vitest';
import { cutText, type FieldSettings, type Fields, toFields } from '../../src/article/fields.ts';
import { parsePost } from '../../src/article/post.ts';
import { countHalfWidths } from '../../src/article/width.ts';
import { runBounded } from './bounded.ts';

async function fit(lines: string, settings: FieldSettings = {}) {
  const { post } = await parsePost({ bytes: Buffer.from(`---\n${lines}\n---\nb\n`), path: 'zh/2026-02-18-x.md' });
  if (post === null) throw new Error('no post');
  const { fields, findings } = toFields(post, settings);
  return {
    fields,
    said: findings.map(({ code, severity, line, column, args }) => [code, severity, `${line}:${column}`, args]),
  };
}

const NONE: Fields = { title: 't', author: null, digest: null, sourceUrl: null, comments: null };
const HAN = '汉';
const site = { siteUrl: 'https://example.com', permalink: '/{lang}/{slug}/' };

describe('fits', () => {
  test.each<[lines: string, settings: FieldSettings, fields: Partial<Fields>]>([
    ['title: t', {}, {}],
    [`title: ${HAN.repeat(64)}`, {}, { title: HAN.repeat(64) }],
    [`title: ${'🎉'.repeat(64)}`, {}, { title: '🎉'.repeat(64) }],
    [`title: t\nauthor: ${HAN.repeat(8)}`, {}, { author: HAN.repeat(8) }],
    ['title: t\nauthor: sixteen letters!', {}, { author: 'sixteen letters!' }],
    [`title: t\ndigest: ${HAN.repeat(120)}`, {}, { digest: HAN.repeat(120) }],
    [`title: t\ndigest: ${'a'.repeat(240)}`, {}, { digest: 'a'.repeat(240) }],
    [`title: t\ndigest: ${HAN.repeat(100)}${'a'.repeat(40)}`, {}, { digest: HAN.repeat(100) + 'a'.repeat(40) }],
    ['title: t\nauthor: post', { author: 'flag', defaultAuthor: 'config' }, { author: 'flag' }],
    ['title: t\nauthor: post', { defaultAuthor: 'config' }, { author: 'post' }],
    ['title: t', { defaultAuthor: 'config' }, { author: 'config' }],
    ['title: t', { author: null, digest: null, defaultAuthor: null, siteUrl: null, permalink: null }, {}],
    ['title: t\nwechat: {digest: own}', { digest: ' fl\nag\u202E ' }, { digest: 'fl ag' }],
    ['title: t\nneed_open_comment: 1', {}, { comments: { open: true, fansOnly: false } }],
    ['title: t\ncanonical: HTTPS://Example.com/a?b=1', site, { sourceUrl: 'https://example.com/a?b=1' }],
    ['title: t\ncanonical: https://例子.cn/外贸', {}, { sourceUrl: 'https://xn--fsqu00a.cn/%E5%A4%96%E8%B4%B8' }],
    ['title: t', site, { sourceUrl: 'https://example.com/zh/x/' }],
    ['title: t', { siteUrl: site.siteUrl }, {}],
    ['title: t', { ...site, permalink: '/{nothing}/' }, {}],
    ['title: t', { ...site, siteUrl: 'ftp://example.com' }, {}],
  ])('%j %j', async (lines, settings, fields) => {
    expect(await fit(lines, settings)).toEqual({ fields: { ...NONE, ...fields }, said: [] });
  });
});

describe('too long', () => {
  const long = HAN.repeat(121);
  const cut = `${HAN.repeat(119)}…`;
  const url = `https://example.com/${'a'.repeat(1_005)}`;
  test.each<[lines: string, settings: FieldSettings, part: Partial<Fields>, said: unknown[]]>([
    [
      `x: 1\ntitle: ${HAN.repeat(65)}`,
      {},
      { title: HAN.repeat(65) },
      ['title-too-long', 'error', '3:8', { length: 65, max: 64 }],
    ],
    [
      `title: t\nwechat: {title: ${'a'.repeat(65)}}`,
      {},
      {},
      ['title-too-long', 'error', '3:17', { length: 65, max: 64 }],
    ],
    [
      `title: t\nauthor: ${HAN.repeat(9)}`,
      {},
      { author: null },
      ['author-dropped', 'warning', '3:9', { key: 'author', length: 18, max: 16 }],
    ],
    [
      'title: t\nauthors: [数据舞者Ivy Notes]',
      {},
      { author: null },
      ['author-dropped', 'warning', '3:11', { key: 'authors[0]', length: 17, max: 16 }],
    ],
    [
      'title: t\nauthor: 🎉🎉🎉🎉a',
      {},
      { author: null },
      ['author-dropped', 'warning', '3:9', { key: 'author', length: 17, max: 16 }],
    ],
    [
      `title: t\nwechat:\n  author: ${HAN.repeat(9)}`,
      {},
      { author: null },
      ['author-too-long', 'error', '4:11', { length: 18, max: 16 }],
    ],
    [
      'title: t',
      { author: HAN.repeat(9) },
      { author: null },
      ['author-too-long', 'error', '1:1', { length: 18, max: 16 }],
    ],
    [
      'title: t',
      { defaultAuthor: HAN.repeat(9) },
      { author: null },
      ['author-dropped', 'warning', '1:1', { key: 'author (config)', length: 18, max: 16 }],
    ],
    [
      `title: t\ndescription: ${long}`,
      {},
      { digest: cut },
      ['digest-cut', 'warning', '3:14', { key: 'description', length: 242, max: 240, text: cut }],
    ],
    [
      `title: t\nsummary: ${'a'.repeat(241)}`,
      {},
      { digest: `${'a'.repeat(208)}…` },
      ['digest-cut', 'warning', '3:10', { key: 'summary', length: 241, max: 240, text: `${'a'.repeat(208)}…` }],
    ],
    [
      `title: t\nwechat:\n  digest: ${long}`,
      {},
      { digest: null },
      ['digest-too-long', 'error', '4:11', { length: 242, max: 240 }],
    ],
    ['title: t', { digest: long }, { digest: null }, ['digest-too-long', 'error', '1:1', { length: 242, max: 240 }]],
    [
      'title: t\ncanonical: /x',
      {},
      { sourceUrl: null },
      ['source-url-dropped', 'warning', '3:12', { key: 'canonical', max: 1024 }],
    ],
    [
      'title: t\ncanonical: javascript:alert(1)',
      site,
      { sourceUrl: 'https://example.com/zh/x/' },
      ['source-url-dropped', 'warning', '3:12', { key: 'canonical', max: 1024 }],
    ],
    [
      `title: t\nsource_url: ${url}`,
      {},
      { sourceUrl: null },
      ['source-url-dropped', 'warning', '3:13', { key: 'source_url', max: 1024 }],
    ],
    [
      'title: t\nwechat: {source_url: "ftp://x/?secret#a"}',
      {},
      { sourceUrl: null },
      ['source-url-invalid', 'error', '3:22', { url: 'ftp://x/', max: 1024 }],
    ],
    [
      `title: t\nwechat: {source_url: "${url}"}`,
      {},
      { sourceUrl: null },
      ['source-url-invalid', 'error', '3:22', { url: url.slice(0, 100), max: 1024 }],
    ],
  ])('%j %j', async (lines, settings, part, said) => {
    const result = await fit(lines, settings);
    expect(result.said).toEqual([said]);
    expect(result.fields).toMatchObject(part);
  });
});

describe('cutText', () => {
  test.each([
    ['一二三。四五六。七八九', 18, '一二三。四五六。'],
    ['一二三。”四五六', 12, '一二三。”'],
    ['一二三！？四五六', 12, '一二三！？'],
    ['一二……三四五六', 10, '一二……'],
    ['一。二三四五六七八九', 12, '一。二三四…'],
    ['One two. Three four five', 14, 'One two.'],
    ['One "two." Three four five', 14, 'One "two."'],
    ['See version 1.5 of this thing', 13, 'See version…'],
    ['See v1.5 and more', 9, 'See v1…'],
    ['hello wonderful world', 12, 'hello…'],
    ['一二三，四五六', 12, '一二三，四…'],
    ['一二三，四五六', 10, '一二三…'],
    ['看这里（说明）吧', 10, '看这里…'],
    ['一二👨‍👩‍👧三四', 12, '一二…'],
    ['外贸Manager的生死局', 12, '外贸…'],
    ['没有', 1, '…'],
  ])('%j in %d units: %j', (text, max, expected) => {
    expect(cutText(text, max)).toBe(expected);
  });

  test.each([
    '汉字，'.repeat(20_000),
    'word '.repeat(20_000),
    `${'.'.repeat(150_000)}x`,
    `.${'"'.repeat(60_000)}x`,
    '…'.repeat(20_000),
    '🎉'.repeat(20_000),
  ])('never longer, however much there is', (text) => {
    expect(countHalfWidths(runBounded(() => cutText(text, 240)))).toBeLessThanOrEqual(240);
  });
});
