// Obsidian's comments, `%%…%%` among words and over whole lines: where they begin and end; knows no parser.

/** What stands in a post that may hold a comment. */
export const COMMENT_SIGN = '%%';

/** A row of more signs is something else. */
const OPEN = /^%%(?!%)/;
const LINE = /^ {0,3}(?=%%(?!%))/;
const ALL = /%%(?!%)(?:(?!%%|\n[ \t]*\n)[\s\S]){1,5000}?%%/g;

/** The comment at the start of inline text. */
export function readComment(source: string): string | undefined {
  if (!OPEN.test(source)) return undefined;
  const end = source.indexOf(COMMENT_SIGN, 2);
  return end < 0 || hasBlankLine(source.slice(2, end)) ? undefined : source.slice(0, end + 2);
}

/** Whether a sign at the start of inline text, which opens no comment, was meant to: `100%%` was not. */
export function isOpenComment(source: string, findBefore: () => string): boolean {
  return OPEN.test(source) && !/[\d%]/.test(findBefore());
}

/** The comment that begins a line, with the rest of the line that it ends on when that is blank; it may hold blank lines. */
export function readCommentBlock(source: string): string | undefined {
  const indent = LINE.exec(source)?.[0].length;
  if (indent === undefined) return undefined;
  const end = source.indexOf(COMMENT_SIGN, indent + 2);
  if (end < 0) return undefined;
  const tail = /^[ \t]*(?:\n|$)/.exec(source.slice(end + 2, end + 200))?.[0];
  if (tail !== undefined) return source.slice(0, end + 2) + tail;
  // Words behind it are a paragraph, and it is a part of that.
  return hasBlankLine(source.slice(indent + 2, end)) ? source.slice(0, end + 2) : undefined;
}

/**
 * What stands before a comment at the margin: no list or quote holds it, though no blank line parts them. `looks`: at how
 * many signs was looked for that.
 */
export function cutAtComment(source: string): { readonly before: string; readonly looks: number } {
  let looks = 0;
  // Looking for the sign passes over what has none at once; looking for the line end before it would stop at every line.
  for (let at = source.indexOf(COMMENT_SIGN); at >= 0; at = source.indexOf(COMMENT_SIGN, at + 2)) {
    looks += 1;
    if (source[at - 1] !== '\n' || readCommentBlock(source.slice(at)) === undefined) continue;
    return { before: source.slice(0, at), looks };
  }
  return { before: source, looks };
}

/** The text with comments made letters, so that no `*` there counts. Same length. */
export function coverComments(source: string): string {
  return source.replace(ALL, (raw) => 'a'.repeat(raw.length));
}

function hasBlankLine(text: string): boolean {
  return /\n[ \t]*\n/.test(text);
}
