// Links to other posts of a site: which file a link names, what address it gets, and what is never looked at.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { renderLinked } from '../../src/publish/post-links.ts';
import { fresh } from '../cli/stage.ts';
import { readTheme } from '../render/cases.ts';

const FILES = {
  'content/zh/from.md': '',
  'content/zh/旧文.md': '---\ntitle: t\ndate: 2025-03-04\n---\n文\n',
  'content/zh/named.md': '---\nslug: other/name\n---\n文\n',
  'content/zh/component.mdx': '文\n',
  'content/zh/folder/index.mdx': '文\n',
  'content/zh/own.md': '---\ncanonical_url: https://mp.weixin.qq.com/s/abc\n---\n文\n',
  'content/zh/hidden.md': '---\ndraft: true\n---\n文\n',
  'content/zh/bundle/index.md': '文\n',
  'content/zh/page.txt': 'no post\n',
  'content/en/far: one.md': '文\n',
  'content/en/twice.md': '文\n',
  'content/fr/twice.md': '文\n',
  'content/.drafts/drawer.md': '文\n',
} as const;
let root = '';

beforeAll(() => {
  root = join(fresh('links'), 'site');
  const files = { ...FILES, '../secret.md': '---\ncanonical_url: https://outside.example/\n---\n' };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(root, '../secret.md'), join(root, 'content/zh/link.md'));
});

async function follow(href: string, siteUrl: string | null = 'https://blog.example/base', form = `[文](<${href}>)`) {
  const settings = { caption: 'title', placeholders: 'warn', links: 'notes', breaks: false, compact: false } as const;
  const place = { root, gitRoot: null, home: root };
  const { page, links } = await renderLinked(
    { markdown: `${form}\n`, firstLine: 1, title: null },
    { theme: readTheme('default'), settings },
    { file: join(root, 'content/zh/from.md'), place, config: { siteUrl, permalink: '/{lang}/{slug}/' } },
  );
  const [{ args: { missing = null, setting = null } = {} } = {}] = page.findings;
  const codes = page.findings.map(({ code }) => code);
  return { address: [...links.values()][0] ?? null, codes, html: page.html, hint: missing ?? setting };
}

describe('a link to a post', () => {
  test.each([
    ['beside it', './%E6%97%A7%E6%96%87.md', 'https://blog.example/base/zh/%E6%97%A7%E6%96%87/'],
    ['without a dot', '旧文.md#第二节', 'https://blog.example/base/zh/%E6%97%A7%E6%96%87/'],
    ['without an ending', '../zh/named?from=a', 'https://blog.example/base/zh/other/name/'],
    ['without an ending, of MDX', 'component', 'https://blog.example/base/zh/component/'],
    ['by its folder, of MDX', 'folder/', 'https://blog.example/base/zh/folder/'],
    ['as a page', 'named.html', 'https://blog.example/base/zh/other/name/'],
    ['by its folder', './bundle/', 'https://blog.example/base/zh/bundle/'],
    ['from the project’s root', '/content/zh/named.md', 'https://blog.example/base/zh/other/name/'],
    ['that says where it is', 'own.md', 'https://mp.weixin.qq.com/s/abc'],
    ['that is a path of the site', '/about/', 'https://blog.example/about/'],
  ])('%s', async (_, href, address) => {
    const found = await follow(href);
    expect([found.address, found.codes.includes('post-link-unknown')]).toEqual([address, false]);
    expect(found.html).toContain(address.startsWith('https://mp.') ? `href="${address}"` : address);
  });

  test.each([
    ['that is not there', 'none.md'],
    ['that is hidden on the site', 'hidden.md'],
    ['that is no Markdown', 'page.txt'],
    ['outside of the project', '../../../secret.md'],
    ['that is a link out of the project', 'link.md'],
    ['that is the site’s address in disguise', '/\\evil.example/x'],
    ['with a broken escape', '%E6%.md'],
    ['with a zero byte', 'a%00.md'],
  ])('%s keeps its text only', async (_, href) => {
    expect(await follow(href)).toMatchObject({ address: null, codes: ['post-link-unknown'] });
  });

  test.each([
    ['a post that is not there', '[[没有|词]]', 'https://blog.example', '没有'],
    ['a path that is not there', '[词](none.md)', null, 'none.md'],
    ['a post without an address', '[词](named.md)', null, 'siteUrl'],
    ['a path of the site', '[词](/about/)', null, 'siteUrl'],
    ['a hidden post', '[词](hidden.md)', 'https://blog.example', null],
    ['a name of two', '[[twice]]', 'https://blog.example', null],
  ])('to %s says what to do', async (_, form, siteUrl, hint) => {
    expect(await follow('', siteUrl, form)).toMatchObject({ address: null, hint });
  });

  test.each([
    ['that is a name beside it', '旧文', 'https://blog.example/base/zh/%E6%97%A7%E6%96%87/'],
    ['that is a name of another folder', 'far: one#第二节', 'https://blog.example/base/en/far%3A%20one/'],
    ['that is the end of a path', 'en/Twice', 'https://blog.example/base/en/twice/'],
    ['that is a name of two', 'twice', null],
    ['that is a name in a hidden folder', 'drawer', null],
    ['that climbs', 'x/../../../secret', null],
  ])('%s', async (_, name, address) => {
    const found = await follow(name, 'https://blog.example/base', `[[${name}]]`);
    expect(found).toMatchObject({ address, codes: address === null ? ['post-link-unknown'] : [] });
  });

  test('by a path is not looked for in other folders', async () => {
    expect(await follow('far: one')).toMatchObject({ address: null });
  });

  test('has no address without the site’s', async () => {
    expect(await follow('named.md', null)).toMatchObject({ address: null, codes: ['post-link-unknown'] });
    expect(await follow('own.md', null)).toMatchObject({ address: 'https://mp.weixin.qq.com/s/abc', codes: [] });
    expect(await follow('/about/', null)).toMatchObject({ address: null });
  });
});
