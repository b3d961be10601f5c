// Finding and reading picture files, on real folders with links, pipes and names in every form.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { findImages, type LocalSource, readImage } from '../../src/images/find.ts';

const NFC = '\u00e9t\u00e9.png';
const NFD = NFC.normalize('NFD');
const socket = createServer();
let base = '';
let root = '';

function put(path: string, text = path): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-find-')));
  root = join(base, 'site');
  for (const path of [
    'content/zh/post.md',
    'content/zh/near.png',
    'content/zh/post/hexo.png',
    'content/zh/both.png',
    'both.png',
    'at-root.png',
    'public/images/x.png',
    'public/both.png',
    'public/a b.png',
    'public/100%.png',
    'public/a#b.png',
    'public/图 片.png',
    'public/q?v=1.png',
    'public/Logo.PNG',
    'public/two/Same.png',
    'public/two/same.PNG',
    'public/Dir/one.png',
    'public/dir/two.png',
    `public/nfd/${NFD}`,
    `public/case/${NFD}`,
    `public/case/${NFC.toUpperCase()}`,
    'static/only-static.png',
    'docs/.vuepress/public/dot.png',
    'docs/.vuepress/public/.hidden.png',
    'docs/.vuepress/secret.png',
    '.env',
    '.git/config',
    '.wxsync/x.png',
    'public/.hidden.png',
    'public/..strange.png',
    'public/.secret/x.png',
  ]) {
    put(path);
  }
  put('../outside/secret.png');
  put('../outside/deep/secret.png');
  put('../site-twin/x.png');
  mkdirSync(join(root, 'public/folder.png'));
  for (const [name, more] of [
    ['huge', 1],
    ['full', 0],
    ['large', -1],
  ] as const) {
    put(`public/${name}.png`);
    truncateSync(join(root, `public/${name}.png`), LIMITS.sourceImage.value + more);
  }
  execFileSync('mkfifo', [join(root, 'public/pipe.png')]);
  await new Promise<void>((done) => socket.listen(join(root, 'public/sock.png'), done));
  for (const [link, target] of [
    ['public/link-in.png', 'images/x.png'],
    ['public/link-out.png', '../../outside/secret.png'],
    ['public/link-absolute.png', join(base, 'outside/secret.png')],
    ['public/link-chain.png', 'link-out.png'],
    ['public/link-folder', '../../outside'],
    ['public/link-up', '../..'],
    ['public/link-env.png', '../.env'],
    ['public/link-git.png', '../.git/config'],
    ['public/link-twin.png', '../../site-twin/x.png'],
    ['public/link-null.png', '/dev/null'],
    ['public/link-pipe.png', 'pipe.png'],
    ['public/link-broken.png', 'nowhere.png'],
    ['public/link-loop.png', 'link-loop.png'],
    ['public/link-passwd.png', '/etc/passwd'],
    ['public/link-proc.png', '/proc/self/environ'],
  ] as const) {
    symlinkSync(target, join(root, link));
  }
});

afterAll(() => {
  socket.close();
  rmSync(base, { recursive: true });
});

const publicDirs = ['public', 'static', 'docs/.vuepress/public', '.'];
const rootsOf = () => ({ projectRoot: root, postFile: join(root, 'content/zh/post.md'), publicDirs });

async function find(src: string, how: { readonly byName?: true } = {}) {
  const found = await findImages([{ src, alt: '', line: 3, column: 7, ...how }], rootsOf());
  const source = found.sources.get(src);
  return { shown: source?.kind === 'file' ? source.shown : null, source, findings: found.findings };
}

