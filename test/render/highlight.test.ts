// Code as coloured nodes: the classes that highlight.js would write, whatever is inside what.
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { loadHighlight } from '../../src/render/highlight.ts';
import { printNodes, toText } from '../../src/render/tree.ts';

test.each([
  ['a word of the language', 'js', 'let', '<span class="hljs-keyword">let</span>'],
  ['a scope of two names', 'js', 'class A {}', '<span class="hljs-title class_">A</span>'],
  ['what HTML would escape', 'js', '"<&>"', '<span class="hljs-string">"&lt;&amp;&gt;"</span>'],
  [
    'another language inside',
    'html',
    '<style>a{top:0}</style>',
    '<span class="language-css"><span class="hljs-selector-tag">a',
  ],
])('%s', async (_, language, code, html) => {
  const highlight = await loadHighlight(new Set([language, 'css']));
  expect(printNodes(highlight(code, language) ?? [])).toContain(html);
});

test('a language that is not ours', async () => {
  const highlight = await loadHighlight(new Set(['js', 'klingon']));
  expect(highlight('a', 'klingon')).toBeNull();
});

test('deeper than sense no more elements, and every character stays', async () => {
  const highlight = await loadHighlight(new Set(['js']));
  const code = `${'`${'.repeat(300)}1${'}`'.repeat(300)}`;
  const nodes = highlight(code, 'js') ?? [];
  expect(nodes.map(toText).join('')).toBe(code);
  const html = printNodes(nodes);
  const depth = html.split(/(?=<)/).reduce(
    ({ now, most }, tag) => {
      const next = now + (tag.startsWith('<span') ? 1 : tag.startsWith('</') ? -1 : 0);
      return { now: next, most: Math.max(most, next) };
    },
    { now: 0, most: 0 },
  );
  expect(depth.most).toBe(LIMITS.nesting.value);
});
