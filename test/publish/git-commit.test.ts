// Back to git without WeChat: what a run left in a clone becomes one commit on what the branch holds by then.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Git, openGit } from '../../src/local/git.ts';
import { type CommitOptions, checkPush, commitBack } from '../../src/publish/back-to-git.ts';
import { printEntry } from '../../src/publish/entry.ts';
import { fetchPending, takePending } from '../../src/publish/pending.ts';
import { type Clone, createRemote, GIT_ENV, publishIn, receiptOf, sh, toPost, toReceipt } from './repository.ts';

const A = 'posts/a.md';
const B = 'posts/文章.md';
const BOT = { name: 'bot', email: 'bot@localhost' };
const flagged = (text: string) => text.replace('wechat_synced: false', 'wechat_synced: true');
const createSite = () => createRemote({ [A]: toPost('A'), [B]: toPost('B'), 'other.txt': 'words\n' });
const commit = (clone: Clone, more: Partial<CommitOptions> = {}) =>
  commitBack({ git: clone.git, branch: 'main', mode: 'push', message: null, author: BOT, ...more });

/** Takes in what waits, as `ci check` does; gives how many receipts. */
async function take({ git }: Clone): Promise<number> {
  const pending = await fetchPending({ git, remote: 'origin' }, 'HEAD');
  return pending === null ? 0 : takePending(pending);
}

test('flags and receipts in one commit on the branch, and nothing else of the work tree', async () => {
  const remote = createSite();
  const clone = remote.clone();
  publishIn(clone, A);
  publishIn(clone, B);
  clone.write('other.txt', 'not ours\n');
  clone.write('.wxsync/posts/notes.txt', 'not a receipt');
  expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 2, entries: 2, problems: [] });
  const [made, ...others] = remote.log();
  expect(others).toEqual([]);
  expect(made).toMatchObject({ author: 'bot', email: 'bot@localhost', parents: 1 });
  expect([...(made?.files ?? [])].sort()).toEqual([receiptOf(A), receiptOf(B), A, B].sort());
  const line = ['-wechat_synced: false # ours', '+wechat_synced: true # ours'];
  expect(made?.lines).toEqual([...line, ...line]);
  expect(await commit(clone)).toMatchObject({ kind: 'nothing' });
  expect(remote.log()).toHaveLength(1);
});

test('nothing to say: no commit', async () => {
  const remote = createSite();
  expect(await commit(remote.clone())).toMatchObject({ kind: 'nothing', commit: null });
  expect(remote.log()).toEqual([]);
});

test('the remote is asked once where its refs stand, and what waits is seen at the same moment', async () => {
  const clone = createSite().clone();
  const asked: string[] = [];
  const run: Git['run'] = (args, options) => {
    asked.push(args.join(' '));
    return clone.git.run(args, options);
  };
  expect(await commit(clone, { git: { ...clone.git, run } })).toMatchObject({ kind: 'nothing' });
  expect(asked.filter((line) => line.startsWith('ls-remote'))).toEqual([
    'ls-remote -- origin refs/heads/main refs/heads/wxsync/pending',
  ]);
});

describe('an author who pushes meanwhile', () => {
  test.each<[string, (clone: Clone) => void, boolean]>([
    ['another file', (clone) => clone.write('other.txt', 'new\n'), true],
    ['the text', (clone) => clone.write(A, toPost('A', 'Other words.')), false],
    ['the title', (clone) => clone.write(A, toPost('Other')), false],
    ['only the flag', (clone) => clone.write(A, flagged(toPost('A'))), true],
    ['takes the post away', (clone) => sh(clone.folder, 'rm', '--quiet', A), false],
  ])('%s', async (_, change, isFlagged) => {
    const remote = createSite();
    const clone = remote.clone();
    publishIn(clone, A);
    remote.author(change);
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', entries: 1, problems: [] });
    expect(remote.show(receiptOf(A))).toContain('"verified"');
    const files = sh(remote.folder, 'ls-tree', '--name-only', 'main', A);
    expect(files !== '' && remote.show(A).includes('synced: true')).toBe(isFlagged);
    expect(remote.log().map(({ author, parents }) => [author, parents])).toEqual([
      ['bot', 1],
      ['author', 1],
    ]);
  });
});

describe('bytes', () => {
  const crlf = toPost('A').replaceAll('\n', '\r\n');
  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['CRLF and BOM', `\ufeff${crlf}`, {}],
    ['checked out as CRLF', toPost('A'), { '.gitattributes': '*.md text eol=crlf\n' }],
    ['a blob that git would turn round', crlf, { '.gitattributes': '*.md -text\n' }],
  ])('%s: only the value of the flag changes', async (_, text, more) => {
    const remote = createRemote({ [A]: text, ...more });
    const clone = remote.clone();
    publishIn(clone, A);
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 1 });
    expect(sh(remote.folder, 'cat-file', 'blob', `main:${A}`)).toBe(flagged(text).trimEnd());
  });

  test('of a linked post the file it is a link to', async () => {
    const remote = createSite();
    remote.author((clone) => symlinkSync('a.md', join(clone.folder, 'posts/link.md')));
    const clone = remote.clone();
    const text = clone.read(A);
    clone.write(receiptOf('posts/link.md'), printEntry(toReceipt('posts/link.md', text)));
    clone.write(A, flagged(text));
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 1, entries: 1 });
    expect(remote.show(A)).toBe(flagged(text).trimEnd());
  });

  test('a name that git spells otherwise', async () => {
    const path = 'posts/é.md';
    const remote = createRemote({ [path.normalize('NFD')]: toPost('A') });
    const clone = remote.clone();
    const spelled = path.normalize('NFD');
    clone.write(receiptOf(path.normalize('NFC')), printEntry(toReceipt(path.normalize('NFC'), clone.read(spelled))));
    clone.write(spelled, flagged(clone.read(spelled)));
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 1 });
    expect(remote.show(spelled)).toContain('synced: true');
  });
});

