// The YAML door: plain values, places, and what hostile YAML meets.
import { describe, expect, test } from 'vitest';
import { parseYamlMap } from '../../src/article/yaml.ts';
import { nounsEn } from '../../src/report/messages.en.ts';
import { runBounded } from './bounded.ts';

const value = (text: string): unknown => {
  const result = parseYamlMap(text);
  return result.ok ? JSON.parse(JSON.stringify(result.root.value)) : result;
};

test.each<[text: string, value: unknown]>([
  ['', {}],
  ['# only a comment\n', {}],
  ['\n \n', {}],
  ['{}', {}],
  ['a: 2026-02-18', { a: '2026-02-18' }],
  ['a: 12:30:45', { a: '12:30:45' }],
  ['a: yes\nb: on\nc: no', { a: 'yes', b: 'on', c: 'no' }],
  ['a: true\nb: False\nc: NULL\nd: ~', { a: true, b: false, c: null, d: null }],
  ['a: 010\nb: 1.10', { a: 10, b: 1.1 }],
  ['2026: x\ntrue: y', { '2026': 'x', true: 'y' }],
  ['a: {b: [1, {c: d}]}', { a: { b: [1, { c: 'd' }] } }],
  ['a: &x [1]\nb: *x', { a: [1], b: [1] }],
  ['a: &x {c: 1}\nb:\n  <<: *x', { a: { c: 1 }, b: { '<<': { c: 1 } } }],
  ['a: !!str 1\nb: !!int "2"', { a: '1', b: 2 }],
  ['a:', { a: null }],
])('%j', (text, expected) => {
  expect(value(text)).toEqual(expected);
});

