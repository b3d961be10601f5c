// Writes the headings of the post where its author asks for them with [TOC]; no line of it can be a link in WeChat.
import { type Element, element, forEachElement, type Node, rewrite, text, toText } from '../tree.ts';

interface Heading {
  readonly level: number;
  readonly title: string;
}

/** Two levels of headings. The only one of level 1 is the title, which stands above; a page without any loses the line. */
export function writeContents(root: Element): Element {
  const all: Heading[] = [];
  forEachElement(root.children, (node) => {
    const title = /^h\d$/.test(node.tag) ? toText(node).replace(/\s+/g, ' ').trim() : '';
    if (title !== '') all.push({ level: Number(node.tag.slice(1)), title });
  });
  const isTitled = all.filter(({ level }) => level === 1).length === 1;
  const headings = isTitled ? all.filter(({ level }) => level > 1) : all;
  const top = headings.reduce((least, { level }) => Math.min(least, level), 6);
  const list = toList(headings.filter(({ level }) => level <= top + 1));
  return rewrite(root, (node) => (node.tag === 'wx-contents' ? list : node));
}

function toList(headings: readonly Heading[]): readonly Element[] {
  const [first] = headings;
  if (first === undefined) return [];
  const items: { readonly title: string; readonly inner: Heading[] }[] = [];
  for (const heading of headings) {
    if (heading.level <= first.level) items.push({ title: heading.title, inner: [] });
    else items.at(-1)?.inner.push(heading);
  }
  const toItem = (title: string, inner: readonly Node[]): Element => element('li', [text(title), ...inner]);
  return [
    element(
      'ul',
      items.map(({ title, inner }) => toItem(title, toList(inner))),
    ),
  ];
}
