// The flip: only the value's bytes change, and what cannot be changed without guessing is refused with its place.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { maskFlag, setFlag } from '../../src/article/flag.ts';

const toBytes = (text: string): Uint8Array => Buffer.from(text);
const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** `«false»` marks the bytes that change, `«»` the place where the key is added. */
type Flip = [name: string, marked: string, added?: string];
const FLIPS: Flip[] = [
  ['plain', '---\nwechat_synced: «false»\n---\nb\n'],
  ['a comment after the value', '---\nwechat_synced: «false» # not yet: false\n---\nb\n'],
  ['CRLF', '---\r\ntitle: a\r\nwechat_synced: «false»\r\n---\r\nb\r\n'],
  ['mixed line ends', '---\r\ntitle: a\nwechat_synced: «false»\r\n---\nb\r\n'],
  ['BOM', '\uFEFF---\nwechat_synced: «false»\n---\nb\n'],
  ['BOM, CRLF and Chinese before', '\uFEFF---\r\ntitle: "外贸人的“生死局”🎉"\r\nwechat_synced: «false»\r\n---\r\nb'],
  ['double-quoted key', '---\n"wechat_synced": «false»\n---\nb\n'],
  ['single-quoted key', "---\n'wechat_synced': «false»\n---\nb\n"],
  ['blanks before the colon', '---\nwechat_synced : «false»\n---\n'],
  ['extra spaces', '---\nwechat_synced:     «false»   \n---\n'],
  ['tabs', '---\nwechat_synced:\t\t«false»\t\n---\n'],
  ['dots close', '---\nwechat_synced: «false»\n...\nb\n'],
  ['no final newline', '---\nwechat_synced: «false»\n---'],
  ['trailing blanks on the fences', '--- \nwechat_synced: «false»\n---\t\nb'],
  ['---yaml', '---yaml\nwechat_synced: «false»\n---\nb'],
  ['capital False', '---\nwechat_synced: «False»\n---\nb\n'],
  ['FALSE', '---\nwechat_synced: «FALSE»\n---\nb\n'],
  ['key first', '---\nwechat_synced: «false»\ntitle: a\n---\nb\n'],
  ['key in the middle', '---\na: 1\nwechat_synced: «false»\nb: 2\n---\nb\n'],
  ['key last', '---\na: 1\nwechat_synced: «false»\n---\nb\n'],
  ['value on the next line', '---\nwechat_synced:\n  «false»\n---\nb\n'],
  ['value under a comment', '---\nwechat_synced: # soon\n  «false»\n---\nb\n'],
  ['flow map', '---\n{title: a, wechat_synced: «false»}\n---\nb\n'],
  ['flow map like JSON', '---\n{"wechat_synced":«false»,"a":1}\n---\nb\n'],
  ['flow map over lines', '---\n{\n  wechat_synced: «false»,\n}\n---\nb\n'],
  ['indented map', '---\n  title: a\n  wechat_synced: «false»\n---\nb\n'],
  ['a block scalar with the same words', '---\na: |\n  wechat_synced: false\nwechat_synced: «false»\n---\n'],
  ['a folded scalar with the same words', '---\nwechat_synced: «false»\na: >-\n  wechat_synced: false\n---\n'],
  ['a quoted value with the same words', '---\na: "x\n  wechat_synced: false"\nwechat_synced: «false»\n---\n'],
  ['a comment with the same words', '---\n# wechat_synced: false\nwechat_synced: «false»\n---\n'],
  ['a nested key of the same name', '---\nx:\n  wechat_synced: false\nwechat_synced: «false»\n---\n'],
  ['a key of the same name in a list', '---\nx: [{wechat_synced: false}]\nwechat_synced: «false»\n---\n'],
  ['a merge key', '---\nx: &x {wechat_synced: true}\n<<: *x\nwechat_synced: «false»\n---\n'],
  ['a key that begins alike', '---\nwechat_synced_at: false\nwechat_synced: «false»\n---\n'],
  ['the same words in the body', '---\nwechat_synced: «false»\n---\n---\nwechat_synced: false\n---\n'],
  ['anchors elsewhere', '---\na: &x false\nb: *x\nwechat_synced: «false»\n---\n'],
  ['an anchored key', '---\n&k wechat_synced: «false»\n---\n'],
  ['__proto__', '---\n__proto__: {a: 1}\nwechat_synced: «false»\n---\n'],

  ['absent', '---\ntitle: a\n«»---\nb\n', 'wechat_synced: true\n'],
  ['absent, CRLF', '---\r\ntitle: a\r\n«»---\r\nb\r\n', 'wechat_synced: true\r\n'],
  ['absent, BOM and Chinese', '\uFEFF---\ntitle: 标题\n«»...\nb', 'wechat_synced: true\n'],
  ['absent, empty', '---\n«»---\nb', 'wechat_synced: true\n'],
  ['absent, empty, CRLF', '---\r\n«»---', 'wechat_synced: true\r\n'],
  ['absent, only comments', '---\n# title: a\n«»---\n', 'wechat_synced: true\n'],
  ['absent, a comment last', '---\ntitle: a # b\n  # c\n«»---\n', 'wechat_synced: true\n'],
  ['absent, blank lines last', '---\ntitle: a\n\n \n«»---\n', 'wechat_synced: true\n'],
  ['absent, indented', '---\n  title: a\n«»---\n', '  wechat_synced: true\n'],
  ['absent, nested of the same name', '---\nx:\n  wechat_synced: false\n«»---\n', 'wechat_synced: true\n'],
  ['absent, a block scalar last', '---\na: |\n  x\n«»---\n', 'wechat_synced: true\n'],
  ['absent, a block scalar and blank lines last', '---\na: |\n  x\n\n\n«»---\n', 'wechat_synced: true\n'],
  ['absent, a kept block scalar last', '---\na: |+\n  x\n\n\n«»---\n', 'wechat_synced: true\n'],
  ['absent, an empty value last', '---\na:\n«»---\n', 'wechat_synced: true\n'],
  ['absent, a list last', '---\na:\n- x\n«»---\n', 'wechat_synced: true\n'],
  ['absent, text over lines last', '---\na: x\n  y\n«»---\n', 'wechat_synced: true\n'],
  ['absent, a quoted first key', '---\n"a": x\n«»---\n', 'wechat_synced: true\n'],
];

