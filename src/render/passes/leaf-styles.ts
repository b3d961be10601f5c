// Writes colour, size and line height on the blocks that hold text, because WeChat's editor resets what they inherit.
import type { PassContext } from '../pass.ts';
import { parseStyle, type Style } from '../style.ts';
import { type Element, isBlock, isElement, isLeafBlock } from '../tree.ts';

const INHERITED: readonly string[] = ['color', 'font-size', 'line-height'];
/** What the compact form leaves to inheritance as well, wherever it changes nothing. */
const ALSO_COMPACT: readonly string[] = [...INHERITED, 'letter-spacing', 'text-align', 'word-break', 'font-weight'];

export function settleStyles(root: Element, { settings }: PassContext): Element {
  return settings.compact ? leaveInherited(root, new Map()) : writeOnLeaves(root, new Map());
}

function writeOnLeaves(node: Element, inherited: Style): Element {
  const own = parseStyle(node.attrs['style'] ?? '');
  const known = inherit(own, inherited, INHERITED);
  const style = new Map(own);
  // A list's markers are text too, and they take the list's style; pictures alone are none.
  const isPicture = node.children.every((child) => isElement(child, 'img'));
  if ((isLeafBlock(node) && !isPicture) || node.tag === 'ul' || node.tag === 'ol') {
    for (const [name, value] of known) style.set(name, value);
  } else if (isBlock(node)) {
    for (const name of INHERITED) style.delete(name);
    // What a box measures in em is reckoned by its own size.
    const size = known.get('font-size');
    if (size !== undefined && [...style.values()].some((value) => /\dem\b/.test(value))) style.set('font-size', size);
  }
  return withStyle(node, style, (child) => writeOnLeaves(child, known));
}

function leaveInherited(node: Element, inherited: Style): Element {
  const own = parseStyle(node.attrs['style'] ?? '');
  const known = inherit(own, inherited, ALSO_COMPACT);
  const style = new Map(
    [...own].filter(([name, value]) => inherited.get(name) !== value || !ALSO_COMPACT.includes(name)),
  );
  return withStyle(node, style, (child) => leaveInherited(child, known));
}

function inherit(own: Style, inherited: Style, names: readonly string[]): Style {
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
  const { style: _, ...others } = node.attrs;
  const css = [...style].map(([name, value]) => `${name}:${value}`).join(';');
  const attrs = css === '' ? others : { ...others, style: css };
  return { ...node, attrs, children: node.children.map((child) => (child.kind === 'text' ? child : visit(child))) };
}
