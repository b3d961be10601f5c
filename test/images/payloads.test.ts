// Ways to make a post read what is not the site's: each is followed from its text to the bytes that would leave.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findImages, readImage } from '../../src/images/find.ts';
import { fitBodyImage } from '../../src/images/fit.ts';
import { noise, withChunk } from './samples.ts';

const CANARY = 'CANARY-b91c';
let base = '';
let root = '';

function put(path: string, content: Uint8Array | string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

// What must not be read are good pictures: nothing but the path stands in their way.
beforeAll(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-payloads-')));
  root = join(base, 'site');
  const picture = await noise(9, 9).png().toBuffer();
  const secret = withChunk(await noise(8, 8).png().toBuffer(), 'tEXt', Buffer.from(`Comment\0${CANARY}`));
  for (const path of ['content/a.png', 'public/a.png']) put(path, picture);
  put('content/post.md', '');
  for (const path of [
    '../secret.png',
    '../outside/secret.png',
    '../site2/secret.png',
    '.secret.png',
    '.git/secret.png',
  ])
    put(path, secret);
  put('.env', `WECHAT_APP_SECRET=${CANARY}`);
  put('public/renamed.png', `WECHAT_APP_SECRET=${CANARY}`);
  execFileSync('mkfifo', [join(root, 'public/pipe.png')]);
  for (const [at, to] of [
    ['public/file.png', '../../secret.png'],
    ['public/whole.png', join(base, 'secret.png')],
    ['public/twice.png', 'file.png'],
    ['public/folder', '../../outside'],
    ['public/up', '..'],
    ['public/hidden.png', '../.secret.png'],
    ['public/pipes.png', 'pipe.png'],
    ['public/fd.png', '/proc/self/fd/0'],
    ['public/loop', '.'],
  ] as const)
    symlinkSync(to, join(root, at));
});
afterAll(() => rmSync(base, { recursive: true }));

