// What a run says beside its results: of posts that it leaves alone, of what to do next, of a strange AppID; in this process.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { enter } from '../../src/commands/globals.ts';
import { publishPaths } from '../../src/commands/publish.ts';
import { openCredential } from '../../src/commands/target.ts';
import type { Io } from '../../src/local/io.ts';
import { createSpeaker } from '../../src/report/speaker.ts';
import { type Account, closeAccounts, createAccount, toPost } from './account.ts';
import { runHere } from './here.ts';
import { toEnv } from './stage.ts';

afterAll(closeAccounts);

const publish = ({ site, env }: Account, ...args: readonly string[]) =>
  runHere(['publish', ...args], { cwd: site, env });
const edit = ({ site }: Account, path: string) =>
  writeFileSync(join(site, path), readFileSync(join(site, path), 'utf8').replace('Words of', 'Other words of'));
const nextOf = (stdout: string) => (JSON.parse(stdout) as { next: readonly string[] }).next;

describe('a synced post that is named', () => {
  const played = (async () => {
    const account = await createAccount({
      'posts/a b.md': toPost('A'),
      'posts/same.md': toPost('Same'),
      'posts/by-hand.md': toPost('By hand', 'true'),
      'posts/new.md': '---\ntitle: New\n---\n\nWords.\n',
    });
    await publish(account, 'posts');
    edit(account, 'posts/a b.md');
    return account;
  })();
  const COMMAND = "wxsync publish --update 'posts/a b.md'";

  test.each([
    [
      'that changed since',
      ['posts/a b.md'],
      ': wechat_synced is already true; changed since: add --update\n',
      [COMMAND],
    ],
    ['that changed since, in Chinese', ['posts/a b.md', '--lang', 'zh'], '之后有改动：加 --update\n', [COMMAND]],
    ['that changed since, in a dry run', ['posts/a b.md', '-n'], 'changed since: add --update\n', [COMMAND]],
    ['that is as it was sent', ['posts/same.md'], ': wechat_synced is already true\n', []],
    ['whose flag was set by hand', ['posts/by-hand.md'], ': wechat_synced is already true\n', []],
    ['in another account', ['posts/a b.md', '--account', 'other'], ': wechat_synced is already true\n', []],
    ['in a rehearsal', ['posts/a b.md', '--sandbox'], ': wechat_synced is already true\n', []],
    ['beside one that is not', ['posts/a b.md', 'posts/same.md'], '  wechat_synced is already true\n', [COMMAND]],
  ])('%s: the words, the command, and no call', async (_, args, words, next) => {
    const account = await played;
    const { env } = account;
    const other = {
      ...account,
      env: { ...env, WECHAT_APP_ID__OTHER: 'wxfedcba9876543210', WECHAT_APP_SECRET__OTHER: 's' },
    };
    const calls = account.sandbox.history().length;
    const { code, stdout, stderr } = await publish(other, ...args);
    expect([code, stdout]).toEqual([0, expect.stringContaining(words)]);
    for (const command of next) expect(stderr).toContain(`\n  ${command}\n`);
    const json = JSON.parse((await publish(other, ...args, '--json')).stdout) as { next: unknown; results: object[] };
    expect([json.next, json.results[0]]).toEqual([next, expect.objectContaining({ reason: 'already-synced' })]);
    expect(json.results[0]).not.toHaveProperty('changedSince');
    expect(account.sandbox.history().length).toBe(calls);
  });

  test('the command is what brings it over', async () => {
    const { stdout } = await publish(await played, '--update', 'posts/a b.md', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ results: [{ status: 'updated' }] });
    expect(nextOf((await publish(await played, 'posts/a b.md', '--json')).stdout)).toEqual([]);
  });
});

test('after a dry run of several posts the same command is what publishes them', async () => {
  const account = await createAccount({ 'posts/a b.md': toPost('A'), 'posts/c.md': toPost('C') });
  const nextAfter = async (...args: readonly string[]) => nextOf((await publish(account, ...args, '--json')).stdout);
  expect(await nextAfter('-n', 'posts/a b.md')).toEqual(["wxsync publish 'posts/a b.md'"]);
  expect(await nextAfter('-n', 'posts/a b.md', 'posts/c.md')).toEqual([
    "wxsync publish 'posts/a b.md' posts/c.md --json",
  ]);
  expect(await nextAfter('posts', '--dry-run')).toEqual(['wxsync publish posts --json']);
});

