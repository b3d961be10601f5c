// Keeps the words in a table whole where a phone has room for them, as its columns can be given no other widths; knows no frame.
import { type Element, isElement, replaceNodes, toText, withChildren, withStyle } from '../tree.ts';

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
const FULL_WIDTH = 1.05;
/** Of a cell. */
const EDGES = 1.5;

/** Letters of the longest word that is kept whole: an address goes into pieces, in a column that has room for them. */
const MAX_WORD = 20;
/** What is no longer, as a name of three characters or a year, is kept in one line. */
const MAX_LABEL = 3.5;
/** Of a column of longer lines, where the table is wider than the phone and need not be so high. */
const PROSE = 9;

/** Of a cell, or the widest of a column: its longest line, the longest part of it that is not broken. */
interface Width {
  readonly line: number;
  readonly word: number;
}

/** Says on cells how narrow they may become, where a browser would choose wrongly. */
export function giveRoom(table: Element): Room {
  const rows: Element[] = [];
  mapRows(table, (row) => {
    rows.push(row);
    return row;
  });
  const cells = rows.map((row) => row.children.filter((node) => isElement(node)));
  const columns = cells.reduce<readonly Width[]>(widen, []);
  const spans = cells.some((row) => row.some(({ attrs }) => 'colspan' in attrs || 'rowspan' in attrs));
  const { fits, isCut, least } = share(columns);
  const room = mapRows(table, (row) =>
    mapCells(row, (cell, index) => {
      if (isLong(cell)) return addStyle(cell, `word-break:break-word;min-width:${PROSE}em`);
      const width = row === rows[0] && !spans ? (least[index] ?? 0) : 0;
      return width === 0 ? cell : addStyle(cell, `min-width:${Number(width.toFixed(1))}em`);
    }),
  );
  return { table: isCut ? addStyle(room, 'word-break:normal') : room, fits };
}

interface Share {
  readonly fits: Room['fits'];
  /** A browser that may break words anywhere would. */
  readonly isCut: boolean;
  /** How narrow each column may become, edges included; 0 where nothing has to be said. */
  readonly least: readonly number[];
}

function share(columns: readonly Width[]): Share {
  const sum = (toWidth: (column: Width) => number) => columns.reduce((all, column) => all + toWidth(column) + EDGES, 0);
  const whole = sum(({ line }) => line);
  const narrow = sum(() => FULL_WIDTH);
  const needed = sum(({ word }) => word);
  const fits = needed <= EASY ? 'easily' : needed <= PHONE ? 'just' : 'no';
  if (whole <= PHONE) return { fits, isCut: false, least: [] };
  // Beyond the width of a character each column gets a share by its longest line.
  const part = Math.max(0, PHONE - narrow) / (whole - narrow);
  const toGiven = ({ line, word }: Width) => Math.max(word, FULL_WIDTH + (line - FULL_WIDTH) * part);
  const isCut = columns.some((column) => toGiven(column) === column.word && column.word > FULL_WIDTH);
  const toLabel = ({ line, word }: Width) => (line <= MAX_LABEL ? line : word);
  const toRoomy = ({ line }: Width) => (line <= MAX_LABEL ? line : Math.min(line, PROSE - EDGES));
  const say = (wished: number, given: number) => (wished > given ? wished + EDGES : 0);
  if (fits === 'no') return { fits, isCut, least: columns.map((column) => say(toRoomy(column), column.word)) };
  // Where labels alone are too much, their columns are as narrow as they were.
  const least = sum(toLabel) > PHONE ? [] : columns.map((column) => say(toLabel(column), toGiven(column)));
  return { fits, isCut, least };
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

function widen(columns: readonly Width[], row: readonly Element[]): readonly Width[] {
  const widths = row.map(measure);
  return Array.from({ length: Math.max(columns.length, widths.length) }, (_, index) => {
    const [one = NOTHING, other = NOTHING] = [columns[index], widths[index]];
    return { line: Math.max(one.line, other.line), word: Math.max(one.word, other.word) };
  });
}

const NOTHING: Width = { line: FULL_WIDTH, word: FULL_WIDTH };

/** Characters as wide as high, between which a line may end. */
const FULL = '\\u2e80-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff00-\\uff60';
const FULLS = new RegExp(`[${FULL}]`, 'g');
const WORDS = new RegExp(`[^\\s${FULL}-]+`, 'g');

function measure(cell: Element): Width {
  const text = toText(cell);
  const lines = text.split('\n').map((line) => {
    const full = line.match(FULLS)?.length ?? 0;
    return full * FULL_WIDTH + (line.length - full) * LETTER;
  });
  const letters = countLetters(text);
  const word = letters > MAX_WORD ? PROSE - EDGES : Math.max(letters * LETTER, FULL_WIDTH);
  return { line: Math.max(word, ...lines), word };
}

function isLong(cell: Element): boolean {
  return countLetters(toText(cell)) > MAX_WORD;
}

function countLetters(text: string): number {
  return (text.match(WORDS) ?? []).reduce((most, word) => Math.max(most, word.length), 0);
}

function addStyle(node: Element, css: string): Element {
  const own = node.attrs['style'] ?? '';
  return { ...node, attrs: withStyle(node.attrs, own === '' ? css : `${own};${css}`) };
}
