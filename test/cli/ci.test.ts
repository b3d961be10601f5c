// A CI job as its service runs it: `ci check`, `publish`, `ci commit`, each a process, on clones of a bare remote.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEntry } from '../../src/publish/entry.ts';
import { toSnapshot } from '../../src/publish/source-hash.ts';
import { APP_SECRET, refuseLeaks } from '../canary.ts';
import { type Clone, createRemote, type Remote, receiptOf, sh, toPost } from '../publish/repository.ts';
import { runHere } from './here.ts';
import { fresh, freshHome, type Outcome, run, type SandboxProcess, startSandbox, toEnv } from './stage.ts';

const BIN = fileURLToPath(new URL('../../bin/wxsync.js', import.meta.url));
const POSTS = ['posts/a.md', 'posts/b.md'] as const;
const [A, B] = POSTS;
const C = 'posts/c.md';
const CONFIG = { 'wxsync.config.json': '{ "project": "site" }\n' };
const createSite = (paths: readonly string[] = [A]) =>
  createRemote({ ...CONFIG, ...Object.fromEntries(paths.map((path) => [path, toPost(path, `Words 1 of ${path}.`)])) });
const pair = { WECHAT_APP_ID: 'wx0123456789abcdef', WECHAT_APP_SECRET: APP_SECRET };
const edit = (clone: Clone, path: string) => {
  const next = clone.read(path).replace(/Words (\d+)/, (_, n: string) => `Words ${Number(n) + 1}`);
  clone.write(path, next.replace('wechat_synced: true', 'wechat_synced: false'));
};

let server: SandboxProcess;
beforeAll(async () => {
  server = await startSandbox();
});
afterAll(() => server.stop());

/** The environment of a runner of its own: nothing shared but the remote and the account. */
const toRunner = (more: Readonly<Record<string, string>> = {}) => ({
  ...server.env,
  ...{ WXSYNC_HOME: freshHome(), GIT_CONFIG_NOSYSTEM: '1', CI: 'true' },
  ...more,
});

