// Article HTML as a flat list of pieces with their places in the source, so that edits leave every other byte alone.

export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export type Piece =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: readonly Attribute[];
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'close'; readonly name: string; readonly start: number; readonly end: number }
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'aside'; readonly start: number; readonly end: number };

export type OpenTag = Extract<Piece, { kind: 'open' }>;

/** Replaces source[start, end) by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Of the last article, which every judge and filter reads anew. */
let known: { readonly html: string; readonly pieces: readonly Piece[] } = { html: '', pieces: [] };

/**
 * Splits HTML into pieces: tags with lower-case names, decoded text, comments and declarations (`aside`).
 * An end tag that the source leaves out is a `close` of no length. The one door of htmlparser2.
 */
export async function parseMarkup(html: string): Promise<readonly Piece[]> {
  const { Parser } = await import('htmlparser2');
  if (known.html !== html) known = { html, pieces: parse(html, Parser) };
  return known.pieces;
}

function parse(html: string, Parser: typeof import('htmlparser2').Parser): readonly Piece[] {
  const pieces: Piece[] = [];
  let attributes: Attribute[] = [];
  let last = 0;
  const toTagEnd = (from: number): number => {
    const at = html.indexOf('>', from);
    return at === -1 ? html.length : at + 1;
  };
  const parser = new Parser({
    onopentagname() {
      attributes = [];
    },
    onattribute(name, value) {
      attributes.push({ name, value, start: parser.startIndex, end: parser.endIndex });
    },
    onopentag(name, _values, isImplied) {
      const start = html.indexOf('<', parser.startIndex);
      // A `</p>` or `</br>` that closes nothing stands for a whole element; its end is the tag that is written.
      if (isImplied) pieces.push({ kind: 'open', name, attributes: [], start, end: start });
      else {
        last = parser.endIndex + 1;
        pieces.push({ kind: 'open', name: name.toLowerCase(), attributes, start, end: last });
      }
      attributes = [];
    },
    onclosetag(name, isImplied) {
      const start = isImplied ? last : html.indexOf('<', parser.startIndex);
      if (!isImplied) last = toTagEnd(parser.endIndex);
      pieces.push({ kind: 'close', name: name.toLowerCase(), start, end: last });
    },
    ontext(text) {
      last = parser.endIndex + 1;
      pieces.push({ kind: 'text', text, start: parser.startIndex, end: last });
    },
    oncomment() {
      pushAside();
    },
    onprocessinginstruction() {
      pushAside();
    },
  });
  const pushAside = (): void => {
    const start = html.indexOf('<', parser.startIndex);
    last = parser.endIndex + 1;
    pieces.push({ kind: 'aside', start, end: last });
  };
  parser.end(html);
  return pieces;
}

/** Applies edits that do not overlap, in any order. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start)) {
    result += source.slice(at, start) + text;
    at = end;
  }
  return result + source.slice(at);
}

/** The value of the first attribute of that name, or null. */
export function getAttribute(tag: OpenTag, name: string): string | null {
  return tag.attributes.find((attribute) => attribute.name === name)?.value ?? null;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