test.each([
  ['en', '4 posts found, 0 to work on; left alone: 3 × wechat_synced is already true, 1 × '],
  ['zh', '找到 4 篇，处理 0 篇；不处理：3 × wechat_synced 已经是 true，1 × '],
])('what is left alone is counted once for each reason, in %s', async (lang, line) => {
  const account = await createAccount({
    ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`posts/${name}.md`, toPost(name, 'true')])),
    'posts/none.md': '---\ntitle: None\n---\n\nWords.\n',
  });
  expect((await publish(account, 'posts', 'posts/b.md', '--lang', lang)).stderr).toContain(line);
});

test('a quota that ends: the same command, and when', async () => {
  const account = await createAccount(
    { 'posts/a.md': toPost('A'), 'posts/b.md': toPost('B'), 'posts/c.md': toPost('C') },
    { quotas: { 'draft/add': 1 } },
  );
  const { code, stderr } = await publish(account, 'posts', '--max-new', '5');
  expect([code, stderr]).toEqual([
    7,
    expect.stringMatching(/\nTomorrow, .*:\n {2}wxsync publish posts --max-new 5\n$/),
  ]);
  const again = await publish(account, 'posts', '--json');
  expect([again.code, nextOf(again.stdout)]).toEqual([5, ['wxsync publish posts --json']]);

  // The library has no command line of ours: that of its host is nobody's business.
  const { site, env } = account;
  const stream = { write: () => true };
  const streams = { stdin: process.stdin, stdout: stream, stderr: stream };
  const host = { argv: ['build', '--key=secret'], env, cwd: site, platform: process.platform, ...streams };
  const around = await enter({ ...host, onSignal: () => () => undefined }, {});
  const flags = { maxNew: 20, wait: true };
  const report = await publishPaths(around, { flags, paths: ['posts/c.md'], print: () => undefined });
  expect(report.next).toEqual(['wxsync publish posts/c.md']);
});

describe('an AppID of another shape', () => {
  const SECRET = '0123456789abcdef0123456789abcdef';
  const open = async (appId: string, apiRoot?: string) => {
    let err = '';
    const stderr = { write: (text: string) => (err += text) };
    const io: Pick<Io, 'env' | 'stdout' | 'stderr'> = { env: {}, stdout: stderr, stderr };
    const speaker = createSpeaker(io as Io, { lang: 'en', color: 'never', level: 'normal' });
    const env = { WECHAT_APP_ID__TEAM: appId, WECHAT_APP_SECRET__TEAM: 's' };
    const { credential } = await openCredential({ env, apiRoot, account: 'team', file: 'a.md', speaker });
    speaker.talk(`said ${appId}`);
    return { went: credential.appId === appId, err };
  };

  test.each<[string, string, boolean, string?]>([
    ["WeChat's own", 'wx0123456789abcdef', false],
    ["a sandbox's", 'wxsandbox012345678', false],
    ['any, towards this computer', 'anything', false, 'http://127.0.0.1:1'],
    ['capitals', 'wx0123456789ABCDEF', true],
    ['too short', 'wx0123456789abcde', true],
    ['the original id', 'gh_0123456789ab', true],
    ['the secret', SECRET, true],
  ])('%s goes on, with or without a warning', async (_, appId, warned, apiRoot) => {
    const { went, err } = await open(appId, apiRoot);
    expect([went, err.includes('warning: WECHAT_APP_ID__TEAM does not look like')]).toEqual([true, warned]);
  });

  test('that may be the secret is not shown', async () => {
    expect((await open(SECRET)).err).not.toContain(SECRET);
  });
});

