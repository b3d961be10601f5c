// A post, a file name and an answer of WeChat that try to steer a terminal, a CI log and a page of Markdown: they come out as text.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { marked } from 'marked';
import { beforeAll, describe, expect, test } from 'vitest';
import { APP_SECRET } from '../canary.ts';
import { runHere } from './here.ts';
import { fresh, toEnv } from './stage.ts';

/** Title of the window, clipboard, screen, line, direction, C1, separators. */
const STEER = '\u001b]0;x\u0007\u001b]52;c;eA==\u001b\\\u001b[2J\r\b\u009b31m\u202e\u2066\u200f\u2028\u0085\u007f';
const COMMAND = '::add-mask::x%0A::set-env name=A::b\n::error::pwned\n##[add-mask]x';
const MARKUP = '</td></table><script>alert(1)</script>![x](http://127.0.0.1:1/x.png) | `|` @all <img src=x> www.x.test';

const quote = (text: string) =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
const post = (fields: string, body: string) => `---\n${fields}\nwechat_synced: false\n---\n\n${body}\n`;
const BODY = `::error::first\n\n![${STEER}](gone${STEER}.png "t") ${STEER}\n\n::: ${STEER}\n`;

const POSTS: Readonly<Record<string, string>> = {
  'title.md': post(`title: ${quote(`${STEER}${COMMAND}`)}\nauthor: ${quote(STEER)}`, 'Words.'),
  'markup.md': post(`title: ${quote(MARKUP.slice(0, 60))}\ndescription: ${quote(COMMAND)}`, 'Words.'),
  'quiet.md': post(`title: ${quote(`${STEER.slice(0, 12)}::error::`)}`, 'Words.'),
  'body.md': post('title: a', BODY),
  'yaml.md': post(`title: a\n"${STEER.replace('\r', '')}::error::": [`, 'Words.'),
  'theme.md': post(`title: a\nwechat:\n  theme: ${quote(`${STEER}.css`)}\n  account: ${quote(`x${STEER}`)}`, 'Words.'),
  'unknown.md': post(`title: a\nwechat:\n  ${quote(`${STEER}${COMMAND}`)}: 1`, 'Words.'),
  [`${STEER}\n::error::name.md`]: post('title: a', '![x](gone.png)'),
  '::error::name.md': post('title: a', '![x](gone.png)'),
};

let site: string;

beforeAll(() => {
  site = fresh('steer');
  for (const [name, text] of Object.entries({ 'wxsync.config.json': '{}', ...POSTS }))
    writeFileSync(join(site, name), text);
});

const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/;
/** The commands that are ours: an annotation names us in its title, a group holds what was too much. */
const OURS =
  /^::(?:(?:error|warning|notice) (?:file=[^:]*,)?(?:line=\d+,(?:col=\d+,)?)?title=wxsync [a-z-]+::|group::|endgroup::$)/;

function expectTame(text: string, inGitHub: boolean): void {
  const lines = text.split('\n');
  expect(lines.filter((line) => STEERING.test(line)).map((line) => JSON.stringify(line))).toEqual([]);
  if (!inGitHub) return;
  expect(lines.filter((line) => /^\s*::/.test(line) && !OURS.test(line))).toEqual([]);
  expect(lines.filter((line) => line.includes('##[') && !OURS.test(line))).toEqual([]);
}

const GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push' };
const PRETTY: readonly (readonly string[])[] = [
  ['publish', '-n', '-v', ...Object.keys(POSTS)],
  ['check'],
  ['status'],
  ['resolve', `${STEER}.md`, '--none'],
  [`${STEER}${COMMAND}`],
];
/** Said alike everywhere, and judged as in GitHub, which is stricter. */
const OTHERS: readonly (readonly string[])[] = [
  ['publish', '-n', '--json'],
  ['publish', `${STEER}${COMMAND}`],
  ['check', '--format', 'pretty'],
  ['check', '--format', 'json'],
  ['check', '--format', 'sarif'],
  ['check', '--format', 'gitlab'],
  ['status', '--json'],
  ['render', 'body.md'],
  ['--config', `${STEER}.json`, 'check'],
];

test.each([
  ...PRETTY.map((args) => ['on a terminal', args] as const),
  ...[...PRETTY, ...OTHERS].map((args) => ['in GitHub', args] as const),
])('%s: wxsync %j', async (where, args) => {
  const env = where === 'in GitHub' ? GITHUB : {};
  const { stdout, stderr } = await runHere(args, { cwd: site, env: toEnv(env) });
  expect(`${stdout}${stderr}`).not.toBe('');
  expectTame(`${stdout}\n${stderr}`, env === GITHUB);
});

describe('an answer of WeChat', () => {
  const errmsg = `${STEER}${COMMAND}${MARKUP} rid: ${STEER}`;
  const work = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const server = createServer((_, answer) => answer.end(JSON.stringify({ errcode: 47123, errmsg })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const pair = { WECHAT_APP_ID: 'wx0123456789abcdef', WECHAT_APP_SECRET: APP_SECRET, WXSYNC_API_ROOT: root };
    try {
      return await runHere(args, { cwd: site, env: toEnv({ ...pair, ...more }) });
    } finally {
      server.close();
    }
  };

  test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['on a terminal', ['publish', 'quiet.md', '-v'], {}],
    ['in GitHub', ['publish', 'markup.md'], GITHUB],
  ])('%s', async (_, args, env) => {
    const { code, stdout, stderr } = await work(args, env);
    expect([code, stderr]).toEqual([5, expect.stringContaining('47123')]);
    expectTame(`${stdout}\n${stderr}`, env === GITHUB);
  });

  test('on the page of the job', async () => {
    const { stdout } = await work(['publish', 'quiet.md', 'markup.md', 'title.md', '--json']);
    expectTame(stdout, true);
    const [run, page, outputs] = ['run.json', 'page.md', 'outputs'].map((name) => join(fresh('page'), name));
    writeFileSync(run ?? '', stdout);
    const env = { ...GITHUB, GITHUB_STEP_SUMMARY: page ?? '', GITHUB_OUTPUT: outputs ?? '' };
    const report = await runHere(['ci', 'report', run ?? ''], { cwd: site, env: toEnv(env) });
    expect(report.code).toBe(0);
    expectTame(`${report.stdout}\n${report.stderr}`, true);
    const text = readFileSync(page ?? '', 'utf8');
    expectTame(text, false);
    const html = await marked.parse(text, { gfm: true });
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html.match(/<(?!\/?(?:h\d|p|strong|table|thead|tbody|tr|th|td|br)\b)[^>]*>/g)).toBeNull();
    expect(html.match(/<tr>/g)).toHaveLength(JSON.parse(stdout).results.length + countFindings(stdout) + 2);
  });
});

function countFindings(json: string): number {
  const { results } = JSON.parse(json) as { results: readonly { findings: readonly unknown[] }[] };
  return results.reduce((sum, { findings }) => sum + findings.length, 0);
}
