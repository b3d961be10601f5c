// From bytes to a Post: every name a value may have, every refusal with its place, and the hazards of gray-matter.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALIASES } from '../../src/article/aliases.ts';
import { type Post, parsePost } from '../../src/article/post.ts';
import type { Finding } from '../../src/facts/findings.ts';

async function parse(text: string, path = 'posts/a.md'): Promise<{ post: Post; findings: readonly Finding[] }> {
  const { post, findings } = await parsePost({ bytes: Buffer.from(text), path });
  if (post === null) throw new Error(`no post: ${JSON.stringify(findings)}`);
  return { post, findings };
}

/** A post whose front matter is these lines. */
const parseLines = (lines: string) => parse(`---\n${lines}\n---\nbody\n`);
const short = ({ code, line, column, args }: Finding) => [`${code} ${line}:${column}`, args] as const;

test('the sample post', async () => {
  const url = new URL('../../examples/blog/content/zh/2026-trade.md', import.meta.url);
  const path = 'content/zh/2026-trade.md';
  const { post, findings } = await parsePost({ bytes: await readFile(url), path });
  expect(findings).toEqual([]);
  expect(post).toMatchObject({
    path,
    hasFrontMatter: true,
    firstLine: 9,
    flag: 'false',
    draftMark: null,
    title: '2025 vs 2026：外贸人的“生死局”与AI的“成人礼”',
    titleFrom: 'front-matter',
    titlePlace: { line: 2, column: 8 },
    digest: { key: 'description', own: false, line: 3, column: 14 },
    cover: { src: '/images/cover-2026-trade.jpg', alt: '', key: 'image', own: false, line: 5, column: 8 },
    author: null,
    sourceUrl: null,
    comments: null,
    theme: null,
    account: null,
    kind: 'news',
    locale: 'zh',
    slug: '2026-trade',
    date: '2026-02-18',
  });
  expect(Object.getPrototypeOf(post?.data)).toBeNull();
  expect(Object.keys(post?.data ?? {})).toEqual(['title', 'description', 'date', 'image', 'locale', 'wechat_synced']);
  expect(post?.body.startsWith('\n# 2025 vs 2026')).toBe(true);
});

test('a post without front matter', async () => {
  const { post, findings } = await parse('\uFEFF# Hello *you*\r\n\r\ntext', 'notes/hi-there.md');
  expect(findings).toEqual([]);
  expect(post).toMatchObject({
    hasFrontMatter: false,
    flag: 'absent',
    title: 'Hello you',
    titleFrom: 'h1',
    firstLine: 1,
  });
  expect([post.text, post.body, post.data]).toEqual(['# Hello *you*\r\n\r\ntext', '# Hello *you*\r\n\r\ntext', {}]);
});

describe('names', () => {
  const one = (name: string, value: string): string => {
    if (name.endsWith('[0]')) return `${name.slice(0, -3)}: [${value}, other]`;
    return name.startsWith('wechat.') ? `wechat: {${name.slice(7)}: ${value}}` : `${name}: ${value}`;
  };
  /** Several names at once; those of `wechat.` in one map. */
  const all = (names: readonly string[]): string => {
    const own = names.filter((name) => name.startsWith('wechat.'));
    const rest = names.filter((name) => !own.includes(name)).map((name) => one(name, `v-${name.replace('[0]', '')}`));
    return [
      ...rest,
      ...(own.length > 0 ? [`wechat: {${own.map((n) => `${n.slice(7)}: v-${n}`).join(', ')}}`] : []),
    ].join('\n');
  };
  const fields = [
    'title',
    'digest',
    'cover',
    'author',
    'sourceUrl',
    'theme',
    'account',
    'locale',
    'slug',
    'date',
  ] as const;
  const read = (post: Post, field: (typeof fields)[number]): string | null | undefined => {
    const found = post[field];
    return typeof found === 'object' && found !== null ? ('src' in found ? found.src : found.value) : found;
  };
  const rows = fields.flatMap((field) => ALIASES[field].map((name, at) => [field, name, at] as const));

  test.each(rows)('%s from %s', async (field, name) => {
    const { post, findings } = await parseLines(one(name, 'value'));
    expect([read(post, field), findings]).toEqual(['value', []]);
  });

  test.each(rows)('%s: %s beats those after it', async (field, name, at) => {
    const { post } = await parseLines(all(ALIASES[field].slice(at)));
    expect(read(post, field)).toBe(`v-${name.replace('[0]', '')}`);
  });

  test('a field tells its key and place', async () => {
    const { post } = await parseLines(
      'title: x\nwechat:\n  digest: d\nauthors:\n  - A\nimages: [{url: /a.png, alt: " b "}]',
    );
    expect(post.digest).toEqual({ value: 'd', key: 'wechat.digest', own: true, line: 4, column: 11 });
    expect(post.author).toEqual({ value: 'A', key: 'authors[0]', own: false, line: 6, column: 5 });
    expect(post.cover).toEqual({ src: '/a.png', alt: 'b', key: 'images[0]', own: false, line: 7, column: 10 });
  });
});

