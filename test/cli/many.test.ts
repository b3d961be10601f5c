// Many posts in one run: a quota that ends, an account that says no, one of each failure, a thousand that are done, --since.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { countColumns } from '../../src/article/width.ts';
import { DEFAULTS } from '../../src/local/config-keys.ts';
import { openGit } from '../../src/local/git.ts';
import { toEntryName } from '../../src/publish/entry.ts';
import { findChanges } from '../../src/publish/select.ts';
import { parseFault } from '../../src/sandbox/index.ts';
import { APP_ID, closeAccounts, createAccount, type Result, toPost } from './account.ts';
import { runHere } from './here.ts';
import { fresh, git } from './stage.ts';

afterAll(closeAccounts);

const DAY_MS = 86_400_000;

const toPosts = (count: number, flag: (index: number) => string = () => 'false') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const name = `${index}`.padStart(4, '0');
      return [`posts/${name}.md`, toPost(`文章 ${name}`, flag(index))];
    }),
  );
const tally = (results: readonly Result[]) => {
  const counts: Record<string, number> = {};
  for (const { status, reason, error } of results) {
    const key = [status, error?.code ?? reason].filter((each) => each !== null).join(' ');
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

test('a quota of 30 and 31 posts: thirty are done, one error is told, the last one waits for the next day', async () => {
  let days = 0;
  const now = () => Date.now() + days * DAY_MS;
  const stage = await createAccount(toPosts(31), { quotas: { 'draft/add': 30 }, now });
  const refused = await stage.publish('posts');
  expect([refused.code, refused.results, stage.sandbox.history()]).toEqual([2, [], []]);

  const first = await stage.publish('posts', '--max-new', '100');
  expect([first.code, tally(first.results)]).toEqual([7, { created: 30, 'failed quota-used-up': 1 }]);
  expect([stage.sandbox.drafts().length, stage.count('draft/add')]).toEqual([30, 31]);

  days = 1;
  const second = await stage.publish('posts');
  expect([second.code, tally(second.results)]).toEqual([0, { created: 1 }]);
  const titles = stage.sandbox.drafts().map(({ articles }) => articles[0]?.title);
  expect(new Set(titles).size).toBe(31);
  expect([titles.length, (await stage.publish('posts')).results]).toEqual([31, []]);
}, 120_000);

test('a thousand posts, ten of them waiting: no call for the others, and none at all afterwards', async () => {
  const stage = await createAccount(toPosts(1000, (index) => (index % 100 === 7 ? 'false' : 'true')));
  const first = await stage.publish('posts');
  expect([first.code, tally(first.results)]).toEqual([0, { created: 10 }]);
  expect(first.stderr).toContain('1000 posts found, 10 to work on');
  expect([stage.count('draft/add'), stage.count('draft/get'), stage.count('material/add_material')]).toEqual([
    10, 10, 10,
  ]);
  const calls = stage.sandbox.history().length;
  const second = await stage.publish('posts');
  expect([second.code, second.results, stage.sandbox.history().length]).toEqual([0, [], calls]);
}, 120_000);

describe('one of each failure in a folder', () => {
  const BAD = {
    'posts/yaml.md': '---\ntitle: "open\nwechat_synced: false\n---\n\nText.\n',
    'posts/image.md': toPost('A picture is missing', 'false', 'image: /gone.png\n').replace('cover:', 'og:'),
    'posts/code.md': '---js\n{ title: "wechat_synced" }\n---\n\nText.\n',
    'posts/flag.md': toPost('Flag', '"false"'),
  };
  /** `sent`: drafts that are made before the run in question. */
  const create = ({ sent } = { sent: 0 }) =>
    createAccount(
      {
        ...BAD,
        ...toPosts(2),
        'posts/c-refused.md': toPost('Refused'),
        'posts/d-lost.md': toPost('Lost'),
        'posts/z.md': toPost('最后一篇'),
      },
      { faults: [parseFault(`draft/add:45166@${sent + 3}`), parseFault(`draft/add:reset@${sent + 4}`)] },
    );
  const others = {
    'posts/0000.md': 'created',
    'posts/0001.md': 'created',
    'posts/c-refused.md': 'content-refused',
    'posts/code.md': 'post-invalid',
    'posts/d-lost.md': 'waiting',
    'posts/flag.md': 'post-invalid',
    'posts/image.md': 'post-invalid',
    'posts/yaml.md': 'post-invalid',
    'posts/z.md': 'created',
  };
  const outcomes = (results: readonly Result[]) =>
    Object.fromEntries(results.map(({ file, status, error }) => [file, error?.code ?? status]));

  test('the rest are published: exit 7', async () => {
    const stage = await create();
    const { code, results } = await stage.publish('posts', '--no-wait');
    expect(outcomes(results)).toEqual(others);
    expect([code, stage.sandbox.drafts().length]).toEqual([7, 3]);
  });

  test('with those that wait for a person, one of each kind: exit 8', async () => {
    const stage = await create({ sent: 2 });
    const write = (path: string, text: string) => writeFileSync(join(stage.site, path), text);
    const early = ['person-conflict', 'person-gone'].map((name) => `posts/${name}.md`);
    const [edited = '', gone = ''] = early;
    for (const path of early) write(path, toPost(path));
    expect((await stage.publish(...early)).code).toBe(0);
    const idOf = (path: string) =>
      stage.sandbox.drafts().find(({ articles }) => articles[0]?.title === path)?.mediaId ?? '';
    const { news_item: [article] = [] } = (await stage.call('draft/get', { media_id: idOf(edited) })) as {
      readonly news_item?: readonly object[];
    };
    const articles = { ...article, content: '<p>A person wrote this.</p>' };
    await stage.call('draft/update', { media_id: idOf(edited), index: 0, articles });
    await stage.call('draft/delete', { media_id: idOf(gone) });
    for (const path of early) write(path, toPost(path));
    write('posts/person-ledger.md', toPost('Person'));
    write(join('.wxsync/posts', toEntryName('posts/person-ledger.md', APP_ID)), '<<<<<<< ours\n');

    const { code, results } = await stage.publish('posts', '--no-wait');
    expect(outcomes(results)).toEqual({
      ...others,
      [edited]: 'conflict',
      [gone]: 'blocked',
      'posts/person-ledger.md': 'ledger-unreadable',
    });
    expect([code, stage.sandbox.drafts().length]).toEqual([8, 4]);
  });
});

test('an account that says no is not asked again, and the other account goes on', async () => {
  const stage = await createAccount({
    ...toPosts(3),
    'posts/a-team.md': toPost('Team one', 'false', 'wechat: { account: team }\n'),
    'posts/b-team.md': toPost('Team two', 'false', 'wechat: { account: team }\n'),
  });
  const env = { ...stage.env, WECHAT_APP_ID__TEAM: APP_ID, WECHAT_APP_SECRET__TEAM: 'wrong' };
  const { code, stdout } = await runHere(['publish', 'posts', '--json'], { cwd: stage.site, env });
  const { results } = JSON.parse(stdout) as { results: readonly Result[] };
  expect([code, tally(results)]).toEqual([7, { created: 3, 'failed secret-invalid': 1, 'skipped account-stopped': 1 }]);

  const alone = await runHere(['publish', 'posts', '--json'], { cwd: stage.site, env });
  expect([alone.code, tally((JSON.parse(alone.stdout) as { results: readonly Result[] }).results)]).toEqual([
    4,
    { 'failed secret-invalid': 1, 'skipped account-stopped': 1 },
  ]);
});

test('a table at the end: a line a post, aligned beside Chinese', async () => {
  const stage = await createAccount({
    'posts/一.md': toPost('短'),
    'posts/two.md': toPost('一个很长的标题'.repeat(4)),
  });
  writeFileSync(join(stage.site, 'posts/bad.md'), toPost('Bad', '"no"'));
  const { code, stdout } = await runHere(['publish', 'posts', '--lang', 'zh'], { cwd: stage.site, env: stage.env });
  const lines = stdout.split('\n');
  const table = lines.slice(lines.lastIndexOf('', lines.length - 2) + 1, -2);
  expect([code, table.length, lines.at(-2)]).toEqual([7, 3, '新建 2 · 失败 1']);
  const columnOf = (line: string, text: string | RegExp) => countColumns(line.slice(0, line.search(text)));
  expect(new Set(table.map((line) => columnOf(line, /posts\//))).size).toBe(1);
  const ends = ['短', '一个很长', 'Bad'].map((title) => {
    const line = table.find((each) => each.includes(title)) ?? '';
    return columnOf(line, title);
  });
  expect(new Set(ends).size).toBe(1);
  expect(table.find((line) => line.includes('bad.md'))).toMatch(/^✖ 失败 .* –\s+post-invalid$/);
});

describe('--since', () => {
  const commit = (site: string) => {
    git(site, 'add', '--all');
    git(site, '-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '--quiet', '-m', 'posts');
  };
  const stage = createAccount({ ...toPosts(3), 'posts/第四.md': toPost('Fourth') }).then((created) => {
    git(created.site, 'init', '--quiet');
    commit(created.site);
    const file = join(created.site, 'posts/第四.md');
    writeFileSync(file, `${readFileSync(file, 'utf8')}More.\n`);
    commit(created.site);
    const next = join(created.site, 'posts/0001.md');
    writeFileSync(next, `${readFileSync(next, 'utf8')}Not committed.\n`);
    return created;
  });
  const all = ['posts/0000.md', 'posts/0001.md', 'posts/0002.md', 'posts/第四.md'];
  const changed = ['posts/0001.md', 'posts/第四.md'];
  const choose = async (site: string, ref: string) => {
    const place = { root: site, gitRoot: site, home: site };
    const posts = all.map((path) => ({ file: join(site, path), named: false, path, place, config: DEFAULTS }));
    const isChanged = await findChanges(posts, ref, (root) => openGit(root, process.env));
    return posts.filter((at) => isChanged?.(at) ?? true).map(({ path }) => path);
  };

  test.each([
    ['a commit', 'HEAD~1', changed],
    ['the head', 'HEAD', ['posts/0001.md']],
    ['zeros, as at the first push of a branch', '0'.repeat(40), all],
    ['nothing, as on an event without a push', '', all],
    ['a hash that is not here, as after a forced push', 'a'.repeat(40), all],
  ])('%s', async (_, ref, expected) => {
    expect(await choose((await stage).site, ref)).toEqual(expected);
  });

  test.each(['no-such-branch', '--output=x', 'HEAD:posts'])('%s is refused', async (ref) => {
    await expect(choose((await stage).site, ref)).rejects.toMatchObject({ code: 'ref-unknown' });
  });

  test('a shallow clone that does not hold the commit narrows nothing', async () => {
    const clone = fresh('clone');
    git(clone, 'clone', '--quiet', '--depth', '1', `file://${(await stage).site}`, '.');
    expect(await choose(clone, 'HEAD~1')).toEqual(all);
  });

  test('a folder gives what changed, a named post that did not is skipped with a note, and all is said', async () => {
    const { publish } = await stage;
    const paths = ['posts', 'posts/0000.md', '-n', '--since'];
    const narrowed = await publish(...paths, 'HEAD~1');
    expect(narrowed.results.map(({ file, status, reason }) => [file, reason ?? status])).toEqual([
      ['posts/0000.md', 'not-since'],
      ['posts/0001.md', 'planned'],
      ['posts/第四.md', 'planned'],
    ]);
    const unknown = await publish('posts/0000.md', '-n', '--since', 'a'.repeat(40));
    expect([unknown.code, unknown.results[0]?.status]).toEqual([0, 'planned']);
    expect(unknown.stderr).toContain('is not here to compare with');
  });
});
