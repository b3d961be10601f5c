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

/** A reference at the start of the text. */
export function readFootnoteReference(source: string): { readonly raw: string; readonly label: string } | undefined {
  const match = REFERENCE.exec(source);
  return match === null ? undefined : { raw: match[0], label: normalizeLabel(match[1]) };
}

/** What stands in a post that may hold a note in its place. */
export const INLINE_NOTE_SIGN = '^[';

/** A backslash with its character, code, and brackets. */
const BRACKETS = /\\[\s\S]|(?<!`)`(?!`)[^`]*`(?!`)|\^?\[|\]/g;
/** What stands in `^[a-z]` and `^[\w.]`, the classes of patterns. */
const CLASS = /^(?:\w-\w|\\\w|[!-/:-@[-`{-~]){1,100}$/;
/** What follows them, or the words of a raised link, `^[1](url)^`. */
const BEHIND_OTHERS = /[+{(]|\\\w/y;

/** The note at the start of inline text, up to the bracket that closes it: its text, as Markdown. One without words is none. */
export function readInlineNote(source: string): { readonly raw: string; readonly body: string } | undefined {
  const end = source.startsWith(INLINE_NOTE_SIGN) ? findInlineNotes(source, 'first').get(0) : undefined;
  return end === undefined ? undefined : { raw: source.slice(0, end), body: source.slice(2, end - 1) };
}

/** The text with such notes made letters, so that no `*` there counts outside. Same length. */
export function coverInlineNotes(source: string): string {
  let covered = '';
  for (const [start, end] of [...findInlineNotes(source, 'all')].sort(([a], [b]) => a - b))
    if (start >= covered.length) covered += source.slice(covered.length, start) + 'a'.repeat(end - start);
  return covered + source.slice(covered.length);
}

/** Where notes end, by where they begin; `first`: up to the end of what the text begins with. */
function findInlineNotes(source: string, which: 'first' | 'all'): ReadonlyMap<number, number> {
  const notes = new Map<number, number>();
  const open: { readonly sign: string; readonly start: number }[] = [];
  for (const { 0: sign, index } of source.matchAll(BRACKETS)) {
    if (sign.endsWith('[') && !sign.startsWith('\\')) open.push({ sign, start: index });
    const last = sign === ']' ? open.pop() : undefined;
    if (last === undefined) continue;
    const end = index + 1;
    const body = source.slice(last.start + last.sign.length, index);
    BEHIND_OTHERS.lastIndex = end;
    const isNote = last.sign === INLINE_NOTE_SIGN && body.trim() !== '' && !CLASS.test(body);
    if (isNote && !BEHIND_OTHERS.test(source)) notes.set(last.start, end);
    if (which === 'first' && open.length === 0) break;
  }
  return notes;
}

function normalizeLabel(label: string | undefined): string {
  return (label ?? '').toLowerCase();
}

function endOfLine(source: string, from: number): number {
  const found = source.indexOf('\n', from);
  return found < 0 ? source.length : found;
}