describe('values', () => {
  test.each<[lines: string, part: Partial<Record<keyof Post, unknown>>]>([
    ['title: 2026', { title: '2026', titleFrom: 'front-matter' }],
    ['title: 1.10', { title: '1.10' }],
    ['title: 0x1F', { title: '0x1F' }],
    ['title: |\n  two\n  lines', { title: 'two lines' }],
    ['title: "a\\u0000b\\u202Ec\\td\\uD83D"', { title: 'abc d' }],
    ['title: ""', { title: 'a', titleFrom: 'file' }],
    ['title:', { title: 'a', titleFrom: 'file' }],
    ['title: &t x\nslug: *t', { title: 'x', slug: 'x' }],
    ['digest: ""\ndescription: d', { digest: { value: 'd', key: 'description', own: false, line: 3, column: 14 } }],
    ['author: {name: N, url: x}', { author: { value: 'N', key: 'author', own: false, line: 2, column: 9 } }],
    ['authors: [{name: N}]', { author: { value: 'N', key: 'authors[0]', own: false, line: 2, column: 11 } }],
    ['authors: N', { author: { value: 'N', key: 'authors[0]', own: false, line: 2, column: 10 } }],
    ['authors: []', { author: null }],
    ['cover: {src: /a.png}', { cover: { src: '/a.png', alt: '', key: 'cover', own: false, line: 2, column: 8 } }],
    ['cover: {image: /a.png}', { cover: { src: '/a.png', alt: '', key: 'cover', own: false, line: 2, column: 8 } }],
    ['cover: "[[a b.png]]"', { cover: { src: 'a b.png', alt: '', key: 'cover', own: false, line: 2, column: 8 } }],
    ['cover: "![[a.png|9]]"', { cover: { src: 'a.png', alt: '', key: 'cover', own: false, line: 2, column: 8 } }],
    ['cover: ""\nimage: b', { cover: { src: 'b', alt: '', key: 'image', own: false, line: 3, column: 8 } }],
    ['wechat: {comments: open}', { comments: { open: true, fansOnly: false } }],
    ['wechat: {comments: fans}', { comments: { open: true, fansOnly: true } }],
    ['wechat: {comments: off}\nneed_open_comment: true', { comments: { open: false, fansOnly: false } }],
    ['wechat: {comments: false}', { comments: { open: false, fansOnly: false } }],
    ['need_open_comment: 1', { comments: { open: true, fansOnly: false } }],
    ['need_open_comment: 0', { comments: { open: false, fansOnly: false } }],
    ['only_fans_can_comment: true', { comments: { open: true, fansOnly: true } }],
    ['need_open_comment: false\nonly_fans_can_comment: true', { comments: { open: false, fansOnly: false } }],
    ['title: x', { comments: null, kind: 'news' }],
    ['wechat: {type: newspic}', { kind: 'newspic' }],
    ['wechat: {type: image}', { kind: 'newspic' }],
    ['type: image', { kind: 'newspic' }],
    ['type: image\nwechat: {type: news}', { kind: 'news' }],
    ['type: post', { kind: 'news' }],
    ['wechat: {theme: elegant, account: work}', { theme: { value: 'elegant', line: 2 }, account: 'work' }],
    ['slug: /a/../b/./c/', { slug: 'a/b/c' }],
    ['slug: ".."', { slug: 'a' }],
    ['date: 2026-02-18T10:00:00+08:00', { date: '2026-02-18T10:00:00+08:00' }],
    ['draft: true', { draftMark: { key: 'draft', value: 'true', line: 2, column: 8 } }],
    ['published: false', { draftMark: { key: 'published', value: 'false', line: 2, column: 12 } }],
    ['wechat: false', { draftMark: { key: 'wechat', value: 'false', line: 2, column: 9 } }],
    ['draft: false\npublished: true\nwechat: true', { draftMark: null }],
    ['published: 2026-02-18', { draftMark: null }],
    ['published: 1735689600\ndraft:', { draftMark: null }],
    ['wechat:', { draftMark: null }],
    ['wechat_synced: true', { flag: 'true' }],
    ['wechat_synced: FALSE', { flag: 'false' }],
    ['x: {wechat_synced: true}', { flag: 'absent' }],
    ['# only a comment', { hasFrontMatter: true, data: {}, title: 'a' }],
  ])('%j', async (lines, part) => {
    const { post, findings } = await parseLines(lines);
    expect(findings).toEqual([]);
    expect(post).toMatchObject(part);
  });
});

