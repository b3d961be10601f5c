// Drops a heading that only repeats the title at the beginning, because WeChat prints the title above the article.

import type { PassContext } from '../pass.ts';
import { type Element, isElement, type Node, toText } from '../tree.ts';

export function dropTitle(root: Element, { title }: PassContext): Element {
  const heading = title === null ? undefined : findRepeated(root.children, title);
  return heading === undefined ? root : { ...root, children: root.children.filter((child) => child !== heading) };
}

/** The heading that repeats the title: a picture may stand above it, words above it make it a heading of their text. */
export function findRepeated(blocks: readonly Node[], title: string): Element | undefined {
  const first = blocks.find((block) => toText(block).trim() !== '');
  return isElement(first, 'h1') && isSameTitle(toText(first), title) ? first : undefined;
}

/** Widths, case, spaces and the shape of quotes make no other title. */
function isSameTitle(one: string, other: string): boolean {
  return normalize(one) === normalize(other);
}

function normalize(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s"'“”‘’「」『』]/g, '');
}
