// `wxsync init`: what it writes for each service and never overwrites, the guide beside it, and GitLab's jobs run as GitLab does.
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/local/config.ts';
import { startGitServer } from './git-server.ts';
import { runHere, startSandboxHere } from './here.ts';
import {
  commit,
  copySite,
  fresh,
  git,
  type Outcome,
  SAMPLE,
  type SandboxServer,
  snapshot,
  toEnv,
  toRemote,
} from './stage.ts';
import { installActions, runBash } from './workflow.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const GITHUB = ['.github/workflows/wxsync-check.yml', '.github/workflows/wxsync.yml'];
const GITLAB = ['.gitlab-ci.yml', '.gitlab/wxsync.yml'];
const FROM = 'someone/wxsync@0123456789abcdef0123456789abcdef01234567';

function writeSite(files: Readonly<Record<string, string>>): string {
  const site = fresh('init');
  git(site, 'init', '--quiet', '--initial-branch=main');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(site, name)), { recursive: true });
    writeFileSync(join(site, name), text);
  }
  return site;
}

const init = (cwd: string, ...args: readonly string[]): Promise<Outcome> =>
  runHere(['init', ...args], { cwd, env: toEnv() });
const post = (body: string, flag = 'false') => `---\ntitle: T\nwechat_synced: ${flag}\n---\n\n${body}\n`;
const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');
const files = (folder: string) => Object.keys(snapshot(folder));

describe('the config', () => {
  test('has the name of the project, the folders of posts, and the hosts of their pictures', async () => {
    const site = writeSite({
      'README.md': '# No post\n\n![](https://badge.example/x.png)\n',
      'content/a.md': post('![](https://b.example/x.png) ![](https://a.example:8443/y.png)'),
      'notes/deep/b.md': post('![](https://a.example/z.png) ![](/missing.png)', 'true'),
    });
    git(site, 'remote', 'add', 'origin', 'git@git.example:team/site.git');
    const { code, stdout } = await init(site);
    expect([code, stdout]).toEqual([0, '✔ wrote wxsync.config.json\n']);
    const text = read(site, 'wxsync.config.json');
    expect(JSON.parse(text)).toEqual({
      project: 'git.example/team/site',
      include: ['content/**/*.md', 'notes/**/*.md'],
      images: { allowHosts: ['a.example', 'b.example'] },
    });
    expect(await parseConfig(text, 'wxsync.config.json')).toMatchObject({ project: 'git.example/team/site' });
  });

  test('finds posts of every ending', async () => {
    const site = writeSite({ 'docs/a.mdx': post('A'), 'docs/deep/b.md': post('B'), 'c.markdown': post('C') });
    await init(site);
    const { include } = JSON.parse(read(site, 'wxsync.config.json')) as { include: readonly string[] };
    expect(include).toEqual(['*.markdown', 'docs/**/*.md', 'docs/**/*.mdx']);
  });

  test('without a remote is told apart from every other folder of that name', async () => {
    const names = await Promise.all(
      [1, 2].map(async () => {
        const site = writeSite({});
        await init(site);
        return (JSON.parse(read(site, 'wxsync.config.json')) as { project: string }).project;
      }),
    );
    expect(new Set(names).size).toBe(2);
  });

  test.each([
    ['wxsync.config.json', '{ "images": { "allowHosts": ["b.example"] } }'],
    ['wxsync.config.yaml', 'images: { allowHosts: [b.example] }\n'],
    ['package.json', '{ "wxsync": { "images": { "allowHosts": ["b.example"] } } }'],
  ])('%s stays as it is, also with --force, and hosts it lacks are named', async (name, text) => {
    const site = writeSite({
      [name]: text,
      'a.md': post('![](https://b.example/x.png) ![](https://new.example/y.png)'),
    });
    const before = snapshot(site);
    const { code, stdout, stderr } = await init(site, '--force');
    expect([code, stdout]).toEqual([0, `– ${name} is there already and stays as it is\n`]);
    expect(stderr).toContain('images.allowHosts: new.example');
    expect(snapshot(site)).toEqual(before);
  });
});