describe('which runs may use secrets', () => {
  const { folder } = createSite().clone();

  test.each([
    ['GITHUB_ACTIONS', 'GITHUB_EVENT_NAME', 'push', 0],
    ['GITHUB_ACTIONS', 'GITHUB_EVENT_NAME', 'workflow_dispatch', 0],
    ['GITHUB_ACTIONS', 'GITHUB_EVENT_NAME', 'pull_request', 2],
    ['GITHUB_ACTIONS', 'GITHUB_EVENT_NAME', 'pull_request_target', 2],
    ['GITHUB_ACTIONS', 'GITHUB_EVENT_NAME', 'issue_comment', 2],
    ['GITHUB_ACTIONS', 'NOTHING', '', 2],
    ['GITLAB_CI', 'CI_PIPELINE_SOURCE', 'schedule', 0],
    ['GITLAB_CI', 'CI_PIPELINE_SOURCE', 'merge_request_event', 2],
    ['GITLAB_CI', 'CI_PIPELINE_SOURCE', 'external_pull_request_event', 2],
  ])('%s %s=%s: exit %i', async (service, name, event, code) => {
    const env = toEnv({ ...pair, [service]: 'true', [name]: event });
    const check = await runHere(['ci', 'check'], { cwd: folder, env });
    expect([check.code, check.stderr.includes('event-refused')]).toEqual([code, code === 2]);
  });

  test('publishing by itself refuses them too, and looks all the same', async () => {
    const env = toRunner({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' });
    const before = (await server.history()).length;
    expect((await run(['publish', A], { cwd: folder, env })).code).toBe(2);
    expect((await server.history()).length).toBe(before);
    expect((await run(['publish', '-n', A], { cwd: folder, env })).code).toBe(0);
  });
});

describe('ci check', () => {
  test.each<[string, (clone: Clone, remote: Remote) => void, Record<string, string>, number, string]>([
    ['no credentials', () => undefined, {}, 4, 'credentials-missing'],
    ['a remote to read only', (clone) => setPushUrl(clone, '/nowhere.git'), pair, 4, 'push-denied'],
    ['an old head', (_, remote) => remote.author((person) => edit(person, A)), pair, 6, 'behind-upstream'],
    ['a tag', (clone) => sh(clone.folder, 'checkout', '--quiet', '--detach'), pair, 2, 'the branch to push to'],
    ['no remote', (clone) => sh(clone.folder, 'remote', 'remove', 'origin'), pair, 4, 'push-denied'],
  ])('%s', async (_, spoil, env, code, word) => {
    const remote = createSite();
    const clone = remote.clone();
    spoil(clone, remote);
    const check = await runHere(['ci', 'check'], { cwd: clone.folder, env: toEnv(env) });
    expect([check.code, check.stderr]).toEqual([code, expect.stringContaining(word)]);
  });

  describe('asks for the credentials of the accounts', () => {
    const team = { WECHAT_APP_ID__TEAM: 'wx00000000000000aa', WECHAT_APP_SECRET__TEAM: 'of-the-team' };
    const half = { WECHAT_APP_ID__TEAM: 'wx00000000000000aa' };
    const forTeam = (text: string) => text.replace('---\n', '---\nwechat: { account: team }\n');
    const ours = toPost(A, 'Words.');
    const done = ours.replace('wechat_synced: false', 'wechat_synced: true');
    const none = /error: WECHAT_APP_ID, WECHAT_APP_SECRET not set/;
    const noTeam = /error: WECHAT_APP_ID__TEAM, WECHAT_APP_SECRET__TEAM not set/;

    test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, number, RegExp]>([
      ['of a named one that a post is for', { [A]: forTeam(ours) }, team, 0, /^$/],
      ['of that one and no other', { [A]: forTeam(ours) }, pair, 4, noTeam],
      ['of each: one has none', { [A]: ours, [B]: forTeam(ours) }, pair, 0, /^warning: WECHAT_APP_ID__TEAM, /],
      ['of each: none has one', { [A]: ours, [B]: forTeam(ours) }, {}, 4, none],
      ['of the one that a post says nothing of', { [A]: ours }, team, 4, none],
      ['of any when none waits', { [A]: done }, team, 0, /^$/],
      ['of any: there is half of one', { [A]: done }, half, 4, none],
      ['of the one that is chosen', { [A]: ours }, { ...team, WXSYNC_ACCOUNT: 'team' }, 0, /^$/],
      ['of the chosen one alone', { [A]: ours }, { ...pair, WXSYNC_ACCOUNT: 'team' }, 4, noTeam],
    ])('%s', async (_, posts, env, code, told) => {
      const { folder } = createRemote({ ...CONFIG, ...posts }).clone();
      const check = await runHere(['ci', 'check'], { cwd: folder, env: toEnv(env) });
      expect([check.code, check.stderr]).toEqual([code, expect.stringMatching(told)]);
    });
  });

  test('outside of git', async () => {
    const check = await runHere(['ci', 'check'], { cwd: fresh('nowhere'), env: toEnv(pair) });
    expect([check.code, check.stderr]).toEqual([2, expect.stringContaining('no-repository')]);
  });

  test('a detached checkout names its branch, in both languages', async () => {
    const { folder } = createSite().clone();
    sh(folder, 'checkout', '--quiet', '--detach');
    const named = await runHere(['ci', 'check', '--branch', 'main'], { cwd: folder, env: toEnv(pair) });
    expect(named).toMatchObject({ code: 0, stdout: '✔ This run may publish and can push to main.\n' });
    const github = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' };
    const told = await runHere(['ci', 'check'], { cwd: folder, env: toEnv({ ...pair, ...github, WXSYNC_LANG: 'zh' }) });
    expect(told).toMatchObject({ code: 0, stdout: '✔ 这次运行可以发布，也能推送到 main。\n' });
  });
});

test('a store that is not known is said, and never comes from the repository', async () => {
  const clone = createSite().clone();
  const bad = await run(['publish', A], { cwd: clone.folder, env: toRunner({ WXSYNC_STORE: 'redis://x' }) });
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('setting-invalid')]);
  clone.write('.env', 'WXSYNC_STORE=redis://x\n');
  const ignored = await run(['publish', '--sandbox', A], { cwd: clone.folder, env: toEnv() });
  expect([ignored.code, ignored.stderr]).toEqual([0, expect.stringContaining('WXSYNC_STORE')]);
});

