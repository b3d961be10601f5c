// Files whole or not at all: links are followed only for the author's post, folders of ours never lead elsewhere.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, makeUnseenFolder, readRegularFile, writeFileAtomic } from '../../src/local/files.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'wxsync-files-'));

describe('writing', () => {
  test('keeps mode, leaves nothing beside', async () => {
    const file = join(fresh(), 'a.md');
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    await writeFileAtomic(file, 'new');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777, readdirSync(join(file, '..'))]).toEqual([
      'new',
      0o640,
      ['a.md'],
    ]);
  });

  test('follows a link when asked to', async () => {
    const folder = fresh();
    writeFileSync(join(folder, 'target'), 'old');
    symlinkSync('target', join(folder, 'link'));
    await writeFileAtomic(join(folder, 'link'), 'new', { link: 'follow' });
    expect([readFileSync(join(folder, 'target'), 'utf8'), lstatSync(join(folder, 'link')).isSymbolicLink()]).toEqual([
      'new',
      true,
    ]);
  });

  test('else replaces the link and leaves its target alone', async () => {
    const folder = fresh();
    writeFileSync(join(folder, 'victim'), 'old');
    symlinkSync('victim', join(folder, 'link'));
    await writeFileAtomic(join(folder, 'link'), 'new');
    expect([readFileSync(join(folder, 'victim'), 'utf8'), readFileSync(join(folder, 'link'), 'utf8')]).toEqual([
      'old',
      'new',
    ]);
  });

  test('a failure leaves the old file and nothing beside', async () => {
    const folder = fresh();
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'inside'), '');
    await expect(writeFileAtomic(join(folder, 'a'), 'new')).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
    });
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

describe('our folders', () => {
  test('are made, and hidden from git', async () => {
    const home = fresh();
    await makeUnseenFolder(home, '.wxsync/preview');
    expect(readFileSync(join(home, '.wxsync/preview/.gitignore'), 'utf8')).toBe('*\n');
  });

  test.each(['.wxsync', '.wxsync/preview'])('never go through a link at %s', async (at) => {
    const [home, outside] = [fresh(), fresh()];
    mkdirSync(join(home, '.wxsync'), { recursive: true });
    if (at === '.wxsync') execFileSync('rmdir', [join(home, '.wxsync')]);
    symlinkSync(outside, join(home, at));
    await expect(makeUnseenFolder(home, '.wxsync/preview')).rejects.toMatchObject({ code: 'ELOOP' });
    expect(readdirSync(outside)).toEqual([]);
  });

  test('are refused where a file stands', () => {
    const home = fresh();
    writeFileSync(join(home, '.wxsync'), '');
    expect(() => makeFolder(home, '.wxsync/posts')).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });
});

describe('reading', () => {
  test.each<[string, (path: string) => void, object]>([
    ['nothing', () => undefined, { kind: 'missing' }],
    ['a folder', (path) => mkdirSync(path), { kind: 'special', what: 'folder' }],
    ['a named pipe', (path) => void execFileSync('mkfifo', [path]), { kind: 'special', what: 'pipe' }],
    ['too much', (path) => writeFileSync(path, 'x'.repeat(11)), { kind: 'too-big', bytes: 11 }],
    ['just as much', (path) => writeFileSync(path, 'x'.repeat(10)), { kind: 'ok' }],
    ['a file', (path) => writeFileSync(path, 'x'), { kind: 'ok' }],
  ])('%s', (_, make, expected) => {
    const path = join(fresh(), 'a');
    make(path);
    expect(readRegularFile(path, 10)).toMatchObject(expected);
  });
});
