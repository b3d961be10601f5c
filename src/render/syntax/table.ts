// What a row of a table holds beyond the table's columns, which GitHub's Markdown leaves out; knows no parser.

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
  for (const { 0: cell, index } of row.matchAll(/(?:[^|\\]|\\.?)+|\|/g)) {
    if (cell === '|') column += 1;
    else if (column >= columns && cell.trim() !== '') {
      return { text: cell.trim(), offset: index + cell.length - cell.trimStart().length };
    }
  }
  return null;
}
