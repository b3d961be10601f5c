// What the parser needs to read the panels and tabs of MkDocs, which hold the lines indented below them.
import type { Token, TokenizerAndRendererExtension } from 'marked';
import { LIMITS } from '../facts/limits.ts';
import { readAdmonition } from './syntax/admonition.ts';
import { readContentTabs } from './syntax/content-tabs.ts';

/** A line that may begin one. */
const SIGN = /^[ \t>*+\-\d.)]*(?:!!!|\?\?\?|===[!+]{0,2}[ \t])/m;

const TABLE_END = /\n(?:[ \t]*(\n)|(?= {0,3}(?:!!!|\?\?\?|===)))/g;
const MARGIN = /\n(?=!!!|\?\?\?|===)/g;

/** Characters that may be searched for one at the margin before lists and quotes hold it; and what a line costs that may be one. */
const MARGIN_WORK = 20_000_000;
const LINE_COST = 200;

/** Of one parser; both become containers. */
export function createMkdocsExtensions() {
  let isNeeded = false;
  let depth = 0;
  let marginWork = 0;

  const nest = <T>(read: () => T): T => {
    depth += 1;
    const found = read();
    depth -= 1;
    return found;
  };

  const extensions: TokenizerAndRendererExtension[] = [
    {
      name: 'admonition',
      level: 'block',
      tokenizer(src) {
        const found = isNeeded && depth < LIMITS.nesting.value ? readAdmonition(src) : undefined;
        if (found === undefined) return undefined;
        return nest(() => ({
          type: 'container',
          raw: found.raw,
          name: found.name,
          isClosed: true,
          isBare: found.title === null,
          titleTokens: this.lexer.inlineTokens(found.title ?? ''),
          tokens: this.lexer.blockTokens(found.body, []),
        }));
      },
    },
    {
      name: 'contentTabs',
      level: 'block',
      tokenizer(src) {
        const found = isNeeded && depth < LIMITS.nesting.value ? readContentTabs(src) : undefined;
        if (found === undefined) return undefined;
        const toTab = ({ raw, label, body }: (typeof found.tabs)[number]): Token => {
          const inside = { titleTokens: this.lexer.inlineTokens(label), tokens: this.lexer.blockTokens(body, []) };
          return { type: 'container', raw, name: 'tab', isClosed: true, ...inside };
        };
        const tokens = nest(() => found.tabs.map(toTab));
        return { type: 'container', raw: found.raw, name: 'tabs', isClosed: true, titleTokens: [], tokens };
      },
    },
  ];

  const startsLine = (source: string): boolean =>
    isNeeded && (readAdmonition(source) !== undefined || readContentTabs(source) !== undefined);

  return {
    extensions,
    start: (markdown: string): void => {
      isNeeded = SIGN.test(markdown);
      depth = 0;
      marginWork = 0;
    },
    isNeeded: (): boolean => isNeeded,
    /** Whether a paragraph ends before a line that begins the text. */
    startsLine,
    /** Where the first line begins that is blank, or that begins one, below others. */
    findTableEnd: (source: string): number => {
      for (const { 1: blank, index } of source.matchAll(TABLE_END)) {
        if (blank !== undefined) return index;
        if (startsLine(source.slice(index + 1))) return index + 1;
      }
      return source.length;
    },
    /** Text up to one at the margin, which ends lists and quotes. */
    cutAtMargin: (source: string): string => {
      if (!isNeeded || marginWork > MARGIN_WORK) return source;
      for (const { index } of source.matchAll(MARGIN)) {
        marginWork += LINE_COST;
        if (!startsLine(source.slice(index + 1))) continue;
        marginWork += index;
        return source.slice(0, index + 1);
      }
      marginWork += source.length;
      return source;
    },
  };
}
