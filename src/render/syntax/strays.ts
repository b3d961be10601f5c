// Finds a place for what an author's HTML puts beside the items of a list or the cells of a table; knows no other rule of HTML.
import { element, findElement, isBlank, isElement, type Node } from '../tree.ts';

const isItem = (node: Node): boolean => isElement(node, 'li');
const isList = (node: Node): boolean => isElement(node, 'ul', 'ol');
const isCell = (node: Node): boolean => isElement(node, 'th', 'td');
const isRow = (node: Node): boolean => isElement(node, 'tr');
const isRows = (node: Node): boolean => isElement(node, 'thead', 'tbody', 'tfoot');

/**
 * Siblings as their parent can hold them: an item for what is no item, a cell for what is no cell, a row for cells that
 * have none. No text is lost.
 *
 * @param tag the parent's; '' at the top
 */
export function placeStrays(children: readonly Node[], tag: string): readonly Node[] {
  switch (tag) {
    case 'ul':
    case 'ol':
      return toItems(children);
    case 'tr':
      return toCells(children);
    case 'thead':
    case 'tbody':
    case 'tfoot':
      return replaceRuns(children, (node) => !isRow(node), toRow);
    case 'table':
      return replaceRuns(children, (node) => isCell(node) || isBlank(node), toRow);
    default:
      return replaceRuns(children, (node) => isItem(node) || isBlank(node), toList).flatMap(toFree);
  }
}

/** A list right inside a list belongs to the item before it; without one it is the list itself. */
function toItems(children: readonly Node[]): readonly Node[] {
  const items: Node[] = [];
  const isOther = (node: Node): boolean => !isItem(node) && !isList(node);
  const toItem = (run: readonly Node[]): readonly Node[] => (run.every(isBlank) ? [] : [element('li', run)]);
  for (const node of replaceRuns(children, isOther, toItem)) {
    const last = items.at(-1);
    if (!isElement(node, 'ul', 'ol')) items.push(node);
    else if (isElement(last)) items[items.length - 1] = { ...last, children: [...last.children, node] };
    else for (const child of node.children) items.push(child);
  }
  return items;
}

function toCells(run: readonly Node[]): readonly Node[] {
  const isOther = (node: Node): boolean => !isCell(node);
  return replaceRuns(run, isOther, (others) => (others.every(isBlank) ? [] : [element('td', others)]));
}

function toRow(run: readonly Node[]): readonly Node[] {
  return run.every(isBlank) ? [] : [element('tr', toCells(run))];
}

function toList(run: readonly Node[]): readonly Node[] {
  return run.some(isItem) ? [element('ul', run.filter(isItem))] : run;
}

/** Parts of a table outside of one are only what they hold; what a table holds beside its rows stands above it. */
function toFree(node: Node): readonly Node[] {
  if (node.kind === 'text') return [node];
  if (isCell(node)) return [{ ...node, tag: 'section', attrs: {} }];
  if (isRow(node) || isRows(node)) return node.children.flatMap(toFree);
  if (node.tag !== 'table') return [node];
  const rows = node.children.filter((child) => isRow(child) || isRows(child));
  const others = node.children.filter((child) => !isBlank(child) && !isRow(child) && !isRows(child));
  return rows.some((row) => findElement(row, 'th', 'td')) ? [...others, { ...node, children: rows }] : others;
}

/** The siblings with each run of those that belong together replaced. */
function replaceRuns(
  siblings: readonly Node[],
  belongs: (node: Node) => boolean,
  replace: (run: readonly Node[]) => readonly Node[],
): readonly Node[] {
  const replaced: Node[] = [];
  let run: Node[] = [];
  const end = (): void => {
    if (run.length > 0) for (const node of replace(run)) replaced.push(node);
    run = [];
  };
  for (const node of siblings) {
    if (belongs(node)) run.push(node);
    else {
      end();
      replaced.push(node);
    }
  }
  end();
  return replaced;
}
