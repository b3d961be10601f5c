// What a reader's client makes of a stored article: its pictures, the styles it forces, and dark mode, which is handed in.
import { type Filtered, runRules, type TreeRule } from './rule.ts';
import { rewriteStyles } from './style.ts';
import { type Element, rewriteEvery, withAttributes } from './tree.ts';

const CLIENT_CSS = 'light.css of wechatjs/mp-darkmode; cli/engine/layout.ts of wechatjs/verify-article-structure-spec';

export const READER_RULES = {
  'lazy-image': {
    says: 'a picture’s address moves from data-src to src when it comes into sight',
    effect: 'form',
    confidence: 'documented',
    source: CLIENT_CSS,
    change: (root, note) =>
      rewriteEvery(root, (element) => {
        const address = element.attributes.get('data-src') ?? '';
        if (element.tag !== 'img' || address === '' || element.attributes.get('src')) return element;
        note();
        return withAttributes(element, { src: address, 'data-src': null });
      }),
  },
  'max-width': {
    says: 'max-width is 100% on every element; only !important stands against it',
    effect: 'loss',
    confidence: 'documented',
    source: CLIENT_CSS,
    change: (root, note) => force(root, note, { 'max-width': '100%' }),
  },
  'box-sizing': {
    says: 'box-sizing is border-box and words break on every element; only !important stands against it',
    effect: 'loss',
    confidence: 'documented',
    source: CLIENT_CSS,
    change: (root, note) =>
      force(root, note, { 'box-sizing': 'border-box', 'word-wrap': 'break-word', 'overflow-wrap': 'break-word' }),
  },
  'image-height': {
    says: 'the height of an img is auto; only !important stands against it',
    effect: 'loss',
    confidence: 'documented',
    source: CLIENT_CSS,
    change: (root, note) => force(root, note, { height: 'auto' }, 'img'),
  },
} as const satisfies Readonly<Record<string, TreeRule>>;

export type ReaderRule = keyof typeof READER_RULES;

/** The article as a reader's client shows it; `darken` is what it does in dark mode, null in light. */
export async function showReader(
  html: string,
  darken: ((html: string) => string) | null,
): Promise<Filtered<ReaderRule>> {
  const shown = await runRules(html, READER_RULES, { fetches: 'all', svg: 'kept' });
  return darken === null ? shown : { ...shown, html: darken(shown.html) };
}

/** Takes away the declarations that the client's own beat; those that say the same are left. */
function force(
  root: Element,
  note: () => void,
  forced: Readonly<Record<string, string>>,
  tag: string | null = null,
): Element {
  return rewriteStyles(root, note, (declaration, element) => {
    const value = tag === null || element.tag === tag ? forced[declaration.name] : undefined;
    const isBeaten = value !== undefined && !declaration.isImportant && declaration.value.toLowerCase() !== value;
    return isBeaten ? null : declaration;
  });
}
