// Which lines of a block of code stand out: by the words of its fence, by comments in it, as a diff; knows no colours.
import type { Fence, Mark } from './fence.ts';

export interface MarkedCode {
  /** Without the comments that only mark. */
  readonly code: string;
  /** By the line, from 1 on. */
  readonly marks: ReadonlyMap<number, Mark>;
}

/** How a comment begins and ends, in the languages that people write. */
const OPEN = String.raw`(?:\{\s*\/\*|\/\/|\/\*|<!--|#+|--|;+|%+|"|')`;
const CLOSE = String.raw`(?:\*\/\s*\}?|-->)?`;

/** `// [!code ++]`, `# [!code highlight:3]`: VitePress and Shiki, at the end of a line. */
const TAIL = new RegExp(String.raw`\s*${OPEN}\s*\[!code\s+([^\]\s:]+)(?::([^\]\s]+))?\s*\]\s*${CLOSE}\s*$`);
/** `// highlight-next-line`: Docusaurus, on a line of its own; and Gatsby's `// highlight-line`, behind one. */
const WORD = new RegExp(String.raw`(?:^|\s+)${OPEN}\s*highlight-(next-line|start|end|line)\s*${CLOSE}\s*$`);

/** What Shiki's words mean here; null for those that mark words, not lines. */
const WORDS: Readonly<Record<string, Mark | null>> = {
  '++': 'added',
  '--': 'removed',
  hl: 'marked',
  highlight: 'marked',
  focus: 'marked',
  info: 'marked',
  error: 'error',
  warning: 'warning',
  word: null,
};

/** The last line that a fence can mark. */
const MAX_LINE = 10_000;

/** The lines that a fence and the code itself mark. A comment that does goes, and its line where it stands alone. */
export function readMarks(source: string, fence: Fence): MarkedCode {
  const hasWords = source.includes('[!code') || source.includes('highlight-');
  const { code, marks } = hasWords ? readComments(source) : { code: source, marks: new Map<number, Mark>() };
  const lines = code.split('\n');
  for (const { mark, from, to } of fence.marks) {
    for (let line = Math.max(1, from); line <= Math.min(to, lines.length, MAX_LINE); line += 1) marks.set(line, mark);
  }
  if (fence.isDiff) {
    for (const [index, line] of lines.entries()) {
      const sign = fence.language === 'diff' && /^(?:\+\+\+|---)(?: |$)/.test(line) ? undefined : SIGNS[line.charAt(0)];
      if (sign !== undefined) marks.set(index + 1, sign);
    }
  }
  return { code, marks };
}

const SIGNS: Readonly<Record<string, Mark>> = { '+': 'added', '-': 'removed' };

function readComments(source: string): { readonly code: string; readonly marks: Map<number, Mark> } {
  const lines: string[] = [];
  const marks = new Map<number, Mark>();
  let isOpen = false;
  for (const line of source.split('\n')) {
    const { text, asked } = cutComments(line);
    const isGone = text !== line && text.trim() === '';
    const here = lines.length + 1;
    for (const { word, count } of asked) {
      if (word === 'start' || word === 'end') isOpen = word === 'start';
      const mark = WORDS[word];
      for (let next = 0; mark != null && next < count; next += 1) marks.set(here + next, mark);
    }
    if (isGone) continue;
    if (isOpen && !marks.has(here)) marks.set(here, 'marked');
    lines.push(text);
  }
  for (const line of marks.keys()) if (line > lines.length) marks.delete(line);
  return { code: lines.join('\n'), marks };
}

interface Asked {
  readonly word: string;
  /** Lines from this one on. */
  readonly count: number;
}

/** Lines that one comment may mark, such comments of a line, and characters at its end where one may stand. */
const MAX_COUNT = 100;
const MAX_COMMENTS = 5;
const MAX_COMMENT = 200;

/** A line without the comments at its end that only mark. */
function cutComments(line: string): { readonly text: string; readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  let text = line;
  for (let left = MAX_COMMENTS; left > 0; left -= 1) {
    const end = text.slice(-MAX_COMMENT);
    const tail = TAIL.exec(end);
    const word = tail === null ? WORD.exec(end) : null;
    const [found, name = '', count = '1'] = tail ?? word ?? [];
    const own = text.slice(0, text.length - (found?.length ?? 0));
    if (found === undefined || (tail !== null && !Object.hasOwn(WORDS, name))) return { text, asked };
    // Only Gatsby's stands behind code.
    if (word !== null && (name === 'line') === (own.trim() === '')) return { text, asked };
    if (word !== null && (name === 'start' || name === 'end')) asked.push({ word: name, count: 0 });
    else asked.push({ word: word === null ? name : 'highlight', count: Math.min(MAX_COUNT, Number(count) || 1) });
    text = own;
  }
  return { text, asked };
}
