// The lines around a place in a post with a caret under it, as a terminal draws them; knows no finding and no colour.
import { countColumns, toGraphemes } from '../article/width.ts';
import type { Place } from '../facts/findings.ts';
import { toPrintable } from './words.ts';

/** Columns of text that a frame shows of a line at most; Chinese paragraphs are one long line. */
const WIDTH = 96;
/** Columns before the text: what the frame is indented by, mark, number and bar. */
const MARGIN = 11;
/** No terminal is so narrow that less would be worth showing. */
const LEAST_WIDTH = 40;
/** Columns before the caret that stay in view. */
const BEFORE = 32;
const CUT = '…';

export interface CodeFrame {
  /** In order: `12 | text` for each line, `>` before the one that is meant, and the line with the caret. */
  readonly lines: readonly string[];
  /** Index of the caret's line. */
  readonly caret: number;
}

/**
 * The line of a place with its neighbours. Columns are those of a terminal: a Chinese character takes two.
 * Null when the text has no such line.
 * @param text with `\n` or `\r\n`; at.column is in UTF-16 units from 1, and may lie behind the end of the line
 * @param columns of the terminal; null: there is none
 */
export function toCodeFrame(text: string, at: Place, columns: number | null = null): CodeFrame | null {
  const lines = text.split(/\r?\n/);
  const line = lines[at.line - 1];
  if (line === undefined) return null;
  const width = columns === null ? WIDTH : Math.min(WIDTH, Math.max(LEAST_WIDTH, columns - MARGIN));
  const { shown, column } = showAround(line, at.column - 1, width);
  const gutter = String(Math.min(at.line + 1, lines.length)).length;
  const frame = (number: number, content: string) => {
    return `${number === at.line ? '>' : ' '} ${String(number).padStart(gutter)} | ${content}`.trimEnd();
  };
  const near = (number: number) => {
    const neighbour = lines[number - 1];
    return neighbour === undefined || neighbour.trim() === ''
      ? []
      : [frame(number, showAround(neighbour, 0, width).shown)];
  };
  const before = [...near(at.line - 1), frame(at.line, shown)];
  const caret = `  ${' '.repeat(gutter)} | ${' '.repeat(column)}^`;
  return { lines: [...before, caret, ...near(at.line + 1)], caret: before.length };
}

/** The part of a line around an offset that fits into `width` columns, and the offset's column in it. */
function showAround(line: string, offset: number, width: number): { readonly shown: string; readonly column: number } {
  const before = toShown(line.slice(0, offset));
  const after = toShown(line.slice(offset));
  const isLong = countColumns(before) + countColumns(after) > width;
  const start = isLong && countColumns(before) > BEFORE ? CUT + takeEnd(before, BEFORE) : before;
  const column = countColumns(start);
  const end = column + countColumns(after) > width ? takeStart(after, width - column - 1) + CUT : after;
  return { shown: start + end, column };
}

function toShown(text: string): string {
  return toPrintable(text.replaceAll('\t', '  '));
}

function takeStart(text: string, columns: number): string {
  let taken = '';
  let used = 0;
  for (const grapheme of toGraphemes(text)) {
    used += countColumns(grapheme);
    if (used > columns) break;
    taken += grapheme;
  }
  return taken;
}

function takeEnd(text: string, columns: number): string {
  const graphemes = [...toGraphemes(text)];
  let used = 0;
  let from = graphemes.length;
  while (from > 0) {
    used += countColumns(graphemes[from - 1] ?? '');
    if (used > columns) break;
    from -= 1;
  }
  return graphemes.slice(from).join('');
}
