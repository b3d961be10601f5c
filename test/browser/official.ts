// WeChat's rules for an article as data: names and figures of github.com/wechatjs/verify-article-structure-spec, judged on a measured article.
import { type Colour, darkenGround, darkenText, toColour } from '../../src/render/darkmode.ts';
import { parseStyle } from '../../src/render/style.ts';
import type { Article, Box, Line, Screen } from './article.ts';

export interface OfficialRule {
  /** As the public tool names it. */
  readonly name: string;
  /** The elements that break it. */
  readonly test: (article: Article) => readonly Box[];
}

/** CSS pixels. */
const TOLERANCE = 1;
/** Two lines of text closer than this part of their size cover each other. */
const LINE_SHARE = 0.95;
/** Widths differ when by more pixels than this and by more than this part of the column. */
const WIDTH_DIFFERENCE = 10;
const SHARE_DIFFERENCE = 0.2;
/** Equal elements, each the only one in the other. */
const MAX_NESTING = 10;
/** From this depth on, the article counted, WeChat's editor takes away whatever says nothing new. */
const MAX_DEPTH = 15;
const MIN_DARK_CONTRAST = 1.5;
/** The tool reckons with darker text than readers get. */
const DARK_TEXT = '#989898';
const DARK_GROUND = '#191919';
const LIGHT_TEXT = '#191919';

export const OFFICIAL_RULES: readonly OfficialRule[] = [
  { name: 'opacity', test: each((box) => box.tag === 'img' && Number.parseFloat(styleOf(box, 'opacity')) === 0) },
  { name: 'caret-color', test: each((box) => box.text !== '' && isTransparent(styleOf(box, 'caret-color'))) },
  { name: 'line-height', test: each((box) => isBlock(box) && box.screens.some((_, at) => overlaps(toLines(box, at)))) },
  { name: 'width', test: each((box) => !isExempt(box) && (runsOver(box) || (isSized(box) && isUneven(box)))) },
  { name: 'height', test: each((box) => /^0(?:px)?$/.test(styleOf(box, 'height')) && box.text !== '' && !isSvg(box)) },
  {
    name: 'height-nodisplay',
    test: ([article, ...boxes]) => boxes.filter((box) => article !== undefined && standsOut(box, article)),
  },
  { name: 'text-align', test: each((box) => /^(?:start|end)$/i.test(styleOf(box, 'text-align'))) },
  { name: 'animate-begin', test: each(({ tag, attrs }) => /^animate/i.test(tag) && isTouchOnly(attrs['begin'] ?? '')) },
  { name: 'pre', test: each((box) => box.tag === 'pre' && box.text !== '' && box.screens.some(scrolls)) },
  { name: 'nestNodes', test: each((box) => countSame(box) > MAX_NESTING || isNeedlesslyDeep(box)) },
  {
    name: 'redundant-node',
    test: each(({ children }) => children.length > 20 && children.filter(isEmpty).length > 15),
  },
  { name: 'span-leaf', test: each((box) => box.tag === 'span' && 'leaf' in box.attrs && box.children.some(isBlock)) },
  {
    name: 'node-leaf',
    test: each(
      (box) => 'nodeleaf' in box.attrs && box.children.some(({ tag }) => !/^(?:img|iframe|mp|qqmusic)/.test(tag)),
    ),
  },
  { name: 'darkmode-low-contrast', test: each((box) => box.ownText !== '' && isHardToSeeInTheDark(box)) },
  { name: 'darkmode-no-gradient', test: each((box) => box.gradient !== null && box.text !== '') },
  { name: 'darkmode-whitelist', test: each(({ attrs }) => 'data-no-dark' in attrs) },
];

/** What a reader would complain of as well, whether or not the tool sees it. */
export const READER_RULES: readonly OfficialRule[] = [
  { name: 'text-cut', test: each((box) => box.screens.some((screen) => isCut(box, screen))) },
  {
    name: 'text-covered',
    test: ([article]) =>
      article?.screens.some((_, at) => overlaps(toAllLines(article, at))) === true ? [article] : [],
  },
];

/** Names of broken rules, each with the first element that breaks it. */
export function judge(
  article: Article,
  rules: readonly OfficialRule[] = OFFICIAL_RULES,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rules.flatMap(({ name, test }) => {
      const [first] = test(article);
      return first === undefined ? [] : [[name, describe(first)]];
    }),
  );
}

function each(test: (box: Box) => boolean): OfficialRule['test'] {
  return (article) => article.filter(test);
}