describe('the jobs', () => {
  test.each([
    ['github', GITHUB],
    ['gitlab', GITLAB],
  ])('of %s are written once, and again only with --force', async (service, names) => {
    const site = writeSite({});
    const first = await init(site, '--ci', service, '--from', FROM);
    expect(first.code).toBe(0);
    expect(files(site)).toEqual([...names, 'wxsync.config.json']);
    for (const name of names) {
      expect(read(site, name)).not.toMatch(/<[A-Z]+>/);
      writeFileSync(join(site, name), 'theirs: true\n');
    }
    const second = await init(site, '--ci', service, '--from', FROM);
    expect(second.stdout).not.toContain('wrote');
    expect(names.map((name) => read(site, name))).toEqual(names.map(() => 'theirs: true\n'));
    await init(site, '--ci', service, '--from', FROM, '--force');
    const kept = names.filter((name) => read(site, name) === 'theirs: true\n');
    expect(kept).toEqual(service === 'gitlab' ? ['.gitlab-ci.yml'] : []);
  });

  test('pin every action by its commit, and ask for no more rights than they need', async () => {
    const site = writeSite({});
    await init(site, '--ci', 'github', '--from', FROM);
    const [check = '', publish = ''] = GITHUB.map((name) => read(site, name));
    for (const text of [check, publish]) {
      const uses = [...text.matchAll(/uses: (\S+)/g)].map((match) => match[1]);
      expect(uses.length).toBeGreaterThan(2);
      for (const each of uses) expect(each).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      expect(text).not.toContain('pull_request_target');
    }
    expect(parse(check)).toMatchObject({ permissions: { contents: 'read' } });
    expect(check).not.toMatch(/secrets\b/);
    expect(parse(publish)).toMatchObject({
      on: { push: { branches: ['main'] } },
      permissions: { contents: 'write' },
      concurrency: { group: expect.stringContaining('github.ref'), 'cancel-in-progress': false },
      jobs: { publish: { if: "github.ref == 'refs/heads/main'" } },
    });
  });

  test('of a project in a subfolder run there, for the branch that is checked out, from files at the root of the repository', async () => {
    const site = writeSite({ 'my site/wxsync.config.json': '{}' });
    git(site, 'symbolic-ref', 'HEAD', "refs/heads/it's-main");
    const { stdout } = await init(join(site, 'my site'), '--ci', 'github', '--from', FROM);
    expect(stdout).toContain('wrote .github/workflows/wxsync.yml');
    const workflow = read(site, GITHUB[1] ?? '');
    expect(workflow).toContain('working-directory: "my site"');
    expect(workflow).toContain('branches: ["it\'s-main"]');
    expect(parse(workflow)).toHaveProperty('jobs.publish.if', "github.ref == 'refs/heads/it''s-main'");
  });

  test('name what is left to do', async () => {
    const { stderr } = await init(writeSite({}), '--ci', 'gitlab', '--from', FROM);
    for (const word of ['WECHAT_APP_SECRET', 'WXSYNC_PUSH_TOKEN', 'allow-list']) expect(stderr).toContain(word);
    const theirs = await init(writeSite({ '.gitlab-ci.yml': 'job: {}\n' }), '--ci', 'gitlab', '--from', FROM);
    expect(theirs.stderr).toContain('include: [{ local: .gitlab/wxsync.yml }]');
  });
});

test.each(['latest', 'owner/wxsync', 'owner/wxsync@a b', 'owner/wxsync@x"\n  evil: 1', 'http://h/o/w@1'])(
  '--from %j is refused, and nothing is written',
  async (from) => {
    const site = writeSite({});
    const { code, stderr } = await init(site, '--ci', 'github', '--from', from);
    expect([code, stderr]).toEqual([2, expect.stringContaining('owner/wxsync@commit')]);
    expect(files(site)).toEqual([]);
  },
);

