// `wxsync check`: the sample in each form against goldens, which posts are taken, exit codes, hostile names; once as a process.
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run as runProgram } from '../../src/cli.ts';
import { copySite, fresh, type Outcome, SAMPLE, snapshot, run as spawnProgram, toEnv } from './stage.ts';

const GOLDENS = fileURLToPath(new URL('goldens', import.meta.url));
const UPDATE = process.env['WXSYNC_UPDATE_GOLDENS'] === '1';

interface Document {
  readonly schema: string;
  readonly ok: boolean;
  readonly exitCode: number;
  readonly error: { readonly code: string } | null;
  readonly findings: readonly { code: string; severity: string; file: string; line: number; column: number }[];
}

/** The program in this process, with everything handed in: as strict as a process of its own, and quicker. */
async function run(argv: readonly string[], { cwd, env = toEnv() }: { cwd: string; env?: Record<string, string> }) {
  const streams = { stdout: '', stderr: '' };
  const open = (name: keyof typeof streams) => ({
    write(text: string) {
      streams[name] += text;
    },
  });
  const code = await runProgram({
    argv,
    env,
    cwd,
    platform: process.platform,
    stdin: Readable.from([]),
    stdout: open('stdout'),
    stderr: open('stderr'),
    onSignal: () => () => undefined,
  });
  return { code, ...streams } satisfies Outcome;
}

const toDocument = (stdout: string) => JSON.parse(stdout) as Document;
const inActions = (more: Record<string, string> = {}) => toEnv({ GITHUB_ACTIONS: 'true', CI: 'true', ...more });

describe('the sample', () => {
  const site = copySite();

  test.each([
    ['pretty.en', ['--lang', 'en']],
    ['pretty.zh', ['--lang', 'zh']],
    ['json.en', ['--format', 'json']],
    ['json.zh', ['--format', 'json', '--lang', 'zh']],
    ['github.en', ['--format', 'github']],
    ['github.zh', ['--format', 'github', '--lang', 'zh']],
    ['sarif.en', ['--format', 'sarif']],
    ['sarif.zh', ['--format', 'sarif', '--lang', 'zh']],
    ['gitlab.en', ['--format', 'gitlab']],
    ['gitlab.zh', ['--format', 'gitlab', '--lang', 'zh']],
  ])('names its three placeholders with their lines: %s', async (name, flags) => {
    const { code, stdout, stderr } = await run(['check', ...flags], { cwd: site });
    const text = stdout.replace(/"semanticVersion": "[\d.]+"/, '"semanticVersion": "0.0.0"');
    const golden = join(GOLDENS, `check.${name}.txt`);
    if (UPDATE) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));
    expect([code, stderr]).toEqual([0, '']);
    for (const line of [26, 46, 68])
      expect(text).toMatch(new RegExp(`(?::|line=|"line": |"startLine": |"begin": )${line}\\b`));
  });

  test('as a process of its own', async () => {
    const { code, stdout, stderr } = await spawnProgram(['check'], { cwd: site });
    expect([code, stdout, stderr]).toEqual([0, readFileSync(join(GOLDENS, 'check.pretty.en.txt'), 'utf8'), '']);
  });

  test('nothing is written', async () => {
    const before = snapshot(site, /^$/);
    await run(['check', SAMPLE, 'content'], { cwd: site });
    expect(snapshot(site, /^$/)).toEqual(before);
  });

  test.each([
    ['3', 0],
    ['2', 3],
    ['0', 3],
  ])('--max-warnings %s', async (max, expected) => {
    const { code, stdout, stderr } = await run(['check', '--max-warnings', max], { cwd: site });
    expect(code).toBe(expected);
    expect(stdout).toContain('warnings: 3');
    expect(stderr).toBe(expected === 0 ? '' : `warnings: 3, more than --max-warnings ${max}\n`);
  });

  test('in colours the caret is coloured, and without them there is none', async () => {
    const { stdout } = await run(['check'], { cwd: site, env: toEnv({ FORCE_COLOR: '1' }) });
    expect(stdout).toContain('\u001b[33m     | ^\u001b[39m');
    expect((await run(['check', '--no-color'], { cwd: site, env: toEnv({ FORCE_COLOR: '1' }) })).stdout).not.toContain(
      '\u001b',
    );
  });

  test('the default form is that of the place', async () => {
    const { stdout } = await run(['check'], { cwd: site, env: inActions() });
    expect(stdout).toBe(readFileSync(join(GOLDENS, 'check.github.en.txt'), 'utf8'));
    const pretty = await run(['check', '--format', 'pretty'], { cwd: site, env: inActions() });
    expect(pretty.stdout).toBe(readFileSync(join(GOLDENS, 'check.pretty.en.txt'), 'utf8'));
  });

  test('from below, people read their own paths and tools those of the repository', async () => {
    const cwd = join(site, 'content');
    expect((await run(['check', 'zh'], { cwd })).stdout).toContain('zh/2026-trade.md:26:1 ');
    const { stdout } = await run(['check', 'zh', '--format', 'json'], { cwd });
    expect(new Set(toDocument(stdout).findings.map(({ file }) => file))).toEqual(new Set([SAMPLE]));
  });
});

