// Turns an offset in a text into a line and column; knows nothing of what is there.
import type { Place } from '../facts/findings.ts';

/** Line and column, from 1, of an offset in UTF-16 units. Lines end at LF, so that CRLF counts once. */
export function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