describe('found', () => {
  test.each([
    ['/images/x.png', 'public/images/x.png'],
    ['/only-static.png', 'static/only-static.png'],
    ['/both.png', 'public/both.png'],
    ['/at-root.png', 'at-root.png'],
    ['/public/images/x.png', 'public/images/x.png'],
    ['/dot.png', 'docs/.vuepress/public/dot.png'],
    ['/docs/.vuepress/public/dot.png', 'docs/.vuepress/public/dot.png'],
    ['/../../../images/x.png', 'public/images/x.png'],
    ['//../images/x.png'.slice(1), 'public/images/x.png'],
    ['near.png', 'content/zh/near.png'],
    ['./near.png', 'content/zh/near.png'],
    ['both.png', 'content/zh/both.png'],
    ['hexo.png', 'content/zh/post/hexo.png'],
    ['at-root.png', 'at-root.png'],
    ['public/images/x.png', 'public/images/x.png'],
    ['../../public/images/x.png', 'public/images/x.png'],
    ['/a%20b.png', 'public/a b.png'],
    ['/a b.png', 'public/a b.png'],
    ['/100%.png', 'public/100%.png'],
    ['/100%25.png', 'public/100%.png'],
    ['/a#b.png', 'public/a#b.png'],
    ['/images/x.png#crop', 'public/images/x.png'],
    ['/images/x.png?v=3', 'public/images/x.png'],
    ['/q?v=1.png', 'public/q?v=1.png'],
    ['/%E5%9B%BE%20%E7%89%87.png', 'public/图 片.png'],
    ['/link-in.png', 'public/link-in.png'],
    ['/full.png', 'public/full.png'],
    ['/large.png', 'public/large.png'],
  ])('%s → %s', async (src, shown) => {
    expect(await find(src)).toMatchObject({ shown, findings: [] });
  });

  test.each([
    ['/logo.png', 'public/Logo.PNG'],
    ['/LOGO.png?x', 'public/Logo.PNG'],
    [`/nfd/${NFC}`, `public/nfd/${NFC}`],
    [`/case/${NFC}`, `public/case/${NFC}`],
    ['/IMAGES/X.PNG', 'public/images/x.png'],
    ['/DIR/two.png', 'public/dir/two.png'],
    ['NEAR.png', 'content/zh/near.png'],
  ])('%s by another spelling → %s', async (src, shown) => {
    const found = await find(src);
    expect(found.shown).toBe(shown);
    expect(found.findings).toMatchObject([{ code: 'image-name-match', severity: 'warning', args: { found: shown } }]);
  });
});

describe('refused', () => {
  test.each([
    ['image-missing', '/nowhere.png'],
    ['image-missing', 'nowhere.png'],
    ['image-missing', '../../nowhere.png'],
    ['image-missing', '/etc/passwd'],
    ['image-missing', '/../../../etc/passwd'],
    ['image-missing', '/x.png/../../../outside/secret.png'],
    ['image-missing', '/images/x.png/more.png'],
    ['image-missing', '/link-broken.png'],
    ['image-missing', '/link-loop.png'],
    ['image-missing', `/${'a'.repeat(300)}.png`],
    ['image-outside', '../../../outside/secret.png'],
    ['image-outside', '../../../../../../../../etc/passwd'],
    ['image-outside', 'a/../../../../outside/secret.png'],
    ['image-outside', '../../../site-twin/x.png'],
    ['image-outside', '../../../.env'],
    ['image-outside', '/link-out.png'],
    ['image-outside', '/link-absolute.png'],
    ['image-outside', '/link-chain.png'],
    ['image-outside', '/link-folder/secret.png'],
    ['image-outside', '/link-folder/deep/secret.png'],
    ['image-outside', '/link-up/outside/secret.png'],
    ['image-outside', '/LINK-FOLDER/SECRET.png'],
    ['image-outside', '/link-twin.png'],
    ['image-outside', '/link-null.png'],
    ['image-outside', '/link-passwd.png'],
    ['image-outside', '/link-proc.png'],
    ['image-hidden', '/.env'],
    ['image-hidden', '.env'],
    ['image-hidden', '../../.env'],
    ['image-hidden', '../../.git/config'],
    ['image-hidden', '/.git/config'],
    ['image-hidden', '/.git/../.git/config'],
    ['image-hidden', '/.wxsync/x.png'],
    ['image-hidden', '/.hidden.png'],
    ['image-hidden', '/..strange.png'],
    ['image-hidden', '/.secret/x.png'],
    ['image-hidden', '/docs/.vuepress/secret.png'],
    ['image-hidden', '/docs/.vuepress/public/.hidden.png'],
    ['image-hidden', '/link-env.png'],
    ['image-hidden', '/link-git.png'],
    ['image-hidden', '/link-up/site/.env'],
    ['image-ambiguous', '/two/SAME.png'],
    ['image-not-a-file', '/folder.png'],
    ['image-not-a-file', '/images'],
    ['image-not-a-file', '/'],
    ['image-not-a-file', '/pipe.png'],
    ['image-not-a-file', '/link-pipe.png'],
    ['image-not-a-file', '/sock.png'],
    ['image-too-big', '/huge.png'],
    ['image-bad-reference', 'file:///etc/passwd'],
    ['image-bad-reference', '..%2f..%2f.env'],
  ])('%s %s', async (code, src) => {
    const found = await find(src);
    expect(found.source).toBeUndefined();
    expect(found.findings).toMatchObject([{ code, severity: 'error', line: 3, column: 7 }]);
    expect(JSON.stringify(found.findings)).not.toContain(base);
  });
});

