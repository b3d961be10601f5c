// CSS as text with places: its blocks, their declarations, and what cannot be read as either; knows no selector and no property.

export interface Declaration {
  readonly name: string;
  readonly value: string;
  readonly isImportant: boolean;
}

interface Placed {
  /** Offset in the text. */
  readonly at: number;
}

export interface Block extends Placed {
  /** As written, comments left out; an at-rule begins with `@`. */
  readonly selectors: string;
  readonly declarations: readonly (Declaration & Placed)[];
}

export interface CssText {
  readonly blocks: readonly Block[];
  /** Statements without a block such as `@import`, and words that are no declaration. */
  readonly others: readonly (Placed & { readonly text: string })[];
}

/** Reads CSS as forgivingly as a browser does, in time that grows with its length; a block that nothing closes goes to the end. */
export function readCss(css: string): CssText {
  const blocks: Block[] = [];
  const others: { text: string; at: number }[] = [];
  const text = css.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const place = (from: number, to: number) => {
    const part = text.slice(from, to);
    return { text: part.trim(), at: from + part.length - part.trimStart().length };
  };
  for (let at = 0; at < text.length; ) {
    const found = findOutside(text, at, '{;');
    const open = found < 0 ? text.length : found;
    const head = place(at, open);
    if (text.charAt(open) !== '{') {
      if (head.text !== '') others.push(head);
      at = open + 1;
      continue;
    }
    const close = findClose(text, open);
    const isNested = head.text.startsWith('@');
    const parts = isNested ? [] : splitAt(text, open + 1, close).map(({ from, to }) => place(from, to));
    const declarations = parts.map((part) => readDeclaration(part));
    if (head.text !== '') {
      const known = declarations.filter((each) => each !== null);
      blocks.push({ selectors: head.text, at: head.at, declarations: known });
    }
    others.push(...parts.filter((part, index) => part.text !== '' && declarations[index] === null));
    at = close + 1;
  }
  return { blocks, others };
}

/** The parts of a list between commas, each with its offset; `at` is that of the list. */
export function splitList(list: string, at: number): readonly (Placed & { readonly text: string })[] {
  const parts: (Placed & { text: string })[] = [];
  for (let from = 0; from <= list.length; ) {
    const found = findOutside(list, from, ',');
    const to = found < 0 ? list.length : found;
    const part = list.slice(from, to);
    parts.push({ text: part.trim(), at: at + from + part.length - part.trimStart().length });
    from = to + 1;
  }
  return parts;
}

/** The next of some characters that is not inside a string or brackets; -1 when there is none. */
function findOutside(text: string, from: number, wanted: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth = Math.max(0, depth - 1);
    else if (depth === 0 && wanted.includes(character)) return at;
  }
  return -1;
}

function endOfString(text: string, from: number): number {
  const quote = text.charAt(from);
  for (let at = from + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  return text.length;
}

/** The brace that closes the one at `open`; the end when none does. */
function findClose(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return at;
  }
  return text.length;
}

/** The parts between semicolons. */
function splitAt(text: string, start: number, end: number): readonly { readonly from: number; readonly to: number }[] {
  const body = text.slice(start, end);
  const parts: { from: number; to: number }[] = [];
  for (let at = 0; at < body.length; ) {
    const found = findOutside(body, at, ';');
    const to = found < 0 ? body.length : found;
    parts.push({ from: start + at, to: start + to });
    at = to + 1;
  }
  return parts;
}

function readDeclaration({ text, at }: CssText['others'][number]): (Declaration & Placed) | null {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(0, colon)).trim().toLowerCase();
  // White space first: a long run of it would be searched from each of its places.
  const said = text
    .slice(colon + 1)
    .trim()
    .replace(/\s+/g, ' ');
  const [, value = '', important] = /^([\s\S]*?) ?(! ?important)?$/i.exec(said) ?? [];
  if (!/^-{0,2}[a-z][\w-]*$/.test(name) || value === '') return null;
  return { name, value, isImportant: important !== undefined, at };
}
