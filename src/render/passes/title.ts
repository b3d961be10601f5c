// Drops the first heading when it only repeats the title, because WeChat prints the title above the article.

import type { PassContext } from '../pass.ts';
import { type Element, isElement, toText } from '../tree.ts';

export function dropTitle(root: Element, { title }: PassContext): Element {
  const heading = root.children.find((child) => isElement(child, 'h1'));
  if (heading === undefined || title === null || !isSameTitle(toText(heading), title)) return root;
  return { ...root, children: root.children.filter((child) => child !== heading) };
}

/** Widths, case, spaces and the shape of quotes make no other title. */
export function isSameTitle(one: string, other: string): boolean {
  return normalize(one) === normalize(other);
}

function normalize(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s"'“”‘’「」『』]/g, '');
}
