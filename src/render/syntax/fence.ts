// What the words behind a code fence ask for, in the ways of the known site generators; knows no parser and no code.

/** How a line of code stands out. */
export type Mark = 'marked' | 'added' | 'removed' | 'error' | 'warning';

export interface Fence {
  /** Lower case, such as `js`; '' when none is named. */
  readonly language: string;
  /** Each line begins with `+`, `-` or a space. */
  readonly isDiff: boolean;
  readonly title: string;
  /** The number of the first line; `off` where none are wanted, null where nothing is said. */
  readonly numbers: number | 'off' | null;
  /** Lines from 1 on, both ends included; a later one wins. */
  readonly marks: readonly MarkedLines[];
}

export interface MarkedLines {
  readonly mark: Mark;
  readonly from: number;
  readonly to: number;
}

/** Longer words behind a fence are nobody's title. */
const MAX_INFO = 500;

/** `key=value`, `key:value` and `key{value}`; `{…}`; `[…]`; an address and what follows it; any other word. */
const WORDS =
  /([\w.-]+)(?:=\s*("[^"]*"|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]|[^\s,{}]+)|:(?!\/\/)([^\s{}]+)|(?=\{)(\{[^{}]*\}))|\{([^{}]*)\}|\[([^[\]]*)\]|(https?:\/\/.*)|([^\s,{}]+)/g;

const TITLES: ReadonlySet<string> = new Set(['title', 'file', 'filename', 'caption', 'name']);
/** Without `-` and `_`, in lower case. */
const NUMBERS = /^(?:show|no|hide)?(?:line(?:numbers?|nos|nums?)|numberlines)$/;
const STARTS = /^(?:startfrom|linenostart|firstline|startlinenumber|datastart)$/;
const MARKS: Readonly<Record<string, Mark>> = {
  hllines: 'marked',
  highlight: 'marked',
  highlightlines: 'marked',
  emphasizelines: 'marked',
  dataline: 'marked',
  mark: 'marked',
  ins: 'added',
  add: 'added',
  del: 'removed',
  rem: 'removed',
};

/** `1,3-5`, `[1,"3-5"]`, `1 3..5`: numbers and nothing else. */
const RANGES = /^[\s\d,.\-"'[\]{}]+$/;

/**
 * Reads what stands behind the backticks: ```` js {1,3-5} title="a.js" showLineNumbers ````, ```` ts:line-numbers=7 ````,
 * ```` js:src/a.js ````, ```` js [a.js] ````, ```` {.python .numberLines startFrom="9"} ````. What it does not know says nothing.
 */
export function readFence(info: string): Fence {
  const words = info.trim().slice(0, MAX_INFO);
  const named = /^[^\s{,:]+/.exec(words)?.[0] ?? '';
  const asked: Asked = {
    language: named.toLowerCase(),
    title: '',
    numbers: null,
    start: null,
    first: null,
    marks: [],
    rest: [],
  };
  // What hangs on the language by a comma is for its compiler, as in `rust,ignore`.
  const behind = words.slice(named.length).replace(/^(?:,[\w-]+)+/, '');
  readWords(
    behind.replace(/^(?::[^\s:{]+)+/, (parts) => parts.replace(/:/g, ' ')),
    asked,
  );
  if (asked.title === '' && isTitle(asked.rest)) asked.title = asked.rest.join(' ');
  const { title, marks, numbers, start } = asked;
  const language = asked.language.replace(/^diff-(?=.)/, '');
  return {
    language,
    isDiff: asked.language === 'diff' || language !== asked.language || named.toLowerCase() === 'diff',
    title: title.trim(),
    numbers: numbers === 'off' ? 'off' : (start ?? numbers),
    marks: asked.first === null ? marks : marks.map((each) => shift(each, asked.first ?? 1)),
  };
}

/** Hexo counts marked lines from the number of the first one on. */
function shift({ mark: kind, from, to }: MarkedLines, first: number): MarkedLines {
  return { mark: kind, from: from - first + 1, to: to - first + 1 };
}

/** The marks of a block of code that nothing closes; null for every other block of code. */
export function findOpenFence(block: string): string | null {
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(block)?.[1];
  if (fence === undefined) return null;
  const lines = block.replace(/\n$/, '').split('\n');
  const last = lines.length > 1 ? /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(lines.at(-1) ?? '')?.[1] : undefined;
  return last?.startsWith(fence) === true ? null : fence;
}

/** The marks of the code that is open behind a line, '' for none; `open` are those before it. Words stand behind no end. */
export function followFence(open: string, line: string): string {
  const [, marks = '', behind = ''] = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})([\s\S]*)$/.exec(line) ?? [];
  if (open === '') return marks;
  return marks.startsWith(open) && behind.trim() === '' ? '' : open;
}

interface Asked {
  language: string;
  title: string;
  numbers: number | 'off' | null;
  start: number | null;
  /** Where Hexo's own word for it said so. */
  first: number | null;
  readonly marks: MarkedLines[];
  readonly rest: string[];
}

function readWords(words: string, asked: Asked): void {
  for (const [, key, value, hung, held, braces, brackets, address, word] of words.matchAll(WORDS)) {
    if (key !== undefined) {
      readOption(key, unquote(value ?? hung ?? held ?? ''), asked);
      if (key === 'first_line' && hung !== undefined) asked.first = asked.start;
    } else if (braces !== undefined) readBraces(braces, asked);
    else if (brackets !== undefined) asked.title ||= brackets;
    // Hexo's link: what stands before it is the title, whatever it looks like.
    else if (address !== undefined) asked.title ||= asked.rest.join(' ');
    else if (word !== undefined) readWord(word, asked);
  }
}

/** Lines to mark, or options as Hugo, Pandoc and R Markdown write them. */
function readBraces(inside: string, asked: Asked): void {
  if (RANGES.test(inside)) mark(inside, 'marked', asked);
  else readWords(inside, asked);
}

function readOption(name: string, value: string, asked: Asked): void {
  const key = name.toLowerCase().replace(/[-_]/g, '');
  const kind = Object.hasOwn(MARKS, key) ? MARKS[key] : undefined;
  if (TITLES.has(key)) asked.title ||= value;
  else if (key === 'lang' || key === 'language') asked.language = value.toLowerCase();
  else if (NUMBERS.test(key)) setNumbers(key, value, asked);
  else if (STARTS.test(key)) asked.start = toNumber(value);
  else if (kind !== undefined) mark(value, kind, asked);
  else if (/^\{.*\}$/.test(value)) mark(value, 'marked', asked);
  else if (/[./]/.test(value)) asked.rest.push(`${name}:${value}`);
}

function readWord(word: string, asked: Asked): void {
  const [, dot = '', name = word] = /^(\.?)([\w-]+)$/.exec(word) ?? [];
  const key = name.toLowerCase().replace(/[-_]/g, '');
  if (NUMBERS.test(key)) setNumbers(key, '', asked);
  else if (asked.language === '' && /^[\w+#-]+$/.test(name)) asked.language = name.toLowerCase();
  // Words to mark, such as `"a"` and `/b/`, and further classes.
  else if (dot === '' && !/^["'/].*["'/]$/.test(word)) asked.rest.push(word);
}

function setNumbers(key: string, value: string, asked: Asked): void {
  const isOff = /^(?:no|hide)/.test(key) || /^(?:false|none|off|no)$/i.test(value);
  asked.numbers = isOff ? 'off' : (toNumber(value) ?? 1);
}

function mark(value: string, kind: Mark, asked: Asked): void {
  if (!RANGES.test(value)) return;
  for (const [, from = '', to = from] of value.matchAll(/(\d{1,6})(?:\s*(?:-|\.\.)\s*(\d{1,6}))?/g)) {
    asked.marks.push({ mark: kind, from: Number(from), to: Number(to) });
  }
}

function toNumber(value: string): number | null {
  const digits = /\d{1,6}/.exec(value)?.[0];
  return digits === undefined ? null : Number(digits);
}

function unquote(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

/** A name of a file, a path, or words that are no plain English ones: those switch something on elsewhere. */
function isTitle(words: readonly string[]): boolean {
  return words.some((word) => /[./\u0080-\uffff]/.test(word) && /[\w\u0080-\uffff]/.test(word));
}
