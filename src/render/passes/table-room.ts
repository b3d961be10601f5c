// Keeps the words in a table whole where a phone has room for them, as its columns can be given no other widths; knows no frame.
import {
  type Element,
  element,
  findElement,
  forEachElement,
  isElement,
  replaceNodes,
  text,
  toText,
  withChildren,
  withStyle,
} from '../tree.ts';

export interface Room {
  /** Its columns are as wide as what must not be broken in them, but for words that no phone has room for. */
  readonly table: Element;
  /** With its words whole, on a phone; just: with other shares of the width than its columns have on a desktop. */
  readonly fits: 'easily' | 'just' | 'no';
}

// Widths are in em of a cell's text, on the large side.

/** A phone's column where letters have 14 pixels; and what is so narrow that a desktop shares it out no differently. */
const PHONE = 25;
const EASY = 12;
const LETTER = 0.62;
const CAPITAL = 0.75;
const FULL_WIDTH = 1.05;
/** Of a cell. */
const EDGES = 1.5;
/** Of code within a line. */
const CODE_EDGES = 1;
/** A drawing is measured in ex: high small letters. */
const EX = 0.55;

/** More columns than this are too narrow on a phone: the theme gives each a least width, and the frame scrolls. */
export const MAX_COLUMNS = 4;
/** That width in themes/base.css. */
const WIDE = 4.8;

/** Letters of the longest word that is kept whole: an address goes into pieces, in a column that has room for them. */
const MAX_WORD = 20;
/** What is no longer, as a name of three characters or a year, is kept in one line. */
const MAX_LABEL = 3.5;
/** Of a column of longer lines, where all others can do with the rest: four characters, which still read as lines. */
const READABLE = 4.5;
/** The same, where the table is wider than the phone and need not be so high. */
const PROSE = 9;

/** Of a cell, or the widest of a column: its longest line, the longest part of it that is not broken. */
interface Width {
  readonly line: number;
  readonly word: number;
  /** What a browser leaves whole by itself: it breaks behind a hyphen, and makes a drawing smaller. */
  readonly piece: number;
}

interface Cell extends Width {
  /** It holds a word that no column is made as wide as. */
  readonly isLong: boolean;
  /** It holds hyphens, behind which not every word may be broken. */
  readonly hasHyphens: boolean;
}

/** Says on cells how narrow they may become, where a browser would choose wrongly. */
export function giveRoom(table: Element): Room {
  const rows = new Map<Element, readonly Cell[]>();
  const columns: Width[] = [];
  let hasSpans = false;
  let hasLong = false;
  mapRows(table, (row) => {
    const cells = row.children.filter((node) => isElement(node));
    const widths = cells.map(measure);
    rows.set(row, widths);
    for (const [index, width] of widths.entries()) columns[index] = widen(columns[index] ?? NOTHING, width);
    hasSpans ||= cells.some(({ attrs }) => 'colspan' in attrs || 'rowspan' in attrs);
    hasLong ||= widths.some(({ isLong }) => isLong);
    return row;
  });
  const { fits, isWhole, isCut, least } = share(columns);
  if (isWhole && !hasLong) return { table, fits };
  const [first] = rows.values();
  const room = mapRows(table, (row) => {
    const widths = rows.get(row);
    return mapCells(row, (plain, column) => {
      const { isLong = false, hasHyphens = false } = widths?.[column] ?? {};
      const cell = hasHyphens && !isWhole ? holdWords(plain) : plain;
      if (isLong) return addStyle(cell, `word-break:break-word;min-width:${PROSE}em`);
      const width = widths === first && !hasSpans ? (least[column] ?? 0) : 0;
      return width === 0 ? cell : addStyle(cell, `min-width:${Number(width.toFixed(1))}em`);
    });
  });
  return { table: isCut ? addStyle(room, 'word-break:normal') : room, fits };
}

interface Share {
  readonly fits: Room['fits'];
  /** No line has to be broken. */
  readonly isWhole: boolean;
  /** A browser that may break words anywhere would. */
  readonly isCut: boolean;
  /** How narrow each column may become, edges included; 0 where nothing has to be said. */
  readonly least: readonly number[];
}

function share(columns: readonly Width[]): Share {
  const floor = columns.length > MAX_COLUMNS ? WIDE : 0;
  const isTooWide = sum(columns, (column) => Math.max(keep(column), floor - EDGES)) > PHONE;
  const fits = isTooWide ? 'no' : sum(columns, ({ word }) => word) <= EASY ? 'easily' : 'just';
  if (sum(columns, ({ line }) => Math.max(line, floor - EDGES)) <= PHONE)
    return { fits, isWhole: true, isCut: false, least: [] };
  const part = toPart(columns, PHONE);
  const isHeld = (column: Width) => column.word > toShared(column, part);
  // What these take is taken from the others.
  const rest = PHONE - sum(columns.filter(isHeld), ({ word }) => word);
  const left = toPart(
    columns.filter((column) => !isHeld(column)),
    rest,
  );
  const toGiven = (column: Width) =>
    isTooWide ? column.piece : Math.max(column.piece, toShared(column, isHeld(column) ? part : left));
  const isCut = columns.some((column) => toGiven(column) === column.piece && column.piece > FULL_WIDTH);
  const least = columns.map((column) => {
    const wished = isTooWide ? Math.max(column.word, Math.min(column.line, PROSE - EDGES)) : keep(column);
    return wished > Math.max(toGiven(column), floor - EDGES) ? wished + EDGES : 0;
  });
  return { fits, isWhole: false, isCut, least };
}

