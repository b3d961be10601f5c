// Each kind of bad input: one clear message in either language, the right exit code, and the file as it was; no stack ever. Two as processes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from './here.ts';
import { fresh, run, toEnv } from './stage.ts';

const post = (frontMatter: string, body = 'Text.') => `---\n${frontMatter}\n---\n\n${body}\n`;

const BAD: readonly [name: string, bytes: string | Buffer, place: string, code: string][] = [
  ['bad YAML', post('title: "a\nwechat_synced: false'), '', 'front-matter-yaml'],
  ['a duplicate key', post('title: a\ntitle: b'), '3:1', 'front-matter-yaml'],
  ['an unterminated block', '---\ntitle: a\n\ntext\n', '1:1', 'front-matter-unterminated'],
  ['a quoted flag', post('title: a\nwechat_synced: "false"'), '3:16', 'flag-not-boolean'],
  ['a flag of another word', post('title: a\nwechat_synced: no'), '3:16', 'flag-not-boolean'],
  [
    'executable front matter',
    '---js\nmodule.exports = require("fs").writeFileSync("canary","")\n---\ntext\n',
    '1:1',
    'front-matter-executable',
  ],
  ['TOML', '+++\ntitle = "a"\n+++\ntext\n', '1:1', 'front-matter-toml'],
  ['TOML of another kind', ';;;\n{"title":"a"}\n;;;\ntext\n', '1:1', 'front-matter-toml'],
  ['a list for front matter', post('- a\n- b'), '', 'front-matter-not-a-map'],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from('---\ntitle: '), Buffer.from([0xc4, 0xe3]), Buffer.from('\n---\n')]),
    '2:8',
    'not-utf8',
  ],
  ['old line ends', '---\rtitle: q\rwechat_synced: false\r---\r\rtext\r', '1:1', 'line-ends'],
  ['a full-width colon', post('title：a\nwechat_synced: false'), '2:6', 'front-matter-colon'],
  ['a blank line first', `\n${post('title: a\nwechat_synced: false')}`, '2:1', 'front-matter-late'],
  ['a file over 5 MB', Buffer.alloc(5_000_001, 'a'), '1:1', 'file-too-big'],
  ['a title over 64 characters', post(`title: ${'长'.repeat(65)}`), '', 'title-too-long'],
  ['a missing picture', post('title: a', '![x](/images/none.png)'), '5:1', 'image-missing'],
  ['a picture outside', post('title: a', '![x](../../../../etc/passwd)'), '5:1', 'image-'],
  ['a text that is no picture', post('title: a', '![x](not.png)'), '5:1', 'image-not-an-image'],
  ['a flag that cannot be flipped safely', post('title: a\nwechat_synced: &x false'), '3', 'flag-not-editable'],
  ['no text at all', post('title: a', ''), '', 'body-empty'],
];

/** One line with place and code, no stack, the file as it was. */
function expectTold(stderr: string, file: string, [, bytes, place, code]: (typeof BAD)[number], site: string): void {
  const at = place === '' ? '\\d+:\\d+' : place;
  expect(stderr).toMatch(new RegExp(`^${file}:${at}.* ${code}`, 'm'));
  const lines = stderr.split('\n').filter((line) => line.startsWith(`${file}:`));
  expect(lines.filter((line) => line.includes(code))).toHaveLength(1);
  expect(stderr).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules/);
  expect(readFileSync(join(site, file)).equals(Buffer.from(bytes))).toBe(true);
}

test.each(BAD)('%s', async (...bad) => {
  const site = fresh('bad');
  writeFileSync(join(site, 'post.md'), bad[1]);
  writeFileSync(join(site, 'not.png'), 'plain text');
  const { code, stderr } = await runHere(['publish', '-n', 'post.md'], { cwd: site, env: toEnv() });
  expect(code).toBe(3);
  expectTold(stderr, 'post.md', bad, site);
  expect(/\p{Script=Han}/u.test(stderr.replaceAll('长', '').replaceAll('：', ''))).toBe(false);
});

test('all of them in Chinese, and in one run none hides another', async () => {
  const site = fresh('bad-zh');
  writeFileSync(join(site, 'not.png'), 'plain text');
  const files = BAD.map((bad, index) => ({ bad, file: `post-${index}.md` }));
  for (const { bad, file } of files) writeFileSync(join(site, file), bad[1]);
  const env = toEnv({ WXSYNC_LANG: 'zh' });
  const { code, stderr } = await runHere(['publish', '-n', ...files.map(({ file }) => file)], { cwd: site, env });
  expect(code).toBe(3);
  for (const { bad, file } of files) {
    expectTold(stderr, file, bad, site);
    expect(
      stderr
        .split('\n')
        .filter((line) => line.startsWith(`${file}:`))
        .join(' '),
    ).toMatch(/\p{Script=Han}/u);
  }
});

