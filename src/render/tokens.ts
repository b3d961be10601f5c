// The one door of marked: Markdown to tokens, with our syntax in place of its own where Chinese or hostile text needs it.
import type { Marked, Token, Tokens } from 'marked';
import { LIMITS } from '../facts/limits.ts';
import { createEmphasis } from './emphasis.ts';
import { createMdxExtensions, type Dialect } from './mdx-extensions.ts';
import { createMkdocsExtensions } from './mkdocs-extensions.ts';
import { createPostExtensions } from './post-extensions.ts';
import { readAdFence } from './syntax/ad-fence.ts';
import { CodeOrEscape } from './syntax/code-span.ts';
import { boundDepth, type GoDeeper } from './syntax/depth.ts';
import { escapeBars } from './syntax/math.ts';
import { mayBeTable } from './syntax/table.ts';
import { TASK_PATTERNS } from './syntax/task.ts';
import { readAddress, readPlainText } from './syntax/text.ts';
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
  let depth = 0;
  /** Most that is nested too deep never comes here; what stands behind a tag or a label, where its line begins, does. */
  const goDeeper: GoDeeper = (read) => {
    if (depth >= LIMITS.nesting.value) return undefined;
    depth += 1;
    const found = read();
    depth -= 1;
    return found;
  };
  let linkWork = 0;
  let hasStarts = false;
  let lineWork = 0;
  let codeWork = 0;
  const emphasis = createEmphasis(goDeeper);
  const post = createPostExtensions(goDeeper);
  const template = createTemplateExtensions();
  const mdx = createMdxExtensions();
  const mkdocs = createMkdocsExtensions();
  const startsLine = (source: string): boolean =>
    post.startsLine(source) || template.startsLine(source) || mdx.startsLine(source) || mkdocs.startsLine(source);
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
        const above = post.cutComments(src);
        const end = mkdocs.findTableEnd(above);
        const rows = above.slice(0, end);
        const escaped = escapeBars(rows);
        if (escaped === rows && above === src && !mkdocs.startsLine(src.slice(end))) return false;
        const found = ownOf(this).table.call(this, escaped);
        const count = found?.raw.trimEnd().split('\n').length ?? 0;
        return found === undefined ? undefined : { ...found, raw: src.split('\n', count).join('\n') };
      },
      list(src) {
        if (!LIST.test(src)) return undefined;
        if (this.rules.other.listIsTask !== TASK_PATTERNS.listIsTask)
          this.rules = { ...this.rules, other: { ...this.rules.other, ...TASK_PATTERNS } };
        return goDeeper(() => ownOf(this).list.call(this, mkdocs.cutAtMargin(post.cutComments(src))));
      },
      blockquote(src) {
        return STARTS.blockquote.test(src)
          ? goDeeper(() => ownOf(this).blockquote.call(this, cutLongQuote(mkdocs.cutAtMargin(post.cutComments(src)))))
          : undefined;
      },
      fences(src) {
        const found = STARTS.fences.test(src) ? ownOf(this).fences.call(this, src) : undefined;
        const panel = found === undefined ? null : readAdFence((found.lang ?? '').trim(), found.text);
        if (found === undefined || panel === null) return found;
        // What hid in a fence is bound neither by the post's own bounds nor by those of a fence around it.
        const { text, cutLine } = boundDepth(panel.body, LIMITS.nesting.value);
        const inside = goDeeper(() => ({
          name: panel.name,
          titleTokens: this.lexer.inlineTokens(panel.title),
          tokens: this.lexer.blockTokens(text, []),
        }));
        return { ...found, panel: inside, isTooDeep: inside === undefined || cutLine !== null };
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
        return emphasis.read(src, masked, (inner) => this.lexer.inlineTokens(inner)) as Tokens.Strong | undefined;
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
      { name: 'lineStart', level: 'block', start: findStart, tokenizer: () => undefined },
      ...post.extensions,
      // The last ones are asked first.
      ...mkdocs.extensions,
      ...mdx.extensions,
      ...template.extensions,
    ],
  });
  const start = (markdown: string, dialect: Dialect = 'markdown'): Lexer => {
    depth = 0;
    linkWork = 0;
    lineWork = 0;
    codeWork = 0;
    emphasis.start();
    post.start(markdown);
    mkdocs.start(markdown);
    hasStarts = mkdocs.isNeeded() || LINE_SIGN.test(markdown);
    template.start(markdown);
    mdx.start(markdown, dialect);
    return (part) => marked.lexer(part);
  };
  return { start };
}

/**
 * How each piece of these kinds begins. marked's own patterns say it too, but they are long: compiling those that a post does
 * not need takes longer than reading it, and where nothing can be found they need not look.
 */
const STARTS = {
  blockquote: /^ {0,3}>/,
  def: /^ {0,3}\[/,
  fences: /^ {0,3}(?:```|~~~)/,
  html: /^ {0,3}</,
  reflink: /^!?\[/,
  table: /^[^\n]*\n {0,3}[|:-][|: -]*(?:\n|$)/,
};

/** So many turns of lines with `>` and without that marked, which copies all lines below at each, would take too long. */
const MANY_TURNS = /(?:(?: {0,3}>[^\n]*\n)+(?:[ \t]*[^\s>][^\n]*\n)+){1000}/y;

/** What stands below so many turns is another quote. */
function cutLongQuote(source: string): string {
  MANY_TURNS.lastIndex = 0;
  return MANY_TURNS.test(source) ? source.slice(0, MANY_TURNS.lastIndex) : source;
}

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

/** Characters that may be searched for the ends of links in one post before `[` is taken for text. */
const LINK_WORK = 20_000_000;

/** The same for the ends of paragraphs before they are all left to marked; and what a line costs that was looked at. */
const LINE_WORK = 20_000_000;
const LINE_COST = 200;

/** The same for the ends of code in a line. */
const CODE_WORK = 20_000_000;
