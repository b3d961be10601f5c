// The blocks, headings and links of a post with their places, from the same parser that renders it; judges nothing.
import type { Place } from '../facts/findings.ts';
import { type MarkdownSource, parseMarkdown } from '../render/markdown.ts';
import { chooseParts } from '../render/passes/parts.ts';
import { findElement, type Node, toText } from '../render/tree.ts';

export interface Heading extends Place {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
  readonly hasPicture: boolean;
}

export interface Link extends Place {
  readonly href: string;
  /** What a reader sees of it; empty for a linked picture. */
  readonly label: string;
}

export interface Outline {
  /** The tree as written, without the parts that WeChat does not see; the footnotes come last. */
  readonly blocks: readonly Node[];
  /** In document order. */
  readonly headings: readonly Heading[];
  readonly links: readonly Link[];
}

const TOP: Place = { line: 1, column: 1 };

/** Reads the outline of a body. What is wrong with the Markdown itself was said when it was rendered. */
export async function readOutline(source: MarkdownSource): Promise<Outline> {
  const { root, footnotes } = await parseMarkdown(source, () => undefined);
  const headings: Heading[] = [];
  const links: Link[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'text') return;
    const { line, column } = node.at ?? TOP;
    const level = /^h([1-6])$/.exec(node.tag)?.[1];
    if (level !== undefined) {
      const hasPicture = findElement(node, 'img') !== undefined;
      headings.push({ level: Number(level), text: toText(node).trim(), hasPicture, line, column });
    }
    if (node.tag === 'a') links.push({ href: node.attrs['href'] ?? '', label: toText(node).trim(), line, column });
    node.children.forEach(visit);
  };
  const blocks = [...chooseParts(root).children, ...[...footnotes.values()].flat()];
  blocks.forEach(visit);
  return { blocks, headings, links };
}