test('a named pipe is refused at once', async () => {
  const site = fresh('pipe');
  execFileSync('mkfifo', [join(site, 'post.md')]);
  const { code, stderr } = await run(['publish', '-n', 'post.md'], { cwd: site });
  expect([code, stderr]).toEqual([3, expect.stringContaining('named pipe')]);
  expect(statSync(join(site, 'post.md')).isFIFO()).toBe(true);
});

test('an empty folder holds nothing to publish', async () => {
  const site = fresh('empty');
  mkdirSync(join(site, 'posts'));
  expect(await runHere(['publish', 'posts'], { cwd: site, env: toEnv() })).toMatchObject({ code: 0, stdout: '' });
});

test('a post that is a link out of the project is not read', async () => {
  const site = fresh('link');
  const outside = fresh('outside');
  writeFileSync(join(outside, 'secret.md'), post('title: a'));
  writeFileSync(join(site, 'wxsync.config.json'), '{}');
  execFileSync('ln', ['-s', join(outside, 'secret.md'), join(site, 'post.md')]);
  const { code, stderr } = await runHere(['publish', '-n', 'post.md'], { cwd: site, env: toEnv() });
  expect([code, stderr]).toEqual([3, expect.stringContaining('post-outside')]);
});

test('all problems of a post are told at once, and WeChat is not called', async () => {
  const site = fresh('all');
  writeFileSync(join(site, 'post.md'), post('title: a\nimage: gone.jpg', '![a](a.png)\n\ntext\n\n![b](b.png)'));
  const env = toEnv({ WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's', WXSYNC_API_ROOT: 'http://127.0.0.1:9' });
  const { code, stderr } = await runHere(['publish', 'post.md'], { cwd: site, env });
  expect(code).toBe(3);
  expect([...stderr.matchAll(/^post\.md:(\d+:\d+).*image-missing/gm)].map((match) => match[1])).toEqual([
    '3:8',
    '6:1',
    '10:1',
  ]);
});

