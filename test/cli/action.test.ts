// The actions as GitHub runs them, against a sandbox and a bare remote: outputs, annotations, summary, refusals, and what gets nowhere.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runHere } from './here.ts';
import { commit, copySite, fresh, git, SAMPLE, type SandboxServer, startSandbox, toEnv, toRemote } from './stage.ts';
import { installActions, type Job, type Ran, readAction, runAction, runBash } from './workflow.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const GOLDENS = fileURLToPath(new URL('goldens', import.meta.url));
const UPDATE = process.env['WXSYNC_UPDATE_GOLDENS'] === '1';

const RECEIPT = /^\.wxsync\/posts\/[0-9a-f]{20}-[0-9a-f]{8}\.json$/;

// Each case is a job of several processes.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const actions = installActions();
let server: SandboxServer;
let secrets: Readonly<Record<string, string>>;
beforeAll(async () => {
  server = await startSandbox();
  const { WECHAT_APP_ID = '', WECHAT_APP_SECRET = '', WXSYNC_API_ROOT = '' } = server.env;
  secrets = { 'app-id': WECHAT_APP_ID, 'app-secret': WECHAT_APP_SECRET, 'api-root': WXSYNC_API_ROOT };
});
afterAll(() => server.stop());

/** The example site as the checkout of a bare remote's main. */
function checkOut(files: Readonly<Record<string, string>> = {}): string {
  const site = copySite();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(site, name), text);
  if (Object.keys(files).length > 0) commit(site, 'posts');
  remotes.set(site, toRemote(site, 'site.git'));
  return site;
}

const remotes = new Map<string, string>();
const remoteOf = (site: string): string => remotes.get(site) ?? '';

function publish(workspace: string, job: Partial<Job> = {}): Promise<Ran> {
  const inputs = { lang: 'en', ...secrets, ...job.inputs };
  return runAction({ file: actions.publish, workspace, event: 'push', ...job, inputs });
}

/** Ids differ from run to run. */
const settle = (text: string) => text.replace(/(?:wx|sbx|m)?[\w\\-]{40,}/g, 'MEDIA_ID');

function compare(name: string, text: string): void {
  const golden = join(GOLDENS, name);
  if (UPDATE) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, 'utf8'));
}

const post = (title: string, rest = 'Text.') =>
  `---\ntitle: ${JSON.stringify(title)}\nwechat_synced: false\n---\n\n${rest}\n`;

describe('a push with a post that waits, one that is broken, and one that is synced; its run had to wait for others', () => {
  let site: string;
  let ran: Ran;
  beforeAll(async () => {
    site = checkOut({
      'content/zh/broken.md': post('Broken', '![](/images/nowhere.png)'),
      'content/zh/synced.md': post('Synced').replace('false', 'true'),
    });
    // Checked out is the commit that the run was started for; the branch is further by now.
    git(site, 'reset', '--quiet', '--hard', 'HEAD~1');
    ran = await publish(site);
  });

  test('goes through each step, and publish alone fails', () => {
    expect(ran.outcomes).toEqual({
      'Build wxsync': 'success',
      'Take the head of the branch': 'success',
      'May this run publish and push?': 'success',
      Publish: 'failure',
      Report: 'success',
      'Commit flags and receipts': 'success',
    });
  });

  test('gives the outputs', () => {
    const { report = '', ...outputs } = ran.outputs;
    compare('action.outputs.json', `${JSON.stringify(outputs, null, 2)}\n`);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ exitCode: 7 });
  });

  test('shows annotations and a summary', () => {
    compare('action.annotations.txt', `${ran.commands.map(({ line }) => line).join('\n')}\n`);
    compare('action.summary.md', settle(ran.summary));
  });

  test('leaves one commit on the branch: the flag and the receipt', () => {
    const remote = remoteOf(site);
    const [subject, ...files] = git(remote, 'show', '--name-only', '--format=%s', 'main').trim().split(/\n+/);
    expect(subject).toContain('[skip ci]');
    expect(files).toEqual([expect.stringMatching(RECEIPT), SAMPLE]);
    expect(git(remote, 'show', `main:${SAMPLE}`)).toContain('wechat_synced: true');
    expect(git(remote, 'rev-list', '--count', 'main').trim()).toBe('3');
  });

  test('hides the token from later steps, and prints no secret', () => {
    expect(ran.masks).toHaveLength(1);
    const { WECHAT_APP_SECRET: secret = '?' } = server.env;
    for (const hidden of [secret, ...ran.masks]) {
      for (const text of [
        ran.log,
        ran.summary,
        ran.masks.join().replace(ran.masks[0] ?? '', ''),
        JSON.stringify(ran.outputs),
      ])
        expect(text).not.toContain(hidden);
    }
  });
});

