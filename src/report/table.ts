// Lays rows out as a table whose columns are aligned as a terminal draws them; knows nothing of what the cells say.
import { countColumns, toGraphemes } from '../article/width.ts';

/**
 * One line a row, two blanks between columns, none at the end. A cell wider than its column's `max` is cut with `…`; a
 * column without one is as wide as it must be.
 */
export function toTable(rows: readonly (readonly string[])[], max: readonly (number | null)[] = []): readonly string[] {
  const cut = rows.map((row) => row.map((cell, index) => cutTo(cell, max[index] ?? Number.POSITIVE_INFINITY)));
  const widths: number[] = [];
  for (const row of cut)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, countColumns(cell));
  const toLine = (row: readonly string[]) =>
    row.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - countColumns(cell))).join('  ');
  return cut.map((row) => toLine(row).trimEnd());
}

/** Whether no line is wider than a terminal of `columns`; null: there is none, and nothing wraps. */
export function fits(lines: readonly string[], columns: number | null): boolean {
  return columns === null || lines.every((line) => countColumns(line) <= columns);
}

function cutTo(text: string, max: number): string {
  if (countColumns(text) <= max) return text;
  let cut = '';
  for (const each of toGraphemes(text)) {
    if (countColumns(cut + each) > max - 1) break;
    cut += each;
  }
  return `${cut}…`;
}
