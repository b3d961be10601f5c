// Turns the tokens of a post into a tree of HTML-like elements, each with its place; knows no parser, theme or WeChat.
import type { Token, Tokens } from 'marked';
import { type Finding, finding } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { CARD_TAGS } from '../facts/markup.ts';
import { decodeEntities, type RawHtml, weaveHtml } from './html.ts';
import type { Dialect, JsxToken } from './mdx-extensions.ts';
import { createLocator, type Locator } from './positions.ts';
import { cutAttributes, readAttributes } from './syntax/attributes.ts';
import { cutBlockId } from './syntax/block-id.ts';
import { isCard } from './syntax/card.ts';
import { boundDepth } from './syntax/depth.ts';
import { findOpenFence, readFence } from './syntax/fence.ts';
import { readLabel } from './syntax/image.ts';
import { coverBars, findOpenMath } from './syntax/math.ts';
import { toPanel } from './syntax/panel.ts';
import { type Phrase, readPhrases } from './syntax/phrase.ts';
import { adoptElement } from './syntax/raw-html.ts';
import { placeStrays } from './syntax/strays.ts';
import { findSurplus, findUneven } from './syntax/table.ts';
import { splitTabComments, type TabSet, toLabel } from './syntax/tabs.ts';
import type { TemplateLink } from './syntax/template-address.ts';
import { readTag } from './syntax/template-meaning.ts';
import { judgeTags } from './syntax/template-pairs.ts';
import { splitTags } from './syntax/template-tag.ts';
import type { WikiText } from './syntax/wiki.ts';
import { createTagReader, toFirstLine } from './tag-nodes.ts';
import type { TagToken } from './template-extensions.ts';
import type { Lexer } from './tokens.ts';
import { type Attrs, BY_NAME, type Element, element, isBlank, isBlock, joinTexts, type Node, text } from './tree.ts';

export interface MarkdownSource {
  readonly markdown: string;
  /** 1-based line in the file of the text's first line. */
  readonly firstLine: number;
  /** Whose Markdown it is; `markdown` when not given. */
  readonly dialect?: Dialect;
}

/** A part that only WeChat sees may hide from the site in a comment: `<!-- wxsync:only` … `-->`. */
const ONLY = /^<!--\s*wxsync:only[ \t]*\n([\s\S]*?)-->/;

/** What is the same for every part of a post. */
export interface Reading {
  readonly lex: Lexer;
  readonly phrases: readonly Phrase[];
  /** An element of the content, at the place of its first definition; filled on the way. */
  readonly footnotes: Map<string, Element>;
  readonly report: Report;
}

export type Report = (finding: Finding) => void;

/** The blocks of a text; every finding has the line of the file. */
export function readBlocks({ markdown, firstLine }: MarkdownSource, reading: Reading): readonly Node[] {
  const { text: source, cutLine } = boundDepth(markdown.replace(/\r\n?/g, '\n'), LIMITS.nesting.value);
  if (cutLine !== null) {
    const at = { line: firstLine + cutLine, column: 1 };
    reading.report(finding('nesting-too-deep', at, { max: LIMITS.nesting.value }));
  }
  const reader = createReader(createLocator(source, firstLine), reading);
  const nodes = reader.document(reading.lex(source));
  for (const each of reader.judge()) reading.report(each);
  return nodes;
}

/** Containers that only arrange what is in them. */
const ARRANGING: ReadonlySet<string> = new Set(['raw', 'v-pre', 'demo', 'left']);

/** Those of tabs; what stands behind their names is no title. */
const TAB_SETS: ReadonlySet<string> = new Set(['tabs', 'code-tabs', 'code-group']);
const NO_SET: TabSet = { name: '', tabs: [] };

/** A paragraph that asks for the headings of the post. */
const CONTENTS = /^(?:\[TOC\]|\[\[_?TOC_?\]\]|@\[TOC\](?:\([^()\n]*\))?)\s*$/i;

