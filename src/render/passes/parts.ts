// Leaves out what stands between `<!-- wxsync:skip -->` and `<!-- wxsync:end -->`, because it is for the site only.
import { finding } from '../../facts/findings.ts';
import type { PassContext } from '../pass.ts';
import { type Element, joinTexts, type Node, type Replacement, replaceNodes, withChildren } from '../tree.ts';

/** What is to be left out to its end must have one: without it the rest of the post would go in silence. */
export function chooseParts(root: Element, context?: Pick<PassContext, 'report'>): Element {
  let skipping = false;
  let begun: Element | null = null;
  const keep = (node: Node): Replacement => {
    if (node.kind === 'text') return skipping ? [] : node;
    if (node.tag === 'wx-part') {
      skipping = node.attrs['is'] === 'skip' || (skipping && node.attrs['is'] !== 'end');
      begun = skipping ? (begun ?? node) : null;
      return [];
    }
    if (node.children.length === 0) return skipping ? [] : node;
    const children = joinTexts(replaceNodes(node.children, keep));
    // An element is left out with its last piece, so a list loses the item and not an empty bullet.
    return children.length > 0 ? withChildren(node, children) : [];
  };
  const chosen = withChildren(root, joinTexts(replaceNodes(root.children, keep)));
  if (begun !== null) context?.report(finding('part-open', (begun as Element).at ?? { line: 1, column: 1 }));
  return chosen;
}
