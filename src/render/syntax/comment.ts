// Obsidian's comments, `%%…%%` among words and over whole lines: where they begin and end; knows no parser.

/** What stands in a post that may hold a comment. */
export const COMMENT_SIGN = '%%';

/** A row of more signs is something else. */
const OPEN = /^%%(?!%)/;
const LINE = /^ {0,3}(?=%%(?!%))/;
/** A row of backticks, a sign, and where a paragraph ends. */
const MARK = /`+|%%|\n[ \t]*\n/g;
/** Lines that begin code and those with a sign. */
const BLOCK_LINE = /^(?: {0,3}(`{3,}(?=[^`\n]*$)|~{3,}).*|.*%%.*)$/gm;

/** Characters that code in a line may have where a sign lies in it, and that are looked at behind a figure. */
const NEAR = 1_000;

/** The comment at the start of inline text. */
export function readComment(source: string): string | undefined {
  if (!OPEN.test(source)) return undefined;
  const end = findSign(source, 2);
  return end < 0 ? undefined : source.slice(0, end + 2);
}

/** Whether a sign at the start of inline text, which opens no comment, was meant to: `100%%` was not. */
export function isOpenComment(source: string, findBefore: () => string): boolean {
  return OPEN.test(source) && !/[\d%]/.test(findBefore());
}

/** Whether a comment stands close to the words of another language, as where no comment was meant: `用 %%time 或 %%timeit`. */
export function touchesWord(before: string, after: string): boolean {
  return /[\w'"]/.test(before) || /^[\w'"]/.test(after);
}

/**
 * Whether the sign there belongs to a figure: `100%%` is a slip of the pen where another such figure ends what would be the
 * comment, and where the signs behind it are pairs of their own.
 */
export function isFigure(source: string, at: number): boolean {
  if (!/\d/.test(source[at - 1] ?? '')) return false;
  const rest = source.slice(at + 2, at + NEAR);
  return /^[^%]*\d%%/.test(rest) || (rest.match(/(?<!\d)%%|%%(?=[\p{L}\p{N}])/gu)?.length ?? 0) % 2 === 0;
}

/** The comment that begins a line and ends another or the same, where no code is; it may hold blank lines. */
export function readCommentBlock(source: string): string | undefined {
  const { end } = findBlockEnd(source);
  return end === null ? undefined : source.slice(0, end);
}

/**
 * What stands before a comment at the margin: no list or quote holds it, though no blank line parts them. `work`: how many
 * characters were looked at for that, not many more than `max`.
 */
export function cutAtComment(source: string, max: number): { readonly before: string; readonly work: number } {
  let work = 0;
  // Looking for the sign passes over what has none at once; looking for the line end before it would stop at every line.
  for (let at = source.indexOf(COMMENT_SIGN); at >= 0 && work <= max; at = source.indexOf(COMMENT_SIGN, at + 2)) {
    work += 1;
    if (source[at - 1] !== '\n') continue;
    const found = findBlockEnd(source.slice(at));
    if (found.end !== null) return { before: source.slice(0, at), work };
    work += found.work;
  }
  return { before: source, work };
}

/** The text with comments made letters, so that no `*` there counts. Same length. */
export function coverComments(source: string): string {
  let covered = '';
  for (let at = source.indexOf(COMMENT_SIGN); at >= 0; at = source.indexOf(COMMENT_SIGN, covered.length)) {
    const run = /^%+/.exec(source.slice(at, at + NEAR))?.[0].length ?? 2;
    const raw = run === 2 && !isFigure(source, at) ? readComment(source.slice(at)) : undefined;
    covered += source.slice(covered.length, at) + (raw === undefined ? '%'.repeat(run) : 'a'.repeat(raw.length));
  }
  return covered + source.slice(covered.length);
}

/** The next sign of the paragraph that lies in no code; -1 when there is none. */
function findSign(source: string, from: number): number {
  MARK.lastIndex = from;
  for (let found = MARK.exec(source); found !== null; found = MARK.exec(source)) {
    const [mark] = found;
    if (mark === COMMENT_SIGN) return found.index;
    if (!mark.startsWith('`')) return -1;
    const after = MARK.lastIndex;
    MARK.lastIndex = findCodeEnd(source.slice(after, after + NEAR), mark.length) + after;
  }
  return -1;
}

/** Behind the row of as many backticks; 0 when the paragraph has none. */
function findCodeEnd(source: string, width: number): number {
  for (const { 0: run, index } of source.matchAll(/`+|\n[ \t]*\n/g)) {
    if (run.startsWith('\n')) return 0;
    if (run.length === width) return index + width;
  }
  return 0;
}

/** The first sign that lies in no code decides: it ends its line, or the comment has no end. `work`: in characters. */
function findBlockEnd(source: string): { readonly end: number | null; readonly work: number } {
  const indent = LINE.exec(source)?.[0].length;
  if (indent === undefined) return { end: null, work: 0 };
  let work = 0;
  BLOCK_LINE.lastIndex = 0;
  for (let found = BLOCK_LINE.exec(source); found !== null; found = BLOCK_LINE.exec(source)) {
    const [line, fence] = found;
    const behind = found.index + line.length;
    if (fence !== undefined) {
      const close = new RegExp(`^ {0,3}${fence}${fence.slice(0, 1)}*[ \\t]*$`, 'gm');
      close.lastIndex = behind;
      const isClosed = close.test(source);
      work += isClosed ? 0 : source.length - behind;
      BLOCK_LINE.lastIndex = isClosed ? close.lastIndex : behind;
      continue;
    }
    const sign = findSign(line, found.index === 0 ? indent + 2 : 0);
    if (sign < 0) continue;
    const isLast = line.slice(sign + 2).trim() === '';
    return { end: isLast ? Math.min(behind + 1, source.length) : null, work: work + behind };
  }
  return { end: null, work: work + source.length };
}