describe('by name, as Obsidian writes it', () => {
  const byName = (src: string) => find(src, { byName: true });

  test.each([
    ['near.png', 'content/zh/near.png'],
    ['both.png', 'content/zh/both.png'],
    ['only-static.png', 'static/only-static.png'],
    ['图 片.png', 'public/图 片.png'],
    ['100%.png', 'public/100%.png'],
    ['Dir/one.png', 'public/Dir/one.png'],
  ])('%s → %s', async (src, shown) => expect(await byName(src)).toMatchObject({ shown, findings: [] }));

  test('in another case, with a word about it', async () => {
    const found = await byName('ONLY-static.PNG');
    expect(found).toMatchObject({ shown: 'static/only-static.png', findings: [{ code: 'image-name-match' }] });
  });

  test.each([
    ['image-missing', 'nowhere.png'],
    ['image-missing', 'c/only-static.png'],
    ['image-missing', 'link-in.png'],
    ['image-missing', 'secret.png'],
    ['image-missing', 'pipe.png'],
    ['image-ambiguous', 'SAME.png'],
    ['image-too-big', 'huge.png'],
    ['image-hidden', '.hidden.png'],
    ['image-outside', '../../../outside/secret.png'],
    ['image-missing', '/only-dir.png'],
  ])('%s %s', async (code, src) => {
    const found = await byName(src);
    expect(found.source).toBeUndefined();
    expect(found.findings).toMatchObject([{ code, line: 3, column: 7 }]);
  });

  test('a path of Markdown is not looked for elsewhere', async () => {
    expect((await find('only-static.png')).findings).toMatchObject([{ code: 'image-missing' }]);
  });
});

