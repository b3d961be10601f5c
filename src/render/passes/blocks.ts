// Parts lines from blocks, since WeChat's editor tears apart a paragraph that holds a block or text beside a block.
import {
  type Element,
  element,
  isBlank,
  isBlock,
  isElement,
  type Node,
  type Replacement,
  replaceNodes,
  rewriteLists,
} from '../tree.ts';

/** Blocks whose own text needs no paragraph as long as no block stands beside it. */
const LISTLIKE: ReadonlySet<string> = new Set(['ul', 'ol', 'table', 'thead', 'tbody', 'tfoot', 'tr']);

export function separateBlocks(root: Element): Element {
  return rewriteLists(root, (children, parent) => {
    const hoisted = replaceNodes(children, hoist);
    if (LISTLIKE.has(parent.tag)) return hoisted.some(isBlank) ? hoisted.filter((child) => !isBlank(child)) : hoisted;
    if (parent === root || (isBlock(parent) && hoisted.some(isBlock))) return wrapLines(hoisted);
    return hoisted;
  });
}

/** Without words these would only be gaps. */
const EMPTY_IS_NOTHING: ReadonlySet<string> = new Set('p h1 h2 h3 h4 h5 h6 blockquote center ul ol'.split(' '));

/** A paragraph that holds blocks is only a section; a mark round blocks goes inside each of them. */
function hoist(node: Node): Replacement {
  if (node.kind === 'text' || !node.children.some(isBlock)) return node;
  if (node.tag === 'p') return { ...node, tag: 'section' };
  if (isBlock(node)) return node;
  return wrapLines(node.children).map((block) =>
    isBlock(block) && block.tag !== 'hr' ? { ...block, children: markInside(node, block) } : block,
  );
}

function markInside(mark: Element, block: Element): readonly Node[] {
  if (!block.children.some(isBlock)) return [{ ...mark, children: block.children }];
  return block.children.map((child) =>
    isBlock(child) && child.tag !== 'hr' ? { ...child, children: markInside(mark, child) } : child,
  );
}

function wrapLines(children: readonly Node[]): readonly Node[] {
  const lines: Node[] = [];
  let line: Node[] = [];
  const end = (): void => {
    if (!line.every(isBlank)) lines.push(line.every(isSpace) ? gap : element('p', line));
    line = [];
  };
  for (const child of children) {
    if (isBlock(child)) {
      end();
      if (!EMPTY_IS_NOTHING.has(child.tag) || !child.children.every(isBlank))
        lines.push(isEmptyLine(child) ? gap : child);
    } else line.push(child);
  }
  end();
  return lines.filter((each, index) => each !== gap || !besideList(lines, index));
}

/** An empty line the author asked for with `<br>`; however many of them, one is enough. */
const gap = element('p', [element('br')], { attrs: { class: 'gap' } });

function isSpace(node: Node): boolean {
  return isBlank(node) || isElement(node, 'br');
}

/** WeChat's editor makes a bullet of an empty line beside a list. */
function besideList(lines: readonly Node[], index: number): boolean {
  return isElement(lines[index - 1], 'ul', 'ol') || isElement(lines[index + 1], 'ul', 'ol') || lines[index - 1] === gap;
}

function isEmptyLine(node: Element): boolean {
  return node.tag === 'p' && node.children.every(isSpace);
}
