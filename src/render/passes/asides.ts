// Marks paragraphs that are slanted from end to end, credits and notes mostly, since Chinese type has no italics.
import { type Element, isBlank, isElement, rewrite } from '../tree.ts';

export function markAsides(root: Element): Element {
  return rewrite(root, (node) => {
    if (node.tag !== 'p') return node;
    const inner = node.children.filter((child) => !isBlank(child));
    const isAside = inner.length === 1 && isElement(inner[0], 'em');
    return isAside ? { ...node, attrs: { ...node.attrs, class: 'aside' } } : node;
  });
}
