// More pieces than one call takes as arguments: each is read to its end.
import { expect, test } from 'vitest';
import { weaveHtml } from '../../src/render/html.ts';
import { writeContents } from '../../src/render/passes/contents.ts';
import { giveRoom } from '../../src/render/passes/table-room.ts';
import { readFootnoteDefinition } from '../../src/render/syntax/footnote.ts';
import { placeStrays } from '../../src/render/syntax/strays.ts';
import { element, type Node, text, toText } from '../../src/render/tree.ts';

const MANY = 200_000;
const times = (node: Node): readonly Node[] => Array.from({ length: MANY }, () => node);
const toLength = (nodes: readonly Node[]): number => nodes.map(toText).join('').length;

test.each<readonly [name: string, count: () => number]>([
  ['lines of a cell', () => toText(giveRoom(toTable(text('a\n'.repeat(MANY)))).table).length / 2],
  ['headings of a list', () => toLength(writeContents(toPage(times(element('h2', [text('a')])))).children) / 2],
  [
    'empty lines in a footnote',
    () => (readFootnoteDefinition(`[^a]: b${'\n'.repeat(MANY)}    c`)?.body.length ?? 0) - 2,
  ],
  ['what an element leaves', () => toLength(weave(times(text('a'))))],
  [
    'items of a list that stands in none',
    () => toLength(placeStrays([element('ul', times(element('li', [text('a')])))], 'ol')),
  ],
])('%s', (_name, count) => {
  expect(count()).toBe(MANY);
});

function toTable(cell: Node) {
  return element('table', [element('tr', [element('td', [cell])])]);
}

function toPage(headings: readonly Node[]) {
  return element('section', [element('wx-contents'), ...headings]);
}

function weave(left: readonly Node[]): readonly Node[] {
  const raw = { kind: 'raw', html: '<b>a</b>', lines: [{ line: 1, column: 1 }] } as const;
  return weaveHtml([raw], { level: 'inline', report: () => undefined, adopt: () => left });
}
