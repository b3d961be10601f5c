// The editor's rules for pictures: what it leaves, fetches or uploads anew, and what fails; it goes to no network.
import { createHash } from 'node:crypto';
import { isEditorImage } from './addresses.ts';
import { OLD_EDITOR, PUBLISHED } from './editor-sources.ts';
import type { Habits, TreeRule } from './rule.ts';
import { findAddresses, rewriteStyles } from './style.ts';
import { type Element, type Node, rewrite, withAttributes } from './tree.ts';

/** What the editor uploads of a data: address: its form, and its size in bytes. */
const UPLOADED = /^data:image\/(bmp|png|jpeg|jpg|gif)\b/i;
const MIN_UPLOAD = 1024;
const MAX_UPLOAD = 5_242_880;
/** The editor's mark of a picture that it could not get; while one is left, it does not save. */
const FAILED = 'js_catchremoteimageerror';
const FORMATS: Readonly<Record<string, string>> = { jpg: 'jpeg', jpeg: 'jpeg', gif: 'gif', png: 'png' };

type Fate = 'kept' | 'fetched' | 'uploaded' | 'failed' | 'lost';

export const IMAGE_RULES = {
  'image-fetched': {
    says: 'a picture that lies elsewhere is fetched by WeChat’s server and gets an address there',
    effect: 'form',
    confidence: 'assumed',
    source: `${OLD_EDITOR}; the JSAPI does not promise it`,
    change: (root, note, habits) => rewriteImages(root, { fate: 'fetched', note, habits }, toHosted),
  },
  'image-uploaded': {
    says: 'a data: picture of 1,024 to 5,242,880 bytes in bmp, png, jpeg or gif is uploaded and gets an address',
    effect: 'form',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note, habits) => rewriteImages(root, { fate: 'uploaded', note, habits }, toHosted),
  },
  'image-failed': {
    says: 'a picture that cannot be fetched or uploaded leaves a mark, and the article is not saved while it is there',
    effect: 'loss',
    refusal: null,
    confidence: 'assumed',
    source: `${OLD_EDITOR}; the mark has the same name today, says one community post`,
    change: (root, note, habits) =>
      rewrite(root, (element) => {
        const isFailed = toFate(toAddress(element), habits) === 'failed' || element.attributes.get('class') === FAILED;
        if (element.tag !== 'img' || !isFailed) return element;
        note();
        return withAttributes(element, { src: null, 'data-src': null, class: FAILED });
      }),
  },
  'image-lost': {
    says: 'a picture with a relative, file: or unknown address leaves',
    effect: 'loss',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note, habits) => rewriteImages(root, { fate: 'lost', note, habits }, () => []),
  },
  'image-address': {
    says: 'an address of WeChat is written with https and without what a reader’s client adds to it',
    effect: 'form',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note) =>
      rewrite(root, (element) => {
        const address = toAddress(element);
        const clean = element.tag === 'img' && isEditorImage(address) ? toCleanAddress(address) : address;
        if (clean === address) return element;
        note();
        return withAttributes(element, { [element.attributes.get('src') ? 'src' : 'data-src']: clean });
      }),
  },
  'image-form': {
    says: 'the address moves from src to data-src; class, data-type and data-s are added',
    effect: 'form',
    confidence: 'observed',
    source: PUBLISHED,
    change: (root, note) =>
      rewrite(root, (element) => {
        const address = toAddress(element);
        if (element.tag !== 'img' || address === '' || !element.attributes.get('src')) return element;
        note();
        const type = /wx_fmt=(\w+)/.exec(address)?.[1];
        const { attributes } = element;
        return withAttributes(element, {
          src: null,
          class: attributes.get('class') ?? 'rich_pages wxw-img',
          'data-src': address,
          ...(type === undefined ? {} : { 'data-type': attributes.get('data-type') ?? type }),
          'data-s': attributes.get('data-s') ?? '300,640',
        });
      }),
  },
  'image-size': {
    says: 'width and height attributes of an img leave; those of its style stay',
    effect: 'loss',
    confidence: 'observed',
    source: 'one publisher, 2026-09; 15 of 198 published pictures still have a width',
    change: (root, note) =>
      rewrite(root, (element) => {
        const isSized = element.attributes.has('width') || element.attributes.has('height');
        if (element.tag !== 'img' || !isSized) return element;
        note();
        return withAttributes(element, { width: null, height: null });
      }),
  },
  'background-fetched': {
    says: 'a background that lies elsewhere is fetched and gets an address at WeChat, or its declaration leaves',
    effect: 'loss',
    confidence: 'observed',
    source: `${OLD_EDITOR}; doocs/md issue 796: the background is lost`,
    change: (root, note, habits) =>
      rewriteStyles(root, note, (declaration) => {
        const foreign = findAddresses(declaration.value).filter(
          (address) => !address.startsWith('#') && !isEditorImage(address),
        );
        if (foreign.length === 0) return declaration;
        if (!foreign.every((address) => toFate(address, habits) === 'fetched')) return null;
        const value = foreign.reduce(
          (text, address) => text.replace(address, toHostedAddress(address)),
          declaration.value,
        );
        return { ...declaration, value };
      }),
  },
} as const satisfies Readonly<Record<string, TreeRule>>;

interface Wanted {
  readonly fate: Fate;
  readonly note: () => void;
  readonly habits: Habits;
}

function rewriteImages(
  root: Element,
  { fate, note, habits }: Wanted,
  change: (image: Element, address: string) => Element | readonly Node[],
): Element {
  return rewrite(root, (element) => {
    const address = toAddress(element);
    if (element.tag !== 'img' || toFate(address, habits) !== fate) return element;
    note();
    return change(element, address);
  });
}

function toAddress({ attributes }: Element): string {
  return (attributes.get('src') || attributes.get('data-src') || '').trim();
}

function toFate(address: string, { fetches }: Habits): Fate {
  if (address === '' || isEditorImage(address)) return 'kept';
  if (/^((https?|ftp):)?\/\//i.test(address)) return fetches === 'all' ? 'fetched' : 'failed';
  if (!/^data:/i.test(address)) return 'lost';
  const bytes = countBytes(address);
  return UPLOADED.test(address) && bytes >= MIN_UPLOAD && bytes <= MAX_UPLOAD ? 'uploaded' : 'failed';
}

function countBytes(address: string): number {
  const [head = '', data = ''] = address.split(/,(.*)/s);
  return /;base64$/i.test(head) ? Buffer.from(data, 'base64').length : Buffer.byteLength(data);
}

function toHosted(image: Element, address: string): Element {
  return withAttributes(image, { src: toHostedAddress(address), 'data-src': null });
}

/** The address that such a picture would get: the same for the same picture, and nothing lies there. */
function toHostedAddress(address: string): string {
  const name = /^data:image\/(\w+)|\.(\w+)(?:[?#]|$)/i.exec(address);
  const format = FORMATS[(name?.[1] ?? name?.[2] ?? '').toLowerCase()] ?? 'png';
  const id = createHash('sha256').update(address).digest('base64url');
  return `https://mmbiz.qpic.cn/mmbiz_${format === 'jpeg' ? 'jpg' : format}/${id}/640?wx_fmt=${format}`;
}

function toCleanAddress(address: string): string {
  if (!/^(https?:)?\/\/mmbiz\.q\w+\.cn\//i.test(address)) return address;
  const [path = '', query = ''] = address.replace(/^(https?:)?\/\//i, 'https://').split('?');
  const kept = query
    .replace(/#.*/s, '')
    .split('&')
    .filter((part) => /^(wx_fmt|from)=/.test(part));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}
