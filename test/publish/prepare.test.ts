// Preparing: two computers agree on the source hash, whoever reads would see each change of it, and the cache is only a cache.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeFitted, encodeFitted } from '../../src/images/fit.ts';
import { createJail, type Jail } from '../../src/images/jail.ts';
import { openStudio, type Studio } from '../../src/images/studio.ts';
import { openCache } from '../../src/local/cache.ts';
import { type Config, DEFAULTS } from '../../src/local/config-keys.ts';
import { type Preparing, preparePost } from '../../src/publish/prepare.ts';
import { readPost } from '../../src/publish/read.ts';
import { FAULTS, withFault } from '../images/samples.ts';

const png = (color: string, width = 64) =>
  sharp({ create: { width, height: 40, channels: 4, background: color } })
    .png()
    .toBuffer();

const POST = `---
title: 标题 é
description: 摘要
wechat_synced: false
---

第一段。

![](/a.png "题注")
`;

interface Case {
  readonly text?: string;
  readonly config?: Partial<Config>;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly path?: string;
  readonly mark?: string;
  readonly home?: string;
  readonly jail?: Jail;
  readonly studio?: Studio;
}

const freshHome = () => realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-fitted-')));
const IDLE: Jail = { fit: () => Promise.reject(new Error('nothing is to be decoded')) };

let files: Readonly<Record<string, Uint8Array>>;
beforeAll(async () => {
  files = { 'public/a.png': await png('#c22'), 'public/b.png': await png('#22c') };
});

async function prepare({
  text = POST,
  config,
  mark = 'm',
  path = 'posts/a.md',
  home,
  jail,
  studio,
  ...more
}: Case): Promise<Preparing> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-prepare-')));
  const all = { ...files, ...more.files, [path]: Buffer.from(text) };
  for (const [name, bytes] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), bytes);
  }
  const place = { root, gitRoot: null, home: root };
  const at = { file: join(root, path), named: true, path, place, config: { ...DEFAULTS, ...config } };
  const overrides = { theme: null, codeTheme: null, cover: null, author: null, digest: null };
  const reading = await readPost(at, { overrides, leaveOut: () => null, accountOf: () => null });
  if (reading.kind !== 'ok') throw new Error(JSON.stringify(reading));
  const cache = openCache(home ?? join(root, 'cache'));
  const { signal } = new AbortController();
  const options = { cache, studio: studio ?? null, mark, remote: 'plan', allowHosts: null, signal } as const;
  return preparePost(reading.read, jail === undefined ? options : { ...options, jail });
}

async function prepared(of: Case) {
  const preparing = await prepare(of);
  if (preparing.kind !== 'ok') throw new Error(JSON.stringify(preparing.findings));
  return preparing.prepared;
}

describe('the source hash', () => {
  test.each<[string, Case]>([
    ['as it was', {}],
    ['the flag', { text: POST.replace('synced: false', 'synced: true') }],
    ['no flag', { text: POST.replace(/wechat_synced.*\n/, '') }],
    ['a comment in the front matter', { text: POST.replace('---\n', '---\n# mine\n') }],
    ['a key nobody reads', { text: POST.replace('---\n', '---\nweight: 3\n') }],
    ['line ends of Windows', { text: POST.replaceAll('\n', '\r\n') }],
    ['blank lines at the end', { text: `${POST}\n\n` }],
    ['the body in decomposed characters', { text: POST.replace('第一段', '第一段é').normalize('NFD') }],
    ['the file has moved', { path: 'elsewhere/b.md' }],
    ['the cover carries another mark', { mark: 'other' }],
    ['pictures are fitted narrower', { config: { images: { maxWidth: 32, allowHosts: [] } } }],
  ])('is the same: %s', async (name, change) => {
    const text = name.includes('decomposed') ? POST.replace('第一段', '第一段é') : POST;
    expect((await prepared(change)).sourceHash).toBe((await prepared({ text })).sourceHash);
  });

  test.each<[string, Case]>([
    ['title', { text: POST.replace('标题', '题') }],
    ['digest', { text: POST.replace('摘要', '另') }],
    ['author', { text: POST.replace('---\n', '---\nauthor: 我\n') }],
    ['author of the config', { config: { author: '我' } }],
    ['source link', { text: POST.replace('---\n', '---\nsource_url: https://example.com/a\n') }],
    ['comments', { text: POST.replace('---\n', '---\nneed_open_comment: 1\n') }],
    ['body', { text: POST.replace('第一段', '第二段') }],
    ['cover', { text: POST.replace('---\n', '---\nimage: /b.png\n') }],
    ['theme variables', { config: { themeVars: { accent: '#123456' } } }],
    ['captions', { config: { caption: 'off' } }],
    ['links', { config: { links: 'text' } }],
    ['compactness', { config: { compact: true } }],
    ['line ends', { config: { breaks: true } }],
    ['placeholders', { config: { placeholders: 'drop' } }],
    ['site', { config: { siteUrl: 'https://example.com' } }],
  ])('changes with the %s', async (_, change) => {
    expect((await prepared(change)).sourceHash).not.toBe((await prepared({})).sourceHash);
  });

  test('changes with the bytes of a picture, under the same name', async () => {
    const repainted = await prepared({ files: { 'public/a.png': await png('#2c2') } });
    expect(repainted.sourceHash).not.toBe((await prepared({})).sourceHash);
  });
});

