// Footnotes, `[^label]` with `[^label]: text`, and `^[text]` in its place: where each begins and ends; knows no parser.

export interface FootnoteDefinition {
  readonly raw: string;
  readonly label: string;
  /** The note's own Markdown, its indentation taken off. */
  readonly body: string;
}

const DEFINITION = /^ {0,3}\[\^([^\]\s]{1,200})\]:[ \t]*/;
const REFERENCE = /^\[\^([^\]\s]{1,200})\]/;

/** A definition at the start of the text, with the lines that go on with it: lazy ones, then indented ones. */
export function readFootnoteDefinition(source: string): FootnoteDefinition | undefined {
  const head = DEFINITION.exec(source);
  if (head === null) return undefined;
  let end = endOfLine(source, head[0].length);
  const lines = [source.slice(head[0].length, end)];
  let blank = '';
  while (end < source.length) {
    const next = endOfLine(source, end + 1);
    const line = source.slice(end + 1, next);
    if (line.trim() === '') {
      blank += `${line}\n`;
    } else if (/^(?: {2,}|\t)/.test(line) || (blank === '' && !/^ {0,3}(?:\[\^|[#>|`~]|[-*+] |\d+[.)] )/.test(line))) {
      lines.push(blank + line.replace(/^(?: {1,4}|\t)/, ''));
      blank = '';
    } else {
      break;
    }
    end = next;
  }
  const raw = source.slice(0, end - blank.length);
  return {
    raw: source[raw.length] === '\n' ? `${raw}\n` : raw,
    label: normalizeLabel(head[1]),
    body: lines.join('\n'),
  };
}

/**
 * A reference at the start of the text; behind a `^` none begins, but the class of a pattern, unless it is a number.
 *
 * @param toBefore tells the last character before it
 */
export function readFootnoteReference(
  source: string,
  toBefore: () => string,
): { readonly raw: string; readonly label: string } | undefined {
  const match = REFERENCE.exec(source);
  const isNone = match === null || (!/^\d+$/.test(match[1] ?? '') && toBefore() === '^');
  return isNone ? undefined : { raw: match[0], label: normalizeLabel(match[1]) };
}

/** What stands in a post that may hold a note in its place. */
export const INLINE_NOTE_SIGN = '^[';

/** A backslash with its character, code, and brackets. */
const BRACKETS = /\\[\s\S]|(?<!`)`(?!`)[^`]*`(?!`)|\^?\[|\]/g;
/** Signs alone, as in `^[.*]`. */
const WORDLESS = /^(?:\s*|[!-/:-@[-`{-~\s]{1,100})$/;
/** What a note is written right behind: a word, what ends one, or the end of a sentence. */
const WORD_END = /[\p{L}\p{N}\p{M}\p{Pe}\p{Pf}*_~`%。！？…"']$/u;
/** No class of a pattern is longer. */
const MAX_CLASS = 100;
/** What follows the words of a raised link, `^[1](url)^`; the class of a pattern; and whatever a pattern begins with. */
const BEHIND_LINK = /\(/y;
const BEHIND_CLASS = /[+*?{($\\|]/y;
const BEHIND_PATTERN = /[+{(]|\\\w/y;

/**
 * The note at the start of inline text, up to the bracket that closes it: its text, as Markdown. One without words is none.
 *
 * @param before what stands before it, of which the last character counts
 */
export function readInlineNote(
  source: string,
  before: string,
): { readonly raw: string; readonly body: string } | undefined {
  const end = source.startsWith(INLINE_NOTE_SIGN) ? findInlineNotes(source, before).get(0) : undefined;
  return end === undefined ? undefined : { raw: source.slice(0, end), body: source.slice(2, end - 1) };
}

/** The text with such notes made letters, so that no `*` there counts outside. Same length. */
export function coverInlineNotes(source: string): string {
  let covered = '';
  for (const [start, end] of [...findInlineNotes(source, null)].sort(([a], [b]) => a - b))
    if (start >= covered.length) covered += source.slice(covered.length, start) + 'a'.repeat(end - start);
  return covered + source.slice(covered.length);
}

/** Where notes end, by where they begin; with what stands before the text: up to the end of what it begins with. */
function findInlineNotes(source: string, before: string | null): ReadonlyMap<number, number> {
  const notes = new Map<number, number>();
  const open: { readonly sign: string; readonly start: number }[] = [];
  for (const { 0: sign, index } of source.matchAll(BRACKETS)) {
    if (sign.endsWith('[') && !sign.startsWith('\\')) open.push({ sign, start: index });
    const last = sign === ']' ? open.pop() : undefined;
    if (last === undefined) continue;
    const end = index + 1;
    const touched = last.start === 0 ? (before ?? '') : source.slice(Math.max(0, last.start - 2), last.start);
    const body = source.slice(last.start + last.sign.length, index);
    if (last.sign === INLINE_NOTE_SIGN && isNote(body, WORD_END.test(touched), (sign) => isAt(sign, source, end)))
      notes.set(last.start, end);
    if (before !== null && open.length === 0) break;
  }
  return notes;
}

/** Whether it is no part of a pattern and no key: one that touches no word has to read as words. */
function isNote(body: string, touches: boolean, isFollowed: (sign: RegExp) => boolean): boolean {
  if (WORDLESS.test(body) || isFollowed(BEHIND_LINK)) return false;
  if (touches) return !(isClass(body) && isFollowed(BEHIND_CLASS));
  return !/^\s/.test(body) && !isClass(body) && !isFollowed(BEHIND_PATTERN);
}

/** As in `^[a-z]`, `^[Yy]` and `^[一-龥]`: ranges and ASCII without a space, which is no address. */
function isClass(body: string): boolean {
  return body.length <= MAX_CLASS && /^[!-~]+$/.test(body.replace(/\S-\S/gu, 'a')) && !body.includes('://');
}

function isAt(sign: RegExp, source: string, at: number): boolean {
  sign.lastIndex = at;
  return sign.test(source);
}

function normalizeLabel(label: string | undefined): string {
  return (label ?? '').toLowerCase();
}

function endOfLine(source: string, from: number): number {
  const found = source.indexOf('\n', from);
  return found < 0 ? source.length : found;
}
