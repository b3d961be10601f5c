// Where formulas stand in Markdown, `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, and where a dollar is only money; knows no parser.

export interface MathText {
  readonly raw: string;
  readonly tex: string;
  /** On a line of its own, set larger. */
  readonly isBlock: boolean;
}

const OPENERS = /^(?:\$\$?|\\[([])/;
const CLOSERS: Readonly<Record<string, string>> = { $: '$', $$: '$$', '\\(': '\\)', '\\[': '\\]' };
/** What may end a formula, and what is passed over on the way: escapes, and dollars inside words. */
const MARKS: Readonly<Record<string, RegExp>> = {
  $: /\\text\w*\{[^{}]*\}|\\[\s\S]|\$+/g,
  $$: /\\[\s\S]|\$\$/g,
  '\\(': /\\[\s\S]/g,
  '\\[': /\\[\s\S]/g,
};
const BLOCK = /^ {0,3}(\$\$|\\\[)/;
const HAN = /\p{scx=Han}/u;
/** What no price, no path and no bracketed word has. */
const SIGN = /[\\^_=]/;

/**
 * A formula at the start of inline text. A dollar opens before a character and closes behind one, with no digit after it,
 * as in pandoc: `$5 到 $10` is money. So is what holds Chinese words and no sign of TeX, and code is code.
 */
export function readInlineMath(source: string): MathText | undefined {
  const open = OPENERS.exec(source)?.[0];
  if (open === undefined) return undefined;
  const end = findEnd(source, open);
  if (end < 0) return undefined;
  const inner = source.slice(open.length, end);
  const raw = source.slice(0, end + open.length);
  if (!/[\p{L}\p{N}]|\\[a-z]/iu.test(inner) || /\n[ \t]*\n|`/.test(inner)) return undefined;
  if (HAN.test(withoutGroups(inner)) && !SIGN.test(inner)) return undefined;
  if (open === '$' && ((/^\s|\s$/.test(inner) && !isSpaced(inner)) || /^\d/.test(source.slice(raw.length))))
    return undefined;
  // `\[` is a bracket far more often than a formula.
  if (open === '\\[' && !SIGN.test(inner)) return undefined;
  return { raw, tex: inner.trim(), isBlock: open === '$$' || open === '\\[' };
}

/** Yuque writes `$ x^2 $`, with a space at both ends. */
function isSpaced(tex: string): boolean {
  return /^ \S(?:.*\S)? $/.test(tex) && /[\\^_]/.test(tex) && !HAN.test(tex);
}

/** A formula that has its lines to itself. With both marks on lines of their own it may hold empty lines. */
export function readBlockMath(source: string): MathText | undefined {
  const head = BLOCK.exec(source);
  const open = head?.[1];
  if (head === null || open === undefined) return undefined;
  const from = head[0].length;
  const end = findEnd(source.slice(from - open.length), open) + from - open.length;
  const inner = source.slice(from, end);
  if (end < from || inner.trim() === '') return undefined;
  const tail = /^[ \t]*(?:\n|$)/.exec(source.slice(end + open.length, end + open.length + 200));
  const isFenced = /^[ \t]*\n/.test(inner) && /\n[ \t>]*$/.test(inner);
  if (tail === null || (!isFenced && /\n[ \t]*\n/.test(inner))) return undefined;
  if (open === '\\[' && !isFenced && !SIGN.test(inner)) return undefined;
  return { raw: source.slice(0, end + open.length) + tail[0], tex: inner.trim(), isBlock: true };
}

/** The mark that a formula lacks: its opener has the first line to itself, and nothing in the paragraph ends it; null else. */
export function findOpenMath(paragraph: string): string | null {
  const open = /^(\$\$|\\\[)[ \t]*(?:\n|$)/.exec(paragraph)?.[1] ?? '';
  const end = CLOSERS[open] ?? '';
  return end === '' || paragraph.includes(end, open.length) ? null : end;
}

/** The lines of a table with every bar inside a formula escaped, so that none of them ends a cell. */
export function escapeBars(table: string): string {
  if (!/[$\\]/.test(table)) return table;
  return table
    .split('\n')
    .map((line) => replaceMath(line, (raw) => (endsCell(raw) ? raw : raw.replace(/\\[^|]|\\?\|/g, toEscapedBar))))
    .join('\n');
}

/** A line of a table with the bars that end no cell made letters. Same length. */
export function coverBars(line: string): string {
  return replaceMath(line, (raw) => (endsCell(raw) ? raw : raw.replaceAll('|', 'a')));
}

/** The text with what lies inside formulas made letters, so that no `*` there counts. Same length. */
export function coverMath(source: string): string {
  return replaceMath(source, (raw) => 'a'.repeat(raw.length));
}

function toEscapedBar(found: string): string {
  return found === '|' ? '\\|' : found;
}

/** `$a|$b|`: two cells with a dollar each. */
function endsCell(raw: string): boolean {
  const bars = raw.match(/\|/g)?.length ?? 0;
  return bars === 1 && /^\$\||\|\$$/.test(raw);
}

function replaceMath(source: string, replace: (raw: string) => string): string {
  let done = '';
  let at = 0;
  const marks = /\$+|\\[\s\S]/g;
  for (let mark = marks.exec(source); mark !== null; mark = marks.exec(source)) {
    const math = readInlineMath(source.slice(mark.index));
    if (math === undefined) continue;
    const end = mark.index + math.raw.length;
    done += source.slice(at, mark.index) + replace(math.raw);
    at = end;
    marks.lastIndex = end;
  }
  return done + source.slice(at);
}

/** Where the formula's closing mark begins: the first one decides. -1 when there is none, or another opens before it. */
function findEnd(source: string, open: string): number {
  const marks = MARKS[open] ?? /$/g;
  marks.lastIndex = open.length;
  for (let found = marks.exec(source); found !== null; found = marks.exec(source)) {
    if (found[0] === CLOSERS[open]) return found.index;
    if (found[0] === open || found[0].startsWith('$')) return -1;
  }
  return -1;
}

function withoutGroups(tex: string): string {
  return tex.replace(/\{[^{}]*\}/g, '');
}
