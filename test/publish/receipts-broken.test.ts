// Receipts that anybody can commit, or a bad merge leaves: whatever stands in one, it stops its own post and no other.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  closeEntry,
  type Entry,
  isSameDraft,
  newer,
  parseEntry,
  printEntry,
  toEntryName,
} from '../../src/publish/entry.ts';
import { isSame, mergeEntries } from '../../src/publish/merge.ts';
import { APP_ID, closeAccounts, createAccount, toPost } from '../cli/account.ts';
import { runHere } from '../cli/here.ts';

afterAll(closeAccounts);

const print = {
  title: 't',
  author: 'a',
  digest: 'd',
  sourceUrl: 's',
  comments: 'c',
  text: 'x',
  images: 'i',
  cover: 'k',
};
/** An entry with every field. */
const whole = (path: string): Entry => ({
  ...{ schema: 'wxsync.entry/1', path, title: 'T', appId: APP_ID, rev: 3, state: 'verified', sourceHash: 's' },
  ...{ snapshot: 'n', coverIds: ['c1', 'c2'], coverSource: 'p', mediaId: 'm1', createTime: 1_700_000_000 },
  ...{ fingerprint: print, renderer: '0.1.0', ignored: ['i1'], renamedFrom: ['old.md'], duplicates: ['d1'] },
  ...{ intent: { attempt: 1, time: 1_700_000_000_000, deadline: 31_000, sourceHash: 's', coverId: 'c2' } },
  ...{ updating: { sourceHash: 's', expected: print }, replacing: { mediaId: 'm0', fingerprint: print } },
  ...{ overwrite: true, error: { code: 'x', errcode: -1 } },
});
const { intent } = whole('a.md');

const BROKEN: readonly (readonly [string, object])[] = [
  ['a send without an intent', { state: 'intent', mediaId: null, intent: undefined }],
  ['a lost send without an intent', { state: 'unknown', mediaId: null, intent: undefined }],
  ['an empty intent', { state: 'unknown', intent: {} }],
  ['an intent of a cover that is not its own', { state: 'intent', intent: { ...intent, coverId: 'c3' } }],
  ['a deadline of thirty years', { state: 'unknown', intent: { ...intent, deadline: 1e12 } }],
  ['a send before the first', { state: 'unknown', intent: { ...intent, attempt: -9 } }],
  ['a draft without an id', { mediaId: null }],
  ['a draft with an empty id', { mediaId: '' }],
  ['covers that are maps', { coverIds: [{}] }],
  ['a fingerprint that is a text', { fingerprint: 'x' }],
  ['a fingerprint without a part', { fingerprint: { ...print, cover: undefined } }],
  ['a title that is a number', { title: 5 }],
  ['a map where a list is needed', { ignored: {} }],
  ['a time that is none', { createTime: 'soon' }],
  ['a time beyond all dates', { state: 'blocked', createTime: 1e18 }],
  ['a count that is none', { rev: 1.5 }],
  ['a state of nature', { state: 'constructor' }],
  ['a path out of the project', { path: '../a.md' }],
  ['a path from the top', { path: '/etc/passwd' }],
  ['an earlier path out of the project', { renamedFrom: ['posts/../../a.md'] }],
];

test('a whole entry is one, with keys that only a newer version knows', () => {
  const text = printEntry(whole('a.md'));
  expect(parseEntry(text)).toEqual(whole('a.md'));
  expect(parseEntry(text.replace('{', '{"later": [1],'))).toMatchObject({ later: [1] });
});

test.each(BROKEN)('%s is no entry', (_, part) => {
  expect(parseEntry(JSON.stringify({ ...whole('a.md'), ...part }))).toBeNull();
});

describe('any JSON in any place', () => {
  const paths = (value: object, before: readonly string[] = []): readonly (readonly string[])[] =>
    Object.entries(value).flatMap(([key, each]) => {
      const path = [...before, key];
      return typeof each === 'object' && each !== null ? [path, ...paths(each, path)] : [path];
    });
  const swap = (value: object, [key = '', ...rest]: readonly string[], by: unknown): unknown => {
    const inner = rest.length === 0 ? by : swap(Reflect.get(value, key), rest, by);
    return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
  };
  const states = fc.constantFrom('prepared', 'intent', 'unknown', 'drafted', 'verified', 'blocked');
  const odd = fc.oneof(fc.jsonValue(), fc.integer(), fc.double(), fc.constantFrom(1e18, -1, '', 'x', [], {}, [null]));

  test('is refused, or does no harm to those who read it', () => {
    const other = whole('a.md');
    const property = fc.property(states, fc.constantFrom(...paths(other)), odd, (state, path, by) => {
      const entry = parseEntry(JSON.stringify(swap({ ...other, state }, path, by)));
      if (entry === null) return;
      expect(parseEntry(printEntry(closeEntry({ ...entry, state: 'prepared' })))).not.toBeNull();
      expect(newer(entry, other) ?? newer(other, entry)).not.toBeNull();
      expect([isSameDraft(entry, other), isSame(entry, mergeEntries(entry, other))]).toHaveLength(2);
      expect(new Date((entry.createTime ?? 0) * 1000).toISOString()).toMatch(/^\d{4}-/);
      const ids = [
        ...entry.coverIds,
        ...(entry.ignored ?? []),
        ...(entry.duplicates ?? []),
        ...(entry.renamedFrom ?? []),
      ];
      expect(ids.every((id) => id.length > 0)).toBe(true);
      expect(entry.intent === undefined || entry.intent.deadline <= 900_000).toBe(true);
      if (state === 'drafted' || state === 'verified') expect(entry.mediaId).not.toBeNull();
      if (state === 'intent' || state === 'unknown') expect(entry.coverIds).toContain(entry.intent?.coverId);
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

test('each stops its own post as unreadable; the others go on', async () => {
  const posts = BROKEN.map((_, index) => `p${index}.md`);
  const texts = [...posts, 'moved.md', 'good.md'].map((path) => [path, toPost(path)] as const);
  const { site, env, sandbox } = await createAccount(Object.fromEntries(texts));
  const write = (path: string, entry: object) => {
    mkdirSync(join(site, '.wxsync/posts'), { recursive: true });
    writeFileSync(join(site, '.wxsync/posts', toEntryName(path, APP_ID)), JSON.stringify(entry));
  };
  for (const [index, path] of posts.entries()) write(path, { ...whole(path), ...BROKEN[index]?.[1] });
  write('moved.md', whole('other.md'));
  const { code, stdout, stderr } = await runHere(['publish', '--json', '--max-new', '99'], { cwd: site, env });
  const results = (JSON.parse(stdout) as { results: { file: string; error: { code: string } | null }[] }).results;
  const told = new Map(results.map(({ file, error }) => [file, error?.code ?? null]));
  expect(told).toEqual(
    new Map(
      [...[...posts, 'moved.md'].map((path) => [path, 'ledger-unreadable'] as const), ['good.md', null]].sort() as [
        string,
        string | null,
      ][],
    ),
  );
  expect([code, stderr.includes('bug')]).toEqual([8, false]);
  expect(sandbox.drafts().map(({ articles }) => articles[0]?.title)).toEqual(['good.md']);
  expect(readFileSync(join(site, 'good.md'), 'utf8')).toContain('wechat_synced: true');
});