const PAYLOADS: Readonly<Record<string, readonly string[]>> = {
  'steps up': [
    ...['../secret.png', '../../secret.png', '../../../secret.png', './../../secret.png', '.././../secret.png'],
    ...[
      'a.png/../../../secret.png',
      'x/../../../secret.png',
      '..//..//secret.png',
      '....//....//secret.png',
      '..;/..;/secret.png',
    ],
    ...[
      '/../secret.png',
      '/../../../../secret.png',
      '/./../secret.png',
      '/a.png/../../../secret.png',
      '../../site2/secret.png',
    ],
    ...['../../../../../../../../../../etc/passwd', '../../content/../../secret.png', '/content/../../secret.png'],
  ],
  'steps up, encoded': [
    ...['..%2f..%2fsecret.png', '..%2F..%2Fsecret.png', '%2e%2e/%2e%2e/secret.png', '%2E%2E%2F%2E%2E%2Fsecret.png'],
    ...['..%252f..%252fsecret.png', '%252e%252e/secret.png', '%25252e%25252e/secret.png', '..%c0%af..%c0%afsecret.png'],
    ...[
      '%c0%ae%c0%ae/secret.png',
      '%u002e%u002e/secret.png',
      '%uff0e%uff0e/secret.png',
      '．．/．．/secret.png',
      '..／..／secret.png',
    ],
    ...['..∕..∕secret.png', '‥/‥/secret.png', '..%00/..%00/secret.png', '..%20/..%20/secret.png', '.. /.. /secret.png'],
    ...['..%0d/..%0a/secret.png', '%09../../secret.png', '&#46;&#46;/secret.png', '..\u200b/..\u200b/secret.png'],
  ],
  'whole paths': [
    ...[
      '/etc/passwd',
      '//etc/passwd',
      '///etc/passwd',
      '/proc/self/environ',
      '/proc/self/root/etc/passwd',
      '/dev/stdin',
    ],
    ...[
      'file:///etc/passwd',
      'file:/etc/passwd',
      'file://localhost/etc/passwd',
      'FILE:///etc/passwd',
      'file:../../secret.png',
    ],
    ...[
      'file%3a///etc/passwd',
      'url(file:///etc/passwd)',
      'BASE/secret.png',
      '/BASE/secret.png',
      'file://BASE/secret.png',
    ],
  ],
  'the home folder and variables': [
    ...[
      '~/secret.png',
      '~root/secret.png',
      '%7e/secret.png',
      '$HOME/secret.png',
      '${HOME}/secret.png',
      '%USERPROFILE%/secret.png',
    ],
    ...[
      '$(cat /etc/passwd)',
      '`cat /etc/passwd`',
      '{{site}}/../../secret.png',
      '*/secret.png',
      '../../*.png',
      '../../secret.{png,jpg}',
    ],
  ],
  Windows: [
    ...[
      '..\\..\\secret.png',
      '..%5c..%5csecret.png',
      '..\\/..\\/secret.png',
      'C:\\secret.png',
      'C:/secret.png',
      'C:secret.png',
      'C|/secret.png',
    ],
    ...[
      '\\\\host\\share\\secret.png',
      '//host/share/secret.png',
      '\\\\?\\C:\\secret.png',
      '\\\\.\\PhysicalDrive0',
      '//?/C:/secret.png',
    ],
    ...[
      'a.png:ads',
      'a.png::$DATA',
      'a.png%3aads',
      'CON',
      'con.png',
      'NUL.png',
      'aux/secret.png',
      'COM1',
      'lpt9.png',
      'SECRET~1.PNG',
    ],
  ],
  'hidden files': [
    ...['.env', '/.env', '../.env', './.env', '/.env?.png', '/.env#.png', '/.env%00.png', '/.env/', '/%2eenv', '/.ENV'],
    ...['/.git/secret.png', '/.secret.png', '../.git/config', '/public/../.env', '/.git/../.secret.png', '/ .env'],
  ],
  links: [
    ...['/file.png', '/whole.png', '/twice.png', '/folder/secret.png', '/FOLDER/secret.png', '/folder/../secret.png'],
    ...['/up/.env', '/up/../secret.png', '/up/public/up/.secret.png', '/up/public/folder/secret.png', '/hidden.png'],
    ...['/loop/loop/file.png', '/fd.png'],
  ],
  'no regular files': ['/pipe.png', '/pipes.png', '/folder', '/', '.', '/public/', '/loop'],
  'no pictures': ['/renamed.png', '/renamed.png?x', '/up/public/renamed.png', '../content/post.md/'],
};
const count = Object.values(PAYLOADS).flat().length;

describe(`${count} payloads: nothing but the site's own pictures leaves`, () => {
  test.each(Object.entries(PAYLOADS))('%s', { timeout: 20_000 }, async (_what, payloads) => {
    const roots = { projectRoot: root, postFile: join(root, 'content/post.md'), publicDirs: ['public', '.'] };
    for (const payload of payloads) {
      const src = payload.replace('BASE', base);
      const { sources, findings } = await findImages([{ src, alt: '', line: 1, column: 1 }], roots);
      const source = sources.get(src);
      const told = JSON.stringify(findings);
      expect({ src, isTold: told.includes(CANARY) || (src === payload && told.includes(base)) }).toEqual({
        src,
        isTold: false,
      });
      // Another host is for the guard of addresses.
      if (source === undefined || source.kind === 'remote') continue;
      const read = source.kind === 'wechat' ? null : await readImage(source, roots);
      const secret = read?.ok && Buffer.from(read.bytes).includes(CANARY);
      const fitted = read?.ok ? await fitBodyImage(read.bytes, { maxWidth: 1440 }) : null;
      const isRenamed = source.kind === 'file' && source.path === join(root, 'public/renamed.png');
      expect({ src, secret: secret === true && !isRenamed, left: fitted?.ok ?? false }).toEqual({
        src,
        secret: false,
        left: false,
      });
    }
  });

  test('and the site’s own do', async () => {
    const roots = { projectRoot: root, postFile: join(root, 'content/post.md'), publicDirs: ['public', '.'] };
    for (const src of ['a.png', '/a.png', '../public/a.png', '/up/public/a.png']) {
      const source = (await findImages([{ src, alt: '', line: 1, column: 1 }], roots)).sources.get(src);
      expect(source).toMatchObject({ kind: 'file' });
    }
  });
});