function sum(columns: readonly Width[], toWidth: (column: Width) => number): number {
  return columns.reduce((all, column) => all + toWidth(column) + EDGES, 0);
}

/** Beyond the width of a character each column gets a part of its longest line: how much, in so much room. */
function toPart(columns: readonly Width[], room: number): number {
  const narrow = sum(columns, () => FULL_WIDTH);
  return Math.max(0, room - narrow) / Math.max(1, sum(columns, ({ line }) => line) - narrow);
}

function toShared({ line }: Width, part: number): number {
  return FULL_WIDTH + (line - FULL_WIDTH) * part;
}

/** How wide a column has to be for its words, and to read as lines; four characters are two lines of two. */
function keep({ line, word }: Width): number {
  const read = line <= MAX_LABEL ? line : line <= READABLE ? line / 2 : READABLE;
  return Math.max(word, read);
}

function mapRows(node: Element, change: (row: Element) => Element): Element {
  if (node.tag === 'tr') return change(node);
  return withChildren(
    node,
    replaceNodes(node.children, (child) =>
      isElement(child, 'thead', 'tbody', 'tfoot', 'tr') ? mapRows(child, change) : child,
    ),
  );
}

function mapCells(row: Element, change: (cell: Element, index: number) => Element): Element {
  let index = 0;
  return withChildren(
    row,
    replaceNodes(row.children, (child) => (child.kind === 'element' ? change(child, index++) : child)),
  );
}

function widen(one: Width, other: Width): Width {
  return {
    line: Math.max(one.line, other.line),
    word: Math.max(one.word, other.word),
    piece: Math.max(one.piece, other.piece),
  };
}

const NOTHING: Width = { line: FULL_WIDTH, word: FULL_WIDTH, piece: FULL_WIDTH };

/** Characters as wide as high, between which a line may end: the first and the last of each range. */
const FULL = ['\u2e80\u9fff', '\uac00\ud7af', '\uf900\ufaff', '\ufe30\ufe4f', '\uff00\uff60'];
const FULL_CODES = FULL.map((range) => [range.charCodeAt(0), range.charCodeAt(1)] as const);
const WORDS = new RegExp(`[^\\s${FULL.map(([first, last]) => `${first}-${last}`).join('')}]+`, 'g');
const AND_WORDS = new RegExp(`(${WORDS.source})`);

function measure(cell: Element): Cell {
  const content = toText(cell);
  const drawings = findDrawings(cell);
  const whole = content.match(WORDS) ?? [];
  const hasHyphens = content.includes('-');
  const words = hasHyphens ? whole.flatMap((word) => (isHyphened(word) ? [word] : word.split('-'))) : whole;
  const widest = toWidest(words);
  const isCode = findElement(cell, 'code') !== undefined;
  // Alone in its cell such a word has no room beside it that its edges could take.
  const edges = isCode && isHyphened(content.trim()) ? CODE_EDGES : 0;
  const word = Math.max(widest + edges, ...drawings);
  const lines = content.split('\n').reduce((most, one) => Math.max(most, toWidth(one)), 0);
  const line = lines + drawings.reduce((all, width) => all + width, 0);
  return {
    line: Math.max(word, line),
    word,
    piece: hasHyphens ? toWidest(whole.flatMap((each) => each.split('-'))) : widest,
    isLong: words.some(({ length }) => length > MAX_WORD),
    hasHyphens: hasHyphens && (isCode || !isHyphened(content.trim())),
  };
}

function toWidest(words: readonly string[]): number {
  return words.reduce((most, one) => Math.max(most, one.length > MAX_WORD ? PROSE - EDGES : toWidth(one)), FULL_WIDTH);
}

function toWidth(text: string): number {
  let full = 0;
  let capitals = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= CODE_A && code <= CODE_Z) capitals += 1;
    else if (isFull(code)) full += 1;
  }
  return full * FULL_WIDTH + capitals * CAPITAL + (text.length - full - capitals) * LETTER;
}

const CODE_A = 65;
const CODE_Z = 90;

function isFull(code: number): boolean {
  for (const [first, last] of FULL_CODES) {
    if (code < first) return false;
    if (code <= last) return true;
  }
  return false;
}

/** A date, a version or an option, which reads badly in pieces; other words may end a line at their hyphens. */
function isHyphened(word: string): boolean {
  return word.length <= MAX_WORD && word.includes('-') && /^-|\d/.test(word);
}

/** A browser ends a line at a hyphen for whatever stands beside such a word, however wide the column is, but not in a box. */
function holdWords(node: Element): Element {
  return withChildren(
    node,
    replaceNodes(node.children, (child) => {
      if (isElement(child)) return child.tag === 'pre' ? child : holdWords(child);
      const parts = child.value.split(AND_WORDS).filter((part) => part !== '');
      if (!parts.some(isHyphened)) return child;
      return parts.map((part) =>
        isHyphened(part) ? element('span', [text(part)], { attrs: { style: 'display:inline-block' } }) : text(part),
      );
    }),
  );
}

function findDrawings(cell: Element): readonly number[] {
  const widths: number[] = [];
  forEachElement([cell], ({ tag, attrs }) => {
    if (tag === 'svg') widths.push(Number(/^width:([\d.]+)ex/.exec(attrs['style'] ?? '')?.[1] ?? 0) * EX);
  });
  return widths;
}

function addStyle(node: Element, css: string): Element {
  const own = node.attrs['style'] ?? '';
  return { ...node, attrs: withStyle(node.attrs, own === '' ? css : `${own};${css}`) };
}