test('what was looked for is named, and what matches', async () => {
  expect((await find('/nowhere.png')).findings[0]?.args['tried']).toBe(
    'public/nowhere.png, static/nowhere.png, docs/.vuepress/public/nowhere.png, nowhere.png',
  );
  expect((await find('nowhere.png')).findings[0]?.args['tried']).toBe(
    'content/zh/nowhere.png, content/zh/post/nowhere.png, nowhere.png',
  );
  expect((await find('/two/SAME.png')).findings[0]?.args['found']).toMatch(/^public\/two\/.*, public\/two\//);
});

test('all problems are told at once, at each place; pictures that need no file pass', async () => {
  const at = (src: string, line: number) => ({ src, alt: '', line, column: 1 });
  const references = [
    at('/no.png', 1),
    at('near.png', 2),
    at('/no.png', 3),
    at('C:/x.png', 4),
    at('https://example.com/a.png', 5),
    at('https://mmbiz.qpic.cn/x/0', 6),
    at('data:image/png;base64,AAEC', 7),
  ];
  const { sources, findings } = await findImages(references, rootsOf());
  expect(findings.map(({ code, line }) => `${line} ${code}`)).toEqual([
    '1 image-missing',
    '3 image-missing',
    '4 image-bad-reference',
  ]);
  expect([...sources.values()].map(({ kind }) => kind)).toEqual(['file', 'remote', 'wechat', 'data']);
});

test('a project that lies in a hidden folder, and public folders outside of it', async () => {
  const projectRoot = join(base, '.cache/site');
  mkdirSync(join(projectRoot, 'public'), { recursive: true });
  writeFileSync(join(projectRoot, 'post.md'), '');
  writeFileSync(join(projectRoot, 'public/x.png'), '');
  const roots = {
    projectRoot,
    postFile: join(projectRoot, 'post.md'),
    publicDirs: ['../../outside', '/etc', 'public'],
  };
  const codes = async (src: string) => (await findImages([{ src, alt: '', line: 1, column: 1 }], roots)).findings;
  expect(await codes('/x.png')).toEqual([]);
  expect(await codes('/secret.png')).toMatchObject([{ code: 'image-missing' }]);
  expect(await codes('/passwd')).toMatchObject([{ code: 'image-missing' }]);
});

describe('reading', () => {
  const file = (path: string): LocalSource => ({ kind: 'file', path: join(root, path), shown: path });

  test('gives the bytes of a file and of a data reference', async () => {
    const read = await readImage(file('at-root.png'), rootsOf());
    expect(read.ok && Buffer.from(read.bytes).toString()).toBe('at-root.png');
    const bytes = Uint8Array.of(1);
    expect(await readImage({ kind: 'data', bytes }, rootsOf())).toEqual({ ok: true, bytes });
  });

  test.each([
    ['image-unreadable', 'gone.png'],
    ['image-not-a-file', 'public/folder.png'],
    ['image-outside', 'public/link-in.png'],
    ['image-outside', 'public/link-out.png'],
    ['image-outside', 'public/link-folder/secret.png'],
    ['image-outside', '../outside/secret.png'],
    ['image-too-big', 'public/huge.png'],
  ])('%s %s', async (code, path) => {
    expect(await readImage(file(path), rootsOf())).toMatchObject({ ok: false, code });
  });

  test('never waits for a pipe', { timeout: 2_000 }, async () => {
    expect(await readImage(file('public/pipe.png'), rootsOf())).toMatchObject({ ok: false, code: 'image-not-a-file' });
  });

  test('a folder that is swapped for a link again and again lets no outside byte through', async () => {
    const folder = join(root, 'swap');
    const aside = join(root, 'aside');
    const link = join(root, 'trap');
    mkdirSync(folder);
    writeFileSync(join(folder, 'secret.png'), 'mine');
    symlinkSync(join(base, 'outside'), link);
    const seen = new Set<string>();
    let swapping = true;
    const swapper = (async () => {
      while (swapping) {
        renameSync(folder, aside);
        renameSync(link, folder);
        await new Promise((next) => setImmediate(next));
        renameSync(folder, link);
        renameSync(aside, folder);
        await new Promise((next) => setImmediate(next));
      }
    })();
    for (let round = 0; round < 1_000; round++) {
      const read = await readImage({ kind: 'file', path: join(folder, 'secret.png'), shown: '' }, rootsOf());
      seen.add(read.ok ? Buffer.from(read.bytes).toString() : read.code);
    }
    swapping = false;
    await swapper;
    expect(seen).toContain('image-outside');
    expect(seen).toContain('mine');
    expect([...seen].filter((each) => !['mine', 'image-outside', 'image-unreadable'].includes(each))).toEqual([]);
  });
});
