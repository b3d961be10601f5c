// Changes the value of `wechat_synced` in a post's bytes and not one byte more; knows nothing of disks or of drafts.
import { isDeepStrictEqual } from 'node:util';
import type { FindingCode, Place } from '../facts/findings.ts';
import { type Parts, splitFence } from './fence.ts';
import { type FrontMatter, parseFrontMatter } from './front-matter.ts';
import { placeAt } from './place.ts';
import { decodeUtf8 } from './utf8.ts';

/** The key that says whether a post is in WeChat. */
export const FLAG = 'wechat_synced';

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Why a flag cannot be changed: a finding's code when the file or its front matter is bad. */
export type FlagObstacle =
  | FindingCode
  | 'no-front-matter'
  | 'not-boolean'
  | 'anchor'
  | 'tag'
  | 'alias'
  | 'explicit-key'
  | 'block-scalar'
  | 'flow-map'
  | 'self-check';

export type FlagChange =
  /** `changed` is the range of the old bytes that was replaced; empty where the key was added. */
  | { readonly ok: true; readonly bytes: Uint8Array; readonly changed: Range }
  | { readonly ok: false; readonly reason: FlagObstacle; readonly place: Place };

/** Stands for the value, whatever it is, in a post whose state of being synced does not count. */
const MASK = '?';
/** The line that `setFlag` adds, masked. */
const ADDED_LINE = new RegExp(`^ *${FLAG}: \\${MASK}\\r?\\n$`);

interface Article {
  readonly text: string;
  readonly markBytes: number;
  readonly fence: Parts;
  readonly frontMatter: FrontMatter;
  /** Where the flag is, or would be added: offsets in the text. */
  readonly spot: Spot;
}

type Spot = Range &
  (
    | { readonly kind: 'value'; readonly value: boolean }
    | { readonly kind: 'absent'; readonly indent: string; readonly newline: string }
  );

type Refused = Extract<FlagChange, { ok: false }>;

/**
 * Sets the flag to true or false in a file's bytes, and adds the key as the last line of the front matter when it is not
 * there. The result is parsed again: every other value and the body must be what they were, else it is refused. Also
 * refused, with the place: what cannot be changed without guessing. A post without front matter is left alone.
 */
export function setFlag(bytes: Uint8Array, value: boolean): FlagChange {
  const article = readArticle(bytes);
  if ('ok' in article) return article;
  const { text, spot } = article;
  const changed = toBytes(article, spot);
  if (spot.kind === 'value' && spot.value === value) return { ok: true, bytes, changed };
  const written = spot.kind === 'value' ? `${value}` : `${spot.indent}${FLAG}: ${value}${spot.newline}`;
  const result = splice(bytes, changed, written);
  if (!isSameBut(article, result, value)) return refuse('self-check', placeAt(text, spot.start));
  return { ok: true, bytes: result, changed };
}

/**
 * The file's bytes without what the flag says, for comparing what an author wrote: the same for true, for false, and for
 * the file before `setFlag` added the key. Bytes whose flag cannot be changed are returned as they are.
 */
export function maskFlag(bytes: Uint8Array): Uint8Array {
  const article = readArticle(bytes);
  if ('ok' in article || article.spot.kind === 'absent') return bytes;
  const { text, fence, spot } = article;
  const line = { start: text.lastIndexOf('\n', spot.start) + 1, end: text.indexOf('\n', spot.end) + 1 };
  const written = text.slice(line.start, spot.start) + MASK + text.slice(spot.end, line.end);
  const added = line.end === fence.end && ADDED_LINE.test(written);
  return added ? splice(bytes, toBytes(article, line), '') : splice(bytes, toBytes(article, spot), MASK);
}

function readArticle(bytes: Uint8Array): Article | Refused {
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return refuse('not-utf8', decoded.place);
  const { text, markBytes } = decoded;
  const fence = splitFence(text);
  if (fence.kind === 'none') return refuse('no-front-matter', { line: 1, column: 1 });
  if (fence.kind === 'refused') return refuse(fence.finding.code, fence.finding);
  const parsed = parseFrontMatter(text, fence);
  if (!parsed.ok) return refuse(parsed.finding.code, parsed.finding);
  const { frontMatter } = parsed;
  const spot = findSpot(text, fence, frontMatter);
  return 'ok' in spot ? spot : { text, markBytes, fence, frontMatter, spot };
}

function findSpot(text: string, fence: Parts, { root, placeOf }: FrontMatter): Spot | Refused {
  const key = root.keys.get(FLAG);
  if (key === undefined) {
    if (root.form === 'flow-map') return refuse('flow-map', placeOf(root.start));
    const [first] = root.keys.values();
    const at = fence.start + (first?.start ?? 0);
    const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    if (indent.trim() !== '') return refuse('explicit-key', placeOf(first?.start ?? 0));
    return {
      kind: 'absent',
      start: fence.end,
      end: fence.end,
      indent,
      newline: text.slice(0, fence.end).endsWith('\r\n') ? '\r\n' : '\n',
    };
  }
  const { node } = key;
  const obstacle = node.form === 'alias' ? 'alias' : (node.mark ?? (key.explicit ? 'explicit-key' : null));
  if (obstacle !== null) return refuse(obstacle, placeOf(node.start));
  if (node.form === 'block') return refuse('block-scalar', placeOf(node.start));
  if (typeof node.value !== 'boolean') return refuse('not-boolean', placeOf(node.start));
  return { kind: 'value', start: fence.start + node.start, end: fence.start + node.end, value: node.value };
}

function isSameBut(before: Article, bytes: Uint8Array, value: boolean): boolean {
  const after = readArticle(bytes);
  if ('ok' in after) return false;
  return (
    after.frontMatter.root.keys.get(FLAG)?.node.value === value &&
    isDeepStrictEqual(valuesBeside(after), valuesBeside(before)) &&
    after.text.slice(after.fence.bodyStart) === before.text.slice(before.fence.bodyStart)
  );
}

function valuesBeside({ frontMatter }: Article): readonly (readonly [string, unknown])[] {
  const others = [...frontMatter.root.keys].filter(([name]) => name !== FLAG);
  return others.map(([name, { node }]) => [name, node.value]);
}

function toBytes({ text, markBytes }: Article, range: Range): Range {
  const start = markBytes + Buffer.byteLength(text.slice(0, range.start));
  return { start, end: start + Buffer.byteLength(text.slice(range.start, range.end)) };
}

function splice(bytes: Uint8Array, { start, end }: Range, written: string): Uint8Array {
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(written), bytes.subarray(end)]);
}

function refuse(reason: FlagObstacle, { line, column }: Place): Refused {
  return { ok: false, reason, place: { line, column } };
}
