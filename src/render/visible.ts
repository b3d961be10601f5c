// What a reader of an article sees, as text and as image addresses; reads our HTML and WeChat's stored HTML alike.
import { parseHtml } from './html.ts';
import { remember } from './style.ts';
import { element, isBlock, type Node } from './tree.ts';

const UNSEEN: ReadonlySet<string> = new Set(
  'script style template noscript svg math head title iframe object video audio canvas mp-style-type'.split(' '),
);
const HIDING = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$))/i;

const isHiding = remember((style) => HIDING.test(style));

/** The text a reader sees, a line for each block, without blank lines; runs of white space are one space. */
export function toVisibleText(html: string): string {
  return toLines(parseHtml(html));
}

/** Image addresses in document order, whether they stand in `src` or, as WeChat stores them, in `data-src`. */
export function toImageUrls(html: string): readonly string[] {
  const urls: string[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'text') return;
    const url = node.attrs['data-src'] || node.attrs['src'];
    if (node.tag === 'img' && url !== undefined && url !== '') urls.push(url);
    node.children.forEach(visit);
  };
  parseHtml(html).forEach(visit);
  return urls;
}

/** The same text of a tree that is not printed yet. A space by itself is left alone: most are. */
export function toLines(nodes: readonly Node[]): string {
  return toPieces(element('', nodes))
    .replace(/[^\S\n]{2,}|[^\S\n ]/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}

function toPieces(node: Node): string {
  // A line feed in the HTML is only a space; those that stay are of blocks and breaks.
  if (node.kind === 'text') return node.value.replace(/\s{2,}|[^\S ]/g, ' ');
  if (node.tag === 'br') return '\n';
  if (UNSEEN.has(node.tag) || isHiding(node.attrs['style'] ?? '')) return '';
  let inner = '';
  for (const child of node.children) inner += toPieces(child);
  if (node.tag === 'td' || node.tag === 'th') return `${inner} `;
  return LINES.has(node.tag) || isBlock(node) ? `\n${inner}\n` : inner;
}

/** Blocks beside those of our own tree. */
const LINES: ReadonlySet<string> = new Set('div article header footer dl dt dd caption address'.split(' '));