test('keys of prototypes are keys like others', () => {
  const result = parseYamlMap('__proto__: {polluted: 1}\nconstructor: 2\na: {__proto__: 3}');
  expect(result.ok).toBe(true);
  if (!result.ok) return;
  expect(Object.getPrototypeOf(result.root.value)).toBeNull();
  expect(Object.keys(result.root.value as object)).toEqual(['__proto__', 'constructor', 'a']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('places are those of keys and values', () => {
  const text = 'a: "x" # c\n"b" :\n  - 1.10\n';
  const result = parseYamlMap(text);
  expect(result.ok).toBe(true);
  if (!result.ok) return;
  const { a, b } = Object.fromEntries(result.root.keys);
  expect([a?.start, a?.node.start, a?.node.end, a?.node.form]).toEqual([0, 3, 6, 'quoted']);
  expect([b?.start, b?.node.form, b?.node.items[0]?.source]).toEqual([11, 'list', '1.10']);
});

describe('refuses', () => {
  test.each<[text: string, detail: string, offset: number]>([
    ['a: 1\na: 2', 'the key "a" is given twice', 5],
    ['x: {a: 1, b: 2, "a": 3}', 'the key "a" is given twice', 16],
    ['a: b: c', 'Nested mappings are not allowed in compact mappings', 3],
    ['a: "x', 'Missing closing "quote', 3],
    ['a: 1\nb: "x\nc: 2\n', 'Missing closing "quote', 8],
    ["a: ['x]\nb: 1\n", "Missing closing 'quote", 4],
    ['a: [1\nb: 2', 'Flow sequence in block collection must be sufficiently indented and end with a ]', 3],
    ['a: [b, [c\n', 'Flow sequence in block collection must be sufficiently indented and end with a ]', 7],
    ['a: [\n1\n]', 'Flow sequence in block collection must be sufficiently indented and end with a ]', 5],
    ['a:\n\tb: 1', 'Tabs are not allowed as indentation', 3],
    ['a: !foo x', 'Unresolved tag: !foo', 3],
    ['a: !!js/function "x"', 'Unresolved tag: tag:yaml.org,2002:js/function', 3],
    ['a: !!binary aGk=', 'the tag tag:yaml.org,2002:binary is not read', 12],
    ['a: !!set {b}', 'the tag tag:yaml.org,2002:set is not read', 9],
    ['a: *x', 'the alias *x has no finished anchor before it', 3],
    ['a: &a [*a]', 'the alias *a has no finished anchor before it', 7],
    ['? [a]\n: 1', 'With stringKeys, all keys must be strings', 2],
    ['&k a: 1\n*k : 2', 'With stringKeys, all keys must be strings', 8],
    ['a: 1\n--- x\nb: 2', 'a second document begins here', 5],
    ['%YAML 1.1\na: yes', 'Missing directives-end/doc-start indicator line', 10],
    [`a: &x 1\nb: [${'*x, '.repeat(11)}]`, 'there are more than 10 aliases', 52],
  ])('%j', (text, detail, offset) => {
    expect(parseYamlMap(text)).toEqual({ ok: false, reason: 'syntax', detail, problem: expect.any(String), offset });
  });

  test.each<[text: string, problem: string, offset: number]>([
    ['tags: {x: 1\nb: 2', 'MISSING_CHAR', 6],
    ['a: {b: {c: 1}\nd: e', 'MISSING_CHAR', 3],
    ['{"a": true', 'MISSING_CHAR', 0],
    ['a: {\nb: 1\n}', 'BAD_INDENT', 5],
    ['a: &a [x\n  - y\n z: 1', 'MISSING_CHAR', 6],
    ['a: |\nb', 'block-indent', 5],
    ['a:\n  b: >-\n\n  c\n  d\ne: f', 'block-indent', 14],
    ['a: b\n c: d', 'key-indent', 5],
    ['a: b: c\n d: e', 'BLOCK_AS_IMPLICIT_KEY', 3],
    ['a: %b', 'BAD_SCALAR_START', 3],
    ['a:b', 'colon-space', 2],
    ['# c\na:b\nc:d', 'colon-space', 6],
    ['a:b\nc: d', 'colon-space', 2],
    ['a: b\nc:d', 'colon-space', 7],
    ['a: b\nc', 'MULTILINE_IMPLICIT_KEY', 5],
    ['a: {{ b }}', 'braces', 3],
    ["a: 'It's b'", 'single-quote', 7],
    ['a: "b" c', 'double-quote', 7],
    ['a: [b] c', 'UNEXPECTED_TOKEN', 7],
    ['a: ["b" "c"]', 'comma', 8],
    ['{"a": 1 "b": 2}', 'comma', 8],
    ['{"a": "b" "c": 2}', 'comma', 10],
    ['{"a": {"b": 1} "c": 2}', 'comma', 15],
    ['{\n"a": true\n"b": 2}', 'comma', 12],
    ['a: {b: c d: e}', 'comma', 9],
  ])('%j as %s', (text, problem, offset) => {
    expect(parseYamlMap(text)).toMatchObject({ ok: false, reason: 'syntax', problem, offset });
    expect(Object.keys(nounsEn)).toContain(problem);
  });

  test.each([
    ['http://example.com', 'string'],
    ['just text', 'string'],
    ['- a', 'list'],
    ['42', 'number'],
    ['true', 'boolean'],
    ['null', 'null'],
  ])('%j is no map but a %s', (text, kind) => {
    expect(parseYamlMap(text)).toEqual({ ok: false, reason: 'not-a-map', kind, offset: 0 });
  });
});

describe('bombs are refused, or read to their end', () => {
  test.each<[name: string, text: string, detail: string | null]>([
    ['lists in flow', `a: ${'['.repeat(3_000)}`, 'nested more than 64 deep'],
    ['maps in flow', 'a: '.padEnd(9_000, '{a: '), 'nested more than 64 deep'],
    ['lists in blocks', '- '.repeat(3_000), 'nested more than 64 deep'],
    ['explicit keys', '? '.repeat(3_000), 'nested more than 64 deep'],
    [
      'indentation',
      Array.from({ length: 200 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      'nested more than 64 deep',
    ],
    ['laughs', laughs(), 'there are more than 10 aliases'],
    ['keys', Array.from({ length: 2_000 }, (_, at) => `k${at}: 1`).join('\n'), null],
    ['blank lines', `a: 1${'\n'.repeat(60_000)}`, null],
    ['64 levels', `a: ${'['.repeat(63)}${']'.repeat(63)}`, null],
  ])('%s', (_, text, detail) => {
    const result = runBounded(() => parseYamlMap(text));
    expect(result.ok ? null : 'detail' in result && result.detail).toBe(detail);
  });

  function laughs(): string {
    const line = (at: number) => `${String.fromCharCode(98 + at)}: &l${at + 1} [${`*l${at}, `.repeat(9)}]`;
    return `a: &l0 lol\n${[0, 1, 2, 3, 4, 5, 6, 7, 8].map(line).join('\n')}`;
  }
});
