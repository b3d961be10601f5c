// Stored article HTML as others see it: draft/get, a browser, a digest, a count; it removes nothing for good.

import { applyEdits, type Edit, escapeHtml, getAttribute, type OpenTag, parseMarkup } from '../markup.ts';
import { isDroppedTag } from './api.ts';

const BLOCKS =
  /^(address|article|blockquote|br|div|dd|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|pre|section|table|td|th|tr|ul)$/;

/** What draft/get gives back of stored HTML: each image's address sits in `data-src`, `src` is empty. */
export async function toReadBack(html: string): Promise<string> {
  return editImages(html, (image) => {
    const src = image.attributes.find(({ name, value }) => name === 'src' && value !== '');
    if (src === undefined) return [];
    const older = image.attributes.filter(({ name }) => name === 'data-src');
    return [
      { start: src.start, end: src.end, text: `src="" data-src="${escapeHtml(src.value)}"` },
      ...older.map(({ start, end }) => ({ start, end, text: '' })),
    ];
  });
}

/** Stored HTML for a browser: `toAddress` turns an image's id (the segment after `mmbiz_*`) into a local address. */
export async function toShown(html: string, toAddress: (imageId: string) => string): Promise<string> {
  const show = (text: string): string =>
    text.replace(/(?:https?:)?\/\/mmbiz\.q\w+\.cn\/(?:sz_)?mmbiz_\w+\/([\w-]+)\/[^"'()\s]*/gi, (_, id: string) =>
      toAddress(id),
    );
  const edits: Edit[] = [];
  for (const piece of await parseMarkup(html)) {
    if (piece.kind !== 'open') continue;
    const isLazy = (getAttribute(piece, 'src') ?? '') === '' && getAttribute(piece, 'data-src') !== null;
    for (const { name, value, start, end } of piece.attributes) {
      const shown = show(value);
      if (isLazy && name === 'src') edits.push({ start, end, text: '' });
      else if (isLazy && name === 'data-src') edits.push({ start, end, text: `src="${escapeHtml(shown)}"` });
      else if (shown !== value) edits.push({ start, end, text: `${name}="${escapeHtml(shown)}"` });
    }
  }
  return applyEdits(html, edits);
}

/** The text a reader sees, white space collapsed, blocks parted by a space. */
export async function toVisibleText(html: string): Promise<string> {
  let text = '';
  let hidden = 0;
  for (const piece of await parseMarkup(html)) {
    if (piece.kind === 'text') {
      if (hidden === 0) text += piece.text;
    } else if (piece.kind !== 'aside') {
      const isHidden = isDroppedTag(piece.name) || piece.name === 'svg';
      if (isHidden) hidden += piece.kind === 'open' ? 1 : -1;
      else if (BLOCKS.test(piece.name)) text += ' ';
    }
  }
  return text.replace(/\s+/g, ' ').trim();
}

/** The digest WeChat makes of an article that was sent without one: its first 54 visible characters (documented). */
export async function toAutoDigest(html: string): Promise<string> {
  return Array.from(await toVisibleText(html))
    .slice(0, 54)
    .join('');
}

/** How many images stored HTML shows; one whose address the filter took shows nothing. */
export async function countImages(html: string): Promise<number> {
  const hasAddress = (image: OpenTag): boolean =>
    Boolean(getAttribute(image, 'src') || getAttribute(image, 'data-src'));
  return (await parseMarkup(html)).filter((piece) => piece.kind === 'open' && piece.name === 'img' && hasAddress(piece))
    .length;
}

async function editImages(html: string, edit: (image: OpenTag) => readonly Edit[]): Promise<string> {
  const pieces = await parseMarkup(html);
  return applyEdits(
    html,
    pieces.flatMap((piece) => (piece.kind === 'open' && piece.name === 'img' ? edit(piece) : [])),
  );
}
