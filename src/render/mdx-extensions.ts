// How the JavaScript of MDX is found, before and among the Markdown, and the tokens that stand for it; nothing of it is run.

import type { Token, TokenizerExtension, TokenizerThis, Tokens } from 'marked';
import { LIMITS } from '../facts/limits.ts';
import { toImageWidth } from './syntax/image.ts';
import { dedent } from './syntax/indent.ts';
import {
  isComponent,
  isSurelyMdx,
  type JsxTag,
  type JsxValue,
  MAX_CODE,
  readEsm,
  readExpression,
  readJsxTag,
} from './syntax/mdx.ts';
import type { TabSet } from './syntax/tabs.ts';
import type { TagPicture } from './syntax/template-meaning.ts';

/** Whose Markdown it is: that of an `.mdx` file may hold JavaScript anywhere. */
export type Dialect = 'markdown' | 'mdx';

/** What stands for a tag or an expression. */
export interface JsxToken extends Tokens.Generic {
  readonly type: 'jsx';
  /** What a finding calls it; '' for what nobody misses. */
  readonly shown: string;
  /** The tag that ends what it holds; '' when it holds nothing. */
  readonly end: string;
  /** Tabs that begin with it. */
  readonly set: TabSet | null;
  readonly endsSet: boolean;
  /** A line above what it holds, as it is written; `value` is by what a set of tabs may know it. */
  readonly label: { readonly words: string; readonly value: string } | null;
  readonly isTab: boolean;
  readonly picture: TagPicture | null;
  readonly caption: Token[];
}

interface MdxExtensions {
  readonly extensions: readonly TokenizerExtension[];
  /** Forgets the last post. In one that can hold none of it nothing is looked for. */
  readonly start: (markdown: string, dialect: Dialect) => void;
  /** Text up to where an expression may begin. */
  readonly cut: (source: string) => string;
  /** Whether a paragraph ends before the line at the start of the text. */
  readonly startsLine: (source: string) => boolean;
}