describe('the copy that the jobs use', () => {
  const say = async (from: string, ...args: readonly string[]) => {
    const cwd = writeSite({});
    const { code, stderr } = await runHere(['init', '--ci', 'github', '--from', from, ...args], { cwd, env: toEnv() });
    return { code, stderr, written: files(cwd) };
  };

  test.each(['main', 'v1.2.0', '0123456', `${FROM.split('@')[1]}0`])('at %s can be moved: a warning', async (ref) => {
    const { code, stderr, written } = await say(`https://git.example/me/wxsync@${ref}`);
    expect([code, written]).toEqual([0, [...GITHUB, 'wxsync.config.json']]);
    expect(stderr).toMatch(`warning: the jobs take wxsync at "${ref}", which is no whole commit`);
    expect(stderr).toContain(`\`git ls-remote https://git.example/me/wxsync.git ${ref}\``);
    expect((await say(`me/wxsync@${ref}`, '--lang', 'zh')).stderr).toContain('不是完整的提交号');
  });

  test.each([FROM, `me/wxsync@${'a'.repeat(64)}`])('at %s cannot: no warning', async (from) => {
    expect((await say(from)).stderr).not.toContain('warning');
  });
});

test('a link out of the repository is not followed', async () => {
  const outside = fresh('outside');
  const site = writeSite({ 'wxsync.config.json': '{}' });
  symlinkSync(outside, join(site, '.github'));
  const { code, stderr } = await init(site, '--ci', 'github', '--from', FROM);
  expect([code, stderr]).toEqual([2, expect.stringContaining('wxsync.yml cannot be written: ELOOP')]);
  expect(readdirSync(outside)).toEqual([]);
});

test.each([
  ['docs/ci.md', 'en'],
  ['docs/ci.zh-CN.md', 'zh'],
])('%s shows what init writes', async (guide, lang) => {
  const site = writeSite({});
  await init(site, '--ci', 'github', '--from', 'OWNER/wxsync@COMMIT', '--lang', lang);
  const shown = [...read(root, guide).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => parse(match[1] ?? ''));
  const written = [GITHUB[1], GITHUB[0]].map((name) => {
    const { name: _, ...workflow } = parse(read(site, name ?? '')) as Record<string, unknown>;
    return workflow;
  });
  expect(shown).toEqual(written);
});

