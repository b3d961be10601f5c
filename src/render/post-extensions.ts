// How the syntaxes that any post may hold are found: formulas, notes, cards, containers, names in brackets, comments, attributes.
import type { Token, TokenizerExtension } from 'marked';
import { ATTRIBUTES_SIGN, readAttributes } from './syntax/attributes.ts';
import { readCardLine } from './syntax/card.ts';
import {
  COMMENT_SIGN,
  cutAtComment,
  isOpenComment,
  readComment,
  readCommentBlock,
  touchesWord,
} from './syntax/comment.ts';
import { CONTAINER, readContainer } from './syntax/container.ts';
import type { GoDeeper } from './syntax/depth.ts';
import { INLINE_NOTE_SIGN, readFootnoteDefinition, readFootnoteReference, readInlineNote } from './syntax/footnote.ts';
import { readImage } from './syntax/image.ts';
import { readBlockMath, readInlineMath } from './syntax/math.ts';
import { splitTabLines } from './syntax/tabs.ts';
import { readWiki } from './syntax/wiki.ts';

interface PostExtensions {
  readonly extensions: readonly TokenizerExtension[];
  /** Forgets the last post. What one holds no sign of is not looked for. */
  readonly start: (markdown: string) => void;
  /** Whether a paragraph ends before the line at the start of the text. */
  readonly startsLine: (source: string) => boolean;
  /** Text up to a comment at the margin, which ends lists, quotes and tables. */
  readonly cutComments: (source: string) => string;
}

/** Containers whose tabs begin with lines of their own. */
const TAB_SETS = /^(?:code-)?tabs$/;
const HTML = /^ {0,3}</;

/** Characters that may be searched for comments in one post before lists, quotes and tables hold what stands at the margin below them. */
const COMMENT_WORK = 2_000_000;

/** Characters that may be searched for the ends of containers. */
const CONTAINER_WORK = 2_000_000;

/** The same for the ends of footnotes among words; and how deep one may lie in others. */
const NOTE_WORK = 2_000_000;
const NOTE_DEPTH = 10;
/** What stands for the end of a link, code or words with marks before a note. */
const CLOSED = ')';

export function createPostExtensions(goDeeper: GoDeeper): PostExtensions {
  let noteDepth = 0;
  let noteWork = 0;
  let containerWork = 0;
  let commentWork = 0;
  let hasContainers = false;
  let hasComments = false;
  let hasAttributes = false;

  const extensions: readonly TokenizerExtension[] = [
    {
      name: 'blockMath',
      level: 'block',
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
        const raw = HTML.test(src) ? readCardLine(src) : undefined;
        return raw === undefined ? undefined : { type: 'html', raw, text: raw, block: true, pre: false };
      },
    },
    {
      name: 'container',
      level: 'block',
      tokenizer(src) {
        if (!hasContainers || containerWork > CONTAINER_WORK) return undefined;
        return goDeeper(() => {
          const found = readContainer(src);
          if (found === undefined) return undefined;
          containerWork += found.isClosed ? found.raw.length : src.length;
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
          return { type: 'container', ...found, titleTokens, tokens };
        });
      },
    },
    {
      name: 'footnoteReference',
      level: 'inline',
      tokenizer(src, before) {
        const found = readFootnoteReference(src, () => lastLetter(before));
        return found === undefined ? undefined : { type: 'footnoteReference', ...found };
      },
    },
    {
      name: 'inlineNote',
      level: 'inline',
      tokenizer(src, before) {
        if (!src.startsWith(INLINE_NOTE_SIGN) || noteDepth >= NOTE_DEPTH || noteWork > NOTE_WORK) return undefined;
        const found = readInlineNote(src, before.length === 0 ? '' : lastLetter(before) || CLOSED);
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
        if (raw !== undefined) {
          return {
            type: 'comment',
            raw,
            isTight: touchesWord(lastLetter(before), src.slice(raw.length, raw.length + 1)),
          };
        }
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
  ];

  return {
    extensions,
    start(markdown) {
      noteDepth = 0;
      noteWork = 0;
      containerWork = 0;
      commentWork = 0;
      hasContainers = markdown.includes(':::');
      hasComments = markdown.includes(COMMENT_SIGN);
      hasAttributes = markdown.includes(ATTRIBUTES_SIGN);
    },
    startsLine: (source) =>
      (hasContainers && CONTAINER.test(source)) ||
      (hasComments && readCommentBlock(source) !== undefined) ||
      readBlockMath(source) !== undefined,
    cutComments(source) {
      if (!hasComments || commentWork > COMMENT_WORK) return source;
      const { before, work } = cutAtComment(source, COMMENT_WORK);
      commentWork += work;
      return before;
    },
  };
}

/** The character before, when it is text. */
function lastLetter(before: readonly Token[]): string {
  const last = before.at(-1);
  return last?.type === 'text' ? last.raw.slice(-1) : '';
}
