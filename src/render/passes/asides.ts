// Marks what is slanted, since Chinese type has no italics: paragraphs from end to end (credits, notes) and words in others.
import { type Element, isBlank, isElement, type Node, replaceNodes, rewrite, toText, withChildren } from '../tree.ts';

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

export function markAsides(root: Element): Element {
  return rewrite(root, (node) => {
    if (node.tag !== 'p') return withChildren(node, replaceNodes(node.children, markWords));
    const inner = node.children.filter((child) => !isBlank(child));
    const isAside = inner.length === 1 && isElement(inner[0], 'em');
    if (isAside) return withClass(node, 'aside');
    return withChildren(node, replaceNodes(node.children, markWords));
  });
}

/** Words of Latin letters stay slanted. */
function markWords(node: Node): Node {
  return isElement(node, 'em') && CJK.test(toText(node)) ? withClass(node, 'stressed') : node;
}

function withClass(node: Element, name: string): Element {
  return { ...node, attrs: { ...node.attrs, class: name } };
}