function describe({ tag, attrs, text }: Box): string {
  const written = Object.entries(attrs).map(([name, value]) => ` ${name}="${value}"`);
  return `<${tag}${written.join('')}> ${text}`.slice(0, 160);
}

function styleOf({ attrs }: Box, property: string): string {
  return parseStyle(attrs['style'] ?? '').get(property) ?? '';
}

function isTransparent(colour: string): boolean {
  return toColour(colour)?.alpha === 0 || colour === 'transparent';
}

function isBlock({ display }: Box): boolean {
  return !display.startsWith('inline') && display !== 'contents' && display !== 'none';
}

function isEmpty({ text, children }: Box): boolean {
  return text === '' && children.length === 0;
}

function* above(box: Box): Generator<Box> {
  for (let each: Box | null = box; each !== null; each = each.parent) yield each;
}

function isSvg(box: Box): boolean {
  return [...above(box)].some(({ tag, attrs }) => tag === 'svg' || attrs['data-mode'] === 'svg');
}

function isTouchOnly(begin: string): boolean {
  return /\btouchstart\b/i.test(begin) && !/\bclick\b/i.test(begin);
}

// Lines

/** Lines of a block's own text, whatever marks it stands in. */
function toLines(box: Box, at: number): readonly (Line & { readonly size: number })[] {
  const own = (box.screens[at]?.lines ?? []).map((line) => ({ ...line, size: box.fontSize }));
  return [...own, ...box.children.filter((child) => !isBlock(child)).flatMap((child) => toLines(child, at))];
}

function toAllLines(box: Box, at: number): readonly (Line & { readonly size: number })[] {
  const own = (box.screens[at]?.lines ?? []).map((line) => ({ ...line, size: box.fontSize }));
  return [...own, ...box.children.flatMap((child) => toAllLines(child, at))];
}

function overlaps(lines: readonly (Line & { readonly size: number })[]): boolean {
  const sorted = [...lines].sort((a, b) => a.top - b.top);
  return sorted.some((one, index) => {
    for (let next = index + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (other === undefined || other.top > one.bottom) return false;
      const shared = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const apart = Math.abs(one.top + one.bottom - other.top - other.bottom) / 2;
      if (shared > 2 * TOLERANCE && apart < Math.min(one.size, other.size) * LINE_SHARE) return true;
    }
    return false;
  });
}

// Widths and heights

/** The author of an article may take an element, and all in it, out of this rule. */
function isExempt(box: Box): boolean {
  return box.parent === null || [...above(box)].some(({ attrs }) => 'data-ignore-width' in attrs);
}

function isSized(box: Box): boolean {
  if (box.tag === 'img') return true;
  if (box.tag === 'th') return true;
  const width = styleOf(box, 'width');
  return box.tag !== 'svg' && width !== '' && !/auto|100%/.test(width);
}

function runsOver(box: Box): boolean {
  return isBlock(box) && box.text !== '' && box.screens.some(leavesColumn);
}

/** An element that stands out on both sides alike is meant to. */
function leavesColumn(screen: Screen): boolean {
  return (screen.left < -TOLERANCE || screen.right > screen.column + TOLERANCE) && !isEven(screen);
}

function isEven({ left, right, column }: Screen): boolean {
  return Math.abs(left + column - right) <= TOLERANCE;
}

/** Full on one screen and not on another, or of another share of each, as pixels are. */
function isUneven({ screens }: Box): boolean {
  const even = screens.filter(isEven).length;
  if (even > 0 && even < screens.length) return true;
  const over = screens.filter(leavesColumn).length;
  if (over > 0 && over < screens.length) return true;
  const [first] = screens;
  if (first === undefined || even === screens.length) return false;
  const shares = screens.map(({ left, right, column }) => Math.round(right - left) / column);
  const allowed = shares.includes(1) ? 0 : SHARE_DIFFERENCE;
  const differs = screens.some(
    ({ left, right }) => Math.abs(right - left - (first.right - first.left)) > WIDTH_DIFFERENCE,
  );
  return differs && shares.some((share) => Math.abs(share - (shares[0] ?? 0)) > allowed);
}

/** Higher than the whole article: something above it has less height than it needs. */
function standsOut(box: Box, article: Box): boolean {
  if ([...above(box)].some(({ overflowY }, index, all) => index < all.length - 1 && /auto|scroll/.test(overflowY)))
    return false;
  const [own, whole] = [box.screens[0]?.height ?? 0, article.screens[0]?.height ?? 0];
  return own > whole + (whole > 200 ? 20 : 5);
}

function scrolls({ scrollWidth, clientWidth }: Screen): boolean {
  return scrollWidth > clientWidth + TOLERANCE;
}

