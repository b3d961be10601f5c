// Puts each image's new address in place of the author's, with the size that WeChat's reader uses to hold its room.
import { LIMITS } from '../../facts/limits.ts';
import { UNEVEN } from '../../facts/markup.ts';
import type { PassContext } from '../pass.ts';
import { type Element, rewrite } from '../tree.ts';

export function placeImages(root: Element, { images }: PassContext): Element {
  return rewrite(root, (node) => {
    if (node.tag !== 'img') return node;
    const { src = '', title: _, ...attrs } = node.attrs;
    const placed = images.get(src);
    if (placed === undefined) return { ...node, attrs: { src, ...attrs } };
    const ratio = String(Number((placed.height / placed.width).toFixed(4)));
    const uneven = placed.width < LIMITS.desktopColumn.value ? { [UNEVEN]: '' } : {};
    const size = { 'data-ratio': ratio, 'data-w': String(placed.width), ...uneven };
    return { ...node, attrs: { src: placed.url, ...attrs, ...size } };
  });
}