test('a job, twice: the bot commits once', async () => {
  const remote = createSite([A, B]);
  const env = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' };
  expect(await job(remote.clone(), toRunner(env))).toBe(0);
  const [made, ...others] = remote.log();
  expect(others).toEqual([]);
  expect(made).toMatchObject({
    author: 'github-actions[bot]',
    email: '41898282+github-actions[bot]@users.noreply.github.com',
    files: [receiptOf(A), receiptOf(B)].sort().concat(A, B),
  });
  expect(await job(remote.clone(), toRunner(env))).toBe(0);
  expect(remote.log()).toHaveLength(1);
});

test('a branch that refuses: exit 4, and the next run on another machine makes no second draft', async () => {
  const remote = createSite([C]);
  remote.hook('update', 'test "$1" != refs/heads/main || { echo "main is protected"; exit 1; }');
  const before = await titles();
  expect(await job(remote.clone(), toRunner())).toBe(4);
  expect(remote.log('wxsync/pending')).toHaveLength(1);
  expect(await job(remote.clone(), toRunner())).toBe(4);
  expect(await titles()).toEqual([...before, C].sort());
  // A person merges it.
  remote.hook('update', 'exit 0');
  sh(remote.folder, 'update-ref', 'refs/heads/main', 'refs/heads/wxsync/pending');
  expect(await job(remote.clone(), toRunner())).toBe(0);
  expect(remote.log()).toHaveLength(1);
  expect(remote.has('wxsync/pending')).toBe(false);
});

test('a commit that waited, merged beside an edit: the next job sends the edit', async () => {
  const path = 'posts/d.md';
  const remote = createSite([path]);
  remote.hook('update', 'test "$1" != refs/heads/main');
  expect(await job(remote.clone(), toRunner())).toBe(4);
  remote.hook('update', 'exit 0');
  remote.author((person) => person.write(path, person.read(path).replace('Words 1', 'Words 2')));
  remote.author((person) => sh(person.folder, 'merge', '--quiet', '--no-ff', 'origin/wxsync/pending'));
  expect(remote.show(path)).toMatch(/synced: true.+Words 2/s);
  const told: string[] = [];
  expect(await job(remote.clone(), toRunner(), (_, text) => told.push(text))).toBe(0);
  expect(told.join('')).toContain(`${path}: wechat_synced is false again`);
  const drafts = (await server.drafts()) as unknown as readonly Draft[];
  expect(drafts.filter(({ articles }) => articles[0]?.content.includes(`Words 2 of ${path}`))).toHaveLength(1);
  expect(drafts.filter(({ articles }) => articles[0]?.title === path)).toHaveLength(1);
  expect(remote.show(path)).toContain('synced: true');
});

test('a remote to read only: the job ends before it has asked WeChat for anything', async () => {
  const clone = createSite(['posts/e.md']).clone();
  setPushUrl(clone, '/nowhere.git');
  const before = [await titles(), (await server.history()).length];
  expect(await job(clone, toRunner())).toBe(4);
  expect([await titles(), (await server.history()).length]).toEqual(before);
});

