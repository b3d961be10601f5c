// Gives a table a frame that scrolls, a wide one a word that it does, and every cell its alignment, since WeChat keeps no column styles.
import { UNEVEN } from '../../facts/markup.ts';
import { parseStyle, printStyle, remember } from '../style.ts';
import { type Element, element, findElement, rewrite, text, toText, withStyle } from '../tree.ts';
import { giveRoom, MAX_COLUMNS } from './table-room.ts';

export function frameTables(root: Element): Element {
  return rewrite(root, (node) => {
    if (node.tag === 'th' || node.tag === 'td') return alignCell(node);
    if (node.tag !== 'table') return node;
    const { table, fits } = giveRoom(node);
    const columns = findColumns(node);
    const wide = columns > MAX_COLUMNS;
    const marked = wide || fits !== 'easily' ? { ...table, attrs: { ...table.attrs, [UNEVEN]: '' } } : table;
    const frame = element('section', [marked], { attrs: { class: wide ? 'table wide' : 'table' }, at: node.at });
    if (columns <= MAX_FITTING && fits !== 'no') return frame;
    const hint = HINTS[HAN.test(toText(root)) ? 'zh' : 'en'];
    return [element('section', [text(hint)], { attrs: { class: 'swipe' } }), frame];
  });
}

/** More than this are wider than any phone with that least width. The edge may cut between two columns, where nobody sees it. */
const MAX_FITTING = 5;
const HINTS = { zh: '← 左右滑动 →', en: '← swipe →' } as const;
/** Their lines in the text of a page, which are no words of the post. */
export const HINT_LINES = new RegExp(`^(?:${Object.values(HINTS).join('|')})(?:\\n|$)`, 'gm');
const HAN = /\p{sc=Han}/u;

function findColumns(table: Element): number {
  return findElement(table, 'tr')?.children.length ?? 0;
}

function alignCell(cell: Element): Element {
  const attrs = withStyle(cell.attrs, toCellStyle(cell.attrs['style'] ?? ''));
  return attrs === cell.attrs ? cell : { ...cell, attrs };
}

const toCellStyle = remember((css) => {
  const style = new Map(parseStyle(css));
  if (!style.has('text-align')) style.set('text-align', 'left');
  return printStyle(style, 'td');
});
