// The one door of htmlparser2: HTML text to nodes, and the raw HTML of a post woven into the nodes around it.
import { Parser } from 'htmlparser2';
import { type Finding, finding, type Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { REMOVED_WITH_CONTENT } from '../facts/markup.ts';
import { type Attrs, type Element, element, joinTexts, type Node, text } from './tree.ts';

/** Words of `<!-- wxsync:… -->`. */
const PARTS: ReadonlySet<string> = new Set(['skip', 'only', 'end']);

/** A piece of raw HTML as the post has it: any part of any tags. */
export interface RawHtml {
  readonly kind: 'raw';
  readonly html: string;
  readonly at: Place;
}

interface OpenElement extends Element {
  readonly children: Node[];
}

export interface WeaveOptions {
  /** Decides what becomes of each element the raw HTML makes; its children are already decided. */
  readonly adopt: (element: Element) => readonly Node[];
  readonly report: (finding: Finding) => void;
  /** Elements inside each other; deeper ones are left out, and their children stay. LIMITS.nesting when not given. */
  readonly maxDepth?: number;
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
  let raw: RawHtml | null = null;
  let rawStart = 0;
  let written = 0;
  let slot: Node | null = null;
  // Nothing is open and all that was read has been told: what follows needs no look from the parser.
  let isBetween = true;
  const toPlace = (index: number): Place | null => (raw === null ? null : placeIn(raw, index - rawStart));
  const handler = builder.handler(toPlace);
  const parser = new Parser(
    {
      ...handler,
      onopentag: (name, attrs) => {
        if (slot === null) handler.onopentag(name, attrs);
        else builder.add(slot);
      },
      onclosetag: () => {
        if (slot === null) handler.onclosetag();
      },
      onparserinit: handler.onparserinit,
    },
    { decodeEntities: true },
  );
  const write = (html: string): void => {
    parser.write(html);
    written += html.length;
  };
  const closers = findClosers(siblings);
  for (const [index, sibling] of siblings.entries()) {
    if (sibling.kind === 'raw') {
      raw = sibling;
      rawStart = written;
      write(
        closeTags(sibling.html, (tag, at) => {
          if (!REMOVED_WITH_CONTENT.has(tag) || isBefore({ index, at }, closers.get(tag))) return false;
          options.report(finding('html-dropped', placeIn(sibling, at), { tag }));
          return true;
        }),
      );
      raw = null;
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
}

interface Spot {
  /** Of the sibling. */
  readonly index: number;
  /** In its HTML. */
  readonly at: number;
}

/** Where each tag is closed for the last time. */
function findClosers(siblings: readonly (Node | RawHtml)[]): ReadonlyMap<string, Spot> {
  const closers = new Map<string, Spot>();
  for (const [index, sibling] of siblings.entries()) {
    if (sibling.kind !== 'raw') continue;
    for (const match of sibling.html.matchAll(/<\/([a-z][\w-]*)/gi)) {
      closers.set((match[1] ?? '').toLowerCase(), { index, at: match.index });
    }
  }
  return closers;
}

function isBefore(one: Spot, other: Spot | undefined): boolean {
  return other !== undefined && (one.index < other.index || (one.index === other.index && one.at < other.at));
}

/**
 * Comments and tags left unfinished would swallow what follows the piece: their `<` becomes text. So would a tag that goes
 * with its content and is never closed: `isLost` says which, and nothing of its own length stands in its place.
 */
function closeTags(html: string, isLost: (tag: string, at: number) => boolean): string {
  const parts: string[] = [];
  let done = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', done)) {
    const end = html.startsWith('<!--', at) ? endOfComment(html, at) : endOfTag(html, at);
    parts.push(html.slice(done, at));
    if (end < 0) return parts.join('') + html.slice(at).replaceAll('<', '&lt;');
    const tag = /^<([a-z][\w-]*)/i.exec(html.slice(at, end))?.[1]?.toLowerCase() ?? '';
    parts.push(tag !== '' && isLost(tag, at) ? `<!${'x'.repeat(end - at - 3)}>` : html.slice(at, end));
    done = end;
  }
  parts.push(html.slice(done));
  return parts.join('');
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

function placeIn(raw: RawHtml, offset: number): Place {
  const before = raw.html.slice(0, Math.max(0, offset)).split('\n');
  const last = before.at(-1)?.length ?? 0;
  return before.length === 1
    ? { line: raw.at.line, column: raw.at.column + last }
    : { line: raw.at.line + before.length - 1, column: last + 1 };
}

function createBuilder(options: WeaveOptions) {
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
  const add = (...nodes: readonly Node[]): void => void open.at(-1)?.children.push(...nodes);
  const close = (): void => {
    const closed = open.pop();
    if (closed !== undefined) add(...options.adopt({ ...closed, children: joinTexts(closed.children) }));
  };
  return {
    add,
    isClosed: (): boolean => open.length === 1,
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
          if (open.length <= max) open.push(toOpen(tag, attrs, at));
          else if (++tooDeep === 1) options.report(finding('nesting-too-deep', at ?? { line: 1, column: 1 }, { max }));
        },
        onclosetag: (): void => {
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
