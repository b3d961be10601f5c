// The one door of htmlparser2: HTML text to nodes, and the raw HTML of a post woven into the nodes around it.
import { Parser } from 'htmlparser2';
import { finding, type Place, type Report } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { AUTHOR_TAGS, LINE_TAGS, REMOVED_WITH_CONTENT } from '../facts/markup.ts';
import { type Attrs, type Element, element, joinTexts, type Level, type Node, text } from './tree.ts';

/** Words of `<!-- wxsync:… -->`. */
const PARTS: ReadonlySet<string> = new Set(['skip', 'only', 'end']);

/** A piece of raw HTML as the post has it: any part of any tags. */
export interface RawHtml {
  readonly kind: 'raw';
  readonly html: string;
  /** Where each of its lines begins. */
  readonly lines: readonly Place[];
}

interface OpenElement extends Element {
  readonly children: Node[];
}

export interface WeaveOptions {
  /** Decides what becomes of each element the raw HTML makes; its children are already decided. */
  readonly adopt: (element: Element) => readonly Node[];
  readonly report: Report;
  /** Elements inside each other; deeper ones are left out, and their children stay. LIMITS.nesting when not given. */
  readonly maxDepth?: number;
  /** Tags that hold nothing, whatever follows them; none when not given. */
  readonly voids?: ReadonlySet<string>;
  /** Among blocks a line that a piece opens, and nothing closes, ends with the piece. */
  readonly level: Level;
}

/**
 * HTML as browsers would roughly read it: implied end tags, entities decoded, comments gone. Nothing is judged.
 *
 * @param options.xml reads what our own printer wrote for a machine: all tags closed
 */
export function parseHtml(html: string, options: { readonly xml?: boolean } = {}): readonly Node[] {
  const isOurs = options.xml === true;
  const builder = createBuilder({
    adopt: (each) => [each],
    report: () => {},
    ...(isOurs ? { maxDepth: Number.POSITIVE_INFINITY } : {}),
  });
  const parser = new Parser(
    builder.handler(() => null),
    { xmlMode: isOurs, decodeEntities: true },
  );
  parser.end(html);
  return builder.end();
}

/** Text with `&amp;` and its kind decoded. Unlike browsers, CommonMark knows no entity without its `;`. */
export function decodeEntities(value: string): string {
  if (!value.includes('&')) return value;
  return value.replace(/&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{0,31});/gi, (entity) => {
    const parts: string[] = [];
    new Parser({ ontext: (data) => void parts.push(data) }).end(entity);
    const decoded = parts.join('');
    return decoded.endsWith(';') && entity !== '&semi;' ? entity : decoded;
  });
}

/**
 * Siblings with their raw HTML read: a tag that opens in one piece and closes in another holds the nodes between them;
 * what is left open closes with the siblings, what closes nothing is ignored.
 */
export function weaveHtml(siblings: readonly (Node | RawHtml)[], options: WeaveOptions): readonly Node[] {
  const builder = createBuilder(options);
  let toRawPlace: ((offset: number) => Place) | null = null;
  let rawStart = 0;
  let written = 0;
  let slot: Node | null = null;
  // Nothing is open and all that was read has been told: what follows needs no look from the parser.
  let isBetween = true;
  const toPlace = (index: number): Place | null => toRawPlace?.(index - rawStart) ?? null;
  const handler = builder.handler(toPlace);
  const parser = new Parser(
    {
      ...handler,
      onopentag: (name, attrs) => {
        if (slot === null) handler.onopentag(name, attrs);
        else builder.add(slot);
      },
      onclosetag: (name) => {
        if (slot === null) handler.onclosetag(name);
      },
      onparserinit: handler.onparserinit,
    },
    { decodeEntities: true },
  );
  const write = (html: string): void => {
    parser.write(html);
    written += html.length;
  };
  const tags = siblings.map((sibling) => (sibling.kind === 'raw' ? listTags(sibling.html) : []));
  const closers = findClosers(tags);
  const isClosedLater = createLookahead(tags);
  for (const [index, sibling] of siblings.entries()) {
    if (sibling.kind === 'raw') {
      const placeAt = createPlaces(sibling);
      toRawPlace = placeAt;
      rawStart = written;
      write(
        closeTags(sibling.html, tags[index] ?? [], ({ tag, isEnd, at }) => {
          // Text from here on, whatever follows: even the nodes behind it would be read as text.
          const isEndless = tag === 'plaintext' && !isEnd;
          const isLost = !isEnd && REMOVED_WITH_CONTENT.has(tag) && !isBefore({ index, at }, closers.get(tag));
          if (isEndless || isLost) options.report(finding('html-dropped', placeAt(at), { tag }));
          return isEndless || isLost;
        }),
      );
      toRawPlace = null;
      if (options.level === 'block') endLines(index);
      isBetween = builder.isClosed() && sibling.html.endsWith('>');
    } else if (isBetween) {
      builder.add(sibling);
    } else {
      // The parser sees an empty element here; inside a script it sees text, and the node goes with the script.
      slot = sibling;
      write('<wx-node></wx-node>');
      slot = null;
    }
  }
  parser.end();
  return builder.end();

  /** A line that the piece opened, and nothing closes any more, is over: the rest of the post must not be bold for it. */
  function endLines(index: number): void {
    for (;;) {
      const { tag, depth } = builder.innermost();
      const target = Object.hasOwn(AUTHOR_TAGS, tag) ? (AUTHOR_TAGS[tag] ?? '') : '';
      if (!LINE_TAGS.has(target) || isClosedLater(tag, index)) return;
      write(`</${tag}>`);
      if (builder.innermost().depth === depth) return;
    }
  }
}