const INTENT = { attempt: 1, time: 1, deadline: 1, sourceHash: 's', coverId: 'c' };

describe('a flag is left alone', () => {
  test.each<[string, (clone: Clone) => void]>([
    ['that the run did not set', (clone) => clone.write(receiptOf(A), printEntry(toReceipt(A, clone.read(A))))],
    ['of a draft not read back', (clone) => publishIn(clone, A, { state: 'drafted' })],
    ['of a draft without an answer', (clone) => publishIn(clone, A, { state: 'unknown', intent: INTENT })],
    ['of another text', (clone) => publishIn(clone, A, { snapshot: 'other' })],
  ])('%s', async (_, run) => {
    const remote = createSite();
    const clone = remote.clone();
    run(clone);
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 0, entries: 1 });
    expect(remote.show(A)).toContain('synced: false');
  });

  test('that the author set back', async () => {
    const remote = createRemote({ [A]: flagged(toPost('A')) });
    const clone = remote.clone();
    clone.write(receiptOf(A), printEntry(toReceipt(A, clone.read(A))));
    remote.author((person) => person.write(A, toPost('A')));
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 0, entries: 1 });
    expect(remote.show(A)).toContain('synced: false');
  });
});

test('two runs with a draft each: one is kept, the other is told of and written down', async () => {
  const remote = createSite();
  const [one, other] = [remote.clone(), remote.clone()];
  publishIn(one, A, { mediaId: 'm1' });
  publishIn(other, A, { mediaId: 'm2' });
  expect((await commit(one)).problems).toEqual([]);
  const { problems } = await commit(other);
  expect(problems).toMatchObject([{ code: 'duplicate-drafts', exitCode: 8, args: { mediaId: 'm1', others: 'm2' } }]);
  expect(JSON.parse(remote.show(receiptOf(A)))).toMatchObject({ mediaId: 'm1', duplicates: ['m2'] });
});

test('a broken receipt stops its own post only', async () => {
  const remote = createSite();
  const clone = remote.clone();
  publishIn(clone, A);
  publishIn(clone, B);
  clone.write(receiptOf(A), '{');
  const { kind, flags, problems } = await commit(clone);
  expect([kind, flags]).toEqual(['pushed', 1]);
  expect(problems).toMatchObject([{ code: 'ledger-unreadable', exitCode: 8 }]);
  expect(remote.show(A)).toContain('synced: false');
});

test('a receipt under the name of another post is not believed', async () => {
  const remote = createSite();
  const clone = remote.clone();
  clone.write(receiptOf(A), printEntry(toReceipt(B, clone.read(B))));
  const { kind, problems } = await commit(clone);
  expect([kind, problems.map(({ code }) => code)]).toEqual(['nothing', ['ledger-unreadable']]);
});

test('four who push at once: each lands within its tries, in one line of commits', async () => {
  const paths = Array.from({ length: 4 }, (_, index) => `posts/${index}.md`);
  const remote = createRemote(Object.fromEntries(paths.map((path) => [path, toPost(path)])));
  const clones = paths.map((path) => {
    const clone = remote.clone();
    publishIn(clone, path);
    return clone;
  });
  const ends = await Promise.all(clones.map((clone) => commit(clone)));
  expect(ends.map(({ kind, flags }) => [kind, flags])).toEqual(paths.map(() => ['pushed', 1]));
  for (const path of paths) expect(remote.show(path)).toContain('synced: true');
  expect(remote.log().map(({ parents, files }) => [parents, files.length])).toEqual(paths.map(() => [1, 2]));
});