test('eight runners, two killed, an author who edits meanwhile: one draft a post, each with the text of the branch', {
  timeout: 120_000,
}, async () => {
  const account = await startSandbox();
  try {
    const remote = createSite(POSTS);
    const clocks = { WXSYNC_STORE: 'git:origin', WXSYNC_TIMEOUT_MS: '1500', WXSYNC_QUIET_MS: '300' };
    const runners = Array.from({ length: 8 }, () => ({
      clone: remote.clone(),
      env: toRunner({ ...account.env, ...clocks, WXSYNC_HOME: freshHome() }),
    }));
    let edited = false;
    const kills = [/making the draft/, /reading the draft back/];
    let pushed = 0;
    const watch = (child: ChildProcess, text: string) => {
      // A run says once what it pushed.
      if (/^✔ [\da-f]+ on main: /.test(text)) pushed++;
      const at = kills.findIndex((pattern) => pattern.test(text));
      if (at !== -1) {
        kills.splice(at, 1);
        child.kill('SIGKILL');
      } else if (!edited && text.includes('setting wechat_synced')) {
        edited = true;
        remote.author((person) => {
          for (const path of POSTS) edit(person, path);
        });
      }
    };
    for (const { clone } of runners) clone.checkout();
    let waiting = runners;
    for (let round = 0; waiting.length > 0 && round < 6; round++) {
      const codes = await Promise.all(waiting.map(({ clone, env }) => job(clone, env, watch)));
      waiting = waiting.filter((_, index) => codes[index] !== 0);
    }
    expect(waiting).toEqual([]);
    // What the author pushed last may still wait: the run that this push starts.
    const [last] = runners;
    if (last === undefined) throw new Error('no runner');
    expect(await job(last.clone, last.env, watch)).toBe(0);
    expect([kills, edited]).toEqual([[], true]);

    const drafts = (await account.drafts()) as unknown as readonly Draft[];
    expect(drafts.map(({ articles }) => articles[0]?.title).sort()).toEqual([...POSTS]);
    for (const path of POSTS) {
      const text = remote.show(path);
      expect(text).toContain('wechat_synced: true');
      const words = /Words \d+ of [\w/.]+/.exec(text)?.[0] ?? '';
      const draft = drafts.find(({ articles }) => articles[0]?.title === path);
      expect(draft?.articles[0]?.content).toContain(words);
      expect(parseEntry(remote.show(receiptOf(path)))).toMatchObject({ state: 'verified', mediaId: draft?.mediaId });
    }
    const bots = remote.log().filter(({ author }) => author === 'wxsync[bot]');
    expect(bots).toHaveLength(pushed);
    for (const { parents, files, lines } of bots) {
      expect(parents).toBe(1);
      expect(files.filter((file) => !/^posts\/|^\.wxsync\/posts\//.test(file))).toEqual([]);
      expect(files.length).toBeGreaterThan(0);
      expect(lines.filter((line) => !/^[-+]wechat_synced: (?:true|false) # ours$/.test(line))).toEqual([]);
    }
    expectFlagsTrue(remote);
    const before = remote.log().length;
    expect(await job(last.clone, last.env)).toBe(0);
    expect(remote.log()).toHaveLength(before);
  } finally {
    await account.stop();
  }
});

interface Draft {
  readonly mediaId: string;
  readonly articles: readonly { readonly title: string; readonly content: string }[];
}

/** At every commit: a post is flagged only with a receipt of the very bytes that stand there. */
function expectFlagsTrue(remote: Remote): void {
  for (const id of sh(remote.folder, 'rev-list', 'main').split('\n')) {
    for (const path of POSTS) {
      const text = sh(remote.folder, 'cat-file', 'blob', `${id}:${path}`);
      if (!text.includes('wechat_synced: true')) continue;
      const entry = parseEntry(remote.show(receiptOf(path), id));
      expect(entry).toMatchObject({ state: 'verified', snapshot: toSnapshot(Buffer.from(`${text}\n`)) });
    }
  }
}

type Watch = (child: ChildProcess, text: string) => void;

/** The three steps; what comes before the first draft stops the job, what comes after never stops the commit. */
async function job(clone: Clone, env: Record<string, string>, watch: Watch = () => undefined): Promise<number | null> {
  clone.checkout();
  const check = await step(clone, ['ci', 'check'], { env, watch });
  if (check.code !== 0) return check.code;
  const published = await step(clone, ['publish', 'posts', '--json'], { env, watch });
  // A killed runner commits nothing.
  if (published.code === null) return null;
  const committed = await step(clone, ['ci', 'commit'], { env, watch });
  return committed.code === 0 ? published.code : committed.code;
}

async function step(
  { folder }: Clone,
  args: readonly string[],
  { env, watch }: { env: Record<string, string>; watch: Watch },
): Promise<Outcome> {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    watch(child, text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    watch(child, text);
  });
  const code = await new Promise<number | null>((end) => child.on('close', end));
  refuseLeaks(`wxsync ${args.join(' ')}`, { stdout, stderr });
  return { code, stdout, stderr };
}

async function titles(): Promise<readonly string[]> {
  const drafts = (await server.drafts()) as unknown as readonly Draft[];
  return drafts.map(({ articles }) => articles[0]?.title ?? '').sort();
}

function setPushUrl({ folder }: Clone, url: string): void {
  sh(folder, 'remote', 'set-url', '--push', 'origin', url);
}
