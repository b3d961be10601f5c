// A CI job as its service runs it: `ci check`, `publish`, `ci commit` on clones of a bare remote; of one job each is a process.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_SECRET } from '../canary.ts';
import { type Clone, createRemote, type Remote, receiptOf, sh, toPost } from '../publish/repository.ts';
import { CONFIG, createSite, type Draft, edit, HERMETIC, job, playJob } from './ci-jobs.ts';
import { runHere, startSandboxHere } from './here.ts';
import { fresh, freshHome, type SandboxServer, toEnv } from './stage.ts';

const POSTS = ['posts/a.md', 'posts/b.md'] as const;
const [A, B] = POSTS;
const C = 'posts/c.md';
const pair = { WECHAT_APP_ID: 'wx0123456789abcdef', WECHAT_APP_SECRET: APP_SECRET };
let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxHere();
});
afterAll(() => server.stop());

/** The environment of a runner of its own: nothing shared but the remote and the account. */
const toRunner = (more: Readonly<Record<string, string>> = {}) => ({
  ...server.env,
  ...{ WXSYNC_HOME: freshHome(), ...HERMETIC },
  ...more,
});

describe('which runs may use secrets', () => {
  const { folder } = createSite([A]).clone();

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
    expect((await runHere(['publish', A], { cwd: folder, env })).code).toBe(2);
    expect((await server.history()).length).toBe(before);
    expect((await runHere(['publish', '-n', A], { cwd: folder, env })).code).toBe(0);
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
    const remote = createSite([A]);
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

    test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, number, RegExp, string[]?]>([
      ['of the posts that are named', { [A]: ours, [B]: forTeam(ours) }, pair, 0, /^$/, [A]],
      ['of those alone', { [A]: ours, [B]: forTeam(ours) }, pair, 4, noTeam, ['--', B]],
      ['of a named one that a post is for', { [A]: forTeam(ours) }, team, 0, /^$/],
      ['of that one and no other', { [A]: forTeam(ours) }, pair, 4, noTeam],
      ['of each: one has none', { [A]: ours, [B]: forTeam(ours) }, pair, 0, /^warning: WECHAT_APP_ID__TEAM, /],
      ['of each: none has one', { [A]: ours, [B]: forTeam(ours) }, {}, 4, none],
      ['of the one that a post says nothing of', { [A]: ours }, team, 4, none],
      ['of any when none waits', { [A]: done }, team, 0, /^$/],
      ['of any: there is half of one', { [A]: done }, half, 4, none],
      ['of the one that is chosen', { [A]: ours }, { ...team, WXSYNC_ACCOUNT: 'team' }, 0, /^$/],
      ['of the chosen one alone', { [A]: ours }, { ...pair, WXSYNC_ACCOUNT: 'team' }, 4, noTeam],
    ])('%s', async (_, posts, env, code, told, paths = []) => {
      const { folder } = createRemote({ ...CONFIG, ...posts }).clone();
      const check = await runHere(['ci', 'check', ...paths], { cwd: folder, env: toEnv(env) });
      expect([check.code, check.stderr]).toEqual([code, expect.stringMatching(told)]);
    });
  });

  test('outside of git', async () => {
    const check = await runHere(['ci', 'check'], { cwd: fresh('nowhere'), env: toEnv(pair) });
    expect([check.code, check.stderr]).toEqual([2, expect.stringContaining('no-repository')]);
  });

  test('a detached checkout names its branch, in both languages', async () => {
    const { folder } = createSite([A]).clone();
    sh(folder, 'checkout', '--quiet', '--detach');
    const named = await runHere(['ci', 'check', '--branch', 'main'], { cwd: folder, env: toEnv(pair) });
    expect(named).toMatchObject({ code: 0, stdout: '✔ This run may publish and can push to main.\n' });
    const github = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' };
    const told = await runHere(['ci', 'check'], { cwd: folder, env: toEnv({ ...pair, ...github, WXSYNC_LANG: 'zh' }) });
    expect(told).toMatchObject({ code: 0, stdout: '✔ 这次运行可以发布，也能推送到 main。\n' });
  });
});

test('a store that is not known is said, and never comes from the repository', async () => {
  const clone = createSite([A]).clone();
  const bad = await runHere(['publish', A], { cwd: clone.folder, env: toRunner({ WXSYNC_STORE: 'redis://x' }) });
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('setting-invalid')]);
  clone.write('.env', 'WXSYNC_STORE=redis://x\n');
  const ignored = await runHere(['publish', '--sandbox', A], { cwd: clone.folder, env: toEnv() });
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
  expect(await jobHere(remote.clone(), toRunner())).toBe(4);
  expect(remote.log('wxsync/pending')).toHaveLength(1);
  expect(await jobHere(remote.clone(), toRunner())).toBe(4);
  expect(await titles()).toEqual([...before, C].sort());
  // A person merges it.
  remote.hook('update', 'exit 0');
  sh(remote.folder, 'update-ref', 'refs/heads/main', 'refs/heads/wxsync/pending');
  expect(await jobHere(remote.clone(), toRunner())).toBe(0);
  expect(remote.log()).toHaveLength(1);
  expect(remote.has('wxsync/pending')).toBe(false);
});

test('a commit that waited, merged beside an edit: the next job sends the edit', async () => {
  const path = 'posts/d.md';
  const remote = createSite([path]);
  remote.hook('update', 'test "$1" != refs/heads/main');
  expect(await jobHere(remote.clone(), toRunner())).toBe(4);
  remote.hook('update', 'exit 0');
  remote.author((person) => person.write(path, person.read(path).replace('Words 1', 'Words 2')));
  remote.author((person) => sh(person.folder, 'merge', '--quiet', '--no-ff', 'origin/wxsync/pending'));
  expect(remote.show(path)).toMatch(/synced: true.+Words 2/s);
  const told: string[] = [];
  expect(await jobHere(remote.clone(), toRunner(), (text) => told.push(text))).toBe(0);
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
  expect(await jobHere(clone, toRunner())).toBe(4);
  expect([await titles(), (await server.history()).length]).toEqual(before);
});

/** As `job`, in this process; `onSaid` gets what each step says. */
async function jobHere(
  clone: Clone,
  env: Record<string, string>,
  onSaid: (text: string) => void = () => undefined,
): Promise<number | null> {
  return playJob(clone, async (args) => {
    const outcome = await runHere(args, { cwd: clone.folder, env });
    onSaid(outcome.stdout + outcome.stderr);
    return outcome;
  });
}

async function titles(): Promise<readonly string[]> {
  const drafts = (await server.drafts()) as unknown as readonly Draft[];
  return drafts.map(({ articles }) => articles[0]?.title ?? '').sort();
}

function setPushUrl({ folder }: Clone, url: string): void {
  sh(folder, 'remote', 'set-url', '--push', 'origin', url);
}