describe('the snapshot', () => {
  test.each<[string, string, boolean]>([
    ['the flag', POST.replace('synced: false', 'synced: true'), true],
    ['the flag spelled anew', POST.replace('synced: false', 'synced: False'), true],
    ['a comment', POST.replace('---\n', '---\n# mine\n'), false],
    ['a blank line at the end', `${POST}\n`, false],
  ])('and %s', async (_, text, same) => {
    expect((await prepared({ text })).snapshot === (await prepared({})).snapshot).toBe(same);
  });
});

describe('pictures', () => {
  test('a bad one is a finding with its place, and all are told at once', async () => {
    const text = POST.replace('---\n', '---\nimage: /b.png\n');
    const broken = { 'public/a.png': Buffer.from('no picture'), 'public/b.png': Buffer.from('neither') };
    const preparing = await prepare({ text, files: broken });
    expect(preparing.kind).toBe('invalid');
    const { findings } = preparing as Extract<Preparing, { kind: 'invalid' }>;
    expect(findings.map(({ args, line, severity }) => [args['src'], line, severity])).toEqual([
      ['/b.png', 2, 'error'],
      ['/a.png', 10, 'error'],
    ]);
  });

  test('one that kills its decoder fails its own post, with its place', async () => {
    const jail = createJail({ execArgv: FAULTS });
    const killer = withFault(files['public/a.png'] ?? Buffer.alloc(0), 'abort');
    const posts: readonly Case[] = [{}, { files: { 'public/a.png': killer } }, {}];
    const [before, bad, after] = await Promise.all(posts.map((post) => prepare({ ...post, jail })));
    expect(before?.kind).toBe('ok');
    expect(after).toEqual(before);
    expect(bad).toMatchObject({
      kind: 'invalid',
      findings: [{ code: 'image-crashes', line: 9, args: { src: '/a.png', detail: 'SIGABRT' } }],
    });
  });

  test('equal covers of two posts are different files of one source', async () => {
    const home = freshHome();
    const [one, other] = [await prepared({ mark: 'one', home }), await prepared({ mark: 'two', home, jail: IDLE })];
    expect(one.cover.source).toBe(other.cover.source);
    expect(Buffer.from(other.cover.jpeg).toString('latin1')).toBe(
      Buffer.from(one.cover.jpeg).toString('latin1').replace('one', 'two'),
    );
  });

  test('the picture of a card is nobody’s cover', async () => {
    const card = '<wechat-miniprogram appid="wx0123456789abcdef" path="a" title="看菜单" image="/b.png">';
    const covers = [card, `${card}\n\n![](/a.png)`].map(async (text) => (await prepared({ text })).cover.src);
    expect(await Promise.all(covers)).toEqual(['', '/a.png']);
  });

  test('a drawn cover is asked for anew by another title or accent only', async () => {
    const plain = (title: string, theme = 'default') =>
      prepared({ text: `---\ntitle: ${title}\nwechat:\n  theme: ${theme}\n---\n\n正文。\n` });
    const [one, same, other, warm] = [
      await plain('一'),
      await plain('一'),
      await plain('二'),
      await plain('一', 'essay'),
    ];
    expect(one.cover).toEqual(same.cover);
    expect(one.cover.source).not.toBe(other.cover.source);
    expect(one.cover.source).not.toBe(warm.cover.source);
    const means = await Promise.all([one, warm].map(async ({ cover }) => (await sharp(cover.jpeg).stats()).channels));
    const isWarm = means.map(([red, , blue]) => (red?.mean ?? 0) > (blue?.mean ?? 0));
    expect(isWarm).toEqual([false, true]);
  });

  test('come from the cache, and again from the source when it is broken', async () => {
    const home = freshHome();
    const first = await prepared({ home });
    const names = readdirSync(home);
    expect(names.length).toBe(2);
    expect(await prepared({ home, jail: IDLE })).toEqual(first);
    for (const name of names) writeFileSync(join(home, name), 'torn');
    expect(await prepared({ home })).toEqual(first);
  });

  test('a drawn cover comes from the cache, too', async () => {
    const home = freshHome();
    const text = '---\ntitle: 一\n---\n\n正文。\n';
    const drawn = await prepared({ text, home });
    const [name = ''] = readdirSync(home);
    const image = decodeFitted(readFileSync(join(home, name)));
    if (image === null) throw new Error('nothing was kept');
    const kept = Buffer.concat([image.bytes, Buffer.from('kept')]);
    writeFileSync(join(home, name), encodeFitted({ ...image, bytes: kept }));
    const { cover } = await prepared({ text, home });
    expect(cover).toEqual({ ...drawn.cover, jpeg: Buffer.concat([drawn.cover.jpeg, Buffer.from('kept')]) });
  });

  test('one that is at WeChat already is neither fitted nor sent', async () => {
    const url = 'https://mmbiz.qpic.cn/mmbiz_png/Known/0';
    const { body, cover } = await prepared({ text: POST.replace('/a.png', url) });
    expect(body).toEqual([]);
    expect(cover.src).toBe('');
  });
});