describe('wrong types are said and ignored', () => {
  test.each<[lines: string, at: string, args: Record<string, string>, part: Partial<Record<keyof Post, unknown>>]>([
    ['title: [a]', '2:8', { key: 'title', found: 'list', expected: 'string' }, { title: 'a' }],
    ['title: true', '2:8', { key: 'title', found: 'boolean', expected: 'string' }, { titleFrom: 'file' }],
    ['x: 1\ndigest: {a: 1}', '3:9', { key: 'digest', found: 'map', expected: 'string' }, { digest: null }],
    [
      'wechat:\n  title: [x]\ntitle: t',
      '3:10',
      { key: 'wechat.title', found: 'list', expected: 'string' },
      { title: 't' },
    ],
    ['author: [a]', '2:9', { key: 'author', found: 'list', expected: 'string, map with name' }, { author: null }],
    ['author: {a: 1}', '2:9', { key: 'author', found: 'map', expected: 'string, map with name' }, { author: null }],
    ['cover: true', '2:8', { key: 'cover', found: 'boolean', expected: 'string, map with src' }, { cover: null }],
    ['cover: {alt: x}', '2:8', { key: 'cover', found: 'map', expected: 'string, map with src' }, { cover: null }],
    ['cover: [a]', '2:8', { key: 'cover', found: 'list', expected: 'string, map with src' }, { cover: null }],
    ['images: [[a]]', '2:10', { key: 'images[0]', found: 'list', expected: 'string, map with src' }, { cover: null }],
    [
      'need_open_comment: maybe',
      '2:20',
      { key: 'need_open_comment', found: 'string', expected: 'boolean' },
      { comments: null },
    ],
    ['wechat: {comments: all}', '2:20', { key: 'wechat.comments', found: '“all”', expected: 'open | fans | off' }, {}],
    ['wechat: {type: video}', '2:16', { key: 'wechat.type', found: '“video”', expected: 'news | newspic | image' }, {}],
    ['wechat: [a]', '2:9', { key: 'wechat', found: 'list', expected: 'map' }, { draftMark: null }],
    ['wechat: "false"', '2:9', { key: 'wechat', found: 'string', expected: 'map' }, { draftMark: null }],
    ['draft: "true"', '2:8', { key: 'draft', found: 'string', expected: 'boolean' }, { draftMark: null }],
    ['published: maybe', '2:12', { key: 'published', found: 'string', expected: 'boolean' }, { draftMark: null }],
    ['draft: 1', '2:8', { key: 'draft', found: 'number', expected: 'boolean' }, { draftMark: null }],
    ['published: no', '2:12', { key: 'published', found: 'string', expected: 'boolean' }, { draftMark: null }],
    ['lang: [zh]', '2:7', { key: 'lang', found: 'list', expected: 'string' }, { locale: null }],
    ['date: {y: 1}', '2:7', { key: 'date', found: 'map', expected: 'string' }, { date: null }],
    ['slug: [x]', '2:7', { key: 'slug', found: 'list', expected: 'string' }, { slug: 'a' }],
  ])('%j', async (lines, at, args, part) => {
    const { post, findings } = await parseLines(lines);
    expect(findings.map(short)).toEqual([[`field-type ${at}`, args]]);
    expect(findings[0]?.severity).toBe('warning');
    expect(post).toMatchObject(part);
  });

  test('all at once, in the order of the file', async () => {
    const { findings } = await parseLines('slug: [x]\nauthor: 1\ncover: 1\ntitle: [x]\nwechat_synced: 1');
    expect(findings.map((each) => `${each.code} ${each.line}`)).toEqual([
      'field-type 2',
      'field-type 4',
      'field-type 5',
      'flag-not-boolean 6',
    ]);
  });
});

