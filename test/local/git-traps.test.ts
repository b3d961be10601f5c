// A repository whose own config and attributes name programs for everything git can be told to run: our questions run none of them.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { isTracked, listChanged, openGit } from '../../src/local/git.ts';
import { listTree, readBlobs } from '../../src/local/git-objects.ts';
import { lookUp, push } from '../../src/local/git-remote.ts';
import { fresh } from '../cli/stage.ts';
import { type Clone, createRemote, GIT_ENV, sh } from '../publish/repository.ts';

let clone: Clone;
let traps: string;

/** A program that leaves a file of this name and passes on what it gets. */
const trap = (name: string) => `touch '${join(traps, name)}'; cat`;

beforeAll(() => {
  traps = fresh('traps');
  const attributes = '*.md filter=evil diff=evil merge=evil\n*.txt filter=process -text\n';
  clone = createRemote({ 'a.md': 'words\n', 'b.txt': 'words\n', '.gitattributes': attributes }).clone();
  const settings: Readonly<Record<string, string>> = {
    'core.fsmonitor': trap('fsmonitor'),
    'core.pager': trap('pager'),
    'core.editor': trap('editor'),
    'core.askPass': trap('askpass'),
    'diff.external': trap('external-diff'),
    'diff.evil.textconv': trap('textconv'),
    'diff.evil.command': trap('diff-command'),
    'merge.evil.driver': trap('merge'),
    'filter.evil.clean': trap('clean'),
    'filter.evil.smudge': trap('smudge'),
    'filter.evil.required': 'true',
    'filter.process.process': trap('process'),
    'filter.process.required': 'true',
    'filter.odd=name.x.clean': trap('odd'),
    'protocol.ext.allow': 'always',
    'remote.ext.url': `ext::touch ${join(traps, 'ext')}`,
    'alias.diff': `!${trap('alias')}`,
  };
  for (const [key, value] of Object.entries(settings)) sh(clone.folder, 'config', key, value);
  mkdirSync(join(clone.folder, '.git/hooks'), { recursive: true });
  for (const hook of ['post-index-change', 'reference-transaction', 'pre-push', 'fsmonitor-watchman'])
    writeFileSync(join(clone.folder, '.git/hooks', hook), `#!/bin/sh\n${trap(`hook-${hook}`)}\n`, { mode: 0o755 });
});

/** Other bytes or another time alone: git must look into the file. */
beforeEach(() => {
  for (const file of ['a.md', 'b.txt']) writeFileSync(join(clone.folder, file), 'words\n');
});

const QUESTIONS: readonly [string, () => Promise<unknown> | unknown, unknown][] = [
  ['is it tracked?', () => isTracked(clone.folder, join(clone.folder, 'a.md'), GIT_ENV), true],
  ['what changed, when nothing did?', async () => [...((await listChanged(clone.git, 'HEAD')) ?? [])], []],
  [
    'what changed?',
    async () => {
      clone.write('a.md', 'other words\n');
      return [...((await listChanged(clone.git, 'HEAD')) ?? [])];
    },
    ['a.md'],
  ],
  ['what is modified?', () => clone.git.ask(['ls-files', '--modified', '--', 'a.md', 'b.txt']), ''],
  ['a file as it would be checked out', () => clone.git.ask(['cat-file', '--filters', 'HEAD:b.txt']), 'words'],
  [
    'the committed bytes',
    async () => {
      const tree = await listTree(clone.git, 'HEAD');
      const oid = tree.get('a.md')?.oid ?? '';
      return (await readBlobs(clone.git, [oid])).get(oid)?.toString();
    },
    'words\n',
  ],
];

test.each(QUESTIONS)('%s', async (_, ask, expected) => {
  expect(await ask()).toEqual(expected);
  expect(readdirSync(traps)).toEqual([]);
});

test('a remote that is a command line is neither asked nor pushed to', async () => {
  const at = { remote: 'ext', ref: 'refs/heads/main' };
  await expect(lookUp(clone.git, at)).rejects.toMatchObject({ code: 'push-denied' });
  expect(await push(clone.git, { ...at, commit: 'HEAD' })).toMatchObject({ kind: 'denied' });
  expect(readdirSync(traps)).toEqual([]);
});

test('a variable of the caller leads no question elsewhere', () => {
  const env = { ...GIT_ENV, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere' };
  expect(isTracked(clone.folder, join(clone.folder, 'a.md'), env)).toBe(true);
});

test('settings of the real environment are kept beside ours', async () => {
  const given = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'wxsync.test', GIT_CONFIG_VALUE_0: 'kept' };
  const git = openGit(clone.folder, { ...GIT_ENV, ...given });
  expect(await git.ask(['config', 'wxsync.test'])).toBe('kept');
  expect(await git.ask(['config', 'filter.evil.clean'])).toBe('');
});

test('the traps are armed: git by itself falls into them', () => {
  sh(clone.folder, '-c', 'filter.process.process=', '-c', 'filter.process.required=false', 'diff', '--name-only');
  expect(existsSync(join(traps, 'clean')) || existsSync(join(traps, 'fsmonitor'))).toBe(true);
});
