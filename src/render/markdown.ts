// Markdown to one tree and its footnotes: the steps from text by tokens to nodes; knows no theme and no WeChat.
import { finding, type Report } from '../facts/findings.ts';
import { type MarkdownSource, readBlocks } from './nodes.ts';
import { EMOJI_SIGN, loadEmoji } from './syntax/emoji.ts';
import type { Phrase } from './syntax/phrase.ts';
import { RUBY } from './syntax/ruby.ts';
import { LOWERED, RAISED } from './syntax/scripts.ts';
import { loadSyntax } from './tokens.ts';
import { type Element, element, forEachElement, type Node } from './tree.ts';

export type { MarkdownSource } from './nodes.ts';

export interface Document {
  /**
   * A `section` of class `wx` with the post's blocks. Beside HTML's own tags it holds `wx-note` (a footnote reference,
   * attribute `label`), `wx-task` (a task box, `is`), `wx-contents` (a paragraph of `[TOC]`) and `wx-part` (a `<!-- wxsync:… -->` comment, `is`).
   */
  readonly root: Element;
  /** Content of each footnote by its label; the first definition counts. */
  readonly footnotes: ReadonlyMap<string, readonly Node[]>;
}

/**
 * Reads CommonMark and GFM with footnotes, Chinese emphasis, small marks, and image names with spaces. Any text is a document:
 * nothing is thrown, and what had to be cut or dropped is reported.
 */
export async function parseMarkdown(source: MarkdownSource, report: Report): Promise<Document> {
  const syntax = await loadSyntax();
  const footnotes = new Map<string, Element>();
  const phrases = await findPhrases(source.markdown);
  const blocks = readBlocks(source, { lex: syntax.start(source.markdown, source.dialect), phrases, footnotes, report });
  if (footnotes.size > 0) reportUnused(blocks, footnotes, report);
  const contents = new Map([...footnotes].map(([label, note]) => [label, note.children]));
  return { root: element('section', blocks, { attrs: { class: 'wx' } }), footnotes: contents };
}

/** A note that neither the text nor a note of the text refers to is never shown. */
function reportUnused(blocks: readonly Node[], footnotes: ReadonlyMap<string, Element>, report: Report): void {
  const used = new Set<string>();
  const use = (nodes: readonly Node[]): void =>
    forEachElement(nodes, ({ tag, attrs }) => void (tag === 'wx-note' && used.add(attrs['label'] ?? '')));
  use(blocks);
  // The notes of notes join the set while it is walked.
  for (const label of used) use(footnotes.get(label)?.children ?? []);
  for (const [label, { at }] of footnotes)
    if (!used.has(label) && at !== null) report(finding('footnote-unused', at, { label }));
}

/** The small syntaxes that a post needs: most need none. */
async function findPhrases(markdown: string): Promise<readonly Phrase[]> {
  const needed = [RAISED, LOWERED, RUBY].filter(({ sign }) => sign.test(markdown));
  return EMOJI_SIGN.test(markdown) ? [...needed, await loadEmoji()] : needed;
}
