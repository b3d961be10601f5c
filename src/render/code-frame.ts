// What stands round the lines of a block of code: a title, numbers, grounds of lines; knows no language and no colours.
import type { Place } from '../facts/findings.ts';
import { UNEVEN } from '../facts/markup.ts';
import { splitLines, writeCode } from './code-text.ts';
import type { Look } from './pass.ts';
import type { Fence, Mark } from './syntax/fence.ts';
import { type Element, element, type Node, text } from './tree.ts';

/** By the line, from 1 on. */
type Marks = ReadonlyMap<number, Mark>;

interface Framing {
  readonly code: string;
  readonly fence: Fence;
  readonly marks: Marks;
  readonly look: Look;
  readonly at: Place | null;
}

/**
 * A block of code with all that its fence and the theme ask for. Numbers stand beside the code, never in it, so that whoever
 * copies the code gets no numbers; only the code scrolls.
 *
 * @param nodes the code, coloured, with its spaces and line ends
 */
export function frameCode(nodes: readonly Node[], framing: Framing): Element {
  const { code, fence, marks, look, at } = framing;
  const head = [...(look.hasDots ? [DOTS] : []), ...(fence.title === '' ? [] : [text(fence.title)])];
  const gutter = writeGutter(code.split('\n').length, framing);
  if (head.length === 0 && gutter === null && marks.size === 0) {
    return element('pre', [element('code', writeCode(nodes))], { at });
  }
  const lines =
    marks.size === 0 ? [toGroup(undefined, writeCode(nodes))] : groupLines(splitLines(nodes).map(writeCode), marks);
  const inner = [
    ...(head.length === 0 ? [] : [section('code-head', head)]),
    ...(gutter === null ? [] : [section('code-numbers', [element('code', gutter)])]),
    // Beside numbers it has another share of a narrow screen, and in it a line may be wider than any.
    element('section', [element('code', lines)], { attrs: { class: 'code-scroll', [UNEVEN]: '' } }),
  ];
  return element('pre', inner, { attrs: { class: 'code-frame' }, at });
}

/** In colours that may stay at night: WeChat leaves drawings alone. */
const DOTS = element(
  'svg',
  ['#ff5f57', '#febc2e', '#28c840'].map((fill, index) =>
    element('circle', [], { attrs: { cx: String(6 + 20 * index), cy: '6', r: '6', fill } }),
  ),
  { attrs: { class: 'code-dots', viewBox: '0 0 52 12' } },
);

/** A row for each line: its number, and beside it the sign of a line that came or went. */
function writeGutter(
  count: number,
  { fence, marks, look }: Pick<Framing, 'fence' | 'marks' | 'look'>,
): readonly Node[] | null {
  const byTheme = look.hasNumbers && count > 1 ? 1 : null;
  const start = fence.numbers === 'off' ? null : (fence.numbers ?? byTheme);
  // A diff has its signs in the code.
  const hasSigns = !fence.isDiff && [...marks.values()].some((mark) => mark in SIGNS);
  if (start === null && !hasSigns) return null;
  const rows = Array.from({ length: count }, (_, index): readonly Node[] => {
    const number = start === null ? '' : String(start + index);
    const sign = hasSigns ? (SIGNS[marks.get(index + 1) ?? 'marked'] ?? '\u00a0') : '';
    return [text([number, sign].filter((each) => each !== '').join('\u00a0'))];
  });
  return groupLines(rows, marks);
}

const SIGNS: Partial<Record<Mark, string>> = { added: '+', removed: '−' };

/** Neighbours with the same mark as one element; each line end stays a `br`. */
function groupLines(lines: readonly (readonly Node[])[], marks: Marks): readonly Node[] {
  const groups: { readonly mark: Mark | undefined; readonly nodes: Node[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const mark = marks.get(index + 1);
    if (index === 0 || groups.at(-1)?.mark !== mark) groups.push({ mark, nodes: [] });
    const nodes = groups.at(-1)?.nodes ?? [];
    for (const node of line) nodes.push(node);
    if (index + 1 < lines.length) nodes.push(element('br'));
  }
  return groups.map(({ mark, nodes }) => toGroup(mark, nodes));
}

function toGroup(mark: Mark | undefined, nodes: readonly Node[]): Element {
  // Without a character it would have no height.
  const seen = nodes.length === 0 ? [text('\u00a0')] : nodes;
  return element('span', seen, { attrs: { class: mark === undefined ? 'code-line' : `code-line code-${mark}` } });
}

function section(name: string, children: readonly Node[]): Element {
  return element('section', children, { attrs: { class: name } });
}
