// Where in the file a piece of Markdown stands: follows the parser's pieces through the text; knows nothing of HTML.
import type { Place } from '../facts/findings.ts';

/** A piece is looked for at most this many characters ahead, so a piece that cannot be found costs little. */
const WINDOW = 4_000;

export interface Locator {
  /** Starts on the next top-level piece; `raw` is its exact text, and all top-level pieces make up the document. */
  startBlock(raw: string): void;
  /** The place of a piece inside the current block. Its inner pieces are looked for from there. */
  enter(raw: string): Place;
  /** The place of a line inside the current block that stands further on; what follows is looked for from where it was. */
  see(line: string): Place;
  /** Where each line of a piece stands that begins here; goes past it. Quotes and lists begin lines of their own. */
  follow(raw: string): readonly Place[];
  /** Goes past a piece: what follows stands behind it. */
  leave(raw: string): void;
}

/**
 * @param source text with `\n` line ends
 * @param firstLine 1-based line in the file of the text's first line
 */
export function createLocator(source: string, firstLine: number): Locator {
  const lines = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines.push(at + 1);
  let blockStart = 0;
  let blockEnd = 0;
  let cursor = 0;

  const toPlace = (offset: number): Place => {
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lines[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: firstLine + low, column: offset - (lines[low] ?? 0) + 1 };
  };

  // Quotes and lists lose their markers on the way to the parser's pieces, so only single lines can be looked for.
  const find = (line: string): number => {
    const wanted = line.trim();
    if (wanted === '') return -1;
    const found = source.slice(cursor, Math.min(blockEnd, cursor + wanted.length + WINDOW)).indexOf(wanted);
    return found < 0 ? -1 : cursor + found;
  };

  return {
    startBlock(raw) {
      blockStart = blockEnd;
      blockEnd = blockStart + raw.length;
      cursor = blockStart;
    },
    enter(raw) {
      const found = find(firstLineOf(raw));
      if (found >= 0) cursor = found;
      return toPlace(cursor);
    },
    see(line) {
      const found = find(line);
      return toPlace(found < 0 ? cursor : found);
    },
    follow(raw) {
      return raw.split('\n').map((line) => {
        const found = find(line);
        if (found < 0) return toPlace(cursor);
        cursor = found + line.trim().length;
        const { line: number, column } = toPlace(found);
        return { line: number, column: column - (line.length - line.trimStart().length) };
      });
    },
    leave(raw) {
      const words = raw.trim();
      if (source.startsWith(words, cursor) && cursor + words.length <= blockEnd) {
        cursor += words.length;
        return;
      }
      for (const line of words.split('\n')) {
        const found = find(line);
        if (found >= 0) cursor = found + line.trim().length;
      }
    },
  };
}

function firstLineOf(raw: string): string {
  const start = raw.search(/\S/);
  const end = raw.indexOf('\n', start);
  return end < 0 ? raw.slice(start) : raw.slice(start, end);
}
