// A flag that came home beside text that was never sent: told by history, taken back, and left where the author meant it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommitOptions, checkPush, commitBack, takeBackFlags } from '../../src/publish/back-to-git.ts';
import { printEntry } from '../../src/publish/entry.ts';
import { fetchPending, PENDING, retirePending, takePending } from '../../src/publish/pending.ts';
import { type Clone, createRemote, publishIn, type Remote, receiptOf, sh, toPost, toReceipt } from './repository.ts';

const A = 'posts/a.md';
const B = 'posts/b.md';
const BOT = { name: 'bot', email: 'bot@localhost' };
const BODY = 'First words.\n\nSecond words.\n\nThird words.';
const flag = (text: string) => text.replace('synced: false', 'synced: true');
const commit = (clone: Clone, more: Partial<CommitOptions> = {}) =>
  commitBack({ git: clone.git, branch: 'main', mode: 'push', message: null, author: BOT, ...more });

/** As `ci check` does; gives the posts whose flag it took back. */
async function check({ git }: Clone): Promise<readonly string[]> {
  const upstream = await checkPush({ git, branch: 'main' });
  const pending = await fetchPending({ git, remote: 'origin' }, upstream);
  if (pending !== null) {
    await takePending(pending);
    await retirePending(pending, upstream);
  }
  return takeBackFlags({ git, branch: 'main' }, upstream);
}

/** Leaves what a run leaves that brought the draft up to date. */
function updateIn(clone: Clone): void {
  const text = clone.read(A);
  clone.write(receiptOf(A), printEntry(toReceipt(A, text, { rev: 2 })));
  clone.write(A, flag(text));
}

const edit = (remote: Remote, word: string) =>
  remote.author((person) => person.write(A, person.read(A).replace(word, `Edited ${word}`)));

/** A person brings what waits to the branch. */
const bring = (remote: Remote, how: string) =>
  remote.author((person) => sh(person.folder, 'merge', '--quiet', how, `origin/${PENDING}`));

/** The commit of the first run waits: the branch refused it, or it is for a pull request. Played once of each, and copied. */
async function leavePending(mode: CommitOptions['mode']): Promise<Remote> {
  const remote = waiting.get(mode) ?? (await playPending(mode));
  waiting.set(mode, remote);
  return remote.copy();
}

const waiting = new Map<CommitOptions['mode'], Remote>();

async function playPending(mode: CommitOptions['mode']): Promise<Remote> {
  const remote = createRemote({ [A]: toPost('A', BODY), 'other.txt': 'words\n' });
  const clone = remote.clone();
  publishIn(clone, A);
  remote.hook('update', 'test "$1" != refs/heads/main');
  expect(await commit(clone, { mode })).toMatchObject({ kind: 'pending', flags: 1, entries: 1 });
  remote.hook('update', 'exit 0');
  return remote;
}

test('an edit and a commit that waited, merged by a person, are published by the next job', async () => {
  const remote = await leavePending('push');
  edit(remote, 'Third');
  bring(remote, '--no-ff');
  expect(remote.show(A)).toMatch(/synced: true.+Edited Third/s);
  const clone = remote.clone();
  expect(await check(clone)).toEqual([A]);
  expect(clone.read(A)).toContain('synced: false');
  updateIn(clone);
  expect(await check(clone)).toEqual([]);
  expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 0, entries: 1, problems: [] });
  expect(remote.show(A)).toContain('synced: true');
  expect(await commit(remote.clone())).toMatchObject({ kind: 'nothing' });
});

test('a job that could not publish them takes the flag back on the branch, as a flag line alone', async () => {
  const remote = await leavePending('push');
  edit(remote, 'Third');
  bring(remote, '--squash');
  const clone = remote.clone('--depth', '1');
  expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 1, entries: 0 });
  expect(remote.log()[0]?.lines).toEqual(['-wechat_synced: true # ours', '+wechat_synced: false # ours']);
  expect(await commit(clone)).toMatchObject({ kind: 'nothing' });
});

test('with --mode pr nothing reaches the branch but by a person', async () => {
  const remote = await leavePending('pr');
  edit(remote, 'Third');
  bring(remote, '--no-ff');
  const clone = remote.clone();
  expect(await check(clone)).toEqual([A]);
  updateIn(clone);
  expect(await commit(clone, { mode: 'pr' })).toMatchObject({ kind: 'pending', flags: 0, entries: 1 });
  expect(await check(remote.clone())).toEqual([]);
  bring(remote, '--no-ff');
  const next = remote.clone();
  expect([await check(next), await commit(next, { mode: 'pr' })]).toMatchObject([[], { kind: 'nothing' }]);
  expect(remote.has(PENDING)).toBe(false);
});

