// Takes cards out of headings, links and marks, which hold words only and which WeChat's editor tears apart round a card.
import { isCard } from '../syntax/card.ts';
import { type Element, isBlank, isBlock, isElement, type Node, rewrite, withChildren } from '../tree.ts';

/** A mark goes on behind a card; a heading or a link stays whole, before its cards. */
export function liftCards(root: Element): Element {
  return rewrite(root, (node) => {
    const isWhole = isElement(node, 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'summary', 'figcaption', 'a');
    if ((isBlock(node) && !isWhole) || !node.children.some(isCard)) return node;
    const cards = node.children.filter(isCard);
    const runs = isWhole ? [node.children.filter((child) => !isCard(child)), ...cards] : toRuns(node.children);
    return runs.flatMap((run) => {
      if ('kind' in run) return [run];
      return run.every(isBlank) ? run : [withChildren(node, run)];
    });
  });
}

/** Siblings with the cards among them standing alone. */
function toRuns(siblings: readonly Node[]): readonly (Node | readonly Node[])[] {
  const runs: (Node | Node[])[] = [];
  for (const node of siblings) {
    const last = runs.at(-1);
    if (isCard(node)) runs.push(node);
    else if (Array.isArray(last)) last.push(node);
    else runs.push([node]);
  }
  return runs;
}
