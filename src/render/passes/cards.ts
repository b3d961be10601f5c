// Writes on each mini-program's card the address that its picture has by now, and counts what WeChat takes only so many of.
import { type FindingCode, finding } from '../../facts/findings.ts';
import { LIMITS } from '../../facts/limits.ts';
import type { PassContext } from '../pass.ts';
import { type Element, forEachElement, isElement, rewrite } from '../tree.ts';

const MOST: Readonly<Record<string, { readonly code: FindingCode; readonly max: number }>> = {
  iframe: { code: 'video-many', max: LIMITS.videos.value },
};

export function finishCards(root: Element, { report }: PassContext): Element {
  const counts = new Map<string, number>();
  forEachElement([root], ({ tag, at }) => {
    const most = MOST[tag];
    if (most === undefined || at === null) return;
    const count = (counts.get(tag) ?? 0) + 1;
    counts.set(tag, count);
    if (count === most.max + 1) report(finding(most.code, at, { max: most.max }));
  });
  return rewrite(root, (node) => {
    if (node.tag !== 'mp-miniprogram') return node;
    const picture = node.children.find((child) => isElement(child, 'img')) as Element | undefined;
    const address = picture?.attrs['src'] ?? '';
    return { ...node, attrs: { ...node.attrs, 'data-miniprogram-imageurl': address }, children: [] };
  });
}
