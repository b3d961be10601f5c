// Posts that lie outside of the project behind links, patterns and configs of a hostile repository: none of their bytes is read.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from './here.ts';
import { fresh, git, toEnv } from './stage.ts';

const DIARY = '---\ntitle: DIARY\nwechat_synced: false\n---\n\ncanary\n';
const POST = '---\ntitle: POST\nwechat_synced: false\n---\n\nWords.\n';

/** A project beside a private folder: `links` by their name, to what they lead to from the project. */
function createSite(links: Readonly<Record<string, string>>, config = '{}') {
  const folder = fresh('outside');
  const [site, outside] = [join(folder, 'site'), join(folder, 'private')];
  for (const each of [join(site, 'inner'), outside]) mkdirSync(each, { recursive: true });
  for (const file of [join(outside, 'diary.md'), join(folder, 'diary.md')]) writeFileSync(file, DIARY);
  for (const file of ['post.md', 'inner/in.md']) writeFileSync(join(site, file), POST);
  writeFileSync(join(site, 'wxsync.config.json'), config);
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(site, name));
  return { site, outside };
}

const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['publish', '-n', '--json'],
  ['publish', '--sandbox', '--flip', '--json'],
  ['status', '--json'],
  ['check', '--format', 'json'],
];

describe.each(COMMANDS.map((command) => ({ command })))('$command', ({ command }) => {
  const runIn = async (site: string, paths: readonly string[], env = {}) => {
    const told = await runHere([...command, ...paths], { cwd: site, env: toEnv(env) });
    expect(told.stdout + told.stderr).not.toMatch(/DIARY|canary/);
    return told;
  };

  test.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ['a folder that is a link', { notes: '../private' }, ['notes'], 'notes'],
    ['a glob behind such a folder', { notes: '../private' }, ['notes/*.md'], 'notes'],
    ['a glob of folders below it', { notes: '../private' }, ['notes/**/*.md', 'post.md'], 'notes'],
  ])('%s is left out and named', async (_, links, paths, name) => {
    const { site } = createSite(links);
    const { code, stderr } = await runIn(site, paths);
    expect([code, stderr]).toEqual([0, expect.stringContaining(name)]);
  });

  test.each<[string, string, readonly string[], boolean]>([
    ['the whole project', '{}', [], true],
    ['a folder', '{}', ['.'], true],
    ['an include around it', '{"include": ["inner/**/*.md"]}', [], true],
    ['an include beside it', '{"include": ["*.md"]}', [], false],
    ['a config that excludes it', '{"exclude": ["inner/notes/**"]}', [], false],
    ['a config that excludes others', '{"exclude": ["**/drafts/**", "other/**"]}', [], true],
  ])(
    'of %s, a folder behind a link is named with what to do, unless nobody wants it',
    async (_, config, paths, isTold) => {
      const { site } = createSite({ 'inner/notes': '../../private', 'inner/own': '.' }, config);
      const { code, stderr } = await runIn(site, paths);
      expect([code, stderr.includes('inner/notes. Move'), stderr.includes('inner/own')]).toEqual([0, isTold, false]);
    },
  );

  test.each(['d*.md', '.'])('links to files are not found by %s', async (path) => {
    const { site } = createSite({ 'diary.md': '../private/diary.md', 'd2.md': 'way.txt', 'way.txt': '../diary.md' });
    expect((await runIn(site, [path])).code).toBe(0);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['a link', { 'diary.md': '../private/diary.md' }, 'diary.md'],
    ['a file behind a folder that is a link', { notes: '../private' }, 'notes/diary.md'],
    ['the same by another way', { inner2: 'inner', notes: '../private' }, 'inner2/../notes/diary.md'],
  ])('%s, named, is an error of that post', async (_, links, path) => {
    const { site, outside } = createSite(links);
    const { code, stdout, stderr } = await runIn(site, [path]);
    if (command[0] === 'status') expect([code, JSON.parse(stdout).posts]).toMatchObject([0, [{ state: 'invalid' }]]);
    else expect([code, stdout + stderr]).toEqual([3, expect.stringContaining('post-outside')]);
    expect(readFileSync(join(outside, 'diary.md'), 'utf8')).toBe(DIARY);
  });

  test('a folder that is another project or repository is no way round', async () => {
    const { site, outside } = createSite({ notes: '../private' });
    git(outside, 'init', '--quiet');
    writeFileSync(join(outside, 'wxsync.config.json'), '{}');
    expect((await runIn(site, ['notes'])).code).toBe(0);
    expect((await runIn(site, ['notes/diary.md'])).code).toBe(command[0] === 'status' ? 0 : 3);
  });

  test('a config that includes it is refused', async () => {
    const { site } = createSite({}, '{\n  "include": ["../private/*.md"]\n}');
    const { code, stdout, stderr } = await runIn(site, []);
    expect([code, stdout + stderr]).toEqual([2, expect.stringContaining('wxsync.config.json:2:3')]);
  });
});

test.each([
  ['diary.md', 3],
  ['notes/diary.md', 3],
  ['folder/in.md', 0],
])('render %s: %i', async (path, expected) => {
  const { site } = createSite({ 'diary.md': '../private/diary.md', notes: '../private', folder: 'inner' });
  const { code, stdout, stderr } = await runHere(['render', path], { cwd: site, env: toEnv() });
  expect([code, stderr.includes('post-outside')]).toEqual([expected, expected === 3]);
  expect(stdout + stderr).not.toMatch(/DIARY|canary/);
});

test('links that stay inside are followed, whatever names them', async () => {
  const { site } = createSite({ 'link.md': 'inner/in.md', folder: 'inner' });
  for (const path of ['link.md', 'folder', 'folder/in.md', 'folder/*.md']) {
    const { code, stdout } = await runHere(['publish', '-n', '--json', path], { cwd: site, env: toEnv() });
    expect([path, code, JSON.parse(stdout).results]).toMatchObject([path, 0, [{ title: 'POST', status: 'planned' }]]);
  }
});

test('a link of one’s own, outside of every project, leads to it', async () => {
  const { site } = createSite({});
  const desk = fresh('desk');
  symlinkSync(site, join(desk, 'blog'));
  for (const path of [join(desk, 'blog/post.md'), join(desk, 'blog/inner')]) {
    const { code, stdout } = await runHere(['publish', '-n', '--json', path], { cwd: fresh('cwd'), env: toEnv() });
    expect([code, JSON.parse(stdout).results]).toMatchObject([0, [{ title: 'POST', status: 'planned' }]]);
  }
});