/** A finished tag or comment of a piece. */
interface Tag extends Pick<Spot, 'at'> {
  /** Lower-case; '' for comments and what else is no tag. */
  readonly tag: string;
  readonly isEnd: boolean;
  /** Behind its `>`. */
  readonly end: number;
}

interface Spot {
  /** Of the sibling. */
  readonly index: number;
  /** In its HTML. */
  readonly at: number;
}

/** Tags and comments up to the first that is not finished. An `<xmp>` is one tag up to its end: it holds text. */
function listTags(html: string): readonly Tag[] {
  const tags: Tag[] = [];
  const lower = html.toLowerCase();
  const xmpEnd = lower.lastIndexOf('</xmp>');
  let end = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', end)) {
    end = html.startsWith('<!--', at) ? endOfComment(html, at) : endOfTag(html, at);
    if (end < 0) break;
    const [, slash = '', tag = ''] = /^<(\/?)([a-z][\w-]*)/.exec(lower.slice(at, end)) ?? [];
    if (tag === 'xmp' && slash === '' && end <= xmpEnd) end = lower.indexOf('</xmp>', end) + '</xmp>'.length;
    tags.push({ tag, isEnd: slash !== '', at, end });
  }
  return tags;
}

/** Where each tag is closed for the last time. */
function findClosers(pieces: readonly (readonly Tag[])[]): ReadonlyMap<string, Spot> {
  const closers = new Map<string, Spot>();
  for (const [index, tags] of pieces.entries()) {
    for (const { tag, isEnd, at } of tags) if (isEnd) closers.set(tag, { index, at });
  }
  return closers;
}

function isBefore(one: Spot, other: Spot | undefined): boolean {
  return other !== undefined && (one.index < other.index || (one.index === other.index && one.at < other.at));
}

/** Whether a tag that is open behind a piece is closed by a later one; to be asked for the pieces in their order. */
function createLookahead(pieces: readonly (readonly Tag[])[]): (tag: string, index: number) => boolean {
  // For each tag, from the last to the first: how far its end tags get ahead of its start tags from there on.
  const ahead = new Map<string, { readonly index: number; readonly lowest: number }[]>();
  for (let index = pieces.length - 1; index >= 0; index -= 1) {
    for (const { tag, isEnd } of [...(pieces[index] ?? [])].reverse()) {
      const known = ahead.get(tag) ?? [];
      known.push({ index, lowest: Math.min(0, known.at(-1)?.lowest ?? 0) + (isEnd ? -1 : 1) });
      ahead.set(tag, known);
    }
  }
  return (tag, index) => {
    const known = ahead.get(tag) ?? [];
    while ((known.at(-1)?.index ?? index + 1) <= index) known.pop();
    return (known.at(-1)?.lowest ?? 0) < 0;
  };
}

/**
 * Comments and tags left unfinished would swallow what follows the piece: their `<` becomes text. So would a tag that goes
 * with its content and is never closed: `isLost` says which, and nothing of its own length stands in its place. An
 * `<xmp>` that does not end in its piece would make text of the nodes behind it: it is only another `<pre>`.
 */