type Piece = Node | RawHtml;

const isNode = (piece: Piece): piece is Node => piece.kind !== 'raw';

/** Turns tokens into nodes, following them through the text to know where each stands. */
function createReader(locator: Locator, reading: Reading) {
  const { report } = reading;

  const weave = (pieces: readonly Piece[], level: 'block' | 'inline'): readonly Node[] => {
    if (pieces.every(isNode)) return joinTexts(pieces);
    return placeStrays(
      weaveHtml(pieces, { adopt: (each) => adoptElement(each, { report, level }), report, level, voids: CARD_TAGS }),
      '',
    );
  };

  const read = (
    tokens: readonly Token[],
    level: 'block' | 'inline',
    readOne: (token: Token) => Piece | readonly Piece[],
  ): readonly Node[] => {
    const pieces: Piece[] = [];
    let isBehindLine = false;
    for (const token of tokens) {
      const found = readOne(token);
      if (level === 'block') {
        // Lines of a tight list item between which something stood that nothing is left of.
        if (isBehindLine && token.type === 'text') pieces.push(text('\n'));
        isBehindLine = token.type === 'text' || (isBehindLine && Array.isArray(found) && found.length === 0);
      }
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

  /** A heading or a cell: no block stands in it. */
  let isOneLine = false;
  const oneLine = (tokens: readonly Token[] = []): readonly Node[] => {
    isOneLine = true;
    const nodes = inline(tokens);
    isOneLine = false;
    return nodes;
  };

  const raw = (html: string): Piece | readonly Piece[] => {
    const parts = splitTags(html);
    if (parts.length === 1) return rawHtml(html);
    return parts.flatMap((part) =>
      typeof part === 'string'
        ? rawHtml(part)
        : tags.tag({ type: 'templateTag', raw: part.raw, ...readTag(part), caption: [] }, 'inline'),
    );
  };

  const rawHtml = (html: string): Piece | readonly Piece[] => {
    if (!tags.tabs.isOpen() || !html.includes('<!--')) return rawPiece(html);
    return splitTabComments(html).flatMap(({ html: part, label }) => {
      if (label === null) return rawPiece(part);
      locator.follow(part);
      return tags.label(label === '' ? [] : [text(decodeEntities(label))]);
    });
  };

  const rawPiece = (html: string): Piece | readonly Piece[] => {
    const lines = locator.follow(html.trim());
    const only = ONLY.exec(html)?.[1];
    if (only === undefined) return { kind: 'raw', html: html.trimStart(), lines };
    return readBlocks({ markdown: only, firstLine: (lines[0]?.line ?? 1) + 1 }, reading);
  };

  const block = (token: Token): Piece | readonly Piece[] => {
    const known = token as Tokens.Generic;
    if (isLiteral(known)) return element('p', [literal(known.raw.trim())]);
    switch (token.type) {
      case 'heading': {
        const at = locator.enter(token.raw);
        return element(`h${known['depth']}`, oneLine(cutLast(token.tokens, cutAttributes)), { at });
      }
      case 'paragraph': {
        const at = locator.enter(token.raw);
        if (CONTENTS.test(token.raw)) return element('wx-contents', [], { at });
        reportLookalikes(token.raw);
        const line = inline(cutLast(token.tokens, cutBlockId));
        // A card alone needs no paragraph.
        const cards = line.filter(isCard);
        return cards.length > 0 && line.every((node) => isCard(node) || isBlank(node))
          ? cards
          : element('p', line, { at });
      }
      case 'text':
        // A line of a tight list item: it has no paragraph of its own.
        reportLookalikes(token.raw);
        return token.tokens === undefined ? span(token) : inline(cutLast(token.tokens, cutBlockId));
      case 'blockquote': {
        const at = locator.enter(token.raw);
        // Who said it stands in the tag, before the words.
        const by = inline(known['by']);
        const said = blocks(token.tokens);
        return element('blockquote', by.length === 0 ? said : [...said, element('p', by, { at })], { at });
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
      case 'templateLine': {
        const made = known.tokens?.flatMap((each) => tags.tag(each as TagToken, 'block')) ?? [];
        return made.every(isBlock) ? made : element('p', made);
      }
      case 'templateRaw':
        return templateRaw(known);
      case 'esm': {
        const at = locator.enter(token.raw);
        locator.leave(token.raw);
        report(finding('mdx-dropped', at, { text: toFirstLine(token.raw) }, 'info'));
        return [];
      }
      case 'jsxLine':
        return jsxLine(known.tokens ?? []);
      case 'jsxBlock': {
        const head = jsxLine(known['head']);
        const body = blocks(known.tokens);
        tags.endComponents(known['head']);
        return [...head, ...body];
      }
      case 'space':
      case 'def':
        locator.leave(token.raw);
        return [];
      default:
        return span(token);
    }
  };

  const tags = createTagReader({ locator, report, inline });

  /** Lines that look like a table or a formula and are none. */
  const reportLookalikes = (paragraph: string): void => {
    const end = findOpenMath(paragraph);
    if (end !== null) report(finding('math-open', locator.see(paragraph.split('\n')[0] ?? ''), { end }));
    const uneven = findUneven(paragraph);
    if (uneven === null) return;
    const { index, head, columns } = uneven;
    const place = locator.see(paragraph.split('\n')[index] ?? '');
    report(finding('table-uneven', place, { head, columns }));
  };

  const container = (token: Tokens.Generic): readonly Node[] => {
    const { name } = token;
    const at = locator.enter(token.raw);
    const title = inline(token['titleTokens']);
    const label = name === 'tab' ? tags.label(title) : [];
    if (TAB_SETS.has(name)) tags.tabs.open((token['set'] as TabSet | undefined) ?? NO_SET);
    const body = blocks(token.tokens);
    if (TAB_SETS.has(name)) tags.tabs.close();
    if (token['isClosed'] !== true) report(finding('container-open', at, { name }));
    // Of a container of ours the words behind its name are a title in a tag alone.
    if (TAB_SETS.has(name)) return token['isTag'] === true && title.length > 0 ? [toLabel(title), ...body] : body;
    if (name === 'tab') return [...label, ...body];
    if (name === 'fold')
      return [element('details', [...(title.length === 0 ? [] : [element('summary', title)]), ...body], { at })];
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
          return element(cell.header ? 'th' : 'td', oneLine(cell.tokens), { attrs });
        }),
      );
    // In the order of the text, for the cells' places.
    const head = element('thead', [row(token.header)]);
    const lines = token.raw.split('\n').slice(2);
    const rows = token.rows.flatMap((cells, index) => {
      const line = lines[index] ?? '';
      if (readAttributes(line.trim()) === line.trim()) return [];
      const start = locator.enter(line);
      const read = row(cells);
      const surplus = findSurplus(coverBars(line.trim()), cells.length);
      if (surplus !== null) {
        const { text: covered, offset } = surplus;
        const words = line.trim().slice(offset, offset + covered.length);
        const cell = { line: start.line, column: start.column + offset };
        report(finding('table-cell-dropped', cell, { text: words.slice(0, 80), count: cells.length }));
      }
      return [read];
    });
    return element('table', [head, ...(rows.length === 0 ? [] : [element('tbody', rows)])], { at });
  };

  const code = (token: Tokens.Code & { readonly isTag?: boolean }): Element => {
    const at = locator.enter(token.raw);
    locator.leave(token.raw);
    const info = decodeEntities(token.lang ?? '').trim();
    const { language } = readFence(info);
    const fence = findOpenFence(token.raw);
    if (fence !== null && token.isTag !== true) report(finding('fence-open', at, { fence }));
    const attrs: Attrs = language === '' ? {} : { class: `language-${language}` };
    const source = element('code', [text(token.text.replace(/\n$/, ''))], { attrs });
    return element('pre', [source], { attrs: info === '' ? {} : { info }, at });
  };

  const span = (token: Token): Piece | readonly Piece[] => {
    const known = token as Tokens.Generic;
    if (isLiteral(known)) return literal(known.raw);
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
      case 'comment':
        locator.leave(token.raw);
        return [];
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
      case 'wiki':
        return wiki(known as Tokens.Generic & WikiText);
      case 'templateTag':
        return tags.tag(known as TagToken, 'inline');
      case 'templateHalf':
        return tags.half(known);
      case 'jsx':
        return tags.component(known as JsxToken, 'inline');
      case 'templateRaw':
        return templateRaw(known);
      case 'templateLink':
        return tags.link(known as Tokens.Generic & TemplateLink);
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
    const isApart = isBlock === true && !isOneLine;
    const large = isBlock === true && isOneLine ? '\\displaystyle ' : '';
    const attrs: Attrs = { tex: large + tex, is: isApart ? 'block' : 'inline' };
    const formula = element('wx-math', [text(source.trim())], { attrs, at });
    return isApart ? element('section', [formula], { attrs: { class: 'math' }, at }) : formula;
  };

  const image = (token: Tokens.Image & { readonly width?: string }): Element => {
    const at = locator.enter(token.raw);
    locator.leave(token.raw);
    const title = token.title ?? '';
    const label = readLabel(toAlt(token));
    const width = token.width || label.width;
    const attrs: Attrs = {
      src: decodeEntities(token.href),
      alt: label.alt,
      ...(title === '' ? {} : { title: decodeEntities(title) }),
      ...(width === '' ? {} : { style: `width:${width}` }),
    };
    return element('img', [], { attrs, at });
  };

  const wiki = (token: Tokens.Generic & WikiText): Node => {
    const at = locator.enter(token.raw);
    locator.leave(token.raw);
    if (token.is === 'picture') {
      const { src, alt, width } = token;
      // Obsidian finds a picture by its name wherever it lies.
      const attrs: Attrs = { src, alt, ...(width === '' ? {} : { style: `width:${width}` }), [BY_NAME]: '' };
      return element('img', [], { attrs, at });
    }
    if (token.is === 'embed') report(finding('embed-dropped', at, { target: token.target.slice(0, 80) }));
    const words = text(token.words);
    if (token.is === 'embed' || token['isInLink'] === true) return words;
    return element('a', [words], { attrs: { href: token.href, [BY_NAME]: '' }, at });
  };

  /** What stands in `raw` is shown, not done. */
  let rawDepth = 0;
  const isLiteral = (token: Tokens.Generic): boolean => rawDepth > 0 && token['isTag'] === true;
  const literal = (source: string): Node => {
    locator.leave(source);
    return text(source);
  };

  const templateRaw = (token: Tokens.Generic): readonly Node[] => {
    rawDepth += 1;
    const content = token['isBlock'] === true ? blocks(token.tokens) : inline(token.tokens);
    rawDepth -= 1;
    return content;
  };

  /** HTML among the tags stays in pieces, for it may hold what follows. */
  const jsxLine = (tokens: readonly Token[]): readonly Piece[] =>
    tokens.flatMap((token) =>
      token.type === 'jsx' ? tags.component(token as JsxToken, 'block').map(toBlock) : span(token),
    );

  return { document, judge: () => judgeTags(tags.lone) };
}

function toBlock(node: Node): Node {
  return isBlock(node) ? node : element('p', [node]);
}

/** A block's text without what stands at its end for a website alone. */
function cutLast(tokens: readonly Token[] = [], cutText: (text: string) => string): readonly Token[] {
  const last = tokens.at(-1);
  if (last?.type !== 'text' || 'tokens' in last) return tokens;
  const cut = cutText(last.text);
  return cut === last.text ? tokens : [...tokens.slice(0, -1), { ...last, text: cut }];
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
