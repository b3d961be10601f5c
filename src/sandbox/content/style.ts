// A style attribute as declarations, and back; it judges none of them.
import { type Element, rewriteEvery, withAttributes } from './tree.ts';

export interface Declaration {
  /** Lower case; empty for what has no colon. */
  readonly name: string;
  /** Without `!important`. */
  readonly value: string;
  readonly isImportant: boolean;
  /** As it was written, with its semicolon. */
  readonly text: string;
}

/** Many rules read the same few styles of a page. */
const read = new Map<string, readonly Declaration[]>();
const MAX_READ = 500;
const MAX_LENGTH = 2_000;

/** Splits at semicolons that stand neither in quotes nor in brackets; nothing is lost. */
export function readStyle(style: string): readonly Declaration[] {
  const known = read.get(style);
  if (known !== undefined) return known;
  const declarations = readDeclarations(style);
  if (read.size >= MAX_READ) read.clear();
  if (style.length <= MAX_LENGTH) read.set(style, declarations);
  return declarations;
}

function readDeclarations(style: string): readonly Declaration[] {
  return splitStyle(style).map((text) => {
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const written = text
      .slice(colon + 1)
      .trim()
      .replace(/;$/, '')
      .trim();
    const value = written.replace(/!\s*important$/i, '').trim();
    return { name, value, isImportant: value !== written, text };
  });
}

const CLOSERS: Readonly<Record<string, string>> = { '"': '"', "'": "'", '(': ')' };

/** One that is never closed is an ordinary character; it is looked for once, so that no style takes long. */
function splitStyle(style: string): readonly string[] {
  const texts: string[] = [];
  const missing = new Set<string>();
  let start = 0;
  for (let at = 0; at < style.length; at += 1) {
    const closer = CLOSERS[style[at] ?? ''];
    const end = closer === undefined || missing.has(closer) ? -1 : style.indexOf(closer, at + 1);
    if (end !== -1) at = end;
    else if (closer !== undefined) missing.add(closer);
    if (end === -1 && style[at] === ';') {
      texts.push(style.slice(start, at + 1));
      start = at + 1;
    }
  }
  return start < style.length ? [...texts, style.slice(start)] : texts;
}

/** `a: b;c: d !important;`, the form that published articles have. */
export function printStyle(declarations: readonly Pick<Declaration, 'name' | 'value' | 'isImportant'>[]): string {
  return declarations
    .filter(({ name, value }) => name !== '' && value !== '')
    .map(({ name, value, isImportant }) => `${name}: ${value}${isImportant ? ' !important' : ''};`)
    .join('');
}

/**
 * A tree in which each declaration is replaced by what `change` returns: itself, another, or null for none. `note` is
 * called for each that is not itself.
 */
export function rewriteStyles(
  root: Element,
  note: () => void,
  change: (declaration: Declaration, element: Element) => Declaration | null,
): Element {
  return rewriteEvery(root, (element) => {
    const style = element.attributes.get('style');
    if (style === undefined) return element;
    const before = readStyle(style);
    const after = before.map((declaration) => change(declaration, element));
    const changed = after.filter((declaration, at) => declaration !== before[at]);
    if (changed.length === 0) return element;
    changed.forEach(note);
    const text = printStyle(after.filter((declaration) => declaration !== null));
    return withAttributes(element, { style: text === '' ? null : text });
  });
}

/** The addresses of a value's `url(…)`. */
export function findAddresses(value: string): readonly string[] {
  return [...value.matchAll(/url\(\s*["']?([^"')]*)/gi)].map(([, address = '']) => address.trim());
}