/** Text outside of its box where nothing scrolls. */
function isCut(box: Box, screen: Screen): boolean {
  const isScroller = ({ overflowX }: Box) => /auto|scroll/.test(overflowX);
  const hidden = /hidden|clip/.test(box.overflowY) && screen.scrollHeight > screen.clientHeight + 5;
  if (box.parent !== null && hidden && box.text !== '') return true;
  const out = screen.lines.some(({ left, right }) => left < -TOLERANCE || right > screen.column + TOLERANCE);
  return out && ![...above(box)].some(isScroller);
}

// Nesting

/** Elements of one tag and style above this one, and itself, each the only one in the other. */
function countSame(box: Box): number {
  if (/^(?:img|video|svg|g|a)$/.test(box.tag) || isSvg(box)) return 0;
  const { parent } = box;
  const same = parent?.tag === box.tag && parent.children.length === 1 && parent.attrs['style'] === box.attrs['style'];
  return same && parent.parent !== null ? 1 + countSame(parent) : 1;
}

/** Deep in a tree, and among the only children above and below it one says neither tag nor style that is new. */
function isNeedlesslyDeep(box: Box): boolean {
  const chain = [...above(box)];
  if (chain.length !== MAX_DEPTH || isSvg(box)) return false;
  const said: Said = { tags: new Set(), styles: new Set() };
  for (const each of chain.slice(1, MAX_DEPTH - 1)) {
    if (each.parent?.children.length !== 1) break;
    if (saysNothingNew(each, said)) return true;
  }
  return hasNeedlessBelow(box, said);
}

interface Said {
  readonly tags: Set<string>;
  readonly styles: Set<string>;
}

/** The first of a tag is always needed, and its style not looked at. */
function saysNothingNew({ tag, attrs }: Box, { tags, styles }: Said): boolean {
  if (!tags.has(tag)) {
    tags.add(tag);
    return false;
  }
  const declarations = (attrs['style'] ?? '').split(';');
  const isOld = declarations.every((declaration) => styles.has(declaration));
  for (const declaration of declarations) styles.add(declaration);
  return isOld;
}

/** Of an only child that holds one more, which is not the last; where a box holds several, each begins anew. */
function hasNeedlessBelow({ children }: Box, said: Said): boolean {
  const anew = (box: Box) => hasNeedlessBelow(box, { tags: new Set(), styles: new Set(said.styles) });
  const [child, ...others] = children;
  if (child === undefined || others.length > 0) return children.some(anew);
  const [grandchild, ...more] = child.children;
  if (more.length > 0) return child.children.some(anew);
  if (grandchild === undefined || grandchild.children.length === 0) return false;
  return saysNothingNew(child, said) || hasNeedlessBelow(child, said);
}

// Dark mode

function isHardToSeeInTheDark(box: Box): boolean {
  if (isSvg(box) || box.display === 'none') return false;
  let ground = colour(DARK_GROUND);
  let ink = colour(DARK_TEXT);
  let written: Colour | null = null;
  for (const each of [...above(box)].reverse()) {
    const asked = each.gradient === null ? toColour(each.ground ?? '') : mix(each.gradient);
    const converted = asked === null || each.gradient !== null ? asked : darkenGround(asked);
    ground = converted ?? ground;
    written = toColour(each.ink ?? '') ?? written;
    // A ground without a text colour of its own gets the inherited one, made to be read on it.
    if (each.ink !== null || converted !== null) ink = darkenText(written ?? colour(LIGHT_TEXT), ground);
  }
  return toContrast(ink, ground) < MIN_DARK_CONTRAST;
}

function colour(value: string): Colour {
  return toColour(value) ?? { r: 0, g: 0, b: 0, alpha: 1 };
}

/** The one colour that stands for a gradient: each stop covers those before it by its alpha. */
function mix(gradient: string): Colour | null {
  const stops = (gradient.match(/rgba?\([^()]*\)/g) ?? []).map(colour);
  return stops.reduce<Colour | null>((under, over) => {
    if (under === null) return over;
    const part = (a: number, b: number) => a * (1 - over.alpha) + b * over.alpha;
    return { r: part(under.r, over.r), g: part(under.g, over.g), b: part(under.b, over.b), alpha: 1 };
  }, null);
}

/** As WCAG reckons it, from 1 to 21. */
function toContrast(one: Colour, other: Colour): number {
  const [light = 0, dark = 0] = [toLuminance(one), toLuminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function toLuminance({ r, g, b }: Colour): number {
  const [red = 0, green = 0, blue = 0] = [r, g, b].map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
