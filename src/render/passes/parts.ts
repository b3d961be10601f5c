// Leaves out what stands between `<!-- wxsync:skip -->` and `<!-- wxsync:end -->`, because it is for the site only.
import { type Element, isElement, joinTexts, type Node } from '../tree.ts';

export function chooseParts(root: Element): Element {
  let skipping = false;
  const keep = (node: Node): readonly Node[] => {
    if (isElement(node, 'wx-part')) {
      skipping = node.attrs['is'] === 'skip' || (skipping && node.attrs['is'] !== 'end');
      return [];
    }
    const before = skipping;
    if (node.kind === 'text' || node.children.length === 0) return before ? [] : [node];
    const children = joinTexts(node.children.flatMap(keep));
    // An element is left out with its last piece, so a list loses the item and not an empty bullet.
    return children.length > 0 ? [{ ...node, children }] : [];
  };
  return { ...root, children: joinTexts(root.children.flatMap(keep)) };
}
