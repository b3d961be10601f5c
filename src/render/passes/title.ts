// Drops a heading that only repeats the title at the beginning, because WeChat prints the title above the article.

import type { PassContext } from '../pass.ts';
import { type Element, isElement, toText } from '../tree.ts';

export function dropTitle(root: Element, { title }: PassContext): Element {
  // A picture may stand above it; words above it make it a heading of their text.
  const at = root.children.findIndex((child) => toText(child).trim() !== '');
  const heading = root.children[at];
  if (heading === undefined || title === null || !isElement(heading, 'h1')) return root;
  return isSameTitle(toText(heading), title) ? { ...root, children: root.children.toSpliced(at, 1) } : root;
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
