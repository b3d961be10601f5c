// What stays the same must be the same object: a pass that finds nothing to do costs next to nothing.
import { describe, expect, test } from 'vitest';
import {
  type Element,
  element,
  joinTexts,
  printNodes,
  replaceNodes,
  rewrite,
  rewriteLists,
  text,
  withStyle,
} from '../../src/render/tree.ts';

const em = element('em', [text('b')]);
const tree = element('section', [element('p', [text('a'), em]), element('p', [text('c')])]);

describe('a tree in which nothing changes is the same tree', () => {
  test.each<[string, (root: Element) => unknown]>([
    ['rewrite', (root) => rewrite(root, (each) => each)],
    ['rewriteLists', (root) => rewriteLists(root, (children) => children)],
    [
      'replaceNodes',
      (root) =>
        element(
          'section',
          replaceNodes(root.children, (each) => each),
        ).children === root.children && root,
    ],
    ['joinTexts', (root) => joinTexts(root.children) === root.children && root],
  ])('%s', (_, change) => expect(change(tree)).toBe(tree));
});

test.each<[string, Parameters<typeof rewrite>[1], string]>([
  ['one by another', (each) => (each === em ? text('x') : each), '<section><p>ax</p><p>c</p></section>'],
  ['one by its own children', (each) => (each === em ? each.children : each), '<section><p>ab</p><p>c</p></section>'],
  ['one by none', (each) => (each === em ? [] : each), '<section><p>a</p><p>c</p></section>'],
])('rewrite replaces %s', (_, change, html) => expect(printNodes([rewrite(tree, change)])).toBe(html));

test('what is beside a change is not copied', () => {
  const changed = rewrite(tree, (each) => (each === em ? text('x') : each));
  expect(changed.children[1]).toBe(tree.children[1]);
});

test.each([
  ['neighbours become one', [text('a'), text('b')], [text('ab')]],
  ['empty ones go', [text(''), em, text('')], [em]],
])('texts: %s', (_, nodes, joined) => expect(joinTexts(nodes)).toEqual(joined));

test.each([
  ['added', { class: 'a' }, 'color:red', { class: 'a', style: 'color:red' }],
  ['changed', { style: 'x:y', class: 'a' }, 'color:red', { class: 'a', style: 'color:red' }],
  ['taken away', { style: 'x:y', class: 'a' }, '', { class: 'a' }],
])('a style is %s', (_, attrs, style, changed) => expect(withStyle(attrs, style)).toEqual(changed));
