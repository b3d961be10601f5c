// A repository whose own config and attributes name programs for everything git can be told to run: our questions run none of them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { askTracking, listChanged, openGit } from '../../src/local/git.ts';
import { listTree, readBlobs } from '../../src/local/git-objects.ts';
import { fetchCommit, lookUp, push } from '../../src/local/git-remote.ts';
import { fresh } from '../cli/stage.ts';
import { type Clone, createRemote, GIT_ENV, type Remote, sh } from '../publish/repository.ts';

let remote: Remote;
let clone: Clone;
let traps: string;

/** A program that leaves a file of this name and passes on what it gets. */
const trap = (name: string) => `touch '${join(traps, name)}'; cat`;

/** The same for a setting that takes a file alone. */
function toProgram(name: string): string {
  const file = join(fresh('program'), name);
  writeFileSync(file, `#!/bin/sh\n${trap(name)}\n`, { mode: 0o755 });
  return file;
}

beforeAll(() => {
  traps = fresh('traps');
  const attributes = '*.md filter=evil diff=evil merge=evil\n*.txt filter=process -text\n';
  remote = createRemote({ 'a.md': 'words\n', 'b.txt': 'words\n', '.gitattributes': attributes });
  clone = remote.clone();
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
    'core.alternateRefsCommand': trap('alternate'),
    'log.showSignature': 'true',
    'gpg.program': toProgram('gpg'),
    'commit.gpgSign': 'true',
    'push.gpgSign': 'true',
    'interactive.diffFilter': trap('diff-filter'),
    'sequence.editor': trap('sequence-editor'),
    'trailer.x.command': trap('trailer'),
    'pager.log': trap('log-pager'),
  };
  for (const [key, value] of Object.entries(settings)) sh(clone.folder, 'config', key, value);
  mkdirSync(join(clone.folder, '.git/hooks'), { recursive: true });
  for (const hook of ['post-index-change', 'reference-transaction', 'pre-push', 'fsmonitor-watchman'])
    writeFileSync(join(clone.folder, '.git/hooks', hook), `#!/bin/sh\n${trap(`hook-${hook}`)}\n`, { mode: 0o755 });
});

/** Other bytes or another time alone: git must look into the file. */
beforeEach(() => {
  for (const name of readdirSync(traps)) rmSync(join(traps, name));
  for (const file of ['a.md', 'b.txt']) writeFileSync(join(clone.folder, file), 'words\n');
});

const QUESTIONS: readonly [string, () => Promise<unknown> | unknown, unknown][] = [
  ['is it tracked?', () => askTracking(clone.folder, join(clone.folder, 'a.md'), GIT_ENV), 'tracked'],
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

/** A commit that says it is signed; git would have a program look at it. */
async function writeSigned(): Promise<string> {
  const [head, ...rest] = (await clone.git.ask(['cat-file', 'commit', 'HEAD'])).split('\n\n');
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----';
  const input = [`${head}\n${signature}`, ...rest].join('\n\n');
  return clone.git.ask(['hash-object', '-t', 'commit', '-w', '--stdin'], { input });
}

test('who signed a commit is not looked at', async () => {
  const signed = await writeSigned();
  expect(await clone.git.ask(['log', '-1', '--format=%H', signed])).toBe(signed);
  expect(readdirSync(traps)).toEqual([]);
  sh(clone.folder, 'log', '-1', '--format=%H', signed);
  expect(existsSync(join(traps, 'gpg')), 'armed').toBe(true);
});

test('an alternate object store is not asked for its refs, neither by a fetch nor by a push', async () => {
  const store = createRemote({ 'c.md': 'words' }).clone();
  writeFileSync(join(clone.folder, '.git/objects/info/alternates'), `${join(store.folder, '.git/objects')}\n`);
  remote.author((person) => person.write('new.md', 'words'));
  const at = { remote: 'origin', ref: 'refs/heads/main' };
  const commit = await fetchCommit(clone.git, at);
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  const tree = await clone.git.ask(['rev-parse', `${commit}^{tree}`]);
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@localhost'];
  const next = await clone.git.ask([...author, 'commit-tree', '-p', commit ?? '', '-m', 'next', tree]);
  expect(await push(clone.git, { ...at, commit: next })).toEqual({ kind: 'ok' });
  expect(readdirSync(traps)).toEqual([]);
  remote.author((person) => person.write('newer.md', 'words'));
  sh(clone.folder, 'fetch', '--quiet', 'origin');
  expect(existsSync(join(traps, 'alternate')), 'armed').toBe(true);
  rmSync(join(clone.folder, '.git/objects/info/alternates'));
});

/** Takes one object out of a repository that was cloned, and so holds one pack. */
function loseObject(folder: string, oid: string): void {
  const packs = join(folder, '.git/objects/pack');
  const pack = readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '';
  const bytes = readFileSync(join(packs, pack));
  rmSync(packs, { recursive: true });
  execFileSync('git', ['unpack-objects', '-q'], { cwd: folder, env: GIT_ENV, input: bytes });
  rmSync(join(folder, '.git/objects', oid.slice(0, 2), oid.slice(2)));
}

test('whether a file is tracked is found out here: nothing that a sparse index leaves out is fetched', () => {
  const { folder } = createRemote({ 'deep/a.md': 'words', 'in/b.md': 'words' }).clone();
  sh(folder, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
  const tree = sh(folder, 'rev-parse', 'HEAD:deep').trim();
  const settings = {
    'core.repositoryFormatVersion': '1',
    'extensions.partialClone': 'origin',
    'remote.origin.promisor': 'true',
  };
  const armed = { ...settings, 'remote.origin.uploadpack': trap('upload-pack'), 'remote.origin.url': folder };
  for (const [key, value] of Object.entries(armed)) sh(folder, 'config', key, value);
  loseObject(folder, tree);
  writeFileSync(join(folder, '.env'), '');
  expect(askTracking(folder, join(folder, '.env'), GIT_ENV)).toBe('untracked');
  expect(readdirSync(traps)).toEqual([]);
  sh(folder, 'ls-files', '.env');
  expect(existsSync(join(traps, 'upload-pack')), 'armed').toBe(true);
});

test.each<[string, string, Readonly<Record<string, string>>, string]>([
  ['a file that is not', '.env', {}, 'untracked'],
  ['a name in capitals, where disks do not tell them apart', 'A.MD', {}, 'tracked'],
  ['without git', 'a.md', { PATH: '/nonexistent' }, 'unknown'],
  ['in another owner’s folder', 'a.md', { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }, 'unknown'],
])('is it tracked? %s', (_, name, env, expected) => {
  expect(askTracking(clone.folder, join(clone.folder, name), { ...GIT_ENV, ...env })).toBe(expected);
});

test('a remote that is a command line is neither asked nor pushed to', async () => {
  const at = { remote: 'ext', ref: 'refs/heads/main' };
  await expect(lookUp(clone.git, at)).rejects.toMatchObject({ code: 'push-denied' });
  expect(await push(clone.git, { ...at, commit: 'HEAD' })).toMatchObject({ kind: 'denied' });
  expect(readdirSync(traps)).toEqual([]);
});

test('a variable of the caller leads no question elsewhere', () => {
  const env = { ...GIT_ENV, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere' };
  expect(askTracking(clone.folder, join(clone.folder, 'a.md'), env)).toBe('tracked');
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
