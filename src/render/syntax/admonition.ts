// `!!! note "标题"` and `??? note` over indented lines, the panels of MkDocs, which its pages may fold; knows no parser.
import { readIndented } from './indent.ts';
import { isPanel } from './panel.ts';

export interface Admonition {
  readonly raw: string;
  /** Of a panel. */
  readonly name: string;
  /** Markdown of one line; '' for the panel's own, null for none. */
  readonly title: string | null;
  readonly body: string;
}

/** The kind, words for the page's style, and a title in quotes of either width. */
const HEAD =
  /^ {0,3}(?:!!!|\?\?\?\+?)[ \t]*(\p{L}[\p{L}\w-]*)((?:[ \t]+[\w-]+)*)(?:[ \t]+"((?:\\"|[^"\n])*)"|[ \t]*[“”]([^“”\n]*)[“”])?[ \t]*(?:\n|$)/iu;

/**
 * The admonition at the start of the text. A kind of one's own is a note of that title. With nothing below it, only a known
 * kind and its title are one: other words are a shout.
 */
export function readAdmonition(source: string): Admonition | undefined {
  const [head, kind = '', words, straight, curly] = HEAD.exec(source) ?? [];
  if (head === undefined) return undefined;
  const quoted = straight ?? curly;
  const { body, length } = readIndented(source.slice(head.length));
  const isKnown = isPanel(kind);
  if (body === '' && (!isKnown || quoted === undefined || words !== '')) return undefined;
  const title = quoted === undefined ? (isKnown ? '' : kind) : quoted.replaceAll('\\"', '"') || null;
  return { raw: source.slice(0, head.length + length), name: isKnown ? kind : 'note', title, body };
}
