// Turns GitHub's alerts and Obsidian's callouts, quotes that begin with [!NOTE], into titled panels, since WeChat has none.
import { toPanel } from '../syntax/panel.ts';
import { type Element, isBlank, isElement, type Node, type Replacement, rewrite, text } from '../tree.ts';

/** `[!name]`, with Obsidian's mark of folding, which an article cannot do, and what else it has in the brackets. */
const HEAD = /^\[!([\p{L}\p{N}][\p{L}\p{N}_ -]{0,49})(?:\|[^\]\n]*)?\][+-]?[ \t]*/u;

export function makeAlerts(root: Element): Element {
  return rewrite(root, (quote): Replacement => {
    if (quote.tag !== 'blockquote') return quote;
    const [first, ...others] = quote.children;
    if (!isElement(first, 'p')) return quote;
    const [head, ...rest] = first.children;
    const match = head?.kind === 'text' ? HEAD.exec(head.value) : null;
    if (match === null || head?.kind !== 'text') return quote;
    const { title, line } = splitLine([text(head.value.slice(match[0].length)), ...rest]);
    const body = line.every(isBlank) ? others : [{ ...first, children: line }, ...others];
    const name = match[1] ?? '';
    const found = toPanel(name, { title, body, at: quote.at });
    // Obsidian lets everyone name kinds of their own, and shows them as notes.
    return found ?? toPanel('note', { title: title.length === 0 ? [text(name)] : title, body, at: quote.at }) ?? quote;
  });
}

/** The nodes of the first line, which are the title, and those behind it. */
function splitLine(nodes: readonly Node[]): { readonly title: readonly Node[]; readonly line: readonly Node[] } {
  const index = nodes.findIndex((node) => isElement(node, 'br') || (node.kind === 'text' && node.value.includes('\n')));
  const node = nodes[index];
  const value = node?.kind === 'text' ? node.value : '\n';
  const end = value.indexOf('\n');
  const title = index < 0 ? nodes : [...nodes.slice(0, index), text(value.slice(0, end))];
  const line = index < 0 ? [] : [text(value.slice(end + 1)), ...nodes.slice(index + 1)];
  return { title: title.every(isBlank) ? [] : title.filter((each) => each.kind !== 'text' || each.value !== ''), line };
}