/** What only JavaScript can be, in Markdown: a tag in capitals, or one with a value in braces. */
const SIGN = /<\/?[A-Z]|<[a-z][^<>\n]*=\s*\{|^(?:import|export)[ \t]/m;
/** Characters that may be searched for the ends of tags and expressions in one post. */
const WORK = 2_000_000;
const OPENING = /^<([A-Z][\w$.]*)(?:[^>]|=>)*(?<!\/)>$/;
const ELEMENT =
  /^ {0,3}<(summary|p|div|center|h[1-6]|li|td|th|tr|dt|dd|figcaption|caption|section|article|blockquote|details)(?=[\s>])/;
const TAB_SETS = /^(?:Tabs|TabGroup|CodeGroup|CodeTabs|TabList|TabPanels)$/;
const TABS = /^(?:\w+\.)*(?:Tab|TabItem|TabPanel|TabPane|CodeGroupItem)$|^Tabs\.Item$/;
/** Components of the known sites that show a title above what they hold. */
const TITLED =
  /^(?:Accordion|AccordionItem|Step|Card|LinkCard|Collapse|Collapsible|Details|Expandable|Expander|Panel|Admonition|Callout|Aside|Note|Tip|Info|Warning|Caution|Danger|Important|Hint|Alert|Success|Check|Update)$/;
const LABELS = ['label', 'title', 'name', 'summary', 'header', 'heading', 'tab'] as const;
const PICTURES = /^(?:img|Image|Img|Picture|Figure)$/;

export function createMdxExtensions(): MdxExtensions {
  let isOn = false;
  let isMdx = false;
  let hasEsm = false;
  let work = 0;
  let depth = 0;
  const files = new Map<string, string>();

  const isJsx = (tag: JsxTag): boolean => {
    if (tag.hasCode || (tag.isEnd && tag.name.includes('.'))) return true;
    return isMdx ? tag.name === '' || /^[A-Z]/.test(tag.name) || tag.name.includes('.') : false;
  };

  /** What is never closed is looked through to the longest that there may be, so not for ever. */
  const tryRead = <Found>(source: string, read: (source: string) => Found | undefined): Found | undefined => {
    if ((source[0] !== '<' && source[0] !== '{') || work > WORK) return undefined;
    const found = read(source);
    if (found === undefined && source.slice(0, MAX_CODE).includes('{')) work += MAX_CODE;
    return found;
  };

  const toPicture = ({ name, values }: JsxTag): TagPicture | null => {
    const told = (key: string): string => textOf(values.get(key), files);
    const src = told('src');
    if (!PICTURES.test(name) || src === '') return null;
    const width = toImageWidth(told('width'));
    return { src, alt: told('alt'), title: told('title'), caption: told('caption'), width, link: '' };
  };

  const toToken = ({ lexer }: TokenizerThis, tag: JsxTag): JsxToken => {
    const picture = tag.isEnd ? null : toPicture(tag);
    const caption = picture === null || picture.caption === '' ? [] : lexer.inlineTokens(picture.caption);
    const name = tag.name.split('.').at(-1) ?? '';
    const isSet = TAB_SETS.test(name);
    const isTab = TABS.test(tag.name);
    const isTitled = !tag.isEnd && picture === null && (isTab || TITLED.test(name));
    const label = isTitled ? { words: toTitle(tag), value: isTab ? told(tag, 'value') : '' } : null;
    // Of a tab with its label nothing is lost.
    const isComputed = LABELS.some((key) => tag.codes.has(key) || tag.values.get(key)?.is === 'name');
    const isWhole = isSet || (isTab && !isComputed);
    const isMissed = !tag.isEnd && picture === null && tag.name !== '' && !isWhole;
    return {
      type: 'jsx',
      raw: tag.raw,
      shown: isMissed ? `<${tag.name}>` : '',
      end: tag.isEnd || tag.isClosed ? '' : `</${tag.name}>`,
      set: isSet && !tag.isEnd && !tag.isClosed ? { name: '', tabs: tag.tabs } : null,
      endsSet: isSet && tag.isEnd,
      label,
      isTab,
      picture,
      caption,
    };
  };

  const told = ({ values }: JsxTag, key: string): string => textOf(values.get(key), files);
  const toTitle = (tag: JsxTag): string => LABELS.map((key) => told(tag, key)).find(Boolean) ?? '';

  /** Tags that have their lines to themselves; what is HTML among them is read as HTML. */
  const readLine = (parser: TokenizerThis, source: string): Tokens.Generic | undefined => {
    const tokens: Tokens.Generic[] = [];
    let at = 0;
    for (;;) {
      at += /^[ \t]*/.exec(source.slice(at))?.[0].length ?? 0;
      if (tokens.length > 0 && (at >= source.length || source[at] === '\n')) break;
      const rest = source.slice(at);
      const expression = isMdx ? tryRead(rest, readExpression) : undefined;
      const tag = expression === undefined ? tryRead(rest, readJsxTag) : undefined;
      if (expression !== undefined) tokens.push(toExpression(expression));
      else if (tag === undefined) return undefined;
      else if (isJsx(tag) || isComponent(tag)) tokens.push(toToken(parser, tag));
      else if (isMdx) tokens.push({ type: 'html', raw: tag.raw });
      else return undefined;
      at += tokens.at(-1)?.raw.length ?? 0;
    }
    const isHtml = tokens.every(({ type }) => type === 'html');
    return isHtml && !isMdx ? undefined : { type: 'jsxLine', raw: source.slice(0, at + 1), tokens };
  };

  /** What an opening tag holds when it is indented: taken back to the margin it is Markdown, and no code. */
  const findBody = (source: string, line: Tokens.Generic): { readonly text: string; readonly end: number } | null => {
    const [tag, ...others] = line.tokens ?? [];
    const name = others.length === 0 && tag !== undefined ? OPENING.exec(tag.raw)?.[1] : undefined;
    if (
      name === undefined ||
      work > WORK ||
      !/^(?:[ \t]*\n)*[ \t]+\S/.test(source.slice(line.raw.length, line.raw.length + 500))
    )
      return null;
    const tags = new RegExp(`\\n[ \\t]*<(/?)${name.replace(/[$.]/g, '\\$&')}(?=[\\s/>])(?:[^<>]*/>)?`, 'g');
    tags.lastIndex = line.raw.length - 1;
    let open = 1;
    for (let found = tags.exec(source); found !== null; found = tags.exec(source)) {
      open += found[1] === '/' ? -1 : found[0].endsWith('/>') ? 0 : 1;
      if (open > 0) continue;
      const lineEnd = source.indexOf('\n', found.index + 1);
      const end = lineEnd < 0 ? source.length : lineEnd + 1;
      work += end;
      return { text: dedent(source.slice(line.raw.length, found.index + 1)), end };
    }
    work += source.length;
    return null;
  };

  return {
    start(markdown, dialect) {
      isMdx = dialect === 'mdx';
      isOn = isMdx || SIGN.test(markdown);
      hasEsm = isMdx || (isOn && isSurelyMdx(markdown));
      work = 0;
      depth = 0;
      files.clear();
    },
    cut(source) {
      const next = isMdx ? source.indexOf('{', 1) : -1;
      return next < 0 ? source : source.slice(0, next);
    },
    startsLine: (source) => isOn && (isMdx ? /^[ \t]*<\/?[A-Za-z>]/ : /^ {0,3}<\/?[A-Z]/).test(source),
    extensions: [
      {
        name: 'esm',
        level: 'block',
        tokenizer(src) {
          const found = hasEsm && work <= WORK && /^(?:im|ex)port\b/.test(src) ? readEsm(src) : undefined;
          if (found === undefined) return undefined;
          if (!found.isClosed) work += MAX_CODE;
          for (const [name, file] of found.files) files.set(name, file);
          return { type: 'esm', raw: found.raw };
        },
      },
      {
        name: 'jsxLine',
        level: 'block',
        tokenizer(src) {
          if (!isOn || !(isMdx ? /^ {0,3}[<{]/ : /^ {0,3}</).test(src)) return undefined;
          const line = readLine(this, src) ?? (isMdx ? readElement(this, src) : undefined);
          const body = line === undefined ? null : findBody(src, line);
          if (line === undefined || body === null || depth >= LIMITS.nesting.value) return line;
          depth += 1;
          const tokens = this.lexer.blockTokens(body.text, []);
          depth -= 1;
          return { type: 'jsxBlock', raw: src.slice(0, body.end), head: line.tokens, tokens };
        },
      },
      {
        name: 'jsx',
        level: 'inline',
        tokenizer(src) {
          if (!isOn || this.lexer.state.inRawBlock) return undefined;
          if (src[0] === '{' && isMdx) {
            const found = tryRead(src, readExpression);
            return found === undefined ? undefined : toExpression(found);
          }
          const tag = tryRead(src, readJsxTag);
          if (tag === undefined && isMdx) return readHalfTag(src);
          return tag === undefined || !isJsx(tag) ? undefined : toToken(this, tag);
        },
      },
    ],
  };
}

const NOTHING = {
  type: 'jsx',
  end: '',
  set: null,
  endsSet: false,
  label: null,
  isTab: false,
  picture: null,
  caption: [],
};

/** A component's tag that its paragraph ends before: it is no tag, only text. */
function readHalfTag(source: string): Tokens.Generic | undefined {
  const raw = /^<[A-Z][\w$.]*(?=\s[^<>]*$)/.exec(source)?.[0];
  return raw === undefined ? undefined : { type: 'templateHalf', raw, end: '>' };
}

/** An element of HTML that has its line to itself, whose words are Markdown in MDX. */
function readElement({ lexer }: TokenizerThis, source: string): Tokens.Generic | undefined {
  const end = source.indexOf('\n');
  const line = end < 0 ? source : source.slice(0, end);
  const name = ELEMENT.exec(line)?.[1];
  if (name === undefined || !line.trimEnd().endsWith(`</${name}>`)) return undefined;
  return { type: 'jsxLine', raw: source.slice(0, line.length + 1), tokens: lexer.inlineTokens(line.trim()) };
}

function toExpression({ raw, text }: { readonly raw: string; readonly text: string | null }): Tokens.Generic {
  if (text !== null) return { type: 'text', raw, text, escaped: true };
  const shown = raw.split('\n', 1)[0] ?? '';
  return { ...NOTHING, raw, shown };
}

function textOf(value: JsxValue | undefined, files: ReadonlyMap<string, string>): string {
  if (value === undefined) return '';
  return value.is === 'text' ? value.text : (files.get(value.name) ?? '');
}
