// The one door of marked: Markdown to tokens, with our syntax in place of its own where Chinese or hostile text needs it.
import type { Marked, Token, Tokens } from 'marked';
import { LIMITS } from '../facts/limits.ts';
import { createMdxExtensions, type Dialect } from './mdx-extensions.ts';
import { createMkdocsExtensions } from './mkdocs-extensions.ts';
import { ATTRIBUTES_SIGN, readAttributes } from './syntax/attributes.ts';
import { readCardLine } from './syntax/card.ts';
import { type Emphasis, findEmphasis } from './syntax/cjk-emphasis.ts';
import { CodeOrEscape } from './syntax/code-span.ts';
import {
  COMMENT_SIGN,
  coverComments,
  cutAtComment,
  isOpenComment,
  readComment,
  readCommentBlock,
} from './syntax/comment.ts';
import { CONTAINER, readContainer } from './syntax/container.ts';
import {
  coverInlineNotes,
  INLINE_NOTE_SIGN,
  readFootnoteDefinition,
  readFootnoteReference,
  readInlineNote,
} from './syntax/footnote.ts';
import { readImage } from './syntax/image.ts';
import { coverMath, escapeBars, readBlockMath, readInlineMath } from './syntax/math.ts';
import { mayBeTable } from './syntax/table.ts';
import { splitTabLines } from './syntax/tabs.ts';
import { TASK_PATTERNS } from './syntax/task.ts';
import { coverTemplateTags, TEMPLATE_SIGN } from './syntax/template-tag.ts';
import { readAddress, readPlainText } from './syntax/text.ts';
import { coverWiki, readWiki } from './syntax/wiki.ts';
import { createTemplateExtensions } from './template-extensions.ts';

/** Reads a part of the post that the parser was started for. */
export type Lexer = (markdown: string) => readonly Token[];

interface Syntax {
  /** The parser, with nothing known of the post before. To be used up before the next one is started. */
  readonly start: (markdown: string, dialect?: Dialect) => Lexer;
}

/** Making it takes as long as reading a short post. */
let syntax: Syntax | null = null;

export async function loadSyntax(): Promise<Syntax> {
  const { Marked: MarkedClass } = await import('marked');
  syntax ??= createSyntax(MarkedClass);
  return syntax;
}

