// Turns the tokens within a line into nodes, and the raw HTML of lines and blocks into pieces; knows no block of Markdown.
import type { Token, Tokens } from 'marked';
import { finding, type Report } from '../facts/findings.ts';
import { decodeEntities } from './html.ts';
import type { JsxToken } from './mdx-extensions.ts';
import { type Piece, readPieces } from './pieces.ts';
import type { Locator } from './positions.ts';
import { readLabel } from './syntax/image.ts';
import { type Phrase, readPhrases } from './syntax/phrase.ts';
import { splitTabComments } from './syntax/tabs.ts';
import { readTask } from './syntax/task.ts';
import type { TemplateLink } from './syntax/template-address.ts';
import { readTag } from './syntax/template-meaning.ts';
import { splitTags } from './syntax/template-tag.ts';
import type { WikiText } from './syntax/wiki.ts';
import { createTagReader } from './tag-nodes.ts';
import type { TagToken } from './template-extensions.ts';
import { type Attrs, BY_NAME, type Element, element, type Node, text } from './tree.ts';

/** A part that only WeChat sees may hide from the site in a comment: `<!-- wxsync:only` … `-->`. */
const ONLY = /^<!--\s*wxsync:only[ \t]*\n([\s\S]*?)-->/;

interface SpanReading {
  readonly locator: Locator;
  readonly phrases: readonly Phrase[];
  readonly report: Report;
  /** The blocks of Markdown that hid in a comment, whose first line stands at `firstLine` of the file. */
  readonly readHidden: (markdown: string, firstLine: number) => readonly Node[];
  /** Keeps a footnote that stands among the words; its label. */
  readonly addNote: (note: Element) => string;
}

/** Reads what stands in the lines of one text, in its order. */
export function createSpanReader({ locator, phrases, report, readHidden, addNote }: SpanReading) {
  const inline = (tokens: readonly Token[] = []): readonly Node[] =>
    readPieces(phrases.length === 0 ? tokens : joinTextTokens(tokens), { level: 'inline', readOne: span, report });

  /** A heading or a cell: no block stands in it. */
  let isOneLine = false;
  const oneLine = (tokens: readonly Token[] = []): readonly Node[] => {
    isOneLine = true;
    const nodes = inline(tokens);
    isOneLine = false;
    return nodes;
  };

  const tags = createTagReader({ locator, report, inline });

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
    return readHidden(only, (lines[0]?.line ?? 1) + 1);
  };

  const span = (token: Token): Piece | readonly Piece[] => {
    const known = token as Tokens.Generic;
    if (isLiteral(known)) return literal(known.raw);
    switch (token.type) {
      case 'text': {
        locator.leave(token.raw);
        if (token.tokens !== undefined) return inline(token.tokens);
        return phrases.length === 0
          ? text(decodeEntities(known['text']))
          : readPhrases(decodeEntities(known['text']), phrases);
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
        if (known['isTight'] === true)
          report(
            finding('comment-inline', locator.enter(token.raw), { text: token.raw.slice(2, -2).trim().slice(0, 40) }),
          );
        locator.leave(token.raw);
        return [];
      case 'commentOpen':
        report(finding('comment-open', locator.enter(token.raw)));
        locator.leave(token.raw);
        return text(token.raw);
      case 'checkbox':
        return element('wx-task', [], { attrs: { is: readTask(token.raw) } });
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
        return shown(() => inline(token.tokens));
      case 'templateLink':
        return tags.link(known as Tokens.Generic & TemplateLink);
      case 'math':
        return math(known);
      case 'inlineNote': {
        const at = locator.enter(token.raw);
        const label = addNote(element('p', inline(token.tokens)));
        return element('wx-note', [], { attrs: { label }, at });
      }
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

  const shown = (readInside: () => readonly Node[]): readonly Node[] => {
    rawDepth += 1;
    const nodes = readInside();
    rawDepth -= 1;
    return nodes;
  };

  return { inline, oneLine, span, raw, tags, isLiteral, literal, shown };
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
