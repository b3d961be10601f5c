// The JavaScript of MDX, imports, components and expressions, as text: where each begins and ends; knows no parser and runs nothing.
import { AUTHOR_TAGS, REMOVED_WITH_CONTENT } from '../../facts/markup.ts';
import type { TabSet } from './tabs.ts';

export interface JsxTag {
  readonly raw: string;
  /** As written; '' for a fragment. */
  readonly name: string;
  readonly isEnd: boolean;
  /** `<Name />` */
  readonly isClosed: boolean;
  /** The tabs that `values` or `items` list. */
  readonly tabs: TabSet['tabs'];
  /** Those whose value can be told: strings, numbers, and the names of imported files. */
  readonly values: ReadonlyMap<string, JsxValue>;
  /** Those whose value would have to be computed. */
  readonly codes: ReadonlySet<string>;
  /** Has it what no HTML has, a value in braces? */
  readonly hasCode: boolean;
}

export type JsxValue = { readonly is: 'text'; readonly text: string } | { readonly is: 'name'; readonly name: string };

export interface Esm {
  readonly raw: string;
  /** Whether every brace is closed; what has an open one ends at the first empty line. */
  readonly isClosed: boolean;
  /** Files by the names that they were imported under. */
  readonly files: ReadonlyMap<string, string>;
}

