// Finds the first H1 of a Markdown body for a title; knows just enough Markdown for that, and renders nothing.
import { toPlainLine } from './plain-line.ts';

export interface Heading {
  readonly text: string;
  /** Line in the body, from 0. */
  readonly line: number;
}

const CODE_FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const COMMENT = /^ {0,3}<!--/;
/** Obsidian's, over lines, and how the one looks that ends it. */
const SIGNED_COMMENT = /^ {0,3}%%(?!%)(?!.*%%)/;
const SIGNED_END = /^(?:(?!%%).)*%%\s*$/;
const ATX = /^ {0,3}#(?:[ \t]+(.*))?$/;
const SETEXT = /^ {0,3}=+[ \t]*$/;
/** What ends a paragraph: a blank line, a smaller heading, a rule. */
const BREAK = /^(?:\s*| {0,3}#{1,6}(?:\s.*)?| {0,3}(?:-+|(?:[-_*][ \t]*){3,}))$/;
/** Quotes, lists, HTML and tables: up to the next blank line, `===` below them makes no heading. */
const OTHER_BLOCK = /^ {0,3}(?:[>|<]|[-*+](?:\s|$)|\d{1,9}[.)](?:\s|$))/;

/** Markdown marks, and what is left of them in a title. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/<!--.*?-->/g, ''],
  [/ *%%(?!%).+?%%/g, ''],
  [/\^\[[^[\]]+\](?!\()|\[\^[^\]\s]+\]/g, ''],
  [/!?\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/<\/?[A-Za-z][^>]*>/g, ''],
  [/ *\{#[^}]*\}$/, ''],
  [/(`+)(.+?)\1/g, '$2'],
  [/(?<!\\)(\*\*|~~|==)(?=\S)(.*?[^\s\\])\1/g, '$2'],
  [/(?<!\\)\*(?=\S)(.*?[^\s\\])\*/g, '$1'],
  [/(?<![\\\p{L}\p{N}_])(_{1,3})(?=\S)(.*?[^\s\\])\1(?![\p{L}\p{N}_])/gu, '$2'],
  [/\\([!-/:-@[-`{-~])/g, '$1'],
  [/&nbsp;/g, ' '],
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&quot;/g, '"'],
  [/&#39;/g, "'"],
  [/&amp;/g, '&'],
];
/** No title is that long; it bounds the work of the patterns above. */
const MAX_TITLE = 1000;

/** The first H1 with any text, ATX or setext, outside of fenced code and of comments; its Markdown marks are gone. */
export function findHeading(body: string): Heading | null {
  let fence: string | null = null;
  /** What ends the comment that a line is in. */
  let commentEnd: string | null = null;
  /** Null inside a block that is no paragraph. */
  let paragraph: string[] | null = [];
  const lines = body.split('\n');
  for (const [line, raw] of lines.entries()) {
    const text = raw.trimEnd();
    const [, mark, info] = CODE_FENCE.exec(text) ?? [];
    if (fence !== null) {
      if (mark?.startsWith(fence) === true && info === '') fence = null;
      continue;
    }
    if (commentEnd !== null || COMMENT.test(text)) {
      commentEnd ??= '-->';
      if (text.includes(commentEnd)) commentEnd = null;
      paragraph = [];
      continue;
    }
    if (SIGNED_COMMENT.test(text) && isEnded(lines, line)) {
      commentEnd = '%%';
      paragraph = [];
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      paragraph = [];
      continue;
    }
    const atx = toTitle((ATX.exec(text)?.[1] ?? '').replace(/(?:^|[ \t])#+$/, ''));
    if (atx !== '') return { text: atx, line };
    const setext = SETEXT.test(text) && paragraph !== null ? toTitle(paragraph.join(' ')) : '';
    if (setext !== '') return { text: setext, line: line - (paragraph?.length ?? 0) };
    if (BREAK.test(text)) paragraph = [];
    else if (OTHER_BLOCK.test(text)) paragraph = null;
    else if (paragraph !== null && (paragraph.length > 0 || !/^(?: {4}|\t)/.test(text))) paragraph.push(text);
  }
  return null;
}

/** Whether the first sign below ends its line; else the words are text. */
function isEnded(lines: readonly string[], line: number): boolean {
  let at = line + 1;
  while (at < lines.length && lines[at]?.includes('%%') === false) at += 1;
  return SIGNED_END.test(lines[at] ?? '');
}

function toTitle(markdown: string): string {
  const start = markdown.trim().slice(0, MAX_TITLE);
  // Most lines are no heading.
  if (start === '') return '';
  return toPlainLine(MARKS.reduce((text, [mark, rest]) => text.replace(mark, rest), start));
}
