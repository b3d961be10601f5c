// Writes colour, size and line height on the blocks that hold text, because WeChat's editor resets what they inherit.
import { WIDGETS } from '../../facts/markup.ts';
import type { PassContext } from '../pass.ts';
import { parseStyle, type Style } from '../style.ts';
import {
  type Element,
  isBlock,
  isElement,
  isLeafBlock,
  type Node,
  replaceNodes,
  withStyle as withCss,
  withParts,
} from '../tree.ts';

const INHERITED: readonly string[] = ['color', 'font-size', 'line-height'];
/** What the compact form leaves to inheritance as well, wherever it changes nothing. */
const ALSO_COMPACT: readonly string[] = [...INHERITED, 'letter-spacing', 'text-align', 'word-break', 'font-weight'];

/** What browsers set on a tag by themselves, so that leaving it out would not inherit it. */
const SET_BY_BROWSERS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((tag) => [tag, ['font-size', 'font-weight']])),
  a: ['color'],
  code: ['font-size'],
  strong: ['font-weight'],
  sub: ['font-size', 'line-height'],
  sup: ['font-size', 'line-height'],
  td: ['text-align'],
  th: ['text-align', 'font-weight'],
};

export function settleStyles(root: Element, { settings }: PassContext): Element {
  const settled = writeOnLeaves(root, toInside(new Map()));
  return settings.compact ? leaveInherited(gather(settled), new Map()) : settled;
}

/** What holds inside an element, and what came of the styles met there: siblings are much alike. */
interface Inside {
  readonly style: Style;
  /** By the style of an element. */
  readonly settled: Readonly<Record<Kind, Map<string, Settled>>>;
}

function toInside(style: Style): Inside {
  return { style, settled: { mark: new Map(), line: new Map(), box: new Map() } };
}

interface Settled {
  readonly css: string;
  readonly inside: Inside;
}

type Kind = 'mark' | 'line' | 'box';

function writeOnLeaves(node: Element, around: Inside): Element {
  const { attrs, children } = node;
  const own = attrs['style'] ?? '';
  const kind = toKind(node);
  const known = around.settled[kind];
  const settled = known.get(own) ?? settle(own, kind, around);
  known.set(own, settled);
  const written = replaceNodes(children, (child) =>
    child.kind === 'text' ? child : writeOnLeaves(child, settled.inside),
  );
  return withParts(node, withCss(attrs, settled.css), written);
}

/** A list's markers are text too, and they take the list's style; pictures alone are none. */
function toKind(node: Element): Kind {
  if (!isBlock(node)) return 'mark';
  if (node.tag === 'ul' || node.tag === 'ol') return 'line';
  return isLeafBlock(node) && !node.children.every(isPicture) ? 'line' : 'box';
}

/** It holds no text. */
function isPicture(node: Node): boolean {
  return isElement(node, 'img') || (isElement(node) && WIDGETS.has(node.tag));
}

function settle(css: string, kind: Kind, around: Inside): Settled {
  const own = parseStyle(css);
  const known = inherit(own, around.style, INHERITED);
  const inside = known === around.style ? around : toInside(known);
  if (kind === 'mark') return { css, inside };
  const style = new Map(own);
  if (kind === 'line') {
    for (const [name, value] of known) style.set(name, value);
  } else {
    for (const name of INHERITED) style.delete(name);
    const size = known.get('font-size');
    if (size !== undefined && measuresInEm(style)) style.set('font-size', size);
  }
  return { css: toCss(style), inside };
}

/** What a box measures in em is reckoned by its own size. */
function measuresInEm(style: Style): boolean {
  return [...style.values()].some((value) => /\dem\b/.test(value));
}

/** Says on a block what most of the blocks in it say. Nothing else changes by it: all that hold text say their own. */
function gather(node: Element): Element {
  const children = node.children.map((child) => (child.kind === 'text' ? child : gather(child)));
  const blocks = children.filter(isBlock);
  if (blocks.length === 0 || node.tag === 'li') return { ...node, children };
  const styles = blocks.map((block) => styleOf(isElement(block, 'li') ? block.children[0] : block));
  const style = new Map(styleOf(node));
  for (const name of INHERITED) {
    const isFixed = style.has(name) || (name === 'font-size' && measuresInEm(style));
    const value = isFixed ? undefined : findMost(styles.flatMap((each) => each.get(name) ?? []));
    // A size or height that goes by the element's own would not be the same further up.
    if (value !== undefined && !/em|%/.test(value)) style.set(name, value);
  }
  return { ...withStyle(node, style, (child) => child), children };
}

function styleOf(node: Node | undefined): Style {
  return parseStyle(isElement(node) ? (node.attrs['style'] ?? '') : '');
}

function findMost(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce<readonly [string?, number?]>(
    (most, each) => (each[1] > (most[1] ?? 0) ? each : most),
    [],
  )[0];
}

function leaveInherited(node: Element, inherited: Style): Element {
  const own = styleOf(node);
  const known = inherit(own, inherited, ALSO_COMPACT);
  const style = new Map(
    [...own].filter(
      ([name, value]) =>
        inherited.get(name) !== value ||
        !ALSO_COMPACT.includes(name) ||
        SET_BY_BROWSERS[node.tag]?.includes(name) === true,
    ),
  );
  return withStyle(node, style, (child) => leaveInherited(child, known));
}

function inherit(own: Style, inherited: Style, names: readonly string[]): Style {
  if (!names.some((name) => own.has(name))) return inherited;
  const known = new Map(inherited);
  for (const name of names) {
    const value = own.get(name);
    if (value !== undefined) known.set(name, name === 'font-size' ? toPx(value, inherited.get(name)) : value);
  }
  return known;
}

/** A size relative to the parent's, in px; other sizes as they are. */
function toPx(size: string, parent = '16px'): string {
  const relative = /^([\d.]+)(em|%)$/.exec(size);
  if (relative === null || !parent.endsWith('px')) return size;
  const factor = Number(relative[1]) / (relative[2] === '%' ? 100 : 1);
  return `${Number((factor * Number.parseFloat(parent)).toFixed(1))}px`;
}

function withStyle(node: Element, style: Style, visit: (child: Element) => Element): Element {
  const children = node.children.map((child) => (child.kind === 'text' ? child : visit(child)));
  return { ...node, attrs: withCss(node.attrs, toCss(style)), children };
}

function toCss(style: Style): string {
  return [...style].map(([name, value]) => `${name}:${value}`).join(';');
}
