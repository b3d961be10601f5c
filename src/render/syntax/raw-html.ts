// What becomes of the tags, attributes and styles an author wrote by hand, by facts/markup; nothing else passes.
import { finding, type Report } from '../../facts/findings.ts';
import {
  AUTHOR_ATTRS,
  AUTHOR_STYLES,
  AUTHOR_TAGS,
  HIDING_STYLES,
  LINE_TAGS,
  REMOVED_SILENTLY,
  REMOVED_WITH_CONTENT,
  SEEN_STYLES,
  SEEN_STYLES_OF_IMAGES,
} from '../../facts/markup.ts';
import { filterStyle, MAX_STYLE, parseStyle, printStyle, type Style } from '../style.ts';
import { type Attrs, type Element, element, isBlank, isBlock, type Level, type Node, text, toText } from '../tree.ts';
import { toCard } from './card.ts';
import { toImageWidth } from './image.ts';
import { placeStrays } from './strays.ts';
import { toTab } from './tabs.ts';
import { readTemplateAddress } from './template-address.ts';

export interface AdoptOptions {
  readonly report: Report;
  /** Where it stands: among blocks, or in a line. */
  readonly level: Level;
}

/**
 * @param authored an element as the author wrote it, its children already adopted
 * @returns what stands in its place: our own element, its children alone, or nothing
 */
export function adoptElement(authored: Element, how: AdoptOptions): readonly Node[] {
  const { report } = how;
  const { tag, children, at } = authored;
  const card = toCard(authored, how);
  if (card !== undefined) return card;
  if (REMOVED_SILENTLY.has(tag)) return /[\p{L}\p{N}]/u.test(children.map(toText).join('')) ? children : [];
  const target = Object.hasOwn(AUTHOR_TAGS, tag) ? AUTHOR_TAGS[tag] : undefined;
  if (target === undefined) {
    const tab = toTab(authored);
    if (tab !== null) return tab;
    const isRemoved = REMOVED_WITH_CONTENT.has(tag);
    const code = isRemoved ? 'html-removed' : 'html-dropped';
    if (at !== null) report(finding(code, at, { tag: tag.slice(0, 40) }));
    return isRemoved ? [] : children;
  }
  if (tag === 'q') return [text('“'), ...children, text('”')];
  if (tag === 'rt') return [element('small', [text('（'), ...children, text('）')], { at })];
  const attrs = adoptAttrs(authored, target);
  reportLoss(authored, attrs, report);
  if (target === '' || (target === 'span' && Object.keys(attrs).length === 0)) return children;
  if (children.length === 0 && target !== 'a' && LINE_TAGS.has(target) && !isBlock(element(target))) return [];
  if (target === 'pre') return [element('pre', trimLineEnds(children), { attrs, at })];
  const placed = placeStrays(children, target);
  // A container of words alone is a paragraph to its readers.
  const isLine = target === 'section' && !placed.some(isBlock);
  return [element(isLine ? 'p' : target, placed, { attrs, at })];
}

/** Tells of text that a website hides and an article shows, or else of CSS that a reader will miss. */
function reportLoss({ tag, attrs, children, at }: Element, adopted: Attrs, report: Report): void {
  if (at === null) return;
  const length = attrs['style']?.length ?? 0;
  if (length > MAX_STYLE) report(finding('style-long', at, { tag, length, max: MAX_STYLE }));
  const style = parseStyle(attrs['style'] ?? '');
  const kept = parseStyle(adopted['style'] ?? '');
  const find = (table: Readonly<Record<string, RegExp>>) =>
    [...style].flatMap(([name, value]) => (table[name]?.test(value) === true && !kept.has(name) ? [name] : []));
  const isHidden = attrs['hidden'] !== undefined || find(HIDING_STYLES).length > 0;
  if (isHidden && !children.every(isBlank)) report(finding('html-hidden', at, { tag }));
  if (isHidden && tag !== 'img') return;
  const refused = [...style].flatMap(([name]) => (AUTHOR_STYLES.has(name) && !kept.has(name) ? [name] : []));
  const seen = tag === 'img' ? { ...SEEN_STYLES, ...SEEN_STYLES_OF_IMAGES } : SEEN_STYLES;
  const properties = [...new Set([...find(seen), ...refused])];
  if (tag === 'img' && /^(?:left|right)$/i.test(attrs['align'] ?? '')) properties.push('align');
  if (properties.length > 0) report(finding('style-dropped', at, { tag, properties: properties.join(', ') }));
}

/** HTML drops the line end after `<pre>`; authors write one after `<code>` and before the end tags just as well. */
function trimLineEnds(children: readonly Node[]): readonly Node[] {
  return children.map((child, index) => {
    if (child.kind === 'element')
      return child.tag === 'code' ? { ...child, children: trimLineEnds(child.children) } : child;
    const start = index === 0 ? child.value.replace(/^\n/, '') : child.value;
    return text(index === children.length - 1 ? start.replace(/\n$/, '') : start);
  });
}

function adoptAttrs({ attrs }: Element, target: string): Attrs {
  const kept = (AUTHOR_ATTRS[target] ?? []).flatMap((name) => {
    const value = attrs[name];
    if (value === undefined) return [];
    const isAddress = name === 'src' || name === 'href';
    return [[name, isAddress ? (readTemplateAddress(value)?.href ?? value) : value] as const];
  });
  const style = printStyle(filterStyle(authoredStyle(attrs, target)), target);
  return Object.fromEntries(style === '' ? kept : [...kept, ['style', style] as const]);
}

/** The style attribute and the old attributes that say the same. */
function authoredStyle(attrs: Attrs, target: string): Style {
  const style = new Map<string, string>();
  if (attrs['align'] !== undefined && target !== 'img') style.set('text-align', attrs['align'].toLowerCase());
  if (attrs['color'] !== undefined) style.set('color', attrs['color']);
  if (target === 'img' && attrs['width'] !== undefined) style.set('width', toImageWidth(attrs['width']));
  for (const [name, value] of parseStyle(attrs['style'] ?? '')) if (AUTHOR_STYLES.has(name)) style.set(name, value);
  return style;
}