describe.concurrent('usage', () => {
  test.each<[string, readonly string[], Record<string, string>, number, string]>([
    ['an unknown flag, with a guess', ['publish', '--dryrun'], {}, 2, '--dry-run'],
    ['an unknown command, with a guess', ['publsh'], {}, 2, 'publish'],
    ['a path that is not there', ['publish', 'nowhere.md'], {}, 2, 'nowhere.md'],
    ['an unknown theme', ['publish', '-n', '-t', 'neon', 'post.md'], {}, 2, 'neon'],
    ['standard input', ['publish', '-'], {}, 2, 'file'],
    ['two targets', ['publish', '--sandbox', '--api-root', 'http://127.0.0.1:1', 'post.md'], {}, 2, '--api-root'],
    ['a bad number', ['publish', '--max-new', 'many'], {}, 2, '--max-new'],
    [
      'an API root without TLS',
      ['publish', 'post.md', '--api-root', 'http://example.com'],
      { WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's' },
      2,
      'https',
    ],
    [
      'a sandbox id for WeChat',
      ['publish', 'post.md'],
      { WECHAT_APP_ID: 'wxsandbox1', WECHAT_APP_SECRET: 's' },
      2,
      'wxsandbox1',
    ],
    [
      'clocks too short for WeChat',
      ['publish', 'post.md'],
      { WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's', WXSYNC_QUIET_MS: '1' },
      2,
      'WXSYNC_QUIET_MS',
    ],
    ['no credentials', ['publish', 'post.md'], {}, 4, 'WECHAT_APP_ID'],
    [
      'no server',
      ['publish', 'post.md'],
      { WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's', WXSYNC_API_ROOT: 'http://127.0.0.1:9' },
      6,
      '127.0.0.1',
    ],
  ])('%s', async (_, args, env, exit, words) => {
    const site = fresh('usage');
    writeFileSync(join(site, 'post.md'), post('title: a\nwechat_synced: false'));
    for (const lang of exit === 6 ? ['en'] : ['en', 'zh']) {
      const outcome = await runHere(args, { cwd: site, env: toEnv({ ...env, WXSYNC_LANG: lang }) });
      expect(outcome.code).toBe(exit);
      expect(outcome.stderr.includes(words) || (lang === 'zh' && words === 'file')).toBe(true);
      expect(outcome.stderr).not.toMatch(/\bat .*\.[jt]s:\d+/);
    }
    expect(readFileSync(join(site, 'post.md'), 'utf8')).toBe(post('title: a\nwechat_synced: false'));
  });

  test.each([
    ['render', ['render', 'a.md', 'b.md']],
    ['resolve', ['resolve', 'a.md', 'b.md', '--none']],
    ['theme new', ['theme', 'new', 'x1.css', 'x2.css']],
    ['theme show', ['theme', 'show', 'default', 'essay']],
    ['theme list', ['theme', 'list', 'essay']],
    ['init', ['init', 'foo']],
    ['sandbox', ['sandbox', 'foo', '--port', '0']],
    ['ci commit', ['ci', 'commit', 'foo']],
    ['ci report', ['ci', 'report', 'a.json', 'b.json']],
  ])('%s takes no more arguments than it has, and writes nothing', async (_, args) => {
    const site = fresh('usage');
    for (const [lang, words] of [
      ['en', 'and this command takes'],
      ['zh', '这个命令只收'],
    ] as const) {
      const { code, stdout, stderr } = await runHere(args, { cwd: site, env: toEnv({ WXSYNC_LANG: lang }) });
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(words)]);
    }
    expect(readdirSync(site)).toEqual([]);
  });

  test.each([
    [['publish', '--max-new', 'abc']],
    [['sandbox', '--port', '-1']],
    [['check', '--format', 'xml']],
    [['ci', 'commit', '--mode', 'fly']],
    [['init', '--ci', 'jenkins']],
  ])('a bad value is told in Chinese alone: %j', async (args) => {
    const { code, stderr } = await runHere([...args, '--lang', 'zh'], { cwd: fresh('usage'), env: toEnv() });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/不可用；请[写从]/)]);
    expect(stderr).not.toContain('choices');
  });

  test('--json stays one document when it fails', async () => {
    const { code, stdout } = await runHere(['publish', 'nowhere.md', '--json'], { cwd: fresh('json'), env: toEnv() });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'wxsync.publish/1',
      ok: false,
      exitCode: 2,
      error: { code: 'path-missing', retryable: false },
    });
  });

  test('--json is one document even when the arguments are wrong', async () => {
    const { code, stdout } = await run(['publish', '--json', '--bogus'], { cwd: fresh('json') });
    expect([code, JSON.parse(stdout)]).toEqual([2, expect.objectContaining({ ok: false, exitCode: 2, results: [] })]);
  });

  test.each(['publish', 'resolve'])('%s ends after a bad setting, also in a sandbox run', async (command) => {
    const site = fresh('setting');
    writeFileSync(join(site, 'post.md'), post('title: a\nwechat_synced: false'));
    const words = command === 'resolve' ? ['--recreate'] : [];
    const env = toEnv({ WXSYNC_TIMEOUT_MS: 'soon' });
    const { code, stderr } = await runHere([command, '--sandbox', 'post.md', ...words], { cwd: site, env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('WXSYNC_TIMEOUT_MS')]);
  });

  test('a dry run writes nothing through a link of the repository', async () => {
    const site = fresh('planted');
    const outside = fresh('outside');
    writeFileSync(join(site, 'post.md'), post('title: a\nwechat_synced: false'));
    execFileSync('ln', ['-s', outside, join(site, '.wxsync')]);
    const { code, stderr } = await runHere(['publish', '-n', 'post.md'], { cwd: site, env: toEnv() });
    expect([code, stderr]).toEqual([0, expect.stringContaining('preview-not-written')]);
    expect(await runHere(['publish', '--sandbox', 'post.md'], { cwd: site, env: toEnv() })).toMatchObject({ code: 2 });
    expect(readdirSync(outside)).toEqual([]);
  });

  test("a theme that one post names wrongly is that post's fault", async () => {
    const site = fresh('theme');
    writeFileSync(join(site, 'a.md'), post('title: a\nwechat: {theme: neon}\nwechat_synced: false'));
    writeFileSync(join(site, 'b.md'), post('title: b\nwechat_synced: false'));
    const { code, stderr, stdout } = await runHere(['publish', '-n', 'a.md', 'b.md', '--json'], {
      cwd: site,
      env: toEnv(),
    });
    expect([code, stderr.includes('Error:')]).toEqual([7, false]);
    const { results } = JSON.parse(stdout);
    expect(results.map(({ status }: { status: string }) => status)).toEqual(['failed', 'planned']);
    expect(results[0].findings).toMatchObject([{ code: 'theme-unknown', line: 3 }]);
  });

  test('a picture that cannot be decoded is told beside one that is missing', async () => {
    const site = fresh('both');
    writeFileSync(join(site, 'text.png'), 'plain text');
    writeFileSync(join(site, 'post.md'), post('title: a\nwechat_synced: false', '![a](gone.png)\n\n![b](text.png)'));
    const { code, stderr } = await runHere(['publish', '-n', 'post.md'], { cwd: site, env: toEnv() });
    expect(code).toBe(3);
    expect(stderr).toMatch(/post\.md:6:1.*image-missing[\s\S]*post\.md:8:1.*image-not-an-image/);
  });

  test('a bad config is told with its place', async () => {
    const site = fresh('config');
    writeFileSync(join(site, 'wxsync.config.json'), '{\n  "authr": "A"\n}\n');
    writeFileSync(join(site, 'post.md'), post('title: a'));
    const { code, stderr } = await runHere(['publish', '-n', 'post.md'], { cwd: site, env: toEnv() });
    expect([code, stderr]).toEqual([2, expect.stringContaining('wxsync.config.json:2:3')]);
    expect(stderr).toContain('"author"');
  });
});
