// Renames the tags that only the theme needed to tags that WeChat keeps; by now they wear their style themselves.
import { OUTPUT_TAGS } from '../../facts/markup.ts';
import { type Element, rewrite } from '../tree.ts';

export function renameTags(root: Element): Element {
  return rewrite(root, (node) => {
    const tag = OUTPUT_TAGS[node.tag];
    return tag === undefined ? node : { ...node, tag };
  });
}
