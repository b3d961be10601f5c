// Rules about the HTML and CSS that an author wrote by hand, as data: what WeChat's own rules for an article find fault with.
import type { Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { seeTexts } from '../render/contrast.ts';
import { parseStyle } from '../render/style.ts';
import {
  type Element,
  element,
  findElement,
  isBlank,
  isBlock,
  isElement,
  type Node,
  rewrite,
  text,
} from '../render/tree.ts';
import type { Outline } from './outline.ts';
import type { Hit, Rule } from './rule.ts';

/** What these rules may look at. */
export interface Authored {
  readonly outline: Pick<Outline, 'blocks'>;
}

export const AUTHOR_RULES: readonly Rule<Authored>[] = [
  {
    code: 'width-fixed',
    test: ({ outline }) =>
      outline.blocks.flatMap(findWidths).map(({ at, width }) => ({ at, args: { width, max: MAX_WIDTH } })),
  },
  { code: 'contrast-low', test: ({ outline }) => outline.blocks.flatMap((node) => findFaint(node, [])) },
  { code: 'table-nested', test: ({ outline }) => outline.blocks.flatMap((node) => findNested(node)) },
  { code: 'nesting-redundant', test: ({ outline }) => outline.blocks.flatMap((node) => findChains(node)) },
];

const MAX_WIDTH = LIMITS.phoneColumn.value;
const MAX_SAME = LIMITS.sameNesting.value;

/** Text fainter than this cannot be read at all; the second figure is WeChat's own, for its dark mode. */
const MIN_CONTRAST = { light: 2, dark: 1.5 };

interface Wide {
  readonly at: Place;
  readonly width: number;
}

/** Boxes with more pixels than a phone has, and rows of cells with more in all. Pictures shrink by themselves. */
function findWidths(node: Node): readonly Wide[] {
  if (node.kind === 'text') return [];
  const inner = node.children.flatMap(findWidths);
  if (node.tag === 'tr') {
    const widths = node.children.map(toWidth);
    const width = widths.reduce((sum, each) => sum + each, 0);
    const first = node.children.find((_, index) => (widths[index] ?? 0) > 0);
    const at = first?.kind === 'element' ? first.at : null;
    return width > MAX_WIDTH && at !== null ? [{ at, width }, ...inner] : inner;
  }
  const width = isBlock(node) && !isElement(node, 'th', 'td') ? toWidth(node) : 0;
  return width > MAX_WIDTH && node.at !== null ? [{ at: node.at, width }, ...inner] : inner;
}

function toWidth(node: Node): number {
  if (node.kind === 'text') return 0;
  const [, pixels] = /^([\d.]+)px$/.exec(parseStyle(node.attrs['style'] ?? '').get('width') ?? '') ?? [];
  return Number(pixels ?? 0);
}

/** Tags to which a theme gives colours of its own, so that none is inherited. */
const THEMED: readonly string[] = 'a code h1 h2 h3 h4 h5 h6 kbd mark pre th'.split(' ');

/** Elements and formulas whose own colours leave their text too faint, by day or after WeChat's conversion. */
function findFaint(node: Node, above: readonly Element[]): readonly Hit[] {
  if (node.kind === 'text') return [];
  if (node.tag === 'wx-math') {
    const tex = node.attrs['tex'] ?? '';
    return readInks(tex)
      .flatMap((style) => judge([element('svg', [text(tex)], { attrs: { style } })], node.at, above))
      .slice(0, 1);
  }
  const style = parseStyle(node.attrs['style'] ?? '');
  const within = style.size > 0 ? [...above, node] : THEMED.includes(node.tag) ? [] : above;
  const inner = node.children.flatMap((child) => findFaint(child, within));
  if (!(style.has('color') || style.has('background-color'))) return inner;
  return [...judge(rewrite(node, (each) => (hasColours(each) ? [] : [each])).children, node.at, within), ...inner];
}

function judge(own: readonly Node[], at: Place | null, within: readonly Element[]): readonly Hit[] {
  if (at === null) return [];
  const whole = within.reduceRight<readonly Node[]>((children, each) => [toPlain(each, children)], own);
  const faint = seeTexts(whole).find(
    ({ light, dark }) => light.ratio < MIN_CONTRAST.light || dark.ratio < MIN_CONTRAST.dark,
  );
  if (faint === undefined) return [];
  const ratio = Math.min(faint.light.ratio, faint.dark.ratio).toFixed(1);
  return [{ at, args: { text: faint.text.trim().slice(0, 20), ratio } }];
}

const INK = /\\(textcolor|color|colorbox|fcolorbox)\s*(?:\[(\w+)\])?\s*\{([^{}]*)\}(?:\{([^{}]*)\})?/g;

/** The colours that a formula says, as styles. It is a drawing, so WeChat leaves them at night; black is drawn as the text's own. */
function readInks(tex: string): readonly string[] {
  return [...tex.matchAll(INK)].flatMap(([, command = '', model = '', first = '', second = '']) => {
    const colour = toCss(model, command === 'fcolorbox' ? second : first);
    const isInk = /^\w*color$/.test(command);
    if (isInk && /^(?:black|#0{3}|#0{6}|rgb\(0,0,0\))$/i.test(colour)) return [];
    return [`${isInk ? 'color' : 'background-color'}:${colour}`];
  });
}

/** A colour in one of the models that TeX has, as CSS. */
function toCss(model: string, said: string): string {
  const value = said.replace(/\s/g, '');
  if (model === 'HTML') return `#${value}`;
  if (model === 'RGB') return `rgb(${value})`;
  if (model === 'rgb' || model === 'gray') {
    const parts = value.split(',').map((part) => Math.round(Number(part) * 255));
    return `rgb(${(model === 'gray' ? [...parts, ...parts, ...parts] : parts).join()})`;
  }
  return value;
}

function hasColours(node: Element): boolean {
  return THEMED.includes(node.tag) || /color/.test(node.attrs['style'] ?? '');
}

/** The element with its colours alone. */
function toPlain({ tag, attrs }: Element, children: readonly Node[]): Element {
  const colours = [...parseStyle(attrs['style'] ?? '')].flatMap(([name, value]) =>
    /color$/.test(name) ? [`${name}:${value}`] : [],
  );
  return element(tag, children, { attrs: { style: colours.join(';') } });
}

/** Tables in a cell of another. */
function findNested(node: Node): readonly Hit[] {
  if (node.kind === 'text') return [];
  const inner = isElement(node, 'th', 'td') ? findElement(node, 'table') : undefined;
  if (inner === undefined) return node.children.flatMap(findNested);
  return [{ at: inner.at ?? node.at ?? { line: 1, column: 1 } }];
}

/** The outermost of equal elements that each hold the next one alone. */
function findChains(node: Node): readonly Hit[] {
  if (node.kind === 'text') return [];
  let last = node;
  let count = 1;
  for (let next = toOnly(last); next !== null; next = toOnly(last)) {
    last = next;
    count += 1;
  }
  const inner = last.children.flatMap(findChains);
  return count > MAX_SAME && node.at !== null ? [{ at: node.at, args: { count, max: MAX_SAME } }, ...inner] : inner;
}

function toOnly(node: Element): Element | null {
  const [only, ...others] = node.children.filter((child) => !isBlank(child));
  if (only === undefined || only.kind === 'text' || others.length > 0) return null;
  return only.tag === node.tag && only.attrs['style'] === node.attrs['style'] ? only : null;
}
