// Keeps the lines of a paragraph as they are written, where config `breaks` asks for it; knows no script.
import type { PassContext } from '../pass.ts';
import {
  type Element,
  element,
  isBlock,
  isElement,
  type Node,
  replaceNodes,
  rewriteLists,
  text,
  withChildren,
} from '../tree.ts';

/** What holds lines of Markdown; of HTML these are few. */
const HOLDS_LINES: ReadonlySet<string> = new Set(['p', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

export function breakLines(root: Element, { settings }: PassContext): Element {
  if (!settings.breaks) return root;
  return rewriteLists(root, (children, parent) => (HOLDS_LINES.has(parent.tag) ? breakIn(children) : children));
}

/** Each line end between two words, pictures or formulas becomes a `br`; not those beside a block, a `br` or the edge. */
function breakIn(children: readonly Node[]): readonly Node[] {
  const leaves = children.flatMap(toLeaves);
  let index = 0;
  const change = (node: Node): Node | readonly Node[] => {
    if (node.kind === 'element' && !isLeaf(node)) return withChildren(node, replaceNodes(node.children, change));
    const [before, after] = [leaves[index - 1], leaves[index + 1]];
    index += 1;
    if (node.kind === 'element' || !node.value.includes('\n')) return node;
    const lines = node.value.split('\n');
    const first = isEdge(before) && lines[0]?.trim() === '' ? 1 : 0;
    const last = isEdge(after) && lines.at(-1)?.trim() === '' ? lines.length - 1 : lines.length;
    const kept = lines.slice(first, Math.max(first, last));
    return kept.flatMap((line, at) => (at === 0 ? [text(line)] : [element('br'), text(line)]));
  };
  return replaceNodes(children, change);
}

function toLeaves(node: Node): readonly Node[] {
  return node.kind === 'text' || isLeaf(node) ? [node] : node.children.flatMap(toLeaves);
}

function isLeaf(node: Element): boolean {
  return node.tag === 'code' || node.children.length === 0 || isBlock(node);
}

function isEdge(node: Node | undefined): boolean {
  return node === undefined || isElement(node, 'br') || (isElement(node) && isBlock(node));
}
