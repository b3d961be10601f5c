// `:::tip 标题` to `:::`, the containers of VuePress, VitePress and Docusaurus, nested or never closed; knows no parser.
import { followFence } from './fence.ts';

export interface Container {
  readonly raw: string;
  /** The word behind the colons, lower-case. */
  readonly name: string;
  /** Markdown of one line; '' when there is none. */
  readonly title: string;
  readonly body: string;
  /** Is it closed? One that is not ends at the first blank line. */
  readonly isClosed: boolean;
}

/** The start of a line that a paragraph ends before. */
export const CONTAINER = /^ {0,3}:{3,}[ \t]*[a-z]/i;
const OPEN = /^ {0,3}(:{3,})[ \t]*([a-z][\w-]*)(?:\[([^\]]*)\])?(.*)$/i;
const CLOSE = /^ {0,3}(:{3,})[ \t]*$/;
const MAY_MATTER = /^ {0,3}[:`~]{3}/;

/** The container at the start of the text. */
export function readContainer(source: string): Container | undefined {
  const [first = ''] = source.split('\n', 1);
  const [, colons = '', name = '', bracketed = '', behind = ''] = OPEN.exec(first) ?? [];
  if (colons === '') return undefined;
  const rest = source.slice(first.length + 1);
  const { body, length, isClosed } = findEnd(rest, colons.length);
  const attributes = /\{[^{}]*\}[ \t]*$/.exec(behind)?.[0] ?? '';
  const named = /title=(?:"([^"]*)"|'([^']*)')/.exec(attributes);
  const words = behind.slice(0, behind.length - attributes.length).trim();
  // VuePress's tabs and cards: `tab "标题" id="a"`, `tab label="标题"`, `card title="标题"`.
  const label = /^((?:label|title|name)=)?(?:"([^"]*)"|'([^']*)')/.exec(words);
  const isNamed = label !== null && (name === 'tab' || label[1] !== undefined);
  const title = bracketed || (isNamed && (label[2] || label[3])) || words || named?.[1] || named?.[2] || '';
  const raw = source.slice(0, first.length + 1 + length);
  return { raw, name: name.toLowerCase(), title, body, isClosed };
}

interface End {
  readonly body: string;
  /** Of the body with the line that closes it. */
  readonly length: number;
  readonly isClosed: boolean;
}

/** Colons close the innermost container that has as many of them, else the innermost that has fewer. */
function findEnd(text: string, colons: number): End {
  const open = [colons];
  /** How many of them have so many colons: to look through all of them at each end takes too long. */
  const counts = new Map([[colons, 1]]);
  const count = (width: number, more: 1 | -1): void => void counts.set(width, (counts.get(width) ?? 0) + more);
  const pop = (): number => {
    const width = open.pop() ?? 0;
    count(width, -1);
    return width;
  };
  let fence = '';
  for (let at = 0; at < text.length; ) {
    const start = at;
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found + 1;
    const line = text.slice(at, found < 0 ? end : found);
    at = end;
    if (!MAY_MATTER.test(line)) continue;
    const before = fence;
    fence = followFence(before, line);
    if (before !== '' || fence !== '') continue;
    const closing = CLOSE.exec(line)?.[1]?.length ?? 0;
    if (closing > 0) {
      if ((counts.get(closing) ?? 0) > 0) while (pop() !== closing);
      else if ((open.at(-1) ?? 0) < closing) pop();
      if (open.length === 0) return { body: text.slice(0, start), length: end, isClosed: true };
    } else {
      const inner = OPEN.exec(line)?.[1]?.length ?? 0;
      if (inner > 0) {
        open.push(inner);
        count(inner, 1);
      }
    }
  }
  const blank = text.search(/^[ \t]*$/m);
  const body = blank < 0 ? text : text.slice(0, blank);
  return { body, length: body.length, isClosed: false };
}
