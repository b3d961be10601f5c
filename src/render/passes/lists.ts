// Rebuilds lists in the two forms that survive WeChat's editor: plain native ones, and sections with markers as text.
import type { Task } from '../syntax/task.ts';
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
  const numbers = list.tag === 'ol' ? toNumbers(list, items) : [];
  const form = list.attrs['type'] ?? '';
  const isPlain = numbers.every((number, index) => number === index + 1) && !Object.hasOwn(FORMS, form);
  // A bullet before a box would be two markers.
  const native = depth.lists === 1 && isPlain && !items.some((item) => taskMark(item) !== undefined);
  if (native) {
    const children = items.map((item) =>
      element('li', [toWrapper(item, { depth, name: 'item', lead: undefined })], { at: item.at }),
    );
    return { ...list, attrs: {}, children };
  }
  const entries = items.map((item, index) => {
    const number = numbers[index];
    const marker =
      taskMark(item) ?? (number === undefined ? toBullet(depth.lists) : toMarker(number, form, depth.numbered));
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
  const say = (words: readonly Node[]): readonly Node[] =>
    taskOf(item) === 'dropped' ? [...lead, element('del', words)] : [...lead, ...words];
  if (!line.some(isBlock)) {
    const words = say(line);
    return element('section', words.length === 0 ? [element('br')] : words, { attrs, at: item.at });
  }
  const [first, ...others] = blocks.map((block) =>
    isElement(block, 'p') ? { ...block, tag: 'section', attrs: LINE } : block,
  );
  const head = isElement(first) && first.attrs === LINE ? first : null;
  const marked = lead.length === 0 || head !== null ? [] : [element('section', lead, { attrs: LINE })];
  const start = head === null ? first : { ...head, children: say(head.children) };
  return element('section', [...marked, ...(start === undefined ? [] : [start]), ...others], { attrs, at: item.at });
}

const LINE = { class: 'line' };

function withoutTask(node: Element): Element {
  return { ...node, children: node.children.filter((child) => !isElement(child, 'wx-task')) };
}

function taskOf(item: Element): Task | undefined {
  for (const child of item.children) {
    if (isElement(child, 'wx-task')) return child.attrs['is'] as Task | undefined;
    if (isElement(child, 'p')) return taskOf(child);
    if (!isBlank(child)) return undefined;
  }
  return undefined;
}

function taskMark(item: Element): string | undefined {
  const task = taskOf(item);
  return task === undefined ? undefined : MARKS[task];
}

const MARKS: Readonly<Record<Task, string>> = { open: '☐', done: '☑', dropped: '☒' };

/** The number of each item, as HTML counts: from `start`, down when `reversed`, and on from each `value`. */
function toNumbers(list: Element, items: readonly Element[]): readonly number[] {
  const isReversed = list.attrs['reversed'] !== undefined;
  let next = toInteger(list.attrs['start']) ?? (isReversed ? items.length : 1);
  return items.map(({ attrs }) => {
    const number = toInteger(attrs['value']) ?? next;
    next = number + (isReversed ? -1 : 1);
    return number;
  });
}

function toInteger(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*[-+]?\d{1,9}\s*$/.test(value) ? Number(value) : undefined;
}

const BULLETS: readonly string[] = ['•', '◦', '–'];

function toBullet(depth: number): string {
  return BULLETS[Math.min(depth, BULLETS.length) - 1] ?? '–';
}

/** The `type` of HTML's numbered lists. */
const FORMS: Readonly<Record<string, (value: number) => string>> = {
  a: toLetters,
  A: (value) => toLetters(value).toUpperCase(),
  i: toRoman,
  I: (value) => toRoman(value).toUpperCase(),
};
/** How the first, second and deeper levels of numbered lists count when they do not say. */
const FORM_OF_LEVEL: readonly string[] = ['1', 'a', 'i'];

/** A number as its list writes it; letters and Roman numerals have no zero. */
function toMarker(value: number, form: string, depth: number): string {
  const known = form === '' ? (FORM_OF_LEVEL[Math.min(depth, FORM_OF_LEVEL.length) - 1] ?? '1') : form;
  const write = Object.hasOwn(FORMS, known) && value > 0 && value < 4000 ? FORMS[known] : undefined;
  return `${write?.(value) ?? value}.`;
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
