// Where the rows of a table do not fit each other, so that GitHub's Markdown leaves out a cell or sees no table; knows no parser.
import { coverBars } from './math.ts';

export interface Surplus {
  readonly text: string;
  /** Of its first character in the row. */
  readonly offset: number;
}

/**
 * @param row a line of a table, without white space round it
 * @returns the first cell with something in it that stands behind the last column; null when there is none
 */
export function findSurplus(row: string, columns: number): Surplus | null {
  let column = row.startsWith('|') ? -1 : 0;
  for (let start = 0; start < row.length; column += 1) {
    const end = findBar(row, start);
    const cell = column < columns ? '' : row.slice(start, end);
    if (cell.trim() !== '') return { text: cell.trim(), offset: end - cell.trimStart().length };
    start = end + 1;
  }
  return null;
}

/** The next bar that no backslash stands before; the end of the row when there is none. */
function findBar(row: string, start: number): number {
  for (let at = start; at < row.length; at += 1) {
    if (row[at] === '|') return at;
    if (row[at] === '\\') at += 1;
  }
  return row.length;
}

/**
 * Whether the first two lines may be the head of a table and its row of lines, by their numbers of cells. marked asks that
 * only when it has read all rows below them, which takes long where each line is such a head.
 */
export function mayBeTable(source: string): boolean {
  const [head = '', rule = ''] = source.split('\n', 2);
  return /[|:]/.test(rule) && countCells(coverBars(head)) === countCells(rule);
}

function countCells(row: string): number {
  const cells = [''];
  for (const [piece] of row.matchAll(/(?:[^|\\]|\\.?)+|\|/g)) {
    if (piece === '|') cells.push('');
    else cells.splice(-1, 1, piece);
  }
  const isEmpty = (cell: string | undefined): number => (cell?.trim() === '' ? 1 : 0);
  return cells.length - isEmpty(cells[0]) - isEmpty(cells.at(-1));
}

export interface Uneven {
  /** Of the row of lines, among the paragraph's. */
  readonly index: number;
  /** Cells of the row above it, and its own. */
  readonly head: number;
  readonly columns: number;
}

/** The first row of lines, such as `|---|:-:|`, under a row of another number of cells: both are text, then. */
export function findUneven(paragraph: string): Uneven | null {
  if (!paragraph.includes('|')) return null;
  const lines = paragraph.split('\n');
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1];
    if (above === undefined || !/^[ \t|:-]*$/.test(line) || !/[|:]/.test(line)) continue;
    const rule = toCells(line);
    const head = toCells(coverBars(above));
    const isRule = (head.length > 1 || line.includes('|')) && rule.every((cell) => /^:?-+:?$/.test(cell.trim()));
    if (isRule && head.length !== rule.length) return { index, head: head.length, columns: rule.length };
  }
  return null;
}

function toCells(row: string): readonly string[] {
  return row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/);
}