describe('the flag is a boolean or an error', () => {
  test.each([
    ['wechat_synced: "true"', '"true"', '2:16'],
    ["wechat_synced: 'false'", "'false'", '2:16'],
    ['wechat_synced: yes', 'yes', '2:16'],
    ['wechat_synced: no', 'no', '2:16'],
    ['wechat_synced: on', 'on', '2:16'],
    ['wechat_synced: off', 'off', '2:16'],
    ['wechat_synced: 1', '1', '2:16'],
    ['wechat_synced: 0', '0', '2:16'],
    ['wechat_synced: null', 'null', '2:16'],
    ['wechat_synced: ~', '~', '2:16'],
    ['wechat_synced:', 'null', '2:15'],
    ['wechat_synced: tRue', 'tRue', '2:16'],
    ['wechat_synced: [false]', '[false]', '2:16'],
    ['wechat_synced: {a: 1}', '{a: 1}', '2:16'],
    ['title: x\n"wechat_synced" : Yes # c', 'Yes', '3:19'],
    ['wechat_synced: |\n  false', '| false', '2:16'],
    [`wechat_synced: ${'x'.repeat(60)}`, 'x'.repeat(40), '2:16'],
  ])('%j', async (lines, value, at) => {
    const { post, findings } = await parseLines(lines);
    expect(post.flag).toBe('absent');
    expect(findings.map(short)).toEqual([[`flag-not-boolean ${at}`, { value }]]);
    expect(findings[0]?.severity).toBe('error');
  });
});

describe('refused', () => {
  test.each<[name: string, text: string, at: string, args: Record<string, unknown>]>([
    ['never closed', '---\ntitle: x\n', 'front-matter-unterminated 1:1', {}],
    ['JavaScript', '---js\n{}\n---\n', 'front-matter-executable 1:1', { language: 'js' }],
    ['TOML', '+++\n+++\n', 'front-matter-toml 1:1', { language: 'TOML' }],
    ['a list', '---\n\n- a\n---\n', 'front-matter-not-a-map 3:1', { kind: 'list' }],
    ['text', '---\nsome text\n---\n', 'front-matter-not-a-map 2:1', { kind: 'string' }],
    ['a key twice', '---\na: 1\nb: 2\na: 3\n---\n', 'front-matter-yaml 4:1', { detail: 'the key "a" is given twice' }],
    ['the same, CRLF and BOM', '\uFEFF---\r\na: 1\r\nb: 2\r\na: 3\r\n---\r\n', 'front-matter-yaml 4:1', {}],
    ['a nested key twice', '---\nx:\n  a: 1\n  a: 3\n---\n', 'front-matter-yaml 4:3', {}],
    ['a colon in text', '---\ntitle: a\nb: c: d\n---\n', 'front-matter-yaml 3:4', {}],
    ['a tab as indentation', '---\na:\n\tb: 1\n---\n', 'front-matter-yaml 3:1', {}],
    ['a tag', '---\na: !!js/function "x"\n---\n', 'front-matter-yaml 2:4', {}],
    ['an at sign', '---\na: 1\nb: @c\n---\n', 'front-matter-yaml 3:4', {}],
    ['an open flow', '---\na: [1, 2\nb: 3\n---\n', 'front-matter-yaml 2:4', { problem: 'MISSING_CHAR' }],
    ['an unknown alias', '---\na: x\nb: *c\n---\n', 'front-matter-yaml 3:4', {}],
    ['a second document', '---\na: x\n--- # b\nb: y\n---\n', 'front-matter-yaml 3:1', {}],
  ])('%s', async (_, text, at, args) => {
    const { post, findings } = await parsePost({ bytes: Buffer.from(text), path: 'a.md' });
    expect(post).toBeNull();
    expect(findings.map((each) => short(each)[0])).toEqual([at]);
    expect(findings[0]).toMatchObject({ severity: 'error', args });
  });

  test.each<[name: string, bytes: number[], offset: number, at: string]>([
    ['a lone byte', [0x61, 0x0a, 0x62, 0xff], 3, '2:2'],
    ['a continuation alone', [0x80], 0, '1:1'],
    ['cut short', [0x61, 0xe4, 0xbd], 1, '1:2'],
    ['cut by a letter', [0xe4, 0xbd, 0x61], 0, '1:1'],
    ['overlong', [0x61, 0xc0, 0xaf], 1, '1:2'],
    ['a surrogate', [0xed, 0xa0, 0x80], 0, '1:1'],
    ['UTF-16, little end first', [0xff, 0xfe, 0x61, 0x00], 0, '1:1'],
    ['GBK after a BOM', [0xef, 0xbb, 0xbf, 0x61, 0xd6, 0xd0], 4, '1:2'],
    ['after a real U+FFFD', [0xef, 0xbf, 0xbd, 0x0a, 0xfe], 4, '2:1'],
  ])('not UTF-8: %s', async (_, bytes, offset, at) => {
    const { post, findings } = await parsePost({ bytes: Uint8Array.from(bytes), path: 'a.md' });
    expect([post, findings.map(short)]).toEqual([null, [[`not-utf8 ${at}`, { offset }]]]);
  });

  test('a file that is too big is not even decoded', async () => {
    const { post, findings } = await parsePost({ bytes: new Uint8Array(5_000_001).fill(0xff), path: 'a.md' });
    expect([post, findings.map(short)]).toEqual([null, [['file-too-big 1:1', { bytes: 5_000_001, max: 5_000_000 }]]]);
  });
});

