// The entry: the same bytes from every runner, a broken file never counted as absent, the newer of two chosen.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Entry, newer, parseEntry, printEntry, toEntryName } from '../../src/publish/entry.ts';
import { openLedger } from '../../src/publish/ledger.ts';
import { toDrafted } from '../../src/publish/send.ts';

const entry: Entry = {
  schema: 'wxsync.entry/1',
  title: '标题',
  path: 'content/zh/a.md',
  appId: 'wx1',
  rev: 1,
  state: 'drafted',
  sourceHash: 's',
  snapshot: 'n',
  coverIds: ['c1'],
  coverSource: 'p',
  mediaId: 'm1',
  createTime: 1,
  fingerprint: null,
  renderer: '0.1.0',
};

test('keys are sorted and the last byte is a line break', () => {
  const text = printEntry(entry);
  const keys = [...text.matchAll(/^ {2}"(\w+)"/gm)].map((match) => match[1]);
  expect(keys).toEqual([...keys].sort());
  expect(text.endsWith('}\n')).toBe(true);
  expect(parseEntry(text)).toEqual(entry);
});

test.each(['', '{', '[]', 'null', '{"schema":"wxsync.entry/2"}', printEntry({ ...entry, state: 'lost' as 'drafted' })])(
  'not an entry: %j',
  (text) => {
    expect(parseEntry(text)).toBeNull();
  },
);

test('a post has one name for each account', () => {
  expect(toEntryName('a.md', 'wx1')).toMatch(/^[0-9a-f]{20}-[0-9a-f]{8}\.json$/);
  expect(toEntryName('a.md', 'wx1')).not.toBe(toEntryName('a.md', 'wx2'));
});

test('a draft made anew has a higher rev than all before, so that no older copy comes back', () => {
  expect(toDrafted({ ...entry, rev: 4, state: 'intent', mediaId: null }, 'm2')).toMatchObject({
    rev: 5,
    mediaId: 'm2',
  });
});

describe('newer', () => {
  test.each<[string, Partial<Entry> | null, Partial<Entry> | null, string | null]>([
    ['both absent', null, null, null],
    ['only ours', { renderer: 'ours' }, null, 'ours'],
    ['only theirs', null, { renderer: 'theirs' }, 'theirs'],
    ['equal rev: a media id beats none', { renderer: 'ours', mediaId: null }, { renderer: 'theirs' }, 'theirs'],
    [
      'a draft to be made anew beats the old one',
      { renderer: 'ours', mediaId: null, rev: 2 },
      { renderer: 'theirs' },
      'ours',
    ],
    ['higher rev', { renderer: 'ours', rev: 1 }, { renderer: 'theirs', rev: 2 }, 'theirs'],
    [
      'equal rev: what may be on its way',
      { renderer: 'ours', state: 'prepared' },
      {
        renderer: 'theirs',
        state: 'intent',
        intent: { attempt: 1, time: 1, deadline: 1, sourceHash: 's', coverId: 'c' },
      },
      'theirs',
    ],
    ['equal rev: the ledger', { renderer: 'ours' }, { renderer: 'theirs' }, 'ours'],
  ])('%s', (_, ours, theirs, chosen) => {
    const of = (part: Partial<Entry> | null) => (part === null ? null : { ...entry, ...part });
    expect(newer(of(ours), of(theirs))?.renderer ?? null).toBe(chosen);
  });
});

describe('ledger', () => {
  const open = () => {
    const root = mkdtempSync(join(tmpdir(), 'wxsync-ledger-'));
    return { root, ledger: openLedger(root) };
  };

  test('keeps what was written and nothing else', async () => {
    const { root, ledger } = open();
    expect(await ledger.read(entry.path, 'wx1')).toBeNull();
    await ledger.write(entry);
    await ledger.write({ ...entry, rev: 2 });
    expect(await ledger.read(entry.path, 'wx1')).toEqual({ ...entry, rev: 2 });
    expect(await ledger.read(entry.path, 'wx2')).toBeNull();
    expect(readdirSync(join(root, '.wxsync/posts'))).toEqual([toEntryName(entry.path, 'wx1')]);
    expect(readdirSync(join(root, '.wxsync/tmp'))).toEqual(['.gitignore']);
    expect(readFileSync(join(root, '.wxsync/tmp/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('finds every account of a post', async () => {
    const { ledger } = open();
    await ledger.write(entry);
    await ledger.write({ ...entry, appId: 'wx2' });
    await ledger.write({ ...entry, path: 'b.md' });
    expect((await ledger.readAll(entry.path)).map(({ appId }) => appId).sort()).toEqual(['wx1', 'wx2']);
  });

  test('shows an account as it was first seen, with what was written and removed here since', async () => {
    const { ledger } = open();
    const paths = async () => (await ledger.readAccount('wx1')).map(({ path, rev }) => `${path} ${rev}`).sort();
    await ledger.write(entry);
    expect(await paths()).toEqual([`${entry.path} 1`]);
    await ledger.write({ ...entry, rev: 2 });
    await ledger.write({ ...entry, path: 'b.md' });
    await ledger.write({ ...entry, appId: 'wx2', path: 'c.md' });
    expect(await paths()).toEqual(['b.md 1', `${entry.path} 2`]);
    await ledger.remove(entry.path, 'wx1');
    expect(await paths()).toEqual(['b.md 1']);
  });

  test('a broken receipt stops the post', async () => {
    const { root, ledger } = open();
    mkdirSync(join(root, '.wxsync/posts'), { recursive: true });
    writeFileSync(join(root, '.wxsync/posts', toEntryName(entry.path, 'wx1')), '{"torn":');
    await expect(ledger.read(entry.path, 'wx1')).rejects.toMatchObject({ code: 'ledger-unreadable' });
  });
});
