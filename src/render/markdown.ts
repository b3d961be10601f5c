// The one door of marked: Markdown to a tree of HTML-like elements, each with its place; knows no theme and no WeChat.
import type { Marked, Token, Tokens } from 'marked';
import { type Finding, finding } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { decodeEntities, type RawHtml, weaveHtml } from './html.ts';
import { createLocator, type Locator } from './positions.ts';
import { type Emphasis, findEmphasis } from './syntax/cjk-emphasis.ts';
import { CONTAINER, readContainer } from './syntax/container.ts';
import { boundDepth } from './syntax/depth.ts';
import { EMOJI_SIGN, loadEmoji } from './syntax/emoji.ts';
import { readFootnoteDefinition, readFootnoteReference } from './syntax/footnote.ts';
import { readImage } from './syntax/image.ts';
import { coverBars, coverMath, escapeBars, findBlockMath, readBlockMath, readInlineMath } from './syntax/math.ts';
import { toPanel } from './syntax/panel.ts';
import { type Phrase, readPhrases } from './syntax/phrase.ts';
import { adoptElement } from './syntax/raw-html.ts';
import { RUBY } from './syntax/ruby.ts';
import { LOWERED, RAISED } from './syntax/scripts.ts';
import { placeStrays } from './syntax/strays.ts';
import { findSurplus } from './syntax/table.ts';
import { readAddress, readPlainText } from './syntax/text.ts';
import { type Attrs, type Element, element, forEachElement, joinTexts, type Node, text } from './tree.ts';

export interface MarkdownSource {
  readonly markdown: string;
  /** 1-based line in the file of the text's first line. */
  readonly firstLine: number;
}

export interface Document {
  /**
   * A `section` of class `wx` with the post's blocks. Beside HTML's own tags it holds `wx-note` (a footnote reference,
   * attribute `label`), `wx-task` (a task box, `is`), `wx-contents` (a paragraph of `[TOC]`) and `wx-part` (a `<!-- wxsync:… -->` comment, `is`).
   */
  readonly root: Element;
  /** Content of each footnote by its label; the first definition counts. */
  readonly footnotes: ReadonlyMap<string, readonly Node[]>;
}

/** A part that only WeChat sees may hide from the site in a comment: `<!-- wxsync:only` … `-->`. */
const ONLY = /^<!--\s*wxsync:only[ \t]*\n([\s\S]*?)-->/;

/**
 * Reads CommonMark and GFM with footnotes, Chinese emphasis, small marks, and image names with spaces. Any text is a document:
 * nothing is thrown, and what had to be cut or dropped is reported.
 */
export async function parseMarkdown(source: MarkdownSource, report: Report): Promise<Document> {
  const { Marked: MarkedClass } = await import('marked');
  syntax ??= createSyntax(MarkedClass);
  const footnotes = new Map<string, Element>();
  const phrases = await findPhrases(source.markdown);
  const blocks = readBlocks(source, { marked: syntax.start(source.markdown), phrases, footnotes, report });
  if (footnotes.size > 0) reportUnused(blocks, footnotes, report);
  const contents = new Map([...footnotes].map(([label, note]) => [label, note.children]));
  return { root: element('section', blocks, { attrs: { class: 'wx' } }), footnotes: contents };
}

/** A note that neither the text nor a note of the text refers to is never shown. */
function reportUnused(blocks: readonly Node[], footnotes: ReadonlyMap<string, Element>, report: Report): void {
  const used = new Set<string>();
  const use = (nodes: readonly Node[]): void =>
    forEachElement(nodes, ({ tag, attrs }) => void (tag === 'wx-note' && used.add(attrs['label'] ?? '')));
  use(blocks);
  // The notes of notes join the set while it is walked.
  for (const label of used) use(footnotes.get(label)?.children ?? []);
  for (const [label, { at }] of footnotes)
    if (!used.has(label) && at !== null) report(finding('footnote-unused', at, { label }));
}

/** Making it takes as long as reading a short post. */
let syntax: Syntax | null = null;

interface Syntax {
  /** The parser, with nothing known of the post before. */
  readonly start: (markdown: string) => Marked;
}