function closeTags(html: string, tags: readonly Tag[], isLost: (tag: Tag) => boolean): string {
  const parts: string[] = [];
  let done = 0;
  for (const each of tags) {
    const { tag, at, end } = each;
    const own = html.slice(at, end);
    parts.push(html.slice(done, at));
    if (tag !== '' && isLost(each)) parts.push(`<!${'x'.repeat(end - at - 3)}>`);
    else parts.push(tag === 'xmp' && !/<\/xmp>$/i.test(own) ? own.replace(/xmp/i, 'pre') : own);
    done = end;
  }
  return parts.join('') + html.slice(done).replaceAll('<', '&lt;');
}

function endOfComment(html: string, at: number): number {
  const end = html.indexOf('-->', at + 2);
  return end < 0 ? -1 : end + 3;
}

function endOfTag(html: string, at: number): number {
  if (!/[a-z/!?]/i.test(html.charAt(at + 1))) return at + 1;
  let quote = '';
  let previous = '';
  for (let index = at + 1; index < html.length; index += 1) {
    const character = html.charAt(index);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') return index + 1;
    else if ((character === '"' || character === "'") && previous === '=') quote = character;
    if (character.trim() !== '') previous = character;
  }
  return -1;
}

/** Where an offset of the piece stands in the post. Its lines are counted when the first one is asked for, and once. */
function createPlaces({ html, lines }: RawHtml): (offset: number) => Place {
  let starts: readonly number[] | null = null;
  return (asked) => {
    starts ??= [0, ...Array.from(html.matchAll(/\n/g), ({ index }) => index + 1)];
    const offset = Math.min(Math.max(0, asked), html.length);
    let row = 0;
    for (let end = starts.length; end - row > 1; ) {
      const middle = (row + end) >> 1;
      if ((starts[middle] ?? 0) <= offset) row = middle;
      else end = middle;
    }
    const { line, column } = lines[row] ?? lines.at(-1) ?? { line: 1, column: 1 };
    return { line, column: column + offset - (starts[row] ?? 0) };
  };
}

function createBuilder(options: Omit<WeaveOptions, 'level'>) {
  const toOpen = (tag: string, attrs: Attrs, at: Place | null): OpenElement => ({
    kind: 'element',
    tag,
    attrs,
    children: [],
    at,
  });
  const root = toOpen('', {}, null);
  const open = [root];
  let tooDeep = 0;
  const add = (node: Node): void => void open.at(-1)?.children.push(node);
  const close = (): void => {
    const closed = open.pop();
    if (closed === undefined) return;
    for (const node of options.adopt({ ...closed, children: joinTexts(closed.children) })) add(node);
  };
  return {
    add,
    isClosed: (): boolean => open.length === 1,
    innermost: () => ({ tag: open.at(-1)?.tag ?? '', depth: open.length }),
    end(): readonly Node[] {
      while (open.length > 1) close();
      return joinTexts(root.children);
    },
    handler(toPlace: (index: number) => Place | null) {
      let parser: Parser | null = null;
      return {
        onparserinit: (started: Parser): void => {
          parser = started;
        },
        onopentag: (tag: string, attrs: Attrs): void => {
          const at = toPlace(parser?.startIndex ?? 0);
          const max = options.maxDepth ?? LIMITS.nesting.value;
          if (options.voids?.has(tag) === true) for (const node of options.adopt(toOpen(tag, attrs, at))) add(node);
          else if (open.length <= max) open.push(toOpen(tag, attrs, at));
          else if (++tooDeep === 1) options.report(finding('nesting-too-deep', at ?? { line: 1, column: 1 }, { max }));
        },
        onclosetag: (tag: string): void => {
          if (options.voids?.has(tag) === true) return;
          if (tooDeep > 0) tooDeep -= 1;
          else close();
        },
        ontext: (data: string): void => add(text(data)),
        oncomment: (data: string): void => {
          const word = /^\s*wxsync:(\S{1,40})\s*$/.exec(data)?.[1];
          if (word === undefined) return;
          const at = toPlace(parser?.startIndex ?? 0);
          if (PARTS.has(word)) add(element('wx-part', [], { attrs: { is: word }, at }));
          else options.report(finding('part-unknown', at ?? { line: 1, column: 1 }, { word }));
        },
      };
    },
  };
}
