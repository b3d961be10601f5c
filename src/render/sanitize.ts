// The last gate before WeChat: only tags, attributes and styles of facts/markup pass; trusts no pass before it.
import {
  CARD_FORMS,
  DRAWING_ATTRS,
  IMAGE_SOURCE,
  isArticleLink,
  OUTPUT_ATTRS,
  OUTPUT_TAGS,
  UNEVEN,
} from '../facts/markup.ts';
import { filterStyle, parseStyle, printStyle, remember } from './style.ts';
import { type Attrs, type Element, element, joinTexts, type Node, type Replacement, replaceNodes } from './tree.ts';

/**
 * The tree with nothing in it that may not be sent. Tags that only the theme needed, whose style their elements now wear
 * themselves, are others; what is refused goes; the text it held stays.
 */
export function sanitize(root: Element): Element {
  return element('section', joinTexts(replaceNodes(root.children, cleanNode)), {
    attrs: cleanAttrs('section', root.attrs),
  });
}

function cleanNode(node: Node): Replacement {
  if (node.kind === 'text') return node;
  const { at } = node;
  const tag = Object.hasOwn(OUTPUT_TAGS, node.tag) ? (OUTPUT_TAGS[node.tag] ?? '') : node.tag;
  const children = joinTexts(replaceNodes(node.children, cleanNode));
  if (!Object.hasOwn(OUTPUT_ATTRS, tag)) return children;
  const attrs = cleanAttrs(tag, node.attrs);
  const needed = NEEDED[tag];
  if (needed !== undefined && attrs[needed] === undefined) return tag === 'img' ? [] : children;
  return { kind: 'element', tag, attrs, children, at };
}

/** The attribute without which a tag says nothing. */
const NEEDED: Readonly<Record<string, string>> = {
  a: 'href',
  img: 'src',
  span: 'style',
  iframe: 'data-src',
  'mp-common-profile': 'data-id',
  'mp-miniprogram': 'data-miniprogram-imageurl',
};

function cleanAttrs(tag: string, attrs: Attrs): Attrs {
  const clean: Record<string, string> = {};
  for (const name of OUTPUT_ATTRS[tag] ?? []) {
    const written = Object.hasOwn(attrs, name) ? (attrs[name] ?? '') : null;
    // A link to a mini-program has an address that is empty.
    const isNowhere = name === 'href' && written === '' && clean['data-miniprogram-appid'] !== undefined;
    const value = written === null || isNowhere ? written : cleanValue(tag, name, written);
    if (value !== null) clean[name] = value;
  }
  return clean;
}

/** What may go out of a style, as it is printed for a tag. */
const cleanStyle = remember((css) => {
  const style = filterStyle(parseStyle(css));
  return remember((tag) => printStyle(style, tag));
});

/** The value as it may go out; null to leave the attribute out. */
function cleanValue(tag: string, name: string, value: string): string | null {
  switch (name) {
    case 'style':
      return cleanStyle(value)(tag) || null;
    case 'href':
      return isArticleLink(value) ? value : null;
    case 'src':
      return IMAGE_SOURCE.test(value.trim()) ? value.trim() : null;
    case 'alt':
      return value === '' ? null : value;
    case UNEVEN:
      return '';
    default:
      if (Object.hasOwn(CARD_FORMS, name))
        return CARD_FORMS[name as keyof typeof CARD_FORMS].test(value) ? value : null;
      if (Object.hasOwn(DRAWING_ATTRS, name)) return DRAWING_ATTRS[name]?.test(value) === true ? value : null;
      return /^\d{1,6}(?:\.\d{1,6})?$/.test(value) ? value : null;
  }
}