/** marked with our syntax in place of its own where Chinese text or hostile text needs it. */
function createSyntax(MarkedClass: typeof Marked): Syntax {
  const pairs = new Map<string, ReadonlyMap<number, Emphasis>>();
  let depth = 0;
  const readEmphasis = (src: string, masked: string, inline: (text: string) => Token[]): EmphasisToken | undefined => {
    if (!EMPHASIS.test(src)) return undefined;
    const known = pairs.get(masked) ?? findEmphasis(coverMarks(masked, src));
    pairs.set(masked, known);
    const found = known.get(masked.length - src.length);
    if (found === undefined || depth >= LIMITS.nesting.value) return undefined;
    const raw = src.slice(0, found.end - found.start);
    const inner = raw.slice(found.width, -found.width);
    depth += 1;
    const token = { type: found.tag, raw, text: inner, tokens: inline(inner) };
    depth -= 1;
    return token;
  };
  let linkWork = 0;
  let noteDepth = 0;
  let noteWork = 0;
  let containerWork = 0;
  let hasContainers = false;
  let hasComments = false;
  let hasAttributes = false;
  let hasStarts = false;
  let lineWork = 0;
  let commentLooks = 0;
  let codeWork = 0;
  const template = createTemplateExtensions();
  const mdx = createMdxExtensions();
  const mkdocs = createMkdocsExtensions();
  const startsLine = (source: string): boolean =>
    (hasContainers && CONTAINER.test(source)) ||
    (hasComments && readCommentBlock(source) !== undefined) ||
    template.startsLine(source) ||
    mdx.startsLine(source) ||
    mkdocs.startsLine(source) ||
    readBlockMath(source) !== undefined;
  /** Where a paragraph ends for a line that one of our syntaxes takes; undefined when it ends for another reason. */
  const findStart = (source: string): number | undefined => {
    if (!hasStarts || lineWork > LINE_WORK) return undefined;
    LINE.lastIndex = 0;
    for (let found = LINE.exec(source); found !== null; found = LINE.exec(source)) {
      const at = found.index + 1;
      const isBlank = found[1] !== undefined;
      if (isBlank || startsLine(source.slice(at))) {
        lineWork += at;
        return isBlank ? undefined : at;
      }
      lineWork += LINE_COST;
    }
    lineWork += source.length;
    return undefined;
  };
  /** Most that is nested too deep never comes here; what stands behind a tag or a label, where its line begins, does. */
  const goDeeper = <Found>(read: () => Found | undefined): Found | undefined => {
    if (depth >= LIMITS.nesting.value) return undefined;
    depth += 1;
    const found = read();
    depth -= 1;
    return found;
  };
  const cutComments = (source: string): string => {
    if (!hasComments || commentLooks > COMMENT_LOOKS) return source;
    const { before, looks } = cutAtComment(source);
    commentLooks += looks;
    return before;
  };
  const mayHaveUnderline = (source: string): boolean => {
    const near = UNDERLINE.exec(source.slice(0, 2_000));
    if (near !== null || source.length <= 2_000) return near?.[1] !== undefined;
    if (lineWork > LINE_WORK) return false;
    const found = UNDERLINE.exec(source);
    // marked takes that much longer for the same way.
    const cost = found?.[1] === undefined ? 1 : 20;
    lineWork += (found?.index ?? source.length) * cost;
    return found?.[1] !== undefined;
  };
  const marked = new MarkedClass<string, string>({ gfm: true, breaks: false, pedantic: false });
  const { gfm } = marked.Lexer.rules.inline;
  gfm.anyPunctuationOutsideCode = new CodeOrEscape(gfm.anyPunctuationOutsideCode);
  marked.use({
    tokenizer: Object.fromEntries(Object.entries(STARTS).map(([name, start]) => [name, skipUnless(start)])),
  });
  marked.use({
    tokenizer: {
      table(src) {
        if (!STARTS.table.test(src) || !mayBeTable(src)) return undefined;
        const lines = src.slice(0, /\n[ \t]*\n|$/.exec(src)?.index);
        const escaped = escapeBars(lines);
        if (escaped === lines) return false;
        const found = ownOf(this).table.call(this, escaped);
        const count = found?.raw.trimEnd().split('\n').length ?? 0;
        return found === undefined ? undefined : { ...found, raw: src.split('\n', count).join('\n') };
      },
      list(src) {
        if (!LIST.test(src)) return undefined;
        if (this.rules.other.listIsTask !== TASK_PATTERNS.listIsTask)
          this.rules = { ...this.rules, other: { ...this.rules.other, ...TASK_PATTERNS } };
        return goDeeper(() => ownOf(this).list.call(this, cutComments(src)));
      },
      blockquote(src) {
        return STARTS.blockquote.test(src)
          ? goDeeper(() => ownOf(this).blockquote.call(this, cutComments(src)))
          : undefined;
      },
      lheading: (src: string) => (mayHaveUnderline(src) ? false : undefined),
      paragraph(src) {
        const raw = readOnlyLine(src);
        if (raw !== null) return { type: 'paragraph', raw, text: raw, tokens: this.lexer.inline(raw) };
        paragraphRule ??= leaveOutRows(this.rules.block);
        const found = paragraphRule.exec(src);
        if (found === null) return undefined;
        const text = (found[1] ?? '').replace(/\n$/, '');
        return { type: 'paragraph', raw: found[0], text, tokens: this.lexer.inline(text) };
      },
      emStrong(src, masked) {
        return readEmphasis(src, masked, (inner) => this.lexer.inlineTokens(inner)) as Tokens.Strong | undefined;
      },
      codespan(src) {
        if (src[0] !== '`' || codeWork > CODE_WORK) return undefined;
        const found = ownOf(this).codespan.call(this, src);
        if (found === undefined) codeWork += src.length;
        return found;
      },
      del: () => undefined,
      link(src) {
        if (src[0] !== '[' && !src.startsWith('![')) return undefined;
        // marked looks for the end of a link by trying every length: without a near `)` that is too long for many.
        const end = src.indexOf(')');
        linkWork += end < 0 ? src.length / 8 : end;
        return linkWork > LINK_WORK ? undefined : false;
      },
      url(src) {
        const raw = readAddress(src);
        if (raw === undefined) return undefined;
        const href = raw.startsWith('www.') ? `http://${raw}` : raw;
        return { type: 'link', raw, text: raw, href, tokens: [{ type: 'text', raw, text: raw, escaped: true }] };
      },
      inlineText(src) {
        const raw = readPlainText(mdx.cut(src));
        return { type: 'text', raw, text: raw, escaped: true };
      },
    },
    extensions: [
      {
        name: 'blockMath',
        level: 'block',
        start: findStart,
        tokenizer(src) {
          const found = readBlockMath(src);
          return found === undefined ? undefined : { type: 'math', ...found };
        },
      },
      {
        name: 'inlineMath',
        level: 'inline',
        tokenizer(src) {
          const found = readInlineMath(src);
          return found === undefined ? undefined : { type: 'math', ...found, text: found.raw };
        },
      },
      {
        name: 'footnoteDefinition',
        level: 'block',
        tokenizer(src) {
          return goDeeper(() => {
            const found = readFootnoteDefinition(src);
            if (found === undefined) return undefined;
            return { type: 'footnoteDefinition', ...found, tokens: this.lexer.blockTokens(found.body, []) };
          });
        },
      },
      {
        name: 'cardLine',
        level: 'block',
        tokenizer(src) {
          const raw = STARTS.html.test(src) ? readCardLine(src) : undefined;
          return raw === undefined ? undefined : { type: 'html', raw, text: raw, block: true, pre: false };
        },
      },
      {
        name: 'container',
        level: 'block',
        tokenizer(src) {
          if (!hasContainers || depth >= LIMITS.nesting.value || containerWork > CONTAINER_WORK) return undefined;
          const found = readContainer(src);
          if (found === undefined) return undefined;
          containerWork += found.isClosed ? found.raw.length : src.length;
          depth += 1;
          const titleTokens = this.lexer.inlineTokens(found.title);
          const parts = TAB_SETS.test(found.name)
            ? splitTabLines(found.body)
            : [{ raw: '', label: null, body: found.body }];
          const tokens = parts.flatMap(({ raw, label, body }): Token[] => {
            const inside = this.lexer.blockTokens(body, []);
            if (label === null) return inside;
            const own = { titleTokens: this.lexer.inlineTokens(label), tokens: inside };
            return [{ type: 'container', raw, name: 'tab', ...own, isClosed: true }];
          });
          const token = { type: 'container', ...found, titleTokens, tokens };
          depth -= 1;
          return token;
        },
      },
      {
        name: 'footnoteReference',
        level: 'inline',
        tokenizer(src) {
          const found = readFootnoteReference(src);
          return found === undefined ? undefined : { type: 'footnoteReference', ...found };
        },
      },
      {
        name: 'inlineNote',
        level: 'inline',
        tokenizer(src) {
          if (!src.startsWith(INLINE_NOTE_SIGN) || noteDepth >= NOTE_DEPTH || noteWork > NOTE_WORK) return undefined;
          const found = readInlineNote(src);
          noteWork += found?.raw.length ?? src.length;
          if (found === undefined) return undefined;
          noteDepth += 1;
          const token = { type: 'inlineNote', raw: found.raw, tokens: this.lexer.inlineTokens(found.body) };
          noteDepth -= 1;
          return token;
        },
      },
      {
        name: 'wiki',
        level: 'inline',
        tokenizer(src, before) {
          if (!src.startsWith('[[') && !src.startsWith('![[')) return undefined;
          const found = readWiki(src, () => lastLetter(before));
          if (found === undefined) return undefined;
          // A name in brackets that a definition gives an address to is a link of CommonMark's.
          const isDefined = this.lexer.tokens.links[found.raw.slice(2, -2).toLowerCase()] !== undefined;
          return isDefined ? undefined : { type: 'wiki', ...found, isInLink: this.lexer.state.inLink };
        },
      },
      {
        name: 'looseImage',
        level: 'inline',
        tokenizer(src) {
          const found = readImage(src);
          return found === undefined ? undefined : { type: 'image', ...found };
        },
      },
      {
        name: 'commentBlock',
        level: 'block',
        tokenizer(src) {
          const raw = hasComments ? readCommentBlock(src) : undefined;
          return raw === undefined ? undefined : { type: 'space', raw };
        },
      },
      {
        name: 'comment',
        level: 'inline',
        tokenizer(src, before) {
          if (!hasComments || this.lexer.state.inRawBlock) return undefined;
          const raw = readComment(src);
          if (raw !== undefined) return { type: 'comment', raw };
          return isOpenComment(src, () => lastLetter(before)) ? { type: 'commentOpen', raw: COMMENT_SIGN } : undefined;
        },
      },
      {
        name: 'attributes',
        level: 'inline',
        tokenizer(src) {
          const raw = hasAttributes ? readAttributes(src) : undefined;
          return raw === undefined ? undefined : { type: 'comment', raw };
        },
      },
      // The last ones are asked first.
      ...mkdocs.extensions,
      ...mdx.extensions,
      ...template.extensions,
    ],
  });
  const start = (markdown: string, dialect: Dialect = 'markdown'): Lexer => {
    pairs.clear();
    depth = 0;
    linkWork = 0;
    noteDepth = 0;
    noteWork = 0;
    containerWork = 0;
    lineWork = 0;
    commentLooks = 0;
    codeWork = 0;
    hasContainers = markdown.includes(':::');
    hasComments = markdown.includes(COMMENT_SIGN);
    hasAttributes = markdown.includes(ATTRIBUTES_SIGN);
    mkdocs.start(markdown);
    hasStarts = mkdocs.isNeeded() || LINE_SIGN.test(markdown);
    template.start(markdown);
    mdx.start(markdown, dialect);
    return (part) => marked.lexer(part);
  };
  return { start };
}

