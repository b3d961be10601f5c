// Leaves out what stands between `<!-- wxsync:skip -->` and `<!-- wxsync:end -->`, because it is for the site only.
import { type Element, joinTexts, type Node, type Replacement, replaceNodes, withChildren } from '../tree.ts';

export function chooseParts(root: Element): Element {
  let skipping = false;
  const keep = (node: Node): Replacement => {
    if (node.kind === 'text') return skipping ? [] : node;
    if (node.tag === 'wx-part') {
      skipping = node.attrs['is'] === 'skip' || (skipping && node.attrs['is'] !== 'end');
      return [];
    }
    if (node.children.length === 0) return skipping ? [] : node;
    const children = joinTexts(replaceNodes(node.children, keep));
    // An element is left out with its last piece, so a list loses the item and not an empty bullet.
    return children.length > 0 ? withChildren(node, children) : [];
  };
  return withChildren(root, joinTexts(replaceNodes(root.children, keep)));
}