test('in a clone that holds the last commit alone', async () => {
  const remote = await leavePending('push');
  edit(remote, 'Third');
  bring(remote, '--no-ff');
  sh(remote.folder, 'branch', '--quiet', '-D', PENDING);
  const clone = remote.clone('--depth', '1');
  expect(await check(clone)).toEqual([A]);
});

test('a synced post that was renamed and no more needs no history', async () => {
  const remote = createRemote({ [A]: toPost('A', BODY) });
  remote.author((person) => {
    publishIn(person, A);
    sh(person.folder, 'mv', A, B);
  });
  const { folder, git } = remote.clone('--depth', '1');
  expect(await takeBackFlags({ git, branch: 'main' }, 'HEAD')).toEqual([]);
  expect(sh(folder, 'rev-parse', '--is-shallow-repository')).toBe('true');
});

describe('a post that was renamed and edited while its commit waited', () => {
  /** As `listUnsent` sees it: git gave the flag of the old name to the new one. Done once, and copied. */
  const rename = async (): Promise<Remote> => {
    renamed ??= await playRename();
    return renamed.copy();
  };
  let renamed: Remote | null = null;
  const playRename = async (): Promise<Remote> => {
    const remote = await leavePending('push');
    remote.author(({ folder, read, write }) => {
      sh(folder, 'mv', A, B);
      write(B, read(B).replace('Third', 'Edited third'));
    });
    bring(remote, '--no-ff');
    expect(remote.show(B)).toMatch(/synced: true.+Edited third/s);
    return remote;
  };

  test('is published by the next job, and keeps the flag that this one sets', async () => {
    const remote = await rename();
    const clone = remote.clone();
    expect(await check(clone)).toEqual([B]);
    const text = clone.read(B);
    expect(text).toContain('synced: false');
    sh(clone.folder, 'rm', '--quiet', receiptOf(A));
    const inherited = { rev: 2, mediaId: `m-${A}`, renamedFrom: [A] };
    clone.write(receiptOf(B), printEntry(toReceipt(B, text, inherited)));
    clone.write(B, flag(text));
    expect(await check(clone)).toEqual([]);
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 0, entries: 2, problems: [] });
    expect(remote.show(B)).toContain('synced: true');
    expect(await check(remote.clone())).toEqual([]);
  });

  test('loses the flag on the branch where no job could send it', async () => {
    const remote = await rename();
    expect(await commit(remote.clone('--depth', '1'))).toMatchObject({ kind: 'pushed', flags: 1, entries: 0 });
    expect(remote.log()[0]?.lines).toEqual(['-wechat_synced: true # ours', '+wechat_synced: false # ours']);
  });

  test('is found by as many questions to git when other posts have a flag and no receipt, and receipts no post', async () => {
    const remote = await rename();
    const clone = remote.clone();
    let asked = 0;
    const count = <Args extends unknown[], Answer>(ask: (...args: Args) => Answer) => {
      return (...args: Args): Answer => {
        asked++;
        return ask(...args);
      };
    };
    const git = { ...clone.git, run: count(clone.git.run), ask: count(clone.git.ask) };
    const ask = async () => {
      asked = 0;
      clone.checkout();
      expect(await takeBackFlags({ git, branch: 'main' }, 'HEAD')).toEqual([B]);
      return asked;
    };
    const before = await ask();
    remote.author(({ folder, read, write }) => {
      const save = () => {
        sh(folder, 'add', '--all');
        sh(folder, 'commit', '--quiet', '--message', 'words');
      };
      const adopted = [...Array(9).keys()].map((index) => `posts/adopted-${index}.md`);
      const [gone, imported] = ['posts/gone.md', 'posts/imported.md'];
      for (const name of adopted) write(name, flag(toPost(name)));
      write(gone, toPost(gone));
      write(receiptOf(imported), printEntry(toReceipt(imported, 'Long gone.')));
      save();
      sh(folder, 'branch', '--quiet', 'side');
      for (const name of adopted) write(name, read(name).replace('First', 'Edited first'));
      write(receiptOf(gone), printEntry(toReceipt(gone, read(gone))));
      write(gone, flag(read(gone)));
      save();
      sh(folder, 'rm', '--quiet', gone);
      save();
      sh(folder, 'checkout', '--quiet', 'side');
      write('other.txt', 'more\n');
      save();
      sh(folder, 'checkout', '--quiet', 'main');
      sh(folder, 'merge', '--quiet', '--no-ff', 'side');
    });
    expect(await ask()).toBe(before);
  });
});

