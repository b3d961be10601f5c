// `wxsync status`: each state as it comes about, from files alone and with the draft box, and that nothing is touched.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { countColumns } from '../../src/article/width.ts';
import { toEntryName } from '../../src/publish/entry.ts';
import { parseFault } from '../../src/sandbox/index.ts';
import { type Account, APP_ID, closeAccounts, createAccount, toPost } from './account.ts';
import { runHere } from './here.ts';
import { snapshot, toEnv } from './stage.ts';

afterAll(closeAccounts);

interface Document {
  readonly schema: string;
  readonly ok: boolean;
  readonly error: { readonly code: string } | null;
  readonly posts: readonly Record<string, unknown>[];
}

const toSvg = (color: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40" fill="${color}"/></svg>`;

/** Every state at once: six posts are published, one of them into silence, and then things happen to them. */
async function play(): Promise<Account> {
  const published = ['done', 'edited', 'gone', 'lost', 'picture', 'touched'];
  const account = await createAccount(
    {
      ...Object.fromEntries(published.map((name) => [`posts/${name}.md`, toPost(`标题 ${name}`)])),
      'posts/picture.md': toPost('标题 picture').replace('/cover.png', 'own.svg'),
      'posts/own.svg': toSvg('red'),
      'posts/hidden.md': toPost('Hidden', 'false', 'draft: true\n'),
      'posts/marked.md': toPost('Marked', 'true'),
      'posts/quoted.md': toPost('Quoted', '"false"'),
      'scaffolds/post.md': '---\ntitle: {{ title }}\n---\n',
      'README.md': '# No post\n\n![](gone.png)\n',
    },
    { faults: [parseFault('draft/add:reset@4')] },
  );
  const { site, sandbox } = account;
  await account.publish('posts', '--no-wait');
  const change = (path: string, how: (text: string) => string) =>
    writeFileSync(join(site, path), how(readFileSync(join(site, path), 'utf8')));
  change('posts/edited.md', (text) => `${text}\nOne more thing.\n`);
  change('posts/done.md', (text) => text.replace('---\n\n', 'tags: [no, reader, sees]\n---\n\n'));
  const draftOf = (name: string) => sandbox.drafts().find(({ articles }) => articles[0]?.title === `标题 ${name}`);
  sandbox.publish(draftOf('gone')?.mediaId ?? '');
  const touched = draftOf('touched');
  const articles = {
    title: '标题 touched',
    content: '<p>Somebody else</p>',
    thumb_media_id: touched?.articles[0]?.thumbMediaId,
  };
  await account.call('draft/update', { media_id: touched?.mediaId, index: 0, articles });
  writeFileSync(join(site, 'posts/new.md'), toPost('New'));
  writeFileSync(join(site, 'posts/torn.md'), toPost('Torn'));
  writeFileSync(join(site, '.wxsync/posts', toEntryName('posts/torn.md', APP_ID)), '<<<<<<< ours\n');
  writeFileSync(join(site, 'posts/bad.md'), toPost('Bad').replace('/cover.png', '/nowhere.png'));
  return account;
}

const STATES = {
  'posts/bad.md': 'invalid',
  'posts/done.md': 'synced',
  'posts/edited.md': 'changed',
  'posts/gone.md': 'synced',
  'posts/lost.md': 'unknown',
  'posts/marked.md': 'synced',
  'posts/new.md': 'waiting',
  'posts/picture.md': 'synced',
  'posts/quoted.md': 'invalid',
  'posts/torn.md': 'blocked',
  'posts/touched.md': 'synced',
};
const statesOf = ({ posts }: Document) => Object.fromEntries(posts.map(({ file, state }) => [file, state]));

describe('a site with a post in every state', () => {
  const played = play();

  test('from files alone: no call, no write', async () => {
    const { site, sandbox, run: runIn } = await played;
    const before = [snapshot(site), sandbox.history().length];
    const { code, stdout } = await runIn('status', '--json');
    const document = JSON.parse(stdout) as Document;
    expect([code, document.schema, document.ok, document.error]).toEqual([0, 'wxsync.status/1', true, null]);
    expect(statesOf(document)).toEqual(STATES);
    expect([snapshot(site), sandbox.history().length]).toEqual(before);
    const draft = sandbox.drafts().find(({ articles }) => articles[0]?.title === '标题 done');
    expect(document.posts.find(({ file }) => file === 'posts/done.md')).toEqual({
      file: 'posts/done.md',
      state: 'synced',
      title: '标题 done',
      flag: true,
      appId: APP_ID,
      mediaId: draft?.mediaId,
      when: new Date((draft?.createTime ?? 0) * 1000).toISOString(),
    });
  });

  test('with the draft box: a page of it, and a second look for what is not there', async () => {
    const { count, run: runIn } = await played;
    const before = [count('draft/batchget'), count('draft/get')];
    const { code, stdout } = await runIn('status', 'posts', '--remote', '--json');
    const document = JSON.parse(stdout) as Document;
    expect([code, statesOf(document)]).toEqual([
      0,
      { ...STATES, 'posts/gone.md': 'gone', 'posts/touched.md': 'conflict' },
    ]);
    expect([count('draft/batchget'), count('draft/get')]).toEqual(before.map((each) => each + 1));
  });

  test('a picture with other bytes is a change', async () => {
    const { site, run: runIn } = await played;
    writeFileSync(join(site, 'posts/own.svg'), toSvg('blue'));
    const { stdout } = await runIn('status', 'posts/picture.md', '--json');
    expect(statesOf(JSON.parse(stdout) as Document)).toEqual({ 'posts/picture.md': 'changed' });
  });

  test.each([
    ['en', ['file', 'state', 'draft', 'made'], 'waiting'],
    ['zh', ['文件', '状态', '草稿', '创建时间'], '待发布'],
  ])('as a table in %s, aligned', async (lang, heads, waiting) => {
    const { run: runIn } = await played;
    const { code, stdout } = await runIn('status', 'posts', '--lang', lang);
    const [head = '', ...lines] = stdout.trimEnd().split('\n');
    expect([code, head.split(/ {2,}/), lines.length]).toEqual([0, heads, Object.keys(STATES).length]);
    const at = countColumns(head.slice(0, head.indexOf(heads[1] ?? '')));
    const line = lines.find((each) => each.startsWith('posts/new.md')) ?? '';
    expect([line.indexOf(waiting), line.trimEnd().endsWith('–')]).toEqual([at, true]);
    expect(lines.find((each) => each.startsWith('posts/done.md'))).toMatch(/ \d{4}-\d\d-\d\d \d\d:\d\d$/);
  });
});

describe('what stops it', () => {
  test('a path that is not there: exit 2, told in the one document', async () => {
    const { run: runIn } = await createAccount({});
    const { code, stdout } = await runIn('status', 'nowhere.md', '--json');
    const { ok, error, posts } = JSON.parse(stdout) as Document;
    expect([code, ok, error?.code, posts]).toEqual([2, false, 'path-missing', []]);
  });

  test('--remote without a credential: exit 4, but only when there is a draft to ask for', async () => {
    const { site, publish } = await createAccount({ 'posts/a.md': toPost('A') });
    const status = () => runHere(['status', '--remote', '--json'], { cwd: site, env: toEnv() });
    expect((await status()).code).toBe(0);
    await publish('posts');
    const { code, stdout } = await status();
    expect([code, (JSON.parse(stdout) as Document).error?.code]).toEqual([4, 'credentials-missing']);
  });
});

test('a rehearsal has states of its own', async () => {
  const { site } = await createAccount({ 'posts/a.md': toPost('A') });
  mkdirSync(join(site, '.git'));
  await runHere(['publish', '--sandbox', '--flip', 'posts'], { cwd: site, env: toEnv() });
  const stateOf = async (...flags: readonly string[]) => {
    const { stdout } = await runHere(['status', '--json', ...flags], { cwd: site, env: toEnv() });
    return (JSON.parse(stdout) as Document).posts.map(({ state, mediaId }) => [state, typeof mediaId]);
  };
  expect(await stateOf('--sandbox', '--remote')).toEqual([['synced', 'string']]);
  expect(await stateOf()).toEqual([['synced', 'object']]);
});