/** The small syntaxes that a post needs: most need none. */
async function findPhrases(markdown: string): Promise<readonly Phrase[]> {
  const needed = [RAISED, LOWERED, RUBY].filter(({ sign }) => sign.test(markdown));
  return EMOJI_SIGN.test(markdown) ? [...needed, await loadEmoji()] : needed;
}

interface Reading {
  readonly marked: Marked;
  readonly phrases: readonly Phrase[];
  /** An element of the content, at the place of its first definition. */
  readonly footnotes: Map<string, Element>;
  readonly report: Report;
}

type Report = (finding: Finding) => void;

function readBlocks({ markdown, firstLine }: MarkdownSource, reading: Reading): readonly Node[] {
  const { text: source, cutLine } = boundDepth(markdown.replace(/\r\n?/g, '\n'), LIMITS.nesting.value);
  if (cutLine !== null) {
    const at = { line: firstLine + cutLine, column: 1 };
    reading.report(finding('nesting-too-deep', at, { max: LIMITS.nesting.value }));
  }
  const reader = createReader(createLocator(source, firstLine), reading);
  const tokens = reading.marked.lexer(source);
  return reader.document(tokens);
}

/** marked with our syntax in place of its own where Chinese text or hostile text needs it. */
function createSyntax(MarkedClass: typeof Marked): Syntax {
  const pairs = new Map<string, ReadonlyMap<number, Emphasis>>();
  let depth = 0;
  const readEmphasis = (src: string, masked: string, inline: (text: string) => Token[]): EmphasisToken | undefined => {
    if (!EMPHASIS.test(src)) return undefined;
    const known = pairs.get(masked) ?? findEmphasis(coverFormulas(masked, src));
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
  let containerWork = 0;
  let hasContainers = false;
  const marked = new MarkedClass<string, string>({ gfm: true, breaks: false, pedantic: false });
  marked.use({
    tokenizer: Object.fromEntries(Object.entries(STARTS).map(([name, start]) => [name, skipUnless(start)])),
  });
  marked.use({
    tokenizer: {
      table(src) {
        if (!STARTS.table.test(src)) return undefined;
        const lines = src.slice(0, /\n[ \t]*\n|$/.exec(src)?.index);
        const escaped = escapeBars(lines);
        if (escaped === lines) return false;
        const found = (Object.getPrototypeOf(this) as typeof this).table.call(this, escaped);
        const count = found?.raw.trimEnd().split('\n').length ?? 0;
        return found === undefined ? undefined : { ...found, raw: src.split('\n', count).join('\n') };
      },
      lheading: (src: string) => (mayHaveUnderline(src) ? false : undefined),
      paragraph(src) {
        const raw = readOnlyLine(src);
        return raw === null ? false : { type: 'paragraph', raw, text: raw, tokens: this.lexer.inline(raw) };
      },
      emStrong(src, masked) {
        return readEmphasis(src, masked, (inner) => this.lexer.inlineTokens(inner)) as Tokens.Strong | undefined;
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
        const raw = readPlainText(src);
        return { type: 'text', raw, text: raw, escaped: true };
      },
    },
    extensions: [
      {
        name: 'blockMath',
        level: 'block',
        start: findBlockMath,
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
          const found = readFootnoteDefinition(src);
          if (found === undefined) return undefined;
          return { type: 'footnoteDefinition', ...found, tokens: this.lexer.blockTokens(found.body, []) };
        },
      },
      {
        name: 'container',
        level: 'block',
        // Among the lines of a paragraph.
        start: (src) => {
          if (!hasContainers) return undefined;
          const end = src.indexOf('\n\n');
          const found = CONTAINER.exec(end < 0 ? src : src.slice(0, end));
          return found === null ? undefined : found.index + 1;
        },
        tokenizer(src) {
          if (!hasContainers || depth >= LIMITS.nesting.value || containerWork > CONTAINER_WORK) return undefined;
          const found = readContainer(src);
          if (found === undefined) return undefined;
          containerWork += found.isClosed ? found.raw.length : src.length;
          depth += 1;
          const titleTokens = this.lexer.inlineTokens(found.title);
          const token = { type: 'container', ...found, titleTokens, tokens: this.lexer.blockTokens(found.body, []) };
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
        name: 'looseImage',
        level: 'inline',
        tokenizer(src) {
          const found = readImage(src);
          return found === undefined ? undefined : { type: 'image', ...found };
        },
      },
    ],
  });
  const start = (markdown: string): Marked => {
    pairs.clear();
    depth = 0;
    linkWork = 0;
    containerWork = 0;
    hasContainers = markdown.includes(':::');
    return marked;
  };
  return { start };
}

const EMPHASIS = /^[*_~=]/;

/** No mark inside a formula counts. What stands before the first one that is asked about was read as something else. */
function coverFormulas(masked: string, rest: string): string {
  if (!/[$\\]/.test(rest) && !masked.includes('$')) return masked;
  const start = masked.length - rest.length;
  const covered = coverMath(rest);
  let text = masked.slice(0, start).replace(/[*_~=]/g, 'a');
  for (let at = 0; at < rest.length; at += 1) text += covered[at] === rest[at] ? masked[start + at] : 'a';
  return text;
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

/** Undefined is marked's word for none, and false for its own way. */
function skipUnless(start: RegExp): (src: string) => false | undefined {
  return (src) => (start.test(src) ? false : undefined);
}

/** A line of `=` or `-` makes a heading of those above it, unless a blank line comes first; a far one is left to marked. */
function mayHaveUnderline(src: string): boolean {
  const near = src.slice(0, 2_000);
  const found = /\n(?:[ \t]*\n|( {0,3}(?:=+|-+) *(?:\n|$)))/.exec(near);
  return found === null ? near.length < src.length : found[1] !== undefined;
}

/** A paragraph of one line with a blank one behind it, as most are; null: what follows must be looked at, too. */
function readOnlyLine(src: string): string | null {
  const end = src.indexOf('\n');
  if (end < 0) return src;
  return end > 0 && (end === src.length - 1 || src[end + 1] === '\n') ? src.slice(0, end) : null;
}

interface EmphasisToken {
  readonly type: string;
  readonly raw: string;
  readonly text: string;
  readonly tokens: Token[];
}

/** Characters that may be searched for the ends of links in one post before `[` is taken for text. */
const LINK_WORK = 20_000_000;

/** The same for the ends of containers. */
const CONTAINER_WORK = 2_000_000;

/** Containers that only arrange what is in them. */
const ARRANGING: ReadonlySet<string> = new Set(['code-group', 'tabs', 'tab', 'raw', 'v-pre', 'demo', 'left']);

/** A paragraph that asks for the headings of the post. */
const CONTENTS = /^(?:\[TOC\]|\[\[_?TOC_?\]\]|@\[TOC\](?:\([^()\n]*\))?)\s*$/i;

type Piece = Node | RawHtml;

const isNode = (piece: Piece): piece is Node => piece.kind !== 'raw';

/** Turns tokens into nodes, following them through the text to know where each stands. */
function createReader(locator: Locator, reading: Reading) {
  const { report } = reading;

  const weave = (pieces: readonly Piece[], level: 'block' | 'inline'): readonly Node[] => {
    if (pieces.every(isNode)) return joinTexts(pieces);
    return placeStrays(weaveHtml(pieces, { adopt: (each) => adoptElement(each, report), report, level }), '');
  };

  const read = (
    tokens: readonly Token[],
    level: 'block' | 'inline',
    readOne: (token: Token) => Piece | readonly Piece[],
  ): readonly Node[] => {
    const pieces: Piece[] = [];
    for (const token of tokens) {
      const found = readOne(token);
      if ('kind' in found) pieces.push(found);
      else for (const each of found) pieces.push(each);
    }
    return weave(pieces, level);
  };

  const document = (tokens: readonly Token[]): readonly Node[] =>
    read(tokens, 'block', (token) => {
      locator.startBlock(token.raw);
      return block(token);
    });

  const blocks = (tokens: readonly Token[] = []): readonly Node[] => read(tokens, 'block', block);

  const inline = (tokens: readonly Token[] = []): readonly Node[] =>
    read(reading.phrases.length === 0 ? tokens : joinTextTokens(tokens), 'inline', span);

  const raw = (html: string): Piece | readonly Piece[] => {
    const lines = locator.follow(html.trim());
    const only = ONLY.exec(html)?.[1];
    if (only === undefined) return { kind: 'raw', html: html.trimStart(), lines };
    return readBlocks({ markdown: only, firstLine: (lines[0]?.line ?? 1) + 1 }, reading);
  };

  const block = (token: Token): Piece | readonly Piece[] => {
    const known = token as Tokens.Generic;
    switch (token.type) {
      case 'heading': {
        const at = locator.enter(token.raw);
        return element(`h${known['depth']}`, inline(token.tokens), { at });
      }
      case 'paragraph': {
        const at = locator.enter(token.raw);
        return CONTENTS.test(token.raw)
          ? element('wx-contents', [], { at })
          : element('p', inline(token.tokens), { at });
      }
      case 'text':
        // A line of a tight list item: it has no paragraph of its own.
        return token.tokens === undefined ? span(token) : inline(token.tokens);
      case 'blockquote': {
        const at = locator.enter(token.raw);
        return element('blockquote', blocks(token.tokens), { at });
      }
      case 'list':
        return list(token as Tokens.List);
      case 'table':
        return table(token as Tokens.Table);
      case 'code':
        return code(token as Tokens.Code);
      case 'html':
        return raw(token.raw);
      case 'hr': {
        const at = locator.enter(token.raw);
        locator.leave(token.raw);
        return element('hr', [], { at });
      }
      case 'footnoteDefinition': {
        const at = locator.enter(token.raw);
        const { label } = known;
        const note = element('section', blocks(token.tokens), { at });
        if (reading.footnotes.has(label)) report(finding('footnote-repeated', at, { label }));
        else reading.footnotes.set(label, note);
        return [];
      }
      case 'container':
        return container(known);
      case 'space':
      case 'def':
        locator.leave(token.raw);
        return [];
      default:
        return span(token);
    }
  };

  const container = (token: Tokens.Generic): readonly Node[] => {
    const { name } = token;
    const at = locator.enter(token.raw);
    const title = inline(token['titleTokens']);
    const body = blocks(token.tokens);
    if (token['isClosed'] !== true) report(finding('container-open', at, { name }));
    const panel = toPanel(name, { title, body, at });
    if (panel !== null) return [panel];
    const content = title.length === 0 ? body : [element('p', title, { at }), ...body];
    if (name === 'center' || name === 'right')
      return [element('section', content, { attrs: { style: `text-align:${name}` }, at })];
    if (!ARRANGING.has(name)) report(finding('container-unknown', at, { name }));
    return content;
  };

  const list = (token: Tokens.List): Element => {
    const at = locator.enter(token.raw);
    const attrs: Attrs = token.ordered && token.start !== 1 ? { start: String(token.start) } : {};
    const items = token.items.map((item) => element('li', blocks(item.tokens), { at: locator.enter(item.raw) }));
    return element(token.ordered ? 'ol' : 'ul', items, { attrs, at });
  };

  const table = (token: Tokens.Table): Element => {
    const at = locator.enter(token.raw);
    const row = (cells: readonly Tokens.TableCell[]): Element =>
      element(
        'tr',
        cells.map((cell) => {
          const attrs: Attrs = cell.align === null ? {} : { style: `text-align:${cell.align}` };
          return element(cell.header ? 'th' : 'td', inline(cell.tokens), { attrs });
        }),
      );
    // In the order of the text, for the cells' places.
    const head = element('thead', [row(token.header)]);
    const lines = token.raw.split('\n').slice(2);
    const rows = token.rows.map((cells, index) => {
      const line = lines[index] ?? '';
      const start = locator.enter(line);
      const read = row(cells);
      const surplus = findSurplus(coverBars(line.trim()), cells.length);
      if (surplus !== null) {
        const { text: covered, offset } = surplus;
        const words = line.trim().slice(offset, offset + covered.length);
        const cell = { line: start.line, column: start.column + offset };
        report(finding('table-cell-dropped', cell, { text: words.slice(0, 80), count: cells.length }));
      }
      return read;
    });
    return element('table', [head, ...(rows.length === 0 ? [] : [element('tbody', rows)])], { at });
  };

  const code = (token: Tokens.Code): Element => {
    const at = locator.enter(token.raw);
    locator.leave(token.raw);
    const language = /^[^\s{,:]+/.exec(decodeEntities(token.lang ?? ''))?.[0] ?? '';
    const attrs: Attrs = language === '' ? {} : { class: `language-${language.toLowerCase()}` };
    return element('pre', [element('code', [text(token.text.replace(/\n$/, ''))], { attrs })], { at });
  };

  const span = (token: Token): Piece | readonly Piece[] => {
    const known = token as Tokens.Generic;
    switch (token.type) {
      case 'text': {
        locator.leave(token.raw);
        if (token.tokens !== undefined) return inline(token.tokens);
        return reading.phrases.length === 0
          ? text(decodeEntities(known['text']))
          : readPhrases(decodeEntities(known['text']), reading.phrases);
      }
      case 'escape':
        locator.leave(token.raw);
        return text(known['text']);
      case 'em':
      case 'strong':
      case 'del':
      case 'mark':
        return element(token.type, inline(token.tokens), { at: locator.enter(token.raw) });
      case 'codespan': {
        const at = locator.enter(token.raw);
        locator.leave(token.raw);
        // WeChat stores a tab as a space, and so it is shown.
        return element('code', [text(known['text'].replaceAll('\t', ' '))], { at });
      }
      case 'br':
        return element('br');
      case 'checkbox':
        return element('wx-task', [], { attrs: { is: known['checked'] === true ? 'done' : 'open' } });
      case 'html':
        return raw(token.raw);
      case 'link': {
        const at = locator.enter(token.raw);
        return element('a', inline(token.tokens), { attrs: { href: decodeEntities(known['href']) }, at });
      }
      case 'image':
        return image(token as Tokens.Image & { readonly width?: string });
      case 'math':
        return math(known);
      case 'footnoteReference': {
        const at = locator.enter(token.raw);
        locator.leave(token.raw);
        return element('wx-note', [], { attrs: { label: known['label'] }, at });
      }
      default:
        return text(token.raw);
    }
  };

  /** Its text is its source, for whoever asks for the words round it. */
  const math = ({ raw: source, tex, isBlock }: Tokens.Generic): Element => {
    const at = locator.enter(source);
    locator.leave(source);
    const attrs: Attrs = { tex, is: isBlock === true ? 'block' : 'inline' };
    const formula = element('wx-math', [text(source.trim())], { attrs, at });
    return isBlock === true ? element('section', [formula], { attrs: { class: 'math' }, at }) : formula;
  };

  const image = (token: Tokens.Image & { readonly width?: string }): Element => {
    const at = locator.enter(token.raw);
    locator.leave(token.raw);
    const title = token.title ?? '';
    const attrs: Attrs = {
      src: decodeEntities(token.href),
      alt: toAlt(token),
      ...(title === '' ? {} : { title: decodeEntities(title) }),
      ...(token.width ? { style: `width:${token.width}` } : {}),
    };
    return element('img', [], { attrs, at });
  };

  return { document };
}

/** Neighbouring texts as one: a phrase may go over the place where marked looked for something else. */
function joinTextTokens(tokens: readonly Token[]): readonly Token[] {
  const isText = (token: Token | undefined): token is Tokens.Text => token?.type === 'text' && !('tokens' in token);
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (!isText(token) || !isText(last)) joined.push(token);
    else joined[joined.length - 1] = { ...last, raw: last.raw + token.raw, text: last.text + token.text };
  }
  return joined;
}

/** The text an image stands for: its label without marks. */
function toAlt({ text: label, tokens }: Tokens.Generic): string {
  return tokens === undefined ? decodeEntities(label) : tokens.map(toAlt).join('');
}
