// Marks paragraphs that are slanted from end to end, credits and notes mostly, since Chinese type has no italics.
import { type Element, isBlank, isElement, type Node, rewrite } from '../tree.ts';

export function markAsides(root: Element): Element {
  return rewrite(root, (node): readonly Node[] => {
    const inner = node.children.filter((child) => !isBlank(child));
    const isAside = isElement(node, 'p') && inner.length === 1 && isElement(inner[0], 'em');
    return [isAside ? { ...node, attrs: { ...node.attrs, class: 'aside' } } : node];
  });
}
