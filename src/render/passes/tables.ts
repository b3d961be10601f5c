// Gives a table a frame that scrolls and every cell its alignment, since WeChat keeps neither column styles nor overflow.
import { parseStyle, printStyle } from '../style.ts';
import { type Element, element, type Node, rewrite } from '../tree.ts';

export function frameTables(root: Element): Element {
  return rewrite(root, (node): readonly Node[] => {
    if (node.tag === 'th' || node.tag === 'td') return [alignCell(node)];
    if (node.tag !== 'table') return [node];
    return [element('section', [node], { attrs: { class: 'table' }, at: node.at })];
  });
}

function alignCell(cell: Element): Element {
  const style = new Map(parseStyle(cell.attrs['style'] ?? ''));
  if (!style.has('text-align')) style.set('text-align', 'left');
  return { ...cell, attrs: { ...cell.attrs, style: printStyle(style, cell.tag) } };
}
