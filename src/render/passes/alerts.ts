// Turns GitHub's alerts, quotes that begin with [!NOTE] and its kind, into titled panels, since WeChat has none.
import { type Element, element, isElement, type Replacement, rewrite, text } from '../tree.ts';

const TITLES: Readonly<Record<string, string>> = {
  note: '说明',
  tip: '提示',
  important: '重要',
  warning: '注意',
  caution: '警告',
};

export function makeAlerts(root: Element): Element {
  return rewrite(root, (quote): Replacement => {
    if (quote.tag !== 'blockquote') return quote;
    const [first, ...others] = quote.children;
    if (!isElement(first, 'p')) return quote;
    const [head, ...rest] = first.children;
    const match = head?.kind === 'text' ? /^\[!([a-z]+)\][ \t]*(?:\n|$)/i.exec(head.value) : null;
    const kind = match?.[1]?.toLowerCase() ?? '';
    const title = TITLES[kind];
    if (match === null || head?.kind !== 'text' || title === undefined) return quote;
    const line = [text(head.value.slice(match[0].length)), ...rest];
    const body = line.some((node) => node.kind === 'element' || node.value !== '')
      ? [{ ...first, children: line }]
      : [];
    const heading = element('p', [text(title)], { attrs: { class: 'alert-title' } });
    const attrs = { class: `alert alert-${kind}` };
    return element('section', [heading, ...body, ...others], { attrs, at: quote.at });
  });
}