describe('setFlag changes nothing else', () => {
  test.each<Flip>(FLIPS)('%s', (_, marked, added) => {
    const [before = '', value = '', after = ''] = marked.split(/[«»]/);
    const old = toBytes(before + value + after);
    const change = setFlag(old, true);
    expect(change.ok && toText(change.bytes)).toBe(before + (added ?? 'true') + after);
    const start = Buffer.byteLength(before);
    expect(change.ok && change.changed).toEqual({ start, end: start + Buffer.byteLength(value) });
  });

  test.each<Flip>(FLIPS)('and back again: %s', (_, marked, added) => {
    const old = toBytes(marked.replace(/[«»]/g, ''));
    const there = setFlag(old, true);
    const back = setFlag(there.ok ? there.bytes : old, false);
    const lower = marked.replace(/«.*»/, added?.replace('true', 'false') ?? 'false');
    expect(back.ok && toText(back.bytes)).toBe(lower);
  });

  test('bytes that say so already are the same bytes', () => {
    const bytes = toBytes('---\nwechat_synced: True\n---\n');
    expect(setFlag(bytes, true)).toEqual({ ok: true, bytes, changed: { start: 19, end: 23 } });
  });

  test('the sample post', async () => {
    const bytes = await readFile(new URL('../../examples/blog/content/zh/2026-trade.md', import.meta.url));
    const change = setFlag(bytes, true);
    expect(change.ok && toText(change.bytes)).toBe(
      bytes.toString().replace('wechat_synced: false', 'wechat_synced: true'),
    );
  });
});

