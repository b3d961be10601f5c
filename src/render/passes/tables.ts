// Gives a table a frame that scrolls and every cell its alignment, since WeChat keeps no column styles.
import { UNEVEN } from '../../facts/markup.ts';
import { parseStyle, printStyle, remember } from '../style.ts';
import { type Element, element, findElement, rewrite, withStyle } from '../tree.ts';

export function frameTables(root: Element): Element {
  return rewrite(root, (node) => {
    if (node.tag === 'th' || node.tag === 'td') return alignCell(node);
    if (node.tag !== 'table') return node;
    const wide = findColumns(node) > MAX_COLUMNS;
    const table = wide ? { ...node, attrs: { ...node.attrs, [UNEVEN]: '' } } : node;
    return element('section', [table], { attrs: { class: wide ? 'table wide' : 'table' }, at: node.at });
  });
}

/** More columns than this are too narrow on a phone: the theme gives them a least width, and the frame scrolls. */
const MAX_COLUMNS = 4;

function findColumns(table: Element): number {
  return findElement(table, 'tr')?.children.length ?? 0;
}

function alignCell(cell: Element): Element {
  return { ...cell, attrs: withStyle(cell.attrs, toCellStyle(cell.attrs['style'] ?? '')) };
}

const toCellStyle = remember((css) => {
  const style = new Map(parseStyle(css));
  if (!style.has('text-align')) style.set('text-align', 'left');
  return printStyle(style, 'td');
});