describe('diagrams', () => {
  const fence = '```';
  const block = (source: string) => `\n${fence}mermaid\n${source}\n${fence}\n`;
  const text = `${POST}${block('graph TD\n  甲 --> 乙')}${block('pie')}${block('graph TD\n  甲 --> 乙')}`;
  const openPlain = () => openStudio({ env: { WXSYNC_CHROME: 'none' }, platform: 'any', hearing: 'caller' });

  test('are drawn once, sent as pictures, and no part of the source hash but by their text', async () => {
    const home = freshHome();
    const drawn = await prepared({ text, studio: openPlain(), home });
    const other = await prepared({ text });
    expect(drawn.sourceHash).toBe(other.sourceHash);
    expect(drawn.cover.source).toBe(other.cover.source);
    expect(drawn.body.map(({ src }) => src)).toEqual(['/a.png', expect.stringMatching(/^mermaid:/)]);
    expect(drawn.findings).toMatchObject([{ code: 'diagram-no-renderer', severity: 'warning', line: 16, column: 1 }]);
    expect([other.body.length, other.findings]).toEqual([1, []]);
    const changed = await prepared({ text: text.replaceAll('甲 -->', '甲 ---') });
    expect(changed.sourceHash).not.toBe(drawn.sourceHash);
    // Where nothing draws, the cache still has it.
    const idle: Studio = {
      renderers: async () => ['plain'],
      draw: async () => ({ ok: false, code: 'diagram-too-much', args: {}, line: null }),
      close: async () => undefined,
    };
    const cached = await prepared({ text, studio: idle, home });
    expect(cached.body).toEqual(drawn.body);
    expect(cached.findings.map(({ code }) => code)).toEqual(['diagram-too-much']);
  });

  test('that stay code stop a post whose project says so', async () => {
    const preparing = await prepare({
      text,
      studio: openPlain(),
      config: { checks: { 'diagram-no-renderer': 'error' } },
    });
    expect(preparing).toMatchObject({
      kind: 'invalid',
      findings: [{ code: 'diagram-no-renderer', severity: 'error' }],
    });
  });
});