test('nothing to publish: no commit, and all is well', async () => {
  const site = checkOut({ [SAMPLE]: post('Done').replace('false', 'true') });
  const before = git(remoteOf(site), 'rev-parse', 'main');
  const { outcomes, outputs, summary, commands } = await publish(site);
  expect(new Set(Object.values(outcomes))).toEqual(new Set(['success']));
  expect(outputs).toMatchObject({ published: '0', failed: '0', 'changed-files': '' });
  expect(summary).toBe('## wxsync\n\nNo post was waiting.\n');
  expect(commands).toEqual([]);
  expect(git(remoteOf(site), 'rev-parse', 'main')).toBe(before);
});

test('a job that is cancelled finishes the draft in flight, reports, commits its flag, and leaves the rest to the next', async () => {
  const names = ['a', 'b', 'c'].map((name) => `content/zh/${name}.md`);
  const site = checkOut({
    ...Object.fromEntries(names.map((name) => [name, post(name)])),
    [SAMPLE]: 'No front matter.\n',
  });
  const isTrue = () => names.map((name) => git(remoteOf(site), 'show', `main:${name}`).includes('wechat_synced: true'));
  const before = (await server.drafts()).length;
  const ran = await publish(site, { cancelAt: /b\.md: making the draft/ });
  expect(ran.outcomes).toMatchObject({
    Publish: 'cancelled',
    Report: 'success',
    'Commit flags and receipts': 'success',
  });
  expect(ran.outputs).toMatchObject({ published: '2', failed: '0' });
  expect(JSON.parse(readFileSync(ran.outputs['report'] ?? '', 'utf8'))).toMatchObject({ exitCode: 130 });
  expect(isTrue()).toEqual([true, true, false]);

  const clone = fresh('next');
  git(clone, 'clone', '--quiet', remoteOf(site), '.');
  const next = await publish(clone);
  expect(next.outputs).toMatchObject({ published: '1', failed: '0' });
  expect([isTrue(), (await server.drafts()).length - before]).toEqual([[true, true, true], 3]);
});