describe("gray-matter's hazards", () => {
  test.each(['js', 'javascript', 'JS', ' js', 'coffee', 'json', 'yaml'])('---%s runs nothing', async (language) => {
    const canary = join(await mkdtemp(join(tmpdir(), 'wxsync-canary-')), 'ran');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(canary)}, '')`;
    await parsePost({ bytes: Buffer.from(`---${language}\n{ a: ${code} }\n---\nb\n`), path: 'a.md' });
    expect(existsSync(canary)).toBe(false);
  });

  test('a body or value that looks like code runs nothing', async () => {
    const { post } = await parse('---\nx: "---js"\nexcerpt_separator: 5\n---\n---js\nthrow 1\n---\n');
    expect(post.body).toBe('---js\nthrow 1\n---\n');
  });

  test('the same bad file gives the same error each time', async () => {
    const bytes = Buffer.from('---\na: "x\n---\nb\n');
    const [first, second] = [await parsePost({ bytes, path: 'a.md' }), await parsePost({ bytes, path: 'a.md' })];
    expect(first.findings.map((each) => short(each)[0])).toEqual(['front-matter-yaml 2:4']);
    expect(second).toEqual(first);
  });

  test('data that was changed does not leak into the next parse', async () => {
    const first = await parseLines('a: [1]');
    (first.post.data['a'] as number[]).push(2);
    expect((await parseLines('a: [1]')).post.data).toEqual({ a: [1] });
  });

  test('---foo is a key, and a long run of blank lines takes no time', async () => {
    const { post } = await parseLines(`---foo: 1${'\n'.repeat(50_000)}b: 2`);
    expect(post.data).toEqual({ '---foo': 1, b: 2 });
  });

  test('dates and numbers are not rewritten', async () => {
    const { post } = await parseLines('a: 2026-02-18\nb: 12:30:45\nc: 010\n__proto__: {d: 1}');
    expect({ ...post.data }).toEqual({ a: '2026-02-18', b: '12:30:45', c: 10, ['__proto__']: { d: 1 } });
  });
});

test.each<[name: string, path: string, words: Partial<Post>]>([
  ['a suffix', 'blog/x.zh.md', { locale: 'zh', slug: 'x', title: 'x' }],
  ['a suffix beats a folder', 'en/x.zh-CN.md', { locale: 'zh-CN', slug: 'x' }],
  ['a folder', 'content/zh/posts/2026-02-18-hello.md', { locale: 'zh', slug: 'hello', date: '2026-02-18' }],
  ['a folder with a region', 'docs/zh-Hans/x.mdx', { locale: 'zh-Hans', slug: 'x' }],
  ['no language', 'content/ai/js/x.min.md', { locale: null, slug: 'x.min', date: null }],
  ['index', '2026-2-8-hello/index.zh.md', { locale: 'zh', slug: 'hello', date: '2026-2-8' }],
  ['README', 'posts/hello/README.md', { slug: 'hello', title: 'hello' }],
  ['README at the root', 'README.md', { slug: 'README', title: 'README' }],
  ['only a date', 'posts/2026-02-18.md', { slug: '2026-02-18', date: null }],
  ['a year', 'posts/2026-trade.md', { slug: '2026-trade', date: null }],
  ['nothing but an extension', '.md', { slug: 'post', title: 'post' }],
  ['controls', 'a\u202Eb\nc.md', { slug: 'ab c', title: 'ab c' }],
])('from the path: %s', async (_, path, words) => {
  expect((await parse('body', path)).post).toMatchObject(words);
});

test.each([
  ['title：a\nwechat_synced: false', 'front-matter-colon', '2:6'],
  ['title: a\ndate：2026', 'front-matter-colon', '3:5'],
  ['wechat_sync: false', 'flag-misspelt', '2:1'],
  ['wechatSynced: false', 'flag-misspelt', '2:1'],
  ['wechat: {wechat_synced: true}', 'wechat-key-unknown', '2:10'],
  ['wechat:\n  titel: x', 'wechat-key-unknown', '3:3'],
])('a slip of the author: %j is told as %s at %s', async (lines, code, at) => {
  const { findings } = await parsePost({
    bytes: new TextEncoder().encode(`---\n${lines}\n---\n\ntext\n`),
    path: 'a.md',
  });
  expect(findings.map((each) => [each.code, `${each.line}:${each.column}`])).toEqual([[code, at]]);
});
