// Entries that grew apart on two runners: every rule of the merge, and no draft that is ever forgotten.
import { expect, test } from 'vitest';
import type { Entry } from '../../src/publish/entry.ts';
import { isEmptied, isTakenOver, mergeEntries, mergeSince, toNewDuplicates } from '../../src/publish/merge.ts';
import { toReceipt } from './repository.ts';

const make = (renderer: string, more: Partial<Entry> | null): Entry | null =>
  more === null ? null : toReceipt('a.md', 'text', { renderer, mediaId: 'm1', ...more });
const intent = { attempt: 1, time: 1, deadline: 1, sourceHash: 's', coverId: 'c' };

test.each<[string, Partial<Entry> | null, Partial<Entry> | null, string | null, readonly string[]]>([
  ['neither', null, null, null, []],
  ['only upstream', {}, null, 'upstream', []],
  ['only ours', null, {}, 'ours', []],
  ['equal rev and draft', {}, {}, 'upstream', []],
  ['a media id beats none', { mediaId: null }, {}, 'ours', []],
  ['none never beats a media id', {}, { mediaId: null }, 'upstream', []],
  ['higher rev', { rev: 1 }, { rev: 2 }, 'ours', []],
  ['lower rev', { rev: 2 }, { rev: 1 }, 'upstream', []],
  ['what may be on its way', { mediaId: null }, { mediaId: null, state: 'intent', intent }, 'ours', []],
  ['two drafts', {}, { mediaId: 'm2' }, 'upstream', ['m2']],
  ['two drafts, ours with the higher rev', {}, { mediaId: 'm2', rev: 9 }, 'upstream', ['m2']],
  ['a third draft', { duplicates: ['m3'] }, { mediaId: 'm2' }, 'upstream', ['m2', 'm3']],
  ['theirs among our duplicates', {}, { mediaId: 'm2', duplicates: ['m1'] }, 'upstream', ['m2']],
  ['a draft made anew', {}, { mediaId: 'm2', rev: 3, ignored: ['m1'] }, 'ours', []],
  ['a draft given up upstream', { mediaId: 'm2', rev: 3, ignored: ['m1'] }, {}, 'upstream', []],
  ['to be made anew', {}, { mediaId: null, rev: 2, state: 'prepared', ignored: ['m1'] }, 'ours', []],
])('%s', (_, upstream, ours, expected, duplicates) => {
  const merged = mergeEntries(make('upstream', upstream), make('ours', ours));
  expect(merged?.renderer ?? null).toBe(expected);
  expect(merged?.duplicates ?? []).toEqual(duplicates);
});

test.each<[string, Partial<Entry> | null, Partial<Entry> | null, Partial<Entry> | null, string | null]>([
  ['only we went on', { state: 'drafted' }, { state: 'drafted' }, { renderer: 'ours' }, 'ours'],
  ['a person adopted another draft', {}, {}, { renderer: 'ours', mediaId: 'm2' }, 'ours'],
  ['only upstream went on', {}, { renderer: 'upstream', rev: 2 }, {}, 'upstream'],
  ['upstream took it away', {}, null, {}, null],
  ['both went on', {}, { renderer: 'upstream', rev: 3 }, { renderer: 'ours', rev: 2 }, 'upstream'],
])('since a common base: %s', (_, base, upstream, ours, expected) => {
  const merged = mergeSince({ base: make('', base), upstream: make('', upstream), ours: make('', ours) });
  expect(merged?.renderer ?? null).toBe(expected);
});

test('a duplicate is told once', () => {
  const upstream = make('upstream', {});
  const merged = mergeEntries(upstream, make('ours', { mediaId: 'm2' }));
  if (merged === null) throw new Error('nothing merged');
  expect(toNewDuplicates(merged, upstream)).toEqual(['m2']);
  expect(toNewDuplicates(merged, merged)).toEqual([]);
});

test.each<[string, Partial<Entry>, boolean]>([
  ['the same draft', {}, true],
  ['another draft', { mediaId: 'm2', coverIds: ['c2'] }, false],
  ['the draft that a firewall would not update', { mediaId: 'm0', coverIds: ['b'] }, true],
  ['the draft that a person gave up', { mediaId: 'm-ignored', coverIds: ['c2'] }, true],
  ['another account', { appId: 'wxother' }, false],
  ['another path', { path: 'c.md' }, false],
  ['no draft, and its cover', { mediaId: null }, true],
  ['no draft, and a cover of its own', { mediaId: null, coverIds: ['c', 'other'] }, false],
  ['nothing made yet', { mediaId: null, coverIds: [] }, false],
])('a renamed post takes over a receipt of %s', (_, old, expected) => {
  const entry = toReceipt('b.md', 'text', {
    ...{ mediaId: 'm1', coverIds: ['b', 'c'], ignored: ['m-ignored'], renamedFrom: ['a.md'] },
  });
  const left = toReceipt('a.md', 'text', { mediaId: 'm1', ...old });
  expect(isTakenOver(left, entry)).toBe(expected);
  expect(isEmptied(left, entry)).toBe(old.coverIds?.length === 0);
});