describe('posts of one title that are numbered anew', () => {
  const C = 'posts/c.md';
  const [one, two, fresh] = ['One.', 'Two.', 'Fresh.'].map((body) => toPost('Weekly', `${body}\n\n${BODY}`)) as [
    string,
    string,
    string,
  ];
  const put = (remote: Remote, texts: Readonly<Record<string, string>>) =>
    remote.author(({ write }) => {
      for (const [path, text] of Object.entries(texts)) write(path, text);
    });
  /** Both were published; the commit of that run is on the branch, or waits. Played once of each, and copied. */
  const publish = async (mode: CommitOptions['mode']): Promise<Remote> => {
    const remote = published.get(mode) ?? (await play(mode));
    published.set(mode, remote);
    return remote.copy();
  };
  const published = new Map<CommitOptions['mode'], Remote>();
  const play = async (mode: CommitOptions['mode']): Promise<Remote> => {
    const remote = createRemote({ [A]: one, [B]: two });
    const clone = remote.clone();
    for (const path of [A, B]) publishIn(clone, path);
    expect(await commit(clone, { mode })).toMatchObject({ flags: 2, entries: 2 });
    return remote;
  };

  test.each<[string, Readonly<Record<string, string>>]>([
    ['one came before them', { [A]: fresh, [B]: one, [C]: two }],
    ['they changed places', { [A]: two, [B]: one }],
  ])('while their commit waited: no flag stays beside a text that was not sent from there: %s', async (_, texts) => {
    const remote = await publish('pr');
    put(remote, texts);
    bring(remote, '--no-ff');
    expect([A, B].map((path) => remote.show(path))).toEqual([A, B].map((path) => flag(texts[path] ?? '').trimEnd()));
    const clone = remote.clone();
    expect([...(await check(clone))].sort()).toEqual([A, B]);
    expect(Object.keys(texts).map(clone.read)).toEqual(Object.values(texts));
  });

  test('with their flags, once these were home: they are synced, and left alone', async () => {
    const remote = await publish('push');
    put(remote, { [A]: fresh, [B]: flag(one), [C]: flag(two) });
    expect(await check(remote.clone())).toEqual([]);
    expect(await commit(remote.clone())).toMatchObject({ kind: 'nothing' });
  });

  test('and a run on the old order ends: neither its flags nor its receipts go to another text', async () => {
    const remote = createRemote({ [A]: one, [B]: two });
    const clone = remote.clone();
    for (const path of [A, B]) publishIn(clone, path);
    put(remote, { [A]: two, [B]: one });
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 0, entries: 2 });
    expect([A, B].map((path) => remote.show(path))).toEqual([two, one].map((text) => text.trimEnd()));
  });

  test('and a person who said whose the receipts are is believed on the branch', async () => {
    const remote = await publish('push');
    put(remote, { [A]: two, [B]: one });
    const clone = remote.clone();
    const change = { rev: 2, renamedFrom: [A, B] };
    clone.write(receiptOf(A), printEntry(toReceipt(A, two, { ...change, mediaId: `m-${B}`, coverIds: ['d'] })));
    clone.write(receiptOf(B), printEntry(toReceipt(B, one, { ...change, mediaId: `m-${A}`, coverIds: ['c'] })));
    for (const path of [A, B]) clone.write(path, flag(clone.read(path)));
    expect(await commit(clone)).toMatchObject({ kind: 'pushed', flags: 2, entries: 2, problems: [] });
    expect([A, B].map((path) => JSON.parse(remote.show(receiptOf(path))).mediaId)).toEqual([`m-${B}`, `m-${A}`]);
    expect(await check(remote.clone())).toEqual([]);
  });
});

