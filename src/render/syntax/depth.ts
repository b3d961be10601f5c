// Cuts quotes and lists nested beyond all sense before a parser meets them and takes minutes; knows no parser.

/** Reads what lies one deeper; undefined, unread, where the post is nested too deep already. */
export type GoDeeper = <Found>(read: () => Found | undefined) => Found | undefined;

export interface BoundText {
  readonly text: string;
  /** 0-based line of the first that lost markers; null when none did. */
  readonly cutLine: number | null;
}

const MARKER = /(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/y;
const FENCE = /^[ \t>]*(`{3,}|~{3,})/;

/**
 * @param text Markdown with `\n` line ends
 * @param max how many quotes and list items may stand inside each other
 */
export function boundDepth(text: string, max: number): BoundText {
  // A line can only be that deep when it is indented that far or has that many markers.
  if (!new RegExp(`^(?:[ \\t>*+-]|\\d{1,9}[.)]){${max},}`, 'm').test(text)) return { text, cutLine: null };
  let cutLine: number | null = null;
  const indents: number[] = [];
  let fence = '';
  const lines = text.split('\n').map((line, index) => {
    const ticks = FENCE.exec(line)?.[1] ?? '';
    if (fence !== '') {
      if (ticks.startsWith(fence)) fence = '';
      return line;
    }
    if (line.trim() === '') return line;
    const { depth, cut } = measure(line, indents, max);
    if (depth <= max) {
      fence = ticks;
      return line;
    }
    cutLine ??= index;
    const kept = line.slice(0, Math.min(cut, max * 2)).replace(/\d+[.)]?$/, '');
    return `${kept}${line.slice(cut).replace(/^(?:[ \t>*+-]|\d{1,9}[.)](?=[ \t]|$))+/, '')}`;
  });
  return { text: lines.join('\n'), cutLine };
}

/** Depth of the line, given the columns at which the list items still open begin their text (changed in place). */
function measure(line: string, indents: number[], max: number): { readonly depth: number; readonly cut: number } {
  let at = 0;
  let quotes = 0;
  let cut = line.length;
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    MARKER.lastIndex = at;
    const marker = MARKER.exec(line)?.[0];
    if (marker === undefined) break;
    if (marker === '>') quotes += 1;
    else {
      while ((indents.at(-1) ?? -1) > at) indents.pop();
      indents.push(at + marker.length + 1);
    }
    if (quotes + indents.length > max && cut === line.length) cut = at;
    at += marker.length;
  }
  while ((indents.at(-1) ?? -1) > at) indents.pop();
  return { depth: quotes + indents.length, cut: Math.min(cut, at) };
}
