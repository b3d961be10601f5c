// The lines round front matter: what opens, what closes, what is refused.
import { describe, expect, test } from 'vitest';
import { splitFence } from '../../src/article/fence.ts';
import { LIMITS } from '../../src/facts/limits.ts';

describe('splits', () => {
  test.each<[name: string, text: string, yaml: string, body: string]>([
    ['plain', '---\na: 1\n---\nb\n', 'a: 1\n', 'b\n'],
    ['CRLF', '---\r\na: 1\r\n---\r\nb', 'a: 1\r\n', 'b'],
    ['blanks after the opening', '--- \t\na: 1\n---\nb', 'a: 1\n', 'b'],
    ['blanks after the closing', '---\na: 1\n--- \t\nb', 'a: 1\n', 'b'],
    ['---yaml', '---yaml\na: 1\n---\nb', 'a: 1\n', 'b'],
    ['---yml', '---yml\na: 1\n---\nb', 'a: 1\n', 'b'],
    ['--- YAML', '--- YAML\na: 1\n---\nb', 'a: 1\n', 'b'],
    ['dots close', '---\na: 1\n...\nb', 'a: 1\n', 'b'],
    ['the first closing line counts', '---\na: 1\n...\nb\n---\nc', 'a: 1\n', 'b\n---\nc'],
    ['no final newline', '---\na: 1\n---', 'a: 1\n', ''],
    ['empty', '---\n---\nb', '', 'b'],
    ['---foo does not close', '---\na: 1\n---foo\nb: 2\n---\nc', 'a: 1\n---foo\nb: 2\n', 'c'],
    ['---- does not close', '---\na: |\n ----\n----: 2\n---\nc', 'a: |\n ----\n----: 2\n', 'c'],
    ['an indented --- does not close', '---\na: |\n ---\n---\nc', 'a: |\n ---\n', 'c'],
    ['a line separator is no line end', '---\na: "x\u2028---\u2028"\n---\nc', 'a: "x\u2028---\u2028"\n', 'c'],
  ])('%s', (_, text, yaml, body) => {
    const fence = splitFence(text);
    expect(fence.kind).toBe('yaml');
    if (fence.kind !== 'yaml') return;
    expect([text.slice(fence.start, fence.end), text.slice(fence.bodyStart)]).toEqual([yaml, body]);
  });
});

test.each([
  ['nothing', ''],
  ['text', 'Hello\n---\na: 1\n---\n'],
  ['a longer rule', '-----\na\n'],
  ['a rule with blanks', '- - -\na\n'],
  ['words', '--- some words ---\n'],
  ['an indented fence', ' ---\na: 1\n---\n'],
  ['a rule after a blank line', '\n---\n\ntext\n'],
  ['plus signs and more', '++++\n'],
])('no front matter: %s', (_, text) => {
  expect(splitFence(text)).toEqual({ kind: 'none', start: 0, end: 0, bodyStart: 0 });
});

describe('refuses', () => {
  test.each<[text: string, code: string, args: Record<string, string>]>([
    ['---js\na\n---\n', 'front-matter-executable', { language: 'js' }],
    ['---JS\na\n---\n', 'front-matter-executable', { language: 'js' }],
    ['--- js\r\na\n---\n', 'front-matter-executable', { language: 'js' }],
    ['---javascript\na\n---\n', 'front-matter-executable', { language: 'javascript' }],
    ['---coffee\n---\n', 'front-matter-executable', { language: 'coffee' }],
    ['---coffeescript\n---\n', 'front-matter-executable', { language: 'coffeescript' }],
    ['---cson\n---\n', 'front-matter-executable', { language: 'cson' }],
    ['---json\n{}\n---\n', 'front-matter-executable', { language: 'json' }],
    ['---ts\n---\n', 'front-matter-executable', { language: 'ts' }],
    ['---toml\n---\n', 'front-matter-executable', { language: 'toml' }],
    ['---php\n---\n', 'front-matter-executable', { language: 'php' }],
    ['---c++\n---\n', 'front-matter-executable', { language: 'c++' }],
    ['---foo', 'front-matter-executable', { language: 'foo' }],
    ['+++\ntitle = "a"\n+++\n', 'front-matter-toml', { language: 'TOML' }],
    [';;;\r\n{}\n;;;\n', 'front-matter-toml', { language: 'JSON' }],
    ['---\n', 'front-matter-unterminated', {}],
    ['---', 'front-matter-unterminated', {}],
    ['---\n\nA rule, then text.\n', 'front-matter-unterminated', {}],
    ['---\na: 1\n---foo\n ---\n', 'front-matter-unterminated', {}],
  ])('%j', (text, code, args) => {
    expect(splitFence(text)).toEqual({
      kind: 'refused',
      finding: { code, severity: 'error', args, line: 1, column: 1 },
    });
  });

  const max = LIMITS.frontMatter.value;
  test.each([
    [max, 'yaml'],
    [max + 1, 'refused'],
  ])('front matter of %d bytes: %s', (bytes, kind) => {
    expect(splitFence(`---\n#${'é'.repeat((bytes - 2) / 2)}${bytes % 2 === 1 ? '-' : ''}\n---\n`).kind).toBe(kind);
  });
});

test.each([
  ['a blank line', '\n---\ntitle: a\n---\n', 2],
  ['several, CRLF', '\r\n  \r\n---\r\n"title": a\r\n---\r\n', 3],
])('front matter after %s is refused, for readers would see it', (_, text, line) => {
  expect(splitFence(text)).toMatchObject({ kind: 'refused', finding: { code: 'front-matter-late', line, column: 1 } });
});