/** No tag, expression or import is longer. */
export const MAX_CODE = 5_000;
const NAME = /<(\/?)([A-Za-z][\w$-]*(?:[.:][\w$-]+)*)?/y;
const ATTRIBUTE = /\s+(?:([A-Za-z_$][\w$:.-]*)(?:(\s*=\s*)("[^"]*"|'[^']*')?)?|(?=\{\s*\.\.\.))/y;
const END = /\s*\/?>/y;
/** An export that is no English: a value, a name alone, or what no sentence has on its first line. */
const EXPORT =
  /export[ \t]*(?:[{*]|[ \t](?:(?:const|let|var)\b[ \t]*(?:[{[]|[^\n=]*=)|default[ \t]+[\w$.]+[ \t]*(?:\n|$)|(?:default|function|class|async|type|interface)\b[^\n]*?(?:[{(=;<[]|[ \t]['"`])))/;
const ESM = new RegExp(
  `^(?:import[ \\t]+(?:["']|[\\w$*{][^;()]{0,2000}?\\bfrom[ \\t]*["'])|import[ \\t]*\\{|${EXPORT.source})`,
);

/** The tag at the start of the text, its values read as far as they are no code. */
export function readJsxTag(source: string): JsxTag | undefined {
  const near = source.slice(0, MAX_CODE);
  NAME.lastIndex = 0;
  const [head = '', slash = '', name = ''] = NAME.exec(near) ?? [];
  if (head === '') return undefined;
  const values = new Map<string, JsxValue>();
  let tabs: TabSet['tabs'] = [];
  const codes = new Set<string>();
  let hasCode = false;
  let at = head.length;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = name === '' || slash !== '' ? null : ATTRIBUTE.exec(near);
    if (found === null) break;
    const [written, key, equals, quoted] = found;
    at += written.length;
    if (equals !== undefined && quoted === undefined && near[at] !== '{') return undefined;
    if (key !== undefined && quoted) values.set(key, { is: 'text', text: quoted.slice(1, -1) });
    if (near[at] !== '{' || quoted !== undefined || (key !== undefined && equals === undefined)) continue;
    const end = findClosing(near, at);
    if (end < 0) return undefined;
    const value = readValue(near.slice(at + 1, end - 1));
    if (key !== undefined && value !== null) values.set(key, value);
    else if (key !== undefined) codes.add(key);
    if (key === 'values' || key === 'items') tabs = readTabs(near.slice(at + 1, end - 1));
    hasCode = true;
    at = end;
  }
  END.lastIndex = at;
  const end = END.exec(near)?.[0];
  if (end === undefined || (slash !== '' && end.includes('/'))) return undefined;
  const isClosed = end.includes('/');
  return { raw: near.slice(0, at + end.length), name, isEnd: slash !== '', isClosed, tabs, values, codes, hasCode };
}

/** `['npm', 'yarn']`, or `[{label: 'Apple', value: 'apple'}]`. */
function readTabs(code: string): TabSet['tabs'] {
  const objects = [...code.matchAll(/\{[^{}]*\}/g)].map(([object]) => object);
  const find = (object: string, key: string): string =>
    new RegExp(`\\b${key}['"]?\\s*:\\s*(?:'([^'\\n]*)'|"([^"\\n]*)")`).exec(object)?.slice(1).find(Boolean) ?? '';
  if (objects.length > 0) return objects.map((each) => ({ label: find(each, 'label'), value: find(each, 'value') }));
  return [...code.matchAll(/'([^'\n]*)'|"([^"\n]*)"/g)].map((match) => ({
    label: match[1] ?? match[2] ?? '',
    value: '',
  }));
}

/** Whether a tag is a component, and no HTML in capitals. */
export function isComponent({ name }: JsxTag): boolean {
  if (!/^[A-Z]/.test(name)) return name.includes('.');
  const lower = name.toLowerCase();
  return !Object.hasOwn(AUTHOR_TAGS, lower) && !REMOVED_WITH_CONTENT.has(lower);
}

/** An expression in braces at the start of the text; `text` is what it says when it says only words, else null. */
export function readExpression(source: string): { readonly raw: string; readonly text: string | null } | undefined {
  // `{#id}` is a heading's, `{字|zì}` says how a character is read, `{%` and `{{<` are other tags.
  if (source[0] !== '{' || /^\{(?:[#.:%|]|\{[<%]|[^{}|\n]*\p{L}\|[^{}\n]+\})/u.test(source)) return undefined;
  const end = findClosing(source.slice(0, MAX_CODE), 0);
  if (end < 0) return undefined;
  const code = source.slice(1, end - 1).trim();
  if (/^(?:\/\*[\s\S]*\*\/)?$/.test(code)) return { raw: source.slice(0, end), text: '' };
  const value = readValue(code);
  return { raw: source.slice(0, end), text: value?.is === 'text' ? value.text : null };
}

/** Imports and exports at the start of the text, to the empty line behind them; their braces may hold empty lines. */
export function readEsm(source: string): Esm | undefined {
  const near = source.slice(0, MAX_CODE);
  if (!ESM.test(near)) return undefined;
  const { end, isClosed } = findEsmEnd(near);
  const raw = near.slice(0, end);
  const found = raw.matchAll(/^import[ \t]+([\w$]+)[ \t]+from[ \t]*(?:"([^"\n]*)"|'([^'\n]*)')/gm);
  return { raw, isClosed, files: new Map([...found].map((match) => [match[1] ?? '', match[2] ?? match[3] ?? ''])) };
}

/** Whether Markdown is MDX beyond doubt: it begins with an import or export, and has a component. */
export function isSurelyMdx(markdown: string): boolean {
  return ESM.test(markdown.trimStart()) && /^[ \t]*<[A-Z][\w.]*(?:[ \t\n/][^<>]*)?>/m.test(markdown);
}

/** The first empty line that stands outside of braces, strings and comments. */
function findEsmEnd(source: string): { readonly end: number; readonly isClosed: boolean } {
  const blank = /\n(?=[ \t]*(?:\n|$))/g;
  const first = blank.exec(source);
  let next = first;
  let depth = 0;
  for (const { 0: token, index } of source.matchAll(TOKENS)) {
    if (next !== null && next.index < index && depth <= 0) break;
    while (next !== null && next.index < index + token.length) next = blank.exec(source);
    depth += /^[{([]$/.test(token) ? 1 : /^[})\]]$/.test(token) ? -1 : 0;
  }
  if (depth <= 0) return { end: next === null ? source.length : next.index + 1, isClosed: true };
  return { end: first === null ? source.length : first.index + 1, isClosed: false };
}

const TOKENS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*|[{}()[\]]/g;

const UNCLOSED = /`|\/\*/;

/** Behind the brace that closes the one at `start`; -1 when none does. What stands in strings and comments does not count. */
function findClosing(code: string, start: number): number {
  let depth = 0;
  const tokens = new RegExp(`${TOKENS.source}|${UNCLOSED.source}`, 'g');
  tokens.lastIndex = start;
  for (let found = tokens.exec(code); found !== null; found = tokens.exec(code)) {
    // Its end was looked for once, to the last character.
    if (found[0] === '`' || found[0] === '/*') return -1;
    if (found[0] === '{') depth += 1;
    else if (found[0] === '}') depth -= 1;
    if (depth === 0) return found.index + 1;
  }
  return -1;
}

/** The value of a string, a number, a `require('…')` or a name. */
function readValue(code: string): JsxValue | null {
  const text = /^\s*(?:require\(\s*)?(?:"([^"\\]*)"|'([^'\\]*)'|`([^`\\$]*)`)(?:\s*\)(?:\.default)?)?\s*$/.exec(code);
  if (text !== null) return { is: 'text', text: text[1] ?? text[2] ?? text[3] ?? '' };
  const plain = code.trim();
  if (/^\d{1,6}(?:\.\d{1,3})?$/.test(plain)) return { is: 'text', text: plain };
  return /^[A-Za-z_$][\w$]*(?:\.src)?$/.test(plain) ? { is: 'name', name: plain.replace(/\.src$/, '') } : null;
}