describe('commands of a rehearsal', () => {
  const played = (async () => {
    const account = await createAccount({
      'posts/flag.md': toPost('Flag', 'true'),
      'posts/new.md': toPost('New'),
    });
    return { cwd: account.site, env: toEnv() };
  })();
  const COMMANDS = /wxsync (?:publish|resolve|status)[^`\n]*/g;

  test.each<readonly [name: string, args: readonly string[], env: Record<string, string>, count: number]>([
    ['publish', ['publish', '--sandbox', '--update', 'posts/flag.md'], {}, 1],
    ['publish as JSON', ['publish', '--sandbox', '--update', 'posts/flag.md', '--json'], {}, 1],
    ['publish by the environment', ['publish', '--update', 'posts/flag.md'], { WXSYNC_SANDBOX: '1' }, 1],
    ['publish by the AppID', ['publish', '-n', 'posts/new.md'], { WECHAT_APP_ID: 'wxsandbox012345678' }, 1],
    ['a dry run', ['publish', '--sandbox', '-n', 'posts/new.md'], {}, 1],
    ['resolve', ['resolve', '--sandbox', 'posts/new.md', '--adopt', 'ZZZ'], {}, 2],
    ['resolve that ends well', ['resolve', '--sandbox', 'posts/new.md', '--none'], {}, 1],
    ['status', ['status', '--sandbox', 'posts'], {}, 1],
    ['resolve, in Chinese', ['resolve', '--sandbox', 'posts/new.md', '--adopt', 'ZZZ', '--lang', 'zh'], {}, 2],
    ['status, in Chinese', ['status', '--sandbox', 'posts', '--lang', 'zh'], {}, 1],
  ])('%s: each is for the sandbox too', async (_, args, env, count) => {
    const { cwd, env: own } = await played;
    const { stdout, stderr } = await runHere(args, { cwd, env: { ...own, ...env } });
    const commands = `${stdout}\n${stderr}`.match(COMMANDS) ?? [];
    expect(commands).toHaveLength(count);
    for (const command of commands) expect(command).toMatch(/^wxsync \w+ --sandbox /);
  });

  test('those of any other run are not', async () => {
    const account = await createAccount({ 'posts/flag.md': toPost('Flag', 'true') });
    const { stderr } = await publish(account, '--update', 'posts/flag.md');
    expect(stderr).toContain('`wxsync resolve posts/flag.md --adopt MEDIA_ID`');
  });
});

test.each([
  ['a folder', 'check', 'posts'],
  ['what the config includes', 'check'],
  ['publish, of a folder', 'publish', '-n', '--update', 'posts'],
])('posts in .mdx are found: %s', async (_, ...args) => {
  const account = await createAccount({ 'posts/a.mdx': toPost('A'), 'posts/b.md': toPost('B') });
  const json = args[0] === 'check' ? ['--format', 'json'] : ['--json'];
  const { site: cwd, env } = account;
  const { stdout } = await runHere([...args, ...json], { cwd, env });
  const { summary, results } = JSON.parse(stdout) as { summary: { posts?: number }; results?: readonly unknown[] };
  expect(summary.posts ?? results?.length).toBe(2);
});

test.each([
  ['en', 'did you mean "essay"?', 'the name of a theme: bulletin, '],
  ['zh', '是不是 “essay”？', '主题的名字：bulletin, '],
])('a theme that a post names and nobody has: the nearest, and all of them, in %s', async (lang, near, known) => {
  const { site: cwd, env } = await createAccount({ 'a.md': toPost('A', 'false', 'wechat:\n  theme: esay\n') });
  const { code, stdout } = await runHere(['check', 'a.md', '--lang', lang], { cwd, env });
  expect([code, stdout]).toEqual([3, expect.stringContaining(near)]);
  expect(stdout).toContain(known);
});

const CONFIG = 'wxsync.config.json';
test.each<[setting: string, files: Record<string, string>, args: readonly string[], said: string]>([
  ['the theme', { [CONFIG]: '{\n  "theme": "esay"\n}' }, ['check'], `${CONFIG}:2:12: There is no theme "esay"`],
  ['code', { [CONFIG]: '{"codeTheme": "nite"}' }, ['check'], `${CONFIG}:1:15: There is no theme "nite"`],
  ['code, for render', { [CONFIG]: '{"codeTheme": "nite"}' }, ['render'], `${CONFIG}:1:15: There is no theme "nite"`],
  ['a file', { [CONFIG]: '{"theme": "x.css"}' }, ['publish', '-n'], `${CONFIG}:1:11: x.css: there is no such file`],
  [
    'an account',
    { [CONFIG]: '{"account": "a", "accounts": {"a": {"theme": "esay"}}}' },
    ['publish', '-n'],
    `${CONFIG}:1:46: There is no theme`,
  ],
  ['a flag instead', { [CONFIG]: '{"theme": "default"}' }, ['render', '-t', 'esay'], 'error: There is no theme "esay"'],
])('a theme that nobody has is told with its place: %s', async (_, files, args, said) => {
  const { site: cwd, env } = await createAccount({ 'a.md': toPost('A'), ...files });
  const { code, stderr } = await runHere([...args, 'a.md', '--lang', 'en'], { cwd, env });
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
});

test('render tells where the post names its theme', async () => {
  const { site: cwd, env } = await createAccount({ 'a.md': toPost('A', 'false', 'wechat:\n  theme: esay\n') });
  const { stderr } = await runHere(['render', 'a.md', '--lang', 'zh'], { cwd, env });
  expect(stderr).toMatch(/a\.md:\d:10：没有名为 “esay” 的主题/);
});
