// Rebuilds lists in the two forms that survive WeChat's editor: plain native ones, and sections with markers as text.
import {
  type Element,
  element,
  isBlank,
  isBlock,
  isElement,
  type Node,
  replaceNodes,
  text,
  withChildren,
} from '../tree.ts';

/**
 * A list at depth 1 that counts from 1 stays native: nothing between its items, one wrapper in each. Deeper lists would
 * be torn out of their item, other starts and task boxes would be lost: those become sections with true markers.
 */
export function rebuildLists(root: Element): Element {
  return rebuild(root, { lists: 0, numbered: 0 });
}

/** How many lists an element stands in, and how many of them count. */
interface Depth {
  readonly lists: number;
  readonly numbered: number;
}

function rebuild(node: Element, { lists, numbered }: Depth): Element {
  const depth = { lists: lists + 1, numbered: numbered + (node.tag === 'ol' ? 1 : 0) };
  if (node.tag === 'ul' || node.tag === 'ol') return rebuildList(node, depth);
  return withChildren(
    node,
    replaceNodes(node.children, (child) => (child.kind === 'text' ? child : rebuild(child, { lists, numbered }))),
  );
}

function rebuildList(list: Element, depth: Depth): Element {
  const items = list.children.filter((child) => isElement(child, 'li'));
  const start = toStart(list);
  const native = depth.lists === 1 && start === 1 && !items.every((item) => taskOf(item) !== undefined);
  if (native) {
    const children = items.map((item) =>
      element('li', [toWrapper(item, { depth, name: 'item', lead: toTaskText(item) })], { at: item.at }),
    );
    return { ...list, attrs: {}, children };
  }
  const entries = items.map((item, index) => {
    const marker =
      taskMark(item) ?? (list.tag === 'ol' ? toNumber(start + index, depth.numbered) : toBullet(depth.lists));
    const lead = element('span', [text(`${marker}\u00a0`)], { attrs: { class: 'marker' } });
    return toWrapper(item, { depth, name: 'entry', lead });
  });
  return element('section', entries, { attrs: { class: depth.lists === 1 ? 'entries' : 'entries sub' }, at: list.at });
}

interface WrapperOptions {
  readonly depth: Depth;
  /** Its class. */
  readonly name: string;
  readonly lead: Node | undefined;
}

/** One section with the item's content; the marker goes to the beginning of its first line. */
function toWrapper(item: Element, { depth, name, lead: marker }: WrapperOptions): Element {
  const content = item.children
    .filter((child) => !isElement(child, 'wx-task'))
    .map((child) => (child.kind === 'text' ? child : rebuild(withoutTask(child), depth)));
  const lead = marker === undefined ? [] : [marker];
  const attrs = { class: name };
  const blocks = content.filter((child) => !isBlank(child));
  const line = blocks.length === 1 && isElement(blocks[0], 'p') ? blocks[0].children : content;
  if (!line.some(isBlock)) {
    const words = [...lead, ...line];
    return element('section', words.length === 0 ? [element('br')] : words, { attrs, at: item.at });
  }
  const [first, ...others] = blocks.map((block) =>
    isElement(block, 'p') ? { ...block, tag: 'section', attrs: LINE } : block,
  );
  const head = isElement(first) && first.attrs === LINE ? first : null;
  const marked = lead.length === 0 || head !== null ? [] : [element('section', lead, { attrs: LINE })];
  const start = head === null ? first : { ...head, children: [...lead, ...head.children] };
  return element('section', [...marked, ...(start === undefined ? [] : [start]), ...others], { attrs, at: item.at });
}

const LINE = { class: 'line' };

function withoutTask(node: Element): Element {
  return { ...node, children: node.children.filter((child) => !isElement(child, 'wx-task')) };
}

function taskOf(item: Element): string | undefined {
  for (const child of item.children) {
    if (isElement(child, 'wx-task')) return child.attrs['is'];
    if (isElement(child, 'p')) return taskOf(child);
    if (!isBlank(child)) return undefined;
  }
  return undefined;
}

function taskMark(item: Element): string | undefined {
  const task = taskOf(item);
  return task === undefined ? undefined : task === 'done' ? '☑' : '☐';
}

function toTaskText(item: Element): Node | undefined {
  const mark = taskMark(item);
  return mark === undefined ? undefined : text(`${mark}\u00a0`);
}

function toStart(list: Element): number {
  const start = Number.parseInt(list.attrs['start'] ?? '1', 10);
  return Number.isSafeInteger(start) && start >= 0 ? start : 1;
}

const BULLETS: readonly string[] = ['•', '◦', '–'];

function toBullet(depth: number): string {
  return BULLETS[Math.min(depth, BULLETS.length) - 1] ?? '–';
}

/** A number as the first, second or a deeper level of numbered lists writes it. */
function toNumber(value: number, depth: number): string {
  if (depth === 2 && value > 0) return `${toLetters(value)}.`;
  if (depth >= 3 && value > 0 && value < 4000) return `${toRoman(value)}.`;
  return `${value}.`;
}

function toLetters(value: number): string {
  const rest = (value - 1) % 26;
  const letter = String.fromCharCode(97 + rest);
  return value > 26 ? toLetters((value - 1 - rest) / 26) + letter : letter;
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function toRoman(value: number): string {
  let rest = value;
  return ROMAN.map(([worth, sign]) => {
    const times = Math.floor(rest / worth);
    rest -= times * worth;
    return sign.repeat(times);
  }).join('');
}
