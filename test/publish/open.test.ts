// What a run works with: receipts that wait beside the branch are known before the first draft, asked for once, with a store only.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/local/config-keys.ts';
import { commitBack } from '../../src/publish/back-to-git.ts';
import { openRun } from '../../src/publish/open.ts';
import { toPageWords } from '../../src/report/words.ts';
import { APP_ID, type Clone, createRemote, GIT_ENV, publishIn, receiptOf, toPost } from './repository.ts';

const A = 'posts/a.md';

async function openIn(clone: Clone, env: Readonly<Record<string, string>>) {
  const never = new AbortController().signal;
  const run = await openRun({
    target: {
      kind: 'wechat',
      root: { url: 'http://127.0.0.1:9', loopback: true },
      credential: { kind: 'secret', appId: APP_ID, secret: '0'.repeat(32) },
      place: 'nowhere',
      close: async () => undefined,
    },
    io: { env: { ...GIT_ENV, WXSYNC_HOME: join(clone.folder, '.git/home') }, platform: 'linux' },
    env,
    gitRoot: clone.folder,
    studio: null,
    wishes: { update: false, force: false, overwrite: false, flip: true, wait: true },
    ...{ stop: never, hard: never, keepSecret: () => undefined, onStep: () => undefined, onWire: () => undefined },
    words: toPageWords('en'),
  });
  const place = { root: clone.folder, gitRoot: clone.folder, home: clone.folder };
  const at = { file: join(clone.folder, A), named: true, path: A, place, config: DEFAULTS };
  return () => run.ledgerOf(at).read(A, APP_ID);
}

test('with a store a plain run knows what waits on wxsync/pending; without one `ci check` has to bring it', async () => {
  const remote = createRemote({ [A]: toPost('A') });
  const first = remote.clone();
  publishIn(first, A);
  const author = { name: 'bot', email: 'bot@localhost' };
  await commitBack({ git: first.git, branch: 'main', mode: 'pr', message: null, author });

  const clone = remote.clone();
  expect(await (await openIn(clone, {}))()).toBeNull();
  const read = await openIn(clone, { WXSYNC_STORE: 'git:origin' });
  expect(await read()).toMatchObject({ state: 'verified', mediaId: `m-${A}` });
  rmSync(join(clone.folder, receiptOf(A)));
  expect(await read()).toBeNull();
});

test('a remote that cannot be asked stops the post', async () => {
  const clone = createRemote({ [A]: toPost('A') }).clone();
  const read = await openIn(clone, { WXSYNC_STORE: 'git:elsewhere' });
  await expect(read()).rejects.toMatchObject({ code: 'push-denied' });
});
