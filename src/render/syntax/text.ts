// How far plain text and bare web addresses run, found in one step however long the text is; knows no parser.
import { COMMENT_SIGN, isFigure } from './comment.ts';

const ADDRESS = /^(?:https?:\/\/|ftp:\/\/|www\.)[!-;=?-~]{1,2000}/i;
const SPECIAL = /[\\<![`*_~$\n]|\^\[|%%|\{(?:[%:]|\{[<%])|==+|https?:\/\/|ftp:\/\/|(?<![^\s*_~(])www\./gi;
const RUN = /^(?:`+|~+|=+|\$+|%+)/;

/** The bare address at the start of the text, without the punctuation that belongs to the sentence round it. */
export function readAddress(source: string): string | undefined {
  let address = ADDRESS.exec(source)?.[0];
  while (address !== undefined) {
    const shorter = trimAddress(address);
    if (shorter === address) break;
    address = shorter;
  }
  return address !== undefined && /[\w-]\.|\/\/\w/.test(address) ? address : undefined;
}

function trimAddress(address: string): string {
  const trimmed = address.replace(/[?!.,:;*_'"~]+$|&[a-z\d]+;$/i, '');
  const surplus = trimmed.endsWith(')') && trimmed.split(')').length > trimmed.split('(').length;
  return surplus ? trimmed.slice(0, -1) : trimmed;
}

/** At least one character, and all that follow it up to the next that could begin something else. */
export function readPlainText(source: string): string {
  const run = RUN.exec(source)?.[0].length ?? 1;
  SPECIAL.lastIndex = run;
  for (let found = SPECIAL.exec(source); found !== null; found = SPECIAL.exec(source)) {
    if (found[0] === COMMENT_SIGN && isFigure(source, found.index)) continue;
    if (found[0] !== '\n') return source.slice(0, found.index);
    // Two spaces before the end of a line make a break: they belong to it.
    let start = found.index;
    while (source[start - 1] === ' ') start -= 1;
    if (found.index - start >= 2 && start >= run) return source.slice(0, start);
  }
  return source;
}