describe('which posts', () => {
  const site = fresh('posts');
  const broken = '\n![图](none.png)\n';
  for (const [name, head] of Object.entries({
    waiting: 'wechat_synced: false',
    synced: 'wechat_synced: true',
    plain: 'title: x',
    draft: 'draft: true',
    hidden: 'wechat: false',
    english: 'lang: en',
  })) {
    writeFileSync(join(site, `${name}.md`), `---\n${head}\n---\n${broken}`);
  }
  writeFileSync(join(site, 'wxsync.config.json'), '{"locales": ["zh"]}');
  const files = async (...args: readonly string[]) => {
    const { stdout } = await run(['check', '--format', 'json', ...args], { cwd: site });
    const { findings } = toDocument(stdout);
    return findings.filter(({ code }) => code === 'image-missing').map(({ file }) => file);
  };

  test('from a folder all that are not hidden, whatever their flag; named ones always', async () => {
    writeFileSync(join(site, 'wxsync.config.json'), '{}');
    expect(await files('.')).toEqual(['english.md', 'plain.md', 'synced.md', 'waiting.md']);
    expect(await files('draft.md', 'hidden.md', 'synced.md')).toEqual(['draft.md', 'hidden.md', 'synced.md']);
    writeFileSync(join(site, 'wxsync.config.json'), '{"locales": ["en"]}');
    expect(await files()).toEqual(['english.md']);
  });

  test('check and publish say the same errors', async () => {
    const { code, stdout } = await run(['publish', '-n', '--json', 'waiting.md'], { cwd: site });
    const [result] = (JSON.parse(stdout) as { results: readonly Document[] }).results;
    const checked = await run(['check', '--format', 'json', 'waiting.md'], { cwd: site });
    const errors = ({ findings }: Pick<Document, 'findings'>) =>
      findings.filter(({ severity }) => severity === 'error');
    expect([code, checked.code]).toEqual([3, 3]);
    expect(errors(toDocument(checked.stdout))).toEqual(errors(result ?? { findings: [] }));
    expect(errors(toDocument(checked.stdout))).toHaveLength(1);
  });

  test('an empty folder is fine', async () => {
    const { code, stdout, stderr } = await run(['check'], { cwd: fresh('empty') });
    expect([code, stdout, stderr]).toEqual([0, '', 'No post to check was found.\n']);
  });
});

describe('what cannot be checked', () => {
  test.each([
    [
      'json',
      (text: string) =>
        expect(toDocument(text)).toMatchObject({
          schema: 'wxsync.check/1',
          ok: false,
          exitCode: 2,
          error: { code: 'path-missing' },
          findings: [],
        }),
    ],
    ['gitlab', (text: string) => expect(JSON.parse(text)).toEqual([])],
    ['sarif', (text: string) => expect(JSON.parse(text).runs[0].invocations[0].executionSuccessful).toBe(false)],
    ['github', (text: string) => expect(text).toMatch(/^::error title=wxsync path-missing::none\.md: .*\n$/)],
    ['pretty', (text: string) => expect(text).toBe('')],
  ])('a missing path in %s', async (format, hold) => {
    const { code, stdout } = await run(['check', '--format', format, 'none.md'], { cwd: fresh('none') });
    expect(code).toBe(2);
    hold(stdout);
  });

  test.each([
    ['broken YAML shows its line', '---\ntitle: "t\n---\n文\n', 3, '|        ^'],
    ['bytes that are no text', Buffer.from([0x61, 0xff]), 3, 'not UTF-8'],
  ])('%s', async (_, content, expected, said) => {
    const site = fresh('bad');
    writeFileSync(join(site, 'a.md'), content);
    const { code, stdout } = await run(['check', 'a.md'], { cwd: site });
    expect(code).toBe(expected);
    expect(stdout).toContain(said);
  });

  test('a link out of the project is not read, so no line of it is shown', async () => {
    const site = fresh('link');
    const secret = join(fresh('outside'), 'secret.md');
    writeFileSync(secret, 'canary\n');
    writeFileSync(join(site, 'wxsync.config.json'), '{}');
    symlinkSync(secret, join(site, 'a.md'));
    const { code, stdout } = await run(['check', 'a.md'], { cwd: site });
    expect(code).toBe(3);
    expect(stdout).toContain('post-outside');
    expect(stdout).not.toContain('canary');
  });

  test.each([
    ['--format', 'xml'],
    ['--max-warnings', '-1'],
  ])('%s %s is a usage error', async (...flags) => {
    expect((await run(['check', ...flags], { cwd: fresh('usage') })).code).toBe(2);
  });
});

describe('hostile posts in a CI log', () => {
  const site = fresh('hostile');
  const name = '::error::a,b%0A::set-env name=X::##[add-mask]y.md';
  const text = '（此处应配图：%0A::error::x ##[add-mask]y）';
  writeFileSync(join(site, name), `::stop-commands::z\n\n${text}\n\n##[error]q\n`);
  const commands = (log: string) => log.split('\n').filter((line) => /^\s*::/.test(line) || line.includes('##['));

  test('only our own commands are in the annotations', async () => {
    const { stdout, stderr } = await run(['check'], { cwd: site, env: inActions() });
    const file = 'file=%3A%3Aerror%3A%3Aa%2Cb%250A%3A%3Aset-env name=X%3A%3A##[add-mask]y.md';
    expect(commands(stdout).map((line) => line.split('::')[1])).toEqual([
      `warning ${file},line=1,col=1,title=wxsync title-from-file`,
      `warning ${file},line=3,col=1,title=wxsync placeholder`,
      `notice ${file},line=1,col=1,title=wxsync cover-missing`,
    ]);
    expect(commands(stderr)).toEqual([]);
  });

  test('none is in the pretty form', async () => {
    const { stdout, stderr } = await run(['check', '--format', 'pretty'], { cwd: site, env: inActions() });
    expect(stdout).toContain('此处应配图');
    expect(commands(stdout + stderr)).toEqual([]);
  });
});
