// How the tags of site generators are found, on lines of their own and among words, and the tokens that stand for them.
import type { Token, TokenizerExtension, TokenizerThis, Tokens } from 'marked';
import { LIMITS } from '../facts/limits.ts';
import { dedent } from './syntax/indent.ts';
import { readTemplateLink } from './syntax/template-address.ts';
import { readTag, readTagBody, type Tag, type TagBody } from './syntax/template-meaning.ts';
import {
  readBody,
  readHalfTag,
  readShownTag,
  readTemplateTag,
  TEMPLATE_SIGN,
  type TemplateTag,
} from './syntax/template-tag.ts';

/** A tag without anything between it and its end. */
export interface TagToken extends Tokens.Generic, Tag {
  readonly type: 'templateTag';
  /** The picture's. */
  readonly caption: Token[];
}

interface TemplateExtensions {
  readonly extensions: readonly TokenizerExtension[];
  /** Forgets the last post. In one that holds no sign of a tag nothing is looked for. */
  readonly start: (markdown: string) => void;
  /** Whether a paragraph ends before the line at the start of the text. */
  readonly startsLine: (source: string) => boolean;
}

interface FoundBody {
  readonly meaning: TagBody;
  readonly raw: string;
  readonly body: string;
}

/** Characters that may be searched for end tags in one post before a tag is taken for one that has none. */
const WORK = 2_000_000;
/** Of the others nothing is read before they end. */
const HOLDS_MARKDOWN: ReadonlySet<TagBody['is']> = new Set(['quote', 'panel', 'tabs', 'tab', 'fold']);
const LINE = /^ {0,3}(?=\{(?:%|\{[<%]))/;

export function createTemplateExtensions(): TemplateExtensions {
  let isOn = false;
  let hasAddresses = false;
  let work = 0;
  let depth = 0;

  const findBody = (source: string, tag: TemplateTag): FoundBody | null => {
    const meaning = tag.isEnd || tag.isClosed || work > WORK || depth >= LIMITS.nesting.value ? null : readTagBody(tag);
    if (meaning === null) return null;
    const found = readBody(source, tag, HOLDS_MARKDOWN.has(meaning.is) ? 'markdown' : 'text');
    work += found?.raw.length ?? source.length;
    return found === undefined ? null : { meaning, ...found };
  };

  return {
    start(markdown) {
      isOn = TEMPLATE_SIGN.test(markdown);
      hasAddresses = isOn || markdown.includes('({{');
      work = 0;
      depth = 0;
    },
    startsLine: (source) => isOn && startsLine(source),
    extensions: [
      {
        name: 'templateBlock',
        level: 'block',
        tokenizer(src) {
          const indent = isOn ? LINE.exec(src)?.[0] : undefined;
          if (indent === undefined) return undefined;
          const source = src.slice(indent.length);
          const tag = readTemplateTag(source);
          const found = tag === undefined ? null : findBody(source, tag);
          if (found === null) return readLine(this, source, indent);
          const behind = /^[ \t]*(\n|$)?/.exec(source.slice(found.raw.length, found.raw.length + 200));
          // Words behind what can only be a block begin a paragraph.
          if (behind?.[1] === undefined && !HOLDS_MARKDOWN.has(found.meaning.is)) return undefined;
          depth += 1;
          const token = toBlock(this, found, indent + found.raw + (behind?.[0] ?? ''));
          depth -= 1;
          return token;
        },
      },
      {
        name: 'templateTag',
        level: 'inline',
        tokenizer(src) {
          if (!isOn || src[0] !== '{' || this.lexer.state.inRawBlock) return undefined;
          const shown = readShownTag(src);
          if (shown !== undefined) return { type: 'text', ...shown, escaped: true };
          const tag = readTemplateTag(src);
          if (tag === undefined) {
            const half = readHalfTag(src);
            return half === undefined ? undefined : { type: 'templateHalf', ...half, isTag: true };
          }
          const found = findBody(src, tag);
          if (found !== null) return toSpan(this, found) ?? toTagToken(this, tag);
          return isRaw(tag) ? undefined : toTagToken(this, tag);
        },
      },
      {
        name: 'templateLink',
        level: 'inline',
        tokenizer(src) {
          if (!hasAddresses || !(src[0] === '[' || src.startsWith('!['))) return undefined;
          const found = readTemplateLink(src);
          if (found === undefined) return undefined;
          return { type: 'templateLink', ...found, tokens: found.isImage ? [] : this.lexer.inlineTokens(found.label) };
        },
      },
    ],
  };
}

/** Only a line of tags, or one that may hold more lines, ends a paragraph. */
function startsLine(source: string): boolean {
  const indent = LINE.exec(source)?.[0];
  if (indent === undefined) return false;
  const rest = source.slice(indent.length);
  const tag = readTemplateTag(rest);
  return tag !== undefined && ((!tag.isEnd && readTagBody(tag) !== null) || readTags(rest) !== null);
}

/** Tags that have their line to themselves. */
function readTags(source: string): { readonly raw: string; readonly tags: readonly TemplateTag[] } | null {
  const tags: TemplateTag[] = [];
  let at = 0;
  for (;;) {
    const tag = readTemplateTag(source.slice(at));
    if (tag === undefined || isRaw(tag) || isOfSentence(tag)) return null;
    tags.push(tag);
    at += tag.raw.length;
    while (source[at] === ' ' || source[at] === '\t') at += 1;
    if (at >= source.length || source[at] === '\n') return { raw: source.slice(0, at + 1), tags };
  }
}

/** Without its other half it does nothing: it is what a post about such tags says. */
function isRaw(tag: TemplateTag): boolean {
  return readTagBody(tag)?.is === 'raw';
}

function isOfSentence(tag: TemplateTag): boolean {
  const { link, words } = readTag(tag);
  return link !== null || words !== null;
}

function readLine(parser: TokenizerThis, source: string, indent: string): Tokens.Generic | undefined {
  const line = readTags(source);
  if (line === null) return undefined;
  const tokens = line.tags.map((tag) => toTagToken(parser, tag));
  return { type: 'templateLine', raw: indent + line.raw, tokens, isTag: true };
}

function toTagToken({ lexer }: TokenizerThis, tag: TemplateTag): TagToken {
  const meaning = readTag(tag);
  const words = meaning.picture?.caption ?? '';
  const caption = words === '' ? [] : lexer.inlineTokens(words);
  return { type: 'templateTag', raw: tag.raw, ...meaning, caption, isTag: true };
}

function toBlock({ lexer }: TokenizerThis, { meaning, body }: FoundBody, raw: string): Tokens.Generic {
  const text = body.replace(/^[ \t]*\n/, '');
  const toContainer = (name: string, title: string, inside: string) => {
    const titleTokens = lexer.inlineTokens(title);
    const tokens = lexer.blockTokens(inside, []);
    return { type: 'container', name, titleTokens, tokens, isClosed: true, isTag: true };
  };
  switch (meaning.is) {
    case 'comment':
      return { type: 'space', raw };
    case 'code':
      return { type: 'code', raw, lang: meaning.info, text: text.replace(/\n[ \t]*$/, ''), isTag: true };
    case 'raw':
      return { type: 'templateRaw', raw, tokens: lexer.blockTokens(text, []), isTag: true };
    case 'quote': {
      const by = meaning.by === '' ? [] : lexer.inlineTokens(`— ${meaning.by}`);
      return { type: 'blockquote', raw, tokens: lexer.blockTokens(text, []), by, isTag: true };
    }
    case 'panel':
      return { ...toContainer(meaning.name, meaning.title, text), raw };
    case 'tab':
    case 'fold':
      return { ...toContainer(meaning.is, meaning.title, dedent(text)), raw };
    case 'tabs':
      return { ...toContainer('tabs', meaning.title, dedent(text)), raw, set: meaning.set };
  }
}

/** Null for what can only be a block. */
function toSpan({ lexer }: TokenizerThis, { meaning, raw, body }: FoundBody): Tokens.Generic | null {
  switch (meaning.is) {
    case 'comment':
      return { type: 'text', raw, text: '', escaped: true };
    case 'code':
      return { type: 'codespan', raw, text: body.trim(), isTag: true };
    case 'raw':
      return { type: 'templateRaw', raw, tokens: lexer.inlineTokens(body), isTag: true };
    default:
      return null;
  }
}