describe('a branch that refuses', () => {
  const createProtected = () => {
    const remote = createSite();
    const script = 'test "$1" != refs/heads/main || { echo "main is protected" >&2; exit 1; }';
    remote.hook('update', script);
    return remote;
  };

  test('the commit waits on wxsync/pending, and the next run takes its receipts', async () => {
    const remote = createProtected();
    const clone = remote.clone();
    publishIn(clone, A);
    await checkPush({ git: clone.git, branch: 'main' });
    const { kind, problems } = await commit(clone);
    expect(kind).toBe('pending');
    expect(problems).toMatchObject([{ code: 'branch-refused', exitCode: 4 }]);
    expect(problems[0]?.args['detail']).toContain('hook declined');
    expect(remote.show(A, 'wxsync/pending')).toContain('synced: true');
    expect(remote.log()).toEqual([]);

    const next = remote.clone();
    expect(await take(next)).toBe(1);
    expect(next.read(receiptOf(A))).toBe(clone.read(receiptOf(A)));
    expect(await take(next)).toBe(0);

    // That run finds the draft and sets the flag again; nothing new is to be said.
    next.write(A, flagged(next.read(A)));
    const before = sh(remote.folder, 'rev-parse', 'wxsync/pending');
    expect((await commit(next)).problems).toMatchObject([{ code: 'branch-refused' }]);
    expect(sh(remote.folder, 'rev-parse', 'wxsync/pending')).toBe(before);
  });

  test('what waits there is kept by later commits', async () => {
    const remote = createProtected();
    const [one, other] = [remote.clone(), remote.clone()];
    publishIn(one, A);
    await commit(one);
    publishIn(other, B);
    await commit(other);
    expect(remote.show(receiptOf(A), 'wxsync/pending')).toContain(`m-${A}`);
    expect(remote.show(receiptOf(B), 'wxsync/pending')).toContain(`m-${B}`);
    expect(remote.log('wxsync/pending')).toHaveLength(1);
  });

  test('--mode pr never touches the branch, and says the same thing once', async () => {
    const remote = createSite();
    const clone = remote.clone();
    publishIn(clone, A);
    const first = await commit(clone, { mode: 'pr' });
    expect(first).toMatchObject({ kind: 'pending', problems: [] });
    expect(await commit(clone, { mode: 'pr' })).toEqual(first);
    expect(remote.log()).toEqual([]);
    expect(remote.log('wxsync/pending')).toHaveLength(1);
  });

  test('a server that takes nothing at all', async () => {
    const remote = createSite();
    remote.hook('pre-receive', 'exit 1');
    const clone = remote.clone();
    publishIn(clone, A);
    await expect(commit(clone)).rejects.toMatchObject({ code: 'push-denied', exitCode: 4 });
  });
});

describe('before the first draft', () => {
  test.each<[string, (clone: Clone) => void, string, number]>([
    ['a push address that leads nowhere', (clone) => setPushUrl(clone, '/nowhere.git'), 'push-denied', 4],
    ['a local commit on an old head', (clone) => sh(clone.folder, 'reset', '--hard', 'HEAD~1'), 'behind-upstream', 6],
    ['a remote that is not there', (clone) => setUrl(clone, 'http://127.0.0.1:9/x.git'), 'git-failed', 6],
    ['no such branch', (clone) => setUrl(clone, createRemoteWithout('main')), 'branch-unknown', 2],
  ])('%s', async (_, spoil, code, exitCode) => {
    const remote = createSite();
    remote.author((person) => person.write('other.txt', 'more\n'));
    const clone = remote.clone();
    spoil(clone);
    await expect(checkPush({ git: clone.git, branch: 'main' })).rejects.toMatchObject({ code, exitCode });
  });

  test('all is well, also in a shallow clone, which can commit too', async () => {
    const remote = createSite();
    remote.author((person) => person.write('other.txt', 'more\n'));
    const clone = remote.clone('--depth', '1');
    await checkPush({ git: clone.git, branch: 'main' });
    publishIn(clone, A);
    remote.author((person) => person.write('other.txt', 'still more\n'));
    await expect(checkPush({ git: clone.git, branch: 'main' })).rejects.toMatchObject({ code: 'behind-upstream' });
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 1 });
    expect(remote.show('other.txt')).toBe('still more');
  });
});

test('no hook and no monitor of the clone runs, and no variable leads git elsewhere', async () => {
  const remote = createSite();
  const clone = remote.clone();
  const canary = join(clone.folder, 'canary');
  mkdirSync(join(clone.folder, '.git/hooks'));
  for (const hook of ['pre-push', 'post-commit', 'pre-commit', 'reference-transaction', 'post-index-change']) {
    writeFileSync(join(clone.folder, '.git/hooks', hook), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
  }
  sh(clone.folder, 'config', 'core.fsmonitor', `touch ${canary}; false`);
  publishIn(clone, A);
  const env = { ...GIT_ENV, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere', WECHAT_APP_SECRET: 'canary' };
  const git = openGit(clone.folder, env);
  expect(await commit(clone, { git })).toMatchObject({ kind: 'pushed', flags: 1 });
  expect(existsSync(canary)).toBe(false);
});

test('credentials in an address stay out of errors', async () => {
  const clone = createSite().clone();
  setUrl(clone, 'http://me:canary-secret@127.0.0.1:9/x.git');
  await expect(checkPush({ git: clone.git, branch: 'main' })).rejects.not.toThrow(/canary-secret/);
});

function setUrl(clone: Clone, url: string): void {
  sh(clone.folder, 'remote', 'set-url', 'origin', url);
}

function setPushUrl(clone: Clone, url: string): void {
  sh(clone.folder, 'remote', 'set-url', '--push', 'origin', url);
}

function createRemoteWithout(branch: string): string {
  const remote = createSite();
  sh(remote.folder, 'branch', '--move', branch, 'trunk');
  return remote.folder;
}
