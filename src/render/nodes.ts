// Turns the tokens of a post into a tree of HTML-like elements, each with its place; knows no parser, theme or WeChat.
import type { Token, Tokens } from 'marked';
import { finding, type Report } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { decodeEntities } from './html.ts';
import type { Dialect, JsxToken } from './mdx-extensions.ts';
import { type Piece, readPieces } from './pieces.ts';
import { createLocator, type Locator } from './positions.ts';
import { createSpanReader } from './span-nodes.ts';
import { cutAttributes, readAttributes } from './syntax/attributes.ts';
import { cutBlockId } from './syntax/block-id.ts';
import { isCard } from './syntax/card.ts';
import { boundDepth } from './syntax/depth.ts';
import { findOpenFence, readFence } from './syntax/fence.ts';
import { coverBars, findOpenMath } from './syntax/math.ts';
import { toPanel } from './syntax/panel.ts';
import type { Phrase } from './syntax/phrase.ts';
import { findSurplus, findUneven } from './syntax/table.ts';
import { type TabSet, toLabel } from './syntax/tabs.ts';
import { judgeTags } from './syntax/template-pairs.ts';
import { toFirstLine } from './tag-nodes.ts';
import type { TagToken } from './template-extensions.ts';
import type { Lexer } from './tokens.ts';
import { type Attrs, type Element, element, isBlank, isBlock, type Node, text, withChildren } from './tree.ts';

export interface MarkdownSource {
  readonly markdown: string;
  /** 1-based line in the file of the text's first line. */
  readonly firstLine: number;
  /** Whose Markdown it is; `markdown` when not given. */
  readonly dialect?: Dialect;
}

/** What is the same for every part of a post. */
export interface Reading {
  readonly lex: Lexer;
  readonly phrases: readonly Phrase[];
  /** An element of the content, at the place of its first definition, if it has one; filled on the way. */
  readonly footnotes: Map<string, Element>;
  readonly report: Report;
}

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

interface CodeExtras {
  readonly isTag?: boolean;
  /** What a fence of Obsidian's plugin Admonition holds. */
  readonly panel?: { readonly name: string; readonly titleTokens: readonly Token[]; readonly tokens: readonly Token[] };
  readonly isTooDeep?: boolean;
}

/** Containers that only arrange what is in them. */
const ARRANGING: ReadonlySet<string> = new Set(['raw', 'v-pre', 'demo', 'left']);

/** Those of tabs; what stands behind their names is no title. */
const TAB_SETS: ReadonlySet<string> = new Set(['tabs', 'code-tabs', 'code-group']);
const NO_SET: TabSet = { name: '', tabs: [] };

/** A paragraph that asks for the headings of the post. */
const CONTENTS = /^(?:\[TOC\]|\[\[_?TOC_?\]\]|@\[TOC\](?:\([^()\n]*\))?)\s*$/i;

/** Turns tokens into nodes, following them through the text to know where each stands. */
function createReader(locator: Locator, reading: Reading) {
  const { report, phrases } = reading;
  const readHidden = (markdown: string, firstLine: number) => readBlocks({ markdown, firstLine }, reading);
  const addNote = (note: Element): string => {
    // No label that is written holds a space.
    const label = `note ${reading.footnotes.size}`;
    reading.footnotes.set(label, element('section', [note]));
    return label;
  };
  const spans = createSpanReader({ locator, phrases, report, readHidden, addNote });
  const { inline, oneLine, tags } = spans;

  const document = (tokens: readonly Token[]): readonly Node[] =>
    readPieces(tokens, {
      level: 'block',
      readOne: (token) => {
        locator.startBlock(token.raw);
        return block(token);
      },
      report,
    });

  const blocks = (tokens: readonly Token[] = []): readonly Node[] =>
    readPieces(tokens, { level: 'block', readOne: block, report });

  const block = (token: Token): Piece | readonly Piece[] => {
    const known = token as Tokens.Generic;
    if (spans.isLiteral(known)) return element('p', [spans.literal(known.raw.trim())]);
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
        return token.tokens === undefined ? spans.span(token) : inline(cutLast(token.tokens, cutBlockId));
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
        return spans.raw(token.raw);
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
        return spans.shown(() => blocks(token.tokens));
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
        return spans.span(token);
    }
  };

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
    // Yuque's boxes have a colour and no title.
    const isBare = token['isBare'] === true || (title.length === 0 && /^color\d$/.test(name));
    const panel = toPanel(isBare && name.startsWith('color') ? 'note' : name, { title, body, at });
    if (panel !== null) return [isBare ? withChildren(panel, body) : panel];
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

  const code = (token: Tokens.Code & CodeExtras): Element => {
    const at = locator.enter(token.raw);
    const info = decodeEntities(token.lang ?? '').trim();
    const fence = findOpenFence(token.raw);
    if (fence !== null && token.isTag !== true) report(finding('fence-open', at, { fence }));
    if (token.isTooDeep === true) report(finding('nesting-too-deep', at, { max: LIMITS.nesting.value }));
    if (token.panel !== undefined) {
      const title = inline(token.panel.titleTokens);
      const body = blocks(token.panel.tokens);
      return toPanel(token.panel.name, { title, body, at }) ?? element('section', body, { at });
    }
    locator.leave(token.raw);
    const { language } = readFence(info);
    const attrs: Attrs = language === '' ? {} : { class: `language-${language}` };
    const source = element('code', [text(token.text.replace(/\n$/, ''))], { attrs });
    return element('pre', [source], { attrs: info === '' ? {} : { info }, at });
  };

  /** HTML among the tags stays in pieces, for it may hold what follows. */
  const jsxLine = (tokens: readonly Token[]): readonly Piece[] =>
    tokens.flatMap((token) =>
      token.type === 'jsx' ? tags.component(token as JsxToken, 'block').map(toBlock) : spans.span(token),
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
