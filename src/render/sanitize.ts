// The last gate before WeChat: only tags, attributes and styles of facts/markup pass; trusts no pass before it.
import { ARTICLE_LINK, IMAGE_SOURCE, OUTPUT_ATTRS, UNEVEN } from '../facts/markup.ts';
import { filterStyle, parseStyle, printStyle, remember } from './style.ts';
import { type Attrs, type Element, element, joinTexts, type Node } from './tree.ts';

/** The tree with nothing in it that may not be sent. What is refused goes; the text it held stays. */
export function sanitize(root: Element): Element {
  return element('section', joinTexts(root.children.flatMap(cleanNode)), { attrs: cleanAttrs(root) });
}

function cleanNode(node: Node): readonly Node[] {
  if (node.kind === 'text') return [node];
  const children = joinTexts(node.children.flatMap(cleanNode));
  if (!Object.hasOwn(OUTPUT_ATTRS, node.tag)) return children;
  const attrs = cleanAttrs(node);
  const isBare = Object.keys(attrs).length === 0;
  if ((node.tag === 'span' && isBare) || (node.tag === 'a' && attrs['href'] === undefined)) return children;
  return node.tag === 'img' && attrs['src'] === undefined ? [] : [element(node.tag, children, { attrs, at: node.at })];
}

function cleanAttrs({ tag, attrs }: Element): Attrs {
  return Object.fromEntries(
    (OUTPUT_ATTRS[tag] ?? []).flatMap((name): readonly (readonly [string, string])[] => {
      const value = Object.hasOwn(attrs, name) ? cleanValue(tag, name, attrs[name] ?? '') : null;
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** The style that may go out, of a tag and its style with a space between. */
const cleanStyle = remember((text) => {
  const [tag = ''] = text.split(' ', 1);
  return printStyle(filterStyle(parseStyle(text.slice(tag.length + 1))), tag);
});

/** The value as it may go out; null to leave the attribute out. */
function cleanValue(tag: string, name: string, value: string): string | null {
  switch (name) {
    case 'style':
      return cleanStyle(`${tag} ${value}`) || null;
    case 'href':
      return ARTICLE_LINK.test(value) ? value : null;
    case 'src':
      return IMAGE_SOURCE.test(value.trim()) ? value.trim() : null;
    case 'alt':
      return value === '' ? null : value;
    case UNEVEN:
      return '';
    default:
      return /^\d{1,6}(?:\.\d{1,6})?$/.test(value) ? value : null;
  }
}
