// Renames the tags that only the theme needed to tags that WeChat keeps; by now they wear their style themselves.
import { OUTPUT_TAGS } from '../../facts/markup.ts';
import { type Element, type Node, rewrite } from '../tree.ts';

export function renameTags(root: Element): Element {
  return rewrite(root, (node): readonly Node[] => [{ ...node, tag: OUTPUT_TAGS[node.tag] ?? node.tag }]);
}
