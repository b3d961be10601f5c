// Footnotes, `[^label]` and `[^label]: text`: their two patterns; knows no parser.

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
      blank += `\n${line}`;
    } else if (/^(?: {2,}|\t)/.test(line) || (blank === '' && !/^ {0,3}(?:\[\^|[#>|`~]|[-*+] |\d+[.)] )/.test(line))) {
      lines.push(...blank.split('\n').slice(1), line.replace(/^(?: {1,4}|\t)/, ''));
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

function normalizeLabel(label: string | undefined): string {
  return (label ?? '').toLowerCase();
}

function endOfLine(source: string, from: number): number {
  const found = source.indexOf('\n', from);
  return found < 0 ? source.length : found;
}