describe('runs that are refused', () => {
  test.each([['pull_request'], ['pull_request_target']])(
    '%s: exit before any call, nothing is published, reported or pushed',
    async (event) => {
      const site = checkOut();
      const calls = (await server.history()).length;
      const ran = await publish(site, { event, payload: { pull_request: { head: { repo: { fork: true } } } } });
      expect(Object.values(ran.outcomes)).toEqual(['success', 'success', 'failure', 'skipped', 'skipped', 'skipped']);
      expect(ran.commands).toEqual([{ name: 'error', line: expect.stringContaining('title=wxsync event-refused::') }]);
      expect(await server.history()).toHaveLength(calls);
      expect(ran.outputs).toMatchObject({ published: '', failed: '', 'changed-files': '' });
    },
  );

  test('without secrets', async () => {
    const ran = await publish(checkOut(), { inputs: { 'app-secret': '' } });
    expect(ran.outcomes).toMatchObject({ 'May this run publish and push?': 'failure', Publish: 'skipped' });
    expect(ran.log).toContain('credentials-missing');
    expect(ran.log).toContain('GitHub: Settings › Secrets and variables › Actions');
    expect(ran.log).not.toMatch(/--sandbox|\.env/);
  });

  test('publish itself refuses a pull request too, whatever calls it', async () => {
    const env = { ...server.env, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request_target' };
    const { code, stderr } = await runHere(['publish', SAMPLE], { cwd: checkOut(), env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('event-refused')]);
  });
});

test('an error of the whole run is on its page, and nothing is pushed', async () => {
  const site = checkOut({ [SAMPLE]: post('Too many') });
  const ran = await publish(site, { inputs: { 'max-new': '0' } });
  expect(ran.outcomes).toMatchObject({ Publish: 'failure', Report: 'success', 'Commit flags and receipts': 'success' });
  expect(ran.commands).toEqual([{ name: 'error', line: expect.stringContaining('title=wxsync too-many-new::') }]);
  expect(ran.summary).toContain('(too-many-new)');
  expect(git(remoteOf(site), 'rev-list', '--count', 'main').trim()).toBe('2');
});

test('a file that publish did not write is refused by the report', async () => {
  const folder = fresh('report');
  writeFileSync(join(folder, 'empty.json'), '');
  for (const name of ['empty.json', 'missing.json']) {
    const { code, stderr } = await runHere(['ci', 'report', name], { cwd: folder, env: toEnv() });
    expect([code, stderr]).toEqual([2, expect.stringContaining('report-unreadable')]);
  }
});

test('inputs are values, never shell, and variables of the job stand in for those that are empty', async () => {
  const site = checkOut({ 'content/zh/a b $(touch owned).md': post('Quoted') });
  const { WECHAT_APP_ID = '', WECHAT_APP_SECRET = '', WXSYNC_API_ROOT = '' } = server.env;
  const ran = await publish(site, {
    env: { WECHAT_APP_ID, WECHAT_APP_SECRET, WXSYNC_API_ROOT },
    inputs: {
      'app-id': '',
      'app-secret': '',
      'api-root': '',
      paths: 'content/zh/a b $(touch owned).md\n\ncontent/zh/*.nothing\n',
      message: 'Posts "quoted" $(touch owned) [skip ci]',
    },
  });
  expect(ran.outputs).toMatchObject({ published: '1', failed: '0' });
  expect(git(remoteOf(site), 'log', '-1', '--format=%s', 'main').trim()).toBe(
    'Posts "quoted" $(touch owned) [skip ci]',
  );
  expect(git(site, 'status', '--porcelain', '--untracked-files=all')).not.toContain('owned\n');
});

describe('hostile posts', () => {
  const HOSTILE = [
    '::set-output name=published::999',
    '%0A::error::forged',
    '##[set-output name=published;]999',
    'end\npublished=999\n::add-path::/tmp',
    '<img src=x> | [a](javascript:1) ![b](//evil) `c` @all',
  ];

  test('inject no command, no output and no markup', async () => {
    const names = HOSTILE.map((_, index) => `content/zh/h${index}.md`);
    const files = Object.fromEntries(
      HOSTILE.map((title, index) => [names[index] ?? '', post(title, '（此处应配图：::error::x）')]),
    );
    const site = checkOut({ ...files, [SAMPLE]: post('::add-mask::plain') });
    const named = join('content', 'zh', '::set-output name=failed::999.md');
    writeFileSync(join(site, named), post('Named', '![](/images/nowhere.png)'));
    const ran = await publish(site, { inputs: { paths: `content\n${named}` } });
    const kinds = new Set(ran.commands.map(({ name }) => name));
    expect([...kinds].sort()).toEqual(['error', 'warning']);
    expect(ran.commands.every(({ line }) => /^::(?:error|warning) file=[^,:]*,line=\d+/.test(line))).toBe(true);
    expect(ran.masks).toHaveLength(1);
    expect(ran.outputs).toMatchObject({ published: `${HOSTILE.length + 1}`, failed: '1' });
    expect(ran.summary.split('\n').filter((line) => !/^(?:\||## |### |\*\*|$)/.test(line))).toEqual([]);
    expect(ran.summary.replaceAll('<br>', '')).not.toMatch(/(?<!\\)[<`@[]/);
  });
});

describe('check, on a pull request', () => {
  const env = toEnv();
  const check = (workspace: string, inputs = {}) =>
    runAction({
      file: actions.check,
      workspace,
      event: 'pull_request',
      ref: 'refs/pull/1/merge',
      env,
      inputs: { lang: 'en', ...inputs },
    });

  test('annotates, sums up and writes the pages, without any secret', async () => {
    const site = checkOut();
    const ran = await check(site);
    expect(new Set(Object.values(ran.outcomes))).toEqual(new Set(['success']));
    expect(ran.commands.filter(({ line }) => line.includes('placeholder'))).toHaveLength(3);
    expect(ran.summary).toContain('would be published');
    expect(git(site, 'status', '--porcelain')).toBe('');
    const page = /\.wxsync\/preview\/[\w\\-]+\.html/.exec(ran.summary.replaceAll('\\', ''))?.[0] ?? '';
    expect(readFileSync(join(site, page), 'utf8')).toContain('觉醒年代');
  });

  test('fails for errors and for more warnings than wished, and still shows the pages of the others', async () => {
    const broken = post('Broken', '![](/images/nowhere.png)');
    const warned = post('Warned', '（此处应配图：x）');
    const ran = await check(checkOut({ [SAMPLE]: warned, 'content/zh/broken.md': broken }), { 'max-warnings': '0' });
    expect(ran.outcomes).toMatchObject({ Check: 'failure', Report: 'success' });
    expect(ran.commands.filter(({ line }) => line.includes('image-missing'))).toHaveLength(1);
    expect(ran.log).toContain('--max-warnings 0');
    expect(ran.summary).toContain('would be published');
  });
});

test('an action that cannot be built says so once, and does nothing else', async () => {
  const broken = installActions();
  rmSync(join(dirname(broken.publish), 'dist'), { recursive: true });
  for (const file of [broken.publish, broken.check]) {
    const { outcomes, log } = await runAction({ file, workspace: fresh('empty'), event: 'push' });
    const { 'Build wxsync': build, ...others } = outcomes;
    expect([build, new Set(Object.values(others)), log]).toEqual(['failure', new Set(['skipped']), 'not built\n']);
  }
});

test('secrets that the workflow sets for the whole job reach the two steps that need them alone', async () => {
  const { steps } = readAction(join(root, 'action.yml')).runs;
  const [needing, others] = [true, false].map((needs) =>
    steps.filter(({ env }) => (env?.['APP_SECRET'] !== undefined) === needs),
  );
  expect(needing?.map(({ name }) => name)).toEqual(['May this run publish and push?', 'Publish']);
  const [first, ...more] = new Set(others?.map((step) => step.run.split('\n')[0] ?? ''));
  expect(more).toEqual([]);
  const env = {
    PATH: toEnv()['PATH'] ?? '',
    WECHAT_APP_SECRET__TEAM: 's',
    WECHAT_ACCESS_TOKEN: 't',
    WXSYNC_PROXY: 'p',
  };
  const { status, text } = await runBash(['-e', '-c', `${first}\nenv`], { cwd: fresh('empty'), env });
  expect([status, text]).toEqual([0, expect.stringMatching(/^PATH=/m)]);
  expect(text).not.toMatch(/WECHAT|PROXY/);
});

test.each(['action.yml', 'check/action.yml'])(
  '%s: no value in a script, no action of others, as documented',
  (name) => {
    const { inputs, runs } = readAction(join(root, name));
    expect(runs.using).toBe('composite');
    expect(JSON.stringify(runs.steps.map((step) => step.run))).not.toContain('${{');
    expect(readFileSync(join(root, name), 'utf8')).not.toMatch(/^\s*(?:- )?uses:/m);
    for (const guide of ['ci.md', 'ci.zh-CN.md'].map((page) => readFileSync(join(root, 'docs', page), 'utf8')))
      expect(Object.keys(inputs).filter((input) => !guide.includes(`\`${input}\``))).toEqual([]);
  },
);