test.each<[name: string, text: string, reason: string, line: number, column: number]>([
  ['no front matter', 'wechat_synced: false\n', 'no-front-matter', 1, 1],
  ['an empty file', '', 'no-front-matter', 1, 1],
  ['TOML', '+++\nwechat_synced = false\n+++\n', 'front-matter-toml', 1, 1],
  ['JavaScript', '---js\n({wechat_synced: false})\n---\n', 'front-matter-executable', 1, 1],
  ['never closed', '---\nwechat_synced: false\n', 'front-matter-unterminated', 1, 1],
  ['bad YAML', '---\na: "x\nwechat_synced: false\n---\n', 'front-matter-yaml', 2, 4],
  ['the key twice', '---\nwechat_synced: false\na: 1\nwechat_synced: false\n---\n', 'front-matter-yaml', 4, 1],
  ['another key twice', '---\na: 1\na: 1\nwechat_synced: false\n---\n', 'front-matter-yaml', 3, 1],
  ['a list', '---\n- wechat_synced: false\n---\n', 'front-matter-not-a-map', 2, 1],
  ['an anchor', '---\nwechat_synced: &x false\nb: *x\n---\n', 'anchor', 2, 19],
  ['an alias', '---\na: &x false\nwechat_synced: *x\n---\n', 'alias', 3, 16],
  ['a tag', '---\nwechat_synced: !!bool false\n---\n', 'tag', 2, 23],
  ['a tagged text', '---\nwechat_synced: !!bool "false"\n---\n', 'tag', 2, 23],
  ['an explicit key', '---\n? wechat_synced\n: false\n---\n', 'explicit-key', 3, 3],
  ['a block scalar', '---\nwechat_synced: |\n  false\n---\n', 'block-scalar', 2, 16],
  ['a folded scalar', '---\nwechat_synced: >-\n  false\n---\n', 'block-scalar', 2, 16],
  ['quotes', '---\nwechat_synced: "false"\n---\n', 'not-boolean', 2, 16],
  ['no', '---\nwechat_synced: no\n---\n', 'not-boolean', 2, 16],
  ['nothing', '---\nwechat_synced:\n---\n', 'not-boolean', 2, 15],
  ['a map', '---\nwechat_synced: {a: false}\n---\n', 'not-boolean', 2, 16],
  ['absent in a flow map', '---\n{a: 1}\n---\n', 'flow-map', 2, 1],
  ['absent beside an explicit key', '---\n? a\n: 1\n---\n', 'explicit-key', 2, 3],
])('refused: %s', (_, text, reason, line, column) => {
  expect(setFlag(toBytes(text), true)).toEqual({ ok: false, reason, place: { line, column } });
});

test('refused: bytes that are not UTF-8', () => {
  const bytes = Buffer.concat([toBytes('---\nwechat_synced: false\n---\nab'), Buffer.of(0xff)]);
  expect(setFlag(bytes, true)).toEqual({ ok: false, reason: 'not-utf8', place: { line: 4, column: 3 } });
});

test('refused: the added line would make the front matter too big', () => {
  const text = `---\na: ${'x'.repeat(63_990)}\n---\n`;
  expect(setFlag(toBytes(text), true)).toMatchObject({ ok: false, reason: 'self-check' });
});

describe('maskFlag', () => {
  test.each<Flip>(FLIPS)('does not see the flag: %s', (_, marked) => {
    const old = toBytes(marked.replace(/[«»]/g, ''));
    const [yes, no] = [setFlag(old, true), setFlag(old, false)];
    const masked = toText(maskFlag(old));
    expect(yes.ok && toText(maskFlag(yes.bytes))).toBe(masked);
    expect(no.ok && toText(maskFlag(no.bytes))).toBe(masked);
  });

  test.each([
    ['a value', '---\nwechat_synced: false # a\nb: 1\n---\nc', '---\nwechat_synced: ? # a\nb: 1\n---\nc'],
    ['the line that is added', '---\nb: 1\r\nwechat_synced: true\r\n---\nc', '---\nb: 1\r\n---\nc'],
    ['the added line in an indented map', '---\n b: 1\n wechat_synced: true\n---\nc', '---\n b: 1\n---\nc'],
    ['no key', '---\nb: 1\n---\nc', '---\nb: 1\n---\nc'],
    ['no front matter', 'wechat_synced: true\n', 'wechat_synced: true\n'],
    ['a value that is no boolean', '---\nwechat_synced: "true"\n---\n', '---\nwechat_synced: "true"\n---\n'],
  ])('%s', (_, text, masked) => {
    expect(toText(maskFlag(toBytes(text)))).toBe(masked);
  });

  test.each([
    ['the body', '---\nwechat_synced: true\n---\nc'],
    ['another value', '---\na: 2\nwechat_synced: true\n---\nb'],
    ['a comment', '---\na: 1 #\nwechat_synced: true\n---\nb'],
    ['the key itself', '---\na: 1\n"wechat_synced": true\n---\nb'],
  ])('sees a change of %s', (_, text) => {
    expect(toText(maskFlag(toBytes(text)))).not.toBe(
      toText(maskFlag(toBytes('---\na: 1\nwechat_synced: true\n---\nb'))),
    );
  });
});
