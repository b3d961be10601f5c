// Where a project's root is: no config above git's root, none that somebody else planted, and no link that leads out.
import { chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/local/config.ts';
import { findFile, findPlace, findWayOut, hasTwin } from '../../src/local/project.ts';
import { fresh } from '../cli/stage.ts';

/** Folders end in `/`. */
function createTree(paths: readonly string[]): string {
  const top = fresh('project');
  for (const path of paths) {
    mkdirSync(join(top, path.endsWith('/') ? path : join(path, '..')), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(top, path), '{"author":"A"}');
  }
  return top;
}

const CONFIG = 'wxsync.config.json';

describe('the root', () => {
  test.each<[string, readonly string[], string]>([
    ['a config above the git root is none of its business', [CONFIG, 'repo/.git/', 'repo/posts/'], 'repo'],
    ['a config at the git root', [`repo/${CONFIG}`, 'repo/.git/', 'repo/posts/'], 'repo'],
    ['a config below the git root', ['repo/.git/', `repo/posts/${CONFIG}`], 'repo/posts'],
    ['a config without git', [`repo/${CONFIG}`, 'repo/posts/'], 'repo'],
    ['a vault around a repository', ['.obsidian/', 'repo/.git/', 'repo/posts/'], 'repo'],
    ['a vault', ['repo/.obsidian/', 'repo/posts/'], 'repo'],
    ['nothing', ['repo/posts/'], 'repo/posts'],
  ])('%s', (_, paths, root) => {
    const top = createTree(paths);
    expect(findPlace(join(top, 'repo/posts'), fresh('cwd')).root).toBe(join(top, root));
  });

  // Only root can make another user's file.
  test.runIf(process.getuid?.() === 0)(
    'a config or vault that another user planted outside of git is passed over',
    async () => {
      const top = createTree([CONFIG, '.obsidian/', 'mine/']);
      const [config, folder] = [join(top, CONFIG), join(top, 'mine')];
      const look = async () => {
        const place = findPlace(folder, top);
        return [findPlace(folder, fresh('cwd')).root, (await loadConfig(place, null)).config.author];
      };
      expect(await look()).toEqual([top, 'A']);
      for (const file of [config, join(top, '.obsidian')]) chownSync(file, 65_534, 65_534);
      expect(await look()).toEqual([folder, null]);
      chownSync(top, 65_534, 65_534);
      expect(await look(), 'whose folder it is').toEqual([top, 'A']);
      chownSync(top, 0, 0);
      mkdirSync(join(top, '.git'));
      expect(await look(), 'whom git trusts, it trusts').toEqual([top, 'A']);
    },
  );
});

describe('the way to a file', () => {
  const top = createTree([`site/${CONFIG}`, 'site/inner/', 'free/', 'other/.git/', 'cwd/']);
  const links = {
    ...{
      'site/out': '../other',
      'site/in': 'inner',
      'site/inner/up': '..',
      'site/lost': 'nowhere',
      'site/lost2': '../no',
    },
    ...{ 'site/twice': 'inner/over', 'site/inner/over': '../../free', 'free/site': '../site', 'cwd/free': '../free' },
  };
  for (const [link, to] of Object.entries(links)) symlinkSync(to, join(top, link));

  test.each<[string, string | null]>([
    ['site/a.md', null],
    ['site/in/a.md', null],
    ['site/in/up/in/a.md', null],
    ['site/out', 'site/out'],
    ['site/out/a.md', 'site/out'],
    ['site/in/up/out/a.md', 'site/out'],
    ['site/twice/a.md', 'site/twice'],
    ['site/in/over/a.md', 'site/inner/over'],
    ['site/lost/a.md', null],
    ['free/site/a.md', null],
    ['free/site/out/a.md', 'site/out'],
    ['cwd/free/a.md', 'cwd/free'],
  ])('%s leaves at %s', (path, link) => {
    expect(findWayOut(join(top, path), join(top, 'cwd'))?.link ?? null).toBe(link === null ? null : join(top, link));
  });

  test('a working directory that is a link is the folder that it leads to', () => {
    expect(findWayOut('a.md', join(top, 'site/out'))).toBeNull();
    const way = { link: join(top, 'site/out'), file: join(top, 'site/out/deep/a.md') };
    expect(findWayOut('out/deep/a.md', join(top, 'free/site'))).toEqual(way);
  });
});

test.each<[string, string | null]>([
  ['posts/\u00e9/a.md', 'posts/e\u0301/a.md'],
  ['posts/b.md', 'posts/b.md'],
  ['posts/B.md', null],
  ['posts/b.md/c.md', null],
  ['gone/b.md', null],
])('the file of %s is %s', (path, file) => {
  const top = createTree(['posts/e\u0301/a.md', 'posts/b.md']);
  expect(findFile(top, path)).toBe(file === null ? null : join(top, file));
});

test.each<[string, boolean]>([
  ['posts/\u00e9/a.md', true],
  ['posts/e\u0301/a.md', true],
  ['posts/e\u0301/b.md', false],
  ['posts/\u00e4.md', true],
  ['posts/\u4e2d.md', false],
  ['posts/c.md', false],
])('a file of the same path as %j: %s', (file, has) => {
  const files = ['\u00e9/a.md', 'e\u0301/a.md', 'e\u0301/b.md', '\u00e4.md', 'a\u0308.md', '\u4e2d.md', 'c.md'];
  const top = createTree(files.map((each) => `posts/${each}`));
  expect(hasTwin(top, join(top, file))).toBe(has);
});