describe('the job of GitLab', () => {
  interface Script {
    readonly script: readonly (string | readonly string[])[];
    readonly after_script?: readonly (string | readonly string[])[];
  }
  interface Jobs {
    readonly '.wxsync': { readonly variables: Record<string, string>; readonly before_script: readonly string[] };
    readonly 'wxsync:publish': Script;
    readonly 'wxsync:check': Script;
  }
  const TOKEN = 'canary-push-token';

  const installed = dirname(installActions().publish);
  let server: SandboxServer;
  beforeAll(async () => {
    server = await startSandboxHere();
  });
  afterAll(() => server.stop());

  /** A job in a fresh clone, after an installation that is there already; cancelled, when wished, before its first such line. */
  async function play(job: 'wxsync:publish' | 'wxsync:check', event: string, cancelAt?: string) {
    const origin = copySite();
    writeFileSync(join(origin, SAMPLE), post('Text.'));
    await init(origin, '--ci', 'gitlab', '--from', FROM);
    commit(origin, 'ci');
    const remote = toRemote(origin, 'team/site.git');
    const host = await startGitServer({ folder: dirname(dirname(remote)), prefix: '/gitlab', pair: `wxsync:${TOKEN}` });
    const clone = join(fresh('builds'), 'site');
    git(origin, 'clone', '--quiet', remote, clone);
    git(clone, 'checkout', '--quiet', '--detach');
    mkdirSync(`${clone}.tmp`);
    // Left by a job that was ended: each begins with an installation of its own.
    rmSync(join(installed, 'uncommitted'), { force: true });
    symlinkSync(installed, join(`${clone}.tmp`, 'wxsync'), 'junction');

    const jobs = parse(read(clone, '.gitlab/wxsync.yml')) as Jobs;
    const { variables, before_script: setUp } = jobs['.wxsync'];
    const { script, after_script: after = [] } = jobs[job];
    const lines = script.flat();
    const end = cancelAt === undefined ? lines.length : lines.findIndex((line) => line.startsWith(cancelAt));
    const before = (await server.drafts()).length;
    const env = {
      ...(job === 'wxsync:publish' ? server.env : toEnv()),
      ...variables,
      CI: 'true',
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: event,
      CI_COMMIT_BRANCH: 'main',
      CI_PROJECT_DIR: clone,
      CI_PROJECT_URL: host.urlOf('team/site'),
      WXSYNC_PUSH_TOKEN: TOKEN,
    };
    const bash = (text: readonly (string | readonly string[])[]) =>
      runBash(['-eo', 'pipefail', '-c', text.flat().join('\n')], { cwd: clone, env });
    try {
      const { status, text } = await bash([setUp[0] ?? '', ...lines.slice(0, end)]);
      const { text: later } = await bash(after);
      const drafts = (await server.drafts()).length - before;
      return { status, log: text, later, remote, clone, drafts };
    } finally {
      host.close();
    }
  }

  test('publishes, pushes flag and receipt, says so, and leaves the token nowhere', async () => {
    const { status, log, later, remote, clone, drafts } = await play('wxsync:publish', 'push');
    expect([status, drafts, later]).toEqual([0, 1, '']);
    expect(git(remote, 'show', `main:${SAMPLE}`)).toContain('wechat_synced: true');
    expect(git(remote, 'show', '--name-only', '--format=', 'main')).toContain('.wxsync/posts/');
    expect(log).toMatch(/^\| ✔ draft made/m);
    expect(JSON.parse(read(clone, 'wxsync-report.json'))).toMatchObject({ schema: 'wxsync.publish/1', ok: true });
    for (const text of [TOKEN, Buffer.from(`wxsync:${TOKEN}`).toString('base64')])
      for (const place of [log, read(clone, '.git/config')]) expect(place).not.toContain(text);
  });

  test('that is cancelled after publishing still pushes flag and receipt', async () => {
    const { later, remote } = await play('wxsync:publish', 'push', 'wxsync ci commit');
    expect(later).toMatch(/1 flag, 1 receipt/);
    expect(git(remote, 'show', `main:${SAMPLE}`)).toContain('wechat_synced: true');
  });

  test('is refused for a merge request', async () => {
    const { status, log, later, drafts } = await play('wxsync:publish', 'merge_request_event');
    expect([status, later, drafts]).toEqual([2, '', 0]);
    expect(log).toContain('event-refused');
  });

  test('that checks a merge request leaves its preview pages', async () => {
    const { status, clone } = await play('wxsync:check', 'merge_request_event');
    expect(status).toBe(0);
    expect(readdirSync(join(clone, '.wxsync', 'preview')).filter((name) => name.endsWith('.html'))).toHaveLength(1);
  });

  test('installs without the secrets', async () => {
    const template = read(root, 'templates/gitlab/wxsync.yml');
    const [, line = ''] = /^ *- (\(cd "\$WXSYNC_CLI" && .*)$/m.exec(template) ?? [];
    const cwd = fresh('cli');
    const secrets = { WECHAT_APP_SECRET__TEAM: 's', WECHAT_PROXY: 'p', WXSYNC_PUSH_TOKEN: 't', WXSYNC_PROXY: 'q' };
    const env = { PATH: toEnv()['PATH'] ?? '', WXSYNC_CLI: cwd, ...secrets };
    const { status, text } = await runBash(['-ec', line.replace(/npm ci.*\)$/, 'env)')], { cwd, env });
    expect([status, text]).toEqual([0, expect.stringMatching(/^WXSYNC_CLI=/m)]);
    expect(Object.keys(secrets).filter((name) => text.includes(`${name}=`))).toEqual([]);
  });
});