describe('told by history alone', () => {
  const clone = createRemote({ [A]: toPost('A', BODY) }).clone();
  const { folder, git, read, write } = clone;
  const save = () => sh(folder, 'commit', '--quiet', '--all', '--allow-empty', '--message', 'words');
  /** What git does not know yet. */
  const saveNew = () => {
    sh(folder, 'add', '--all');
    save();
  };
  /** Of the post, under the name that it has by now. */
  const post = () => (existsSync(join(folder, A)) ? A : B);
  const change = (path: string, from: string | RegExp, to: string) => {
    write(path, read(path).replace(from, to));
    save();
  };
  const go = (...command: readonly string[]) => sh(folder, ...command);
  const toBranch = (name: string) => go('branch', '--quiet', '--force', name);

  /** What people do, a commit each; `waiting` is what the bot left, on the first commit. */
  const STEPS = {
    edit: () => change(post(), 'Third', 'Edited third'),
    'edit again': () => change(post(), 'First', 'Edited first'),
    'flag true': () => change(post(), /synced: \w+/, 'synced: true'),
    'flag false': () => change(post(), /synced: \w+/, 'synced: false'),
    merge: () => go('merge', '--quiet', '--no-ff', 'waiting'),
    squash: () => {
      go('merge', '--quiet', '--squash', 'waiting');
      save();
    },
    rebase: () => go('cherry-pick', 'waiting'),
    'merge into it': () => {
      toBranch('side');
      go('reset', '--quiet', '--hard', 'waiting');
      go('merge', '--quiet', '--no-ff', 'side');
    },
    'take the receipt': () => {
      go('checkout', '--quiet', 'waiting', '--', receiptOf(A));
      save();
    },
    'another cover': () => change(receiptOf(A), '"c"', '"c", "d"'),
    rename: () => {
      go('mv', A, B);
      save();
    },
    delete: () => {
      go('rm', '--quiet', A);
      save();
    },
    'another post': () => {
      write(B, toPost('B', 'Of its own.'));
      saveNew();
    },
    'flag another post': () => change(B, 'synced: false', 'synced: true'),
    'edit another post': () => change(B, 'Of its', 'Edited, of its'),
    'take post and receipt, flag another post': () => {
      go('checkout', '--quiet', 'waiting', '--', A, receiptOf(A));
      STEPS['flag another post']();
    },
    'no receipt': () => {
      go('rm', '--quiet', receiptOf(A));
      save();
    },
    'another file': () => {
      write('other.txt', 'more\n');
      saveNew();
    },
    'a branch': () => toBranch('side'),
    'merge the branch': () => go('merge', '--quiet', '--no-ff', 'side'),
    'edit on the branch': () => {
      go('checkout', '--quiet', 'side');
      STEPS['edit another post']();
      go('checkout', '--quiet', 'main');
    },
    'on the branch, flag true': () => {
      go('checkout', '--quiet', 'side');
      STEPS['flag true']();
      go('checkout', '--quiet', 'main');
    },
  } as const;

  beforeAll(() => {
    go('checkout', '--quiet', '-b', 'waiting');
    publishIn(clone, A);
    saveNew();
  });

  test.each<[readonly (keyof typeof STEPS)[], 'taken back' | 'left']>([
    [['edit', 'merge'], 'taken back'],
    [['edit', 'squash'], 'taken back'],
    [['edit', 'rebase'], 'taken back'],
    [['edit', 'merge into it'], 'taken back'],
    [['edit', 'merge', 'edit again'], 'taken back'],
    [['edit', 'take the receipt', 'merge'], 'taken back'],
    [['a branch', 'merge', 'edit'], 'left'],
    [['another file', 'merge', 'edit'], 'left'],
    [['squash', 'edit', 'another cover'], 'left'],
    [['another file', 'merge'], 'left'],
    [['merge', 'flag false', 'edit', 'flag true'], 'left'],
    [['edit', 'merge', 'flag false', 'flag true'], 'left'],
    [
      ['merge', 'flag false', 'edit', 'a branch', 'another cover', 'on the branch, flag true', 'merge the branch'],
      'left',
    ],
    [['edit', 'merge', 'no receipt'], 'left'],
    [['rename', 'edit', 'merge'], 'taken back'],
    [['rename', 'edit', 'rebase'], 'taken back'],
    [['rename', 'edit', 'merge into it', 'edit again'], 'taken back'],
    [['rename', 'edit', 'merge', 'flag false', 'flag true'], 'left'],
    [['rename', 'merge'], 'left'],
    [['rename', 'merge', 'edit'], 'left'],
    [['merge', 'rename', 'edit'], 'left'],
    [['another post', 'take post and receipt, flag another post', 'delete'], 'left'],
    [['another post', 'flag true', 'take post and receipt, flag another post', 'delete'], 'left'],
    [['another post', 'merge', 'flag another post', 'delete'], 'left'],
    [
      // The flag that a person set is joined with an edit, of a post that was never sent at all.
      ['another post', 'a branch', 'flag another post', 'merge', 'delete', 'edit on the branch', 'merge the branch'],
      'left',
    ],
  ])('%j: %s', async (steps, end) => {
    go('checkout', '--quiet', '--force', '-B', 'main', 'origin/main');
    for (const step of steps) STEPS[step]();
    expect(read(post())).toContain('synced: true');
    expect(await takeBackFlags({ git, branch: 'main' }, 'HEAD')).toEqual(end === 'left' ? [] : [post()]);
  });
});