/** Containers whose tabs begin with lines of their own. */
const TAB_SETS = /^(?:code-)?tabs$/;

const EMPHASIS = /^[*_~=]/;

/** Syntaxes whose marks are their own, with what stands where one of them may be. */
const COVERS: readonly (readonly [sign: RegExp, cover: (source: string) => string])[] = [
  [/[$\\]/, coverMath],
  [/\[\[/, coverWiki],
  [/\^\[/, coverInlineNotes],
  [TEMPLATE_SIGN, coverTemplateTags],
];

/** No mark inside a formula or a name counts. What stands before the first one that is asked about was read as something else. */
function coverMarks(masked: string, rest: string): string {
  const covers = COVERS.filter(([sign]) => sign.test(rest));
  const hasComments = rest.includes(COMMENT_SIGN);
  if (covers.length === 0 && !hasComments && !masked.includes('$')) return masked;
  const start = masked.length - rest.length;
  const covered = covers.reduce((covering, [, cover]) => cover(covering), rest);
  let text = '';
  for (let at = 0; at < rest.length; at += 1) text += covered[at] === rest[at] ? masked[start + at] : 'a';
  // Where code is covered, no sign in it begins a comment.
  return masked.slice(0, start).replace(/[*_~=]/g, 'a') + (hasComments ? coverComments(text) : text);
}

/**
 * How each piece of these kinds begins. marked's own patterns say it too, but they are long: compiling those that a post does
 * not need takes longer than reading it, and where nothing can be found they need not look.
 */
const STARTS = {
  blockquote: /^ {0,3}>/,
  def: /^ {0,3}\[/,
  html: /^ {0,3}</,
  reflink: /^!?\[/,
  table: /^[^\n]*\n {0,3}[|:-][|: -]*(?:\n|$)/,
};

const LIST = /^ {0,3}(?:[-*+]|\d{1,9}[.)])/;

/** Undefined is marked's word for none, and false for its own way. */
function skipUnless(start: RegExp): (src: string) => false | undefined {
  return (src) => (start.test(src) ? false : undefined);
}

/** marked's own way, beneath ours. */
function ownOf<Ours extends object>(tokenizer: Ours): Ours {
  return Object.getPrototypeOf(tokenizer);
}

/** A line of `=` or `-` makes a heading of those above it, unless a blank line comes first. */
const UNDERLINE = /\n(?:[ \t]*\n|( {0,3}(?:=+|-+)[ \t]*(?:\n|$)))/;
/** A blank line, or one that may be of a syntax of ours. */
const LINE = /\n(?:[ \t]*(\n)|(?=[ \t]*[<:{%$\\!?=]))/g;
const LINE_SIGN = /<[/A-Za-z>]|:::|\{[%{]|%%|\$\$|\\\[/;

let paragraphRule: RegExp | null = null;

/** marked's rule of a paragraph, which ends where a table begins, without the rows of that table: they may be many, again and again. */
function leaveOutRows({ paragraph, table }: Record<'paragraph' | 'table', RegExp>): RegExp {
  const whole = table.source.slice(1);
  const head = `${whole.slice(0, whole.lastIndexOf('(?:\\n((?:(?!'))}(?:\\n|$)`;
  return new RegExp(
    paragraph.source.replace(whole, () => head),
    paragraph.flags,
  );
}

/** A paragraph of one line with a blank one behind it, as most are; null: what follows must be looked at, too. */
function readOnlyLine(src: string): string | null {
  const end = src.indexOf('\n');
  if (end < 0) return src;
  return end > 0 && (end === src.length - 1 || src[end + 1] === '\n') ? src.slice(0, end) : null;
}

/** The character before, when it is text. */
function lastLetter(before: readonly Token[]): string {
  const last = before.at(-1);
  return last?.type === 'text' ? last.raw.slice(-1) : '';
}

interface EmphasisToken {
  readonly type: string;
  readonly raw: string;
  readonly text: string;
  readonly tokens: Token[];
}

/** Characters that may be searched for the ends of links in one post before `[` is taken for text. */
const LINK_WORK = 20_000_000;

/** The same for the ends of paragraphs before they are all left to marked; and what a line costs that was looked at. */
const LINE_WORK = 20_000_000;
const LINE_COST = 200;

/** The same for the ends of code in a line. */
const CODE_WORK = 20_000_000;

/** Signs of comments that may be looked at in one post before lists and quotes hold what stands at the margin below them. */
const COMMENT_LOOKS = 2_000_000;

/** Characters that may be searched for the ends of containers. */
const CONTAINER_WORK = 2_000_000;

/** The same for the ends of footnotes among words; and how deep one may lie in others. */
const NOTE_WORK = 2_000_000;
const NOTE_DEPTH = 10;
