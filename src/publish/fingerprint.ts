// What makes a draft this draft: hashes of the parts that an edit by a person changes and that saving in WeChat does not.
import { sha256 } from '../local/cache.ts';
import { toImageUrls, toVisibleText } from '../render/visible.ts';
import type { RemoteArticle } from '../wechat/client.ts';

/** The parts of a fingerprint, in the order in which differences are told. */
export const PARTS = ['title', 'author', 'digest', 'sourceUrl', 'comments', 'text', 'images', 'cover'] as const;
export type Part = (typeof PARTS)[number];

/** A short hash for each part. */
export type Fingerprint = Readonly<Record<Part, string>>;

/** What both an article to send and one read back have in common. */
export type Fingerprinted = Pick<
  RemoteArticle,
  'title' | 'author' | 'digest' | 'content' | 'sourceUrl' | 'coverId' | 'openComment' | 'fansOnly'
>;

/** `digestSent` false: WeChat fills the digest itself, so it says nothing. */
export function toFingerprint(article: Fingerprinted, sent: { readonly digestSent: boolean }): Fingerprint {
  return {
    title: hash(article.title),
    author: hash(article.author ?? ''),
    digest: sent.digestSent ? hash(article.digest ?? '') : '',
    sourceUrl: hash(article.sourceUrl ?? ''),
    comments: hash(`${article.openComment ? 1 : 0}${article.fansOnly ? 1 : 0}`),
    text: hash(toBareText(article.content)),
    images: hash(toImageIds(article.content).join(' ')),
    cover: hash(article.coverId),
  };
}

/** The `text` of the fingerprint of an article with this content; null when it shows none. */
export function toTextPart(html: string): string | null {
  const text = toBareText(html);
  return text === '' ? null : hash(text);
}

/** The parts in which two fingerprints differ. */
export function differences(one: Fingerprint, other: Fingerprint): readonly Part[] {
  return PARTS.filter((part) => one[part] !== other[part]);
}

/** Whether an article is what a fingerprint was taken of. */
export function stands(known: Fingerprint | null, article: Fingerprinted): boolean {
  return known !== null && differences(known, toFingerprint(article, { digestSent: known.digest !== '' })).length === 0;
}

/** Visible text without any white space, so that opening and saving a draft in WeChat is no edit. */
export function toBareText(html: string): string {
  return toVisibleText(html).replace(/[\s\u00a0\u200b\ufeff]+/gu, '');
}

/** The id in each image's address: the second part of its path, after `mmbiz…`; another address stands for itself. */
export function toImageIds(html: string): readonly string[] {
  return toImageUrls(html).map((url) => /^(?:https?:)?\/\/[^/]+\/(?:sz_)?mmbiz[^/]*\/([^/?#]+)/i.exec(url)?.[1] ?? url);
}

function hash(text: string): string {
  return sha256(text.normalize('NFC')).slice(0, 16);
}
