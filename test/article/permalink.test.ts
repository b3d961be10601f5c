// A post's address on the author's own site.
import { expect, test } from 'vitest';
import { toPermalink } from '../../src/article/permalink.ts';

const post = { locale: 'zh', slug: '2026-trade', date: '2026-2-18T08:00:00Z' };
const root = 'https://example.com';

test.each<[siteUrl: string, pattern: string, change: Partial<typeof post> | Record<string, null>, url: string | null]>([
  [root, '/{lang}/{slug}/', {}, `${root}/zh/2026-trade/`],
  [`${root}/`, '{slug}.html', {}, `${root}/2026-trade.html`],
  [`${root}/blog//`, '/{yyyy}/{mm}/{dd}/{slug}', {}, `${root}/blog/2026/02/18/2026-trade`],
  [root, '/{yyyy}/{slug}', { date: '2026/12/3' }, `${root}/2026/2026-trade`],
  [root, '/{slug}/', { slug: '外贸/a b?#' }, `${root}/%E5%A4%96%E8%B4%B8/a%20b%3F%23/`],
  [root, '/{slug}/', { slug: '$&{lang}' }, `${root}/%24%26%7Blang%7D/`],
  [root, '/posts/', {}, `${root}/posts/`],
  [root, '/{lang}/{slug}/', { locale: null }, null],
  [root, '/{yyyy}/{slug}/', { date: null }, null],
  [root, '/{yyyy}/{slug}/', { date: 'soon' }, null],
  [root, '/{year}/{slug}/', {}, null],
  [root, '/{}/', {}, null],
])('%s %s %j', (siteUrl, pattern, change, url) => {
  expect(toPermalink({ ...post, ...change }, { siteUrl, pattern })).toBe(url);
});
