// The table of status: the word for a flag that no receipt bears out, and how it fits a terminal.
import { expect, test } from 'vitest';
import { countColumns } from '../../src/article/width.ts';
import { DEFAULTS } from '../../src/local/config-keys.ts';
import type { Io } from '../../src/local/io.ts';
import { createEntry } from '../../src/publish/entry.ts';
import type { PostState } from '../../src/publish/status.ts';
import { createSpeaker } from '../../src/report/speaker.ts';
import { printStatus, toStatusJson } from '../../src/report/status-report.ts';
import type { Lang } from '../../src/report/words.ts';

const place = { root: '/site', gitRoot: '/site', home: '/site' };
const toState = (path: string, state: PostState['state'], mediaId: string | null): PostState => {
  const at = { file: `/site/${path}`, named: false, path, place, config: DEFAULTS };
  const entry = { ...createEntry({ path, title: 'T', appId: 'wx0123456789abcdef', renderer: '1' }), mediaId };
  return { at, title: 'T', account: null, flag: true, state, entry: mediaId === null ? null : entry };
};
const ID = 'Mdraft'.padEnd(64, 'x');
const STATES = [
  toState('content/zh/done.md', 'synced', ID),
  toState('content/zh/旧文章.md', 'synced', null),
  toState('content/zh/old.md', 'synced', null),
  toState('content/zh/new.md', 'waiting', null),
];

function show(states: readonly PostState[], lang: Lang, columns: number | null) {
  let [out, err] = ['', ''];
  const stdout = { write: (text: string) => (out += text), isTTY: columns !== null, columns: columns ?? undefined };
  const io: Pick<Io, 'env' | 'stdout' | 'stderr'> = { env: {}, stdout, stderr: { write: (text) => (err += text) } };
  printStatus(states, ({ at }) => at.path, createSpeaker(io as Io, { lang, color: 'never', level: 'normal' }));
  return { lines: out.trimEnd().split('\n'), talk: err.trimEnd().split('\n') };
}

test.each<[Lang, string, string, string]>([
  ['en', 'content/zh/old.md     synced (flag only)  –', '1 synced · 2 synced (flag only) · 1 waiting', '--adopt'],
  [
    'zh',
    'content/zh/old.md     已同步（仅凭标记）  –',
    '已同步 1 篇 · 已同步（仅凭标记） 2 篇 · 待发布 1 篇',
    '--adopt',
  ],
])('a flag of true without a receipt is told apart in %s', (lang, line, counts, hint) => {
  const { lines, talk } = show(STATES, lang, null);
  expect(lines).toContain(line);
  expect(talk).toEqual([counts, expect.stringContaining(hint)]);
  expect(show(STATES.slice(0, 1), lang, null).talk).toHaveLength(1);
  expect(JSON.parse(toStatusJson({ states: STATES, error: null }, { lang, target: 'wechat' }))).toMatchObject({
    posts: [{ state: 'synced' }, { state: 'synced', mediaId: null }, { state: 'synced' }, { state: 'waiting' }],
  });
});

test.each([
  ['is whole where no terminal is', null, ID],
  ['is whole where it fits', 200, ID],
  ['is cut where it does not', 80, `${ID.slice(0, 15)}…`],
])('the id of a draft %s', (_, columns, id) => {
  const { lines } = show(STATES, 'zh', columns);
  expect(lines[1]).toMatch(new RegExp(` ${id}$`));
  expect(Math.max(...lines.map(countColumns))).toBeLessThanOrEqual(columns ?? 200);
});
