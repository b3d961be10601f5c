// The editor's rules for links: which lead nowhere, and what it writes on those that stay.
import { isArticle, isWechatPage } from './addresses.ts';
import { OLD_EDITOR, PUBLISHED, RESAVED } from './editor-sources.ts';
import type { TreeRule } from './rule.ts';
import { type Element, rewrite, withAttributes } from './tree.ts';

const LINK_REFUSED = `${OLD_EDITOR} refuse to save with it; ${RESAVED}: the link was gone`;

export const LINK_RULES = {
  'link-outside': {
    says: 'a link outside mp.weixin.qq.com is unwrapped, or saving is refused',
    effect: 'loss',
    refusal: 64562,
    confidence: 'observed',
    source: LINK_REFUSED,
    change: (root, note) => unwrapLinks(root, note, (href) => !/^(#|$)/.test(href) && !isWechatPage(href)),
  },
  'link-inside': {
    says: 'a link to a page of mp.weixin.qq.com that is no published article is unwrapped, or saving is refused',
    effect: 'loss',
    refusal: 64561,
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note) => unwrapLinks(root, note, (href) => isWechatPage(href) && !isArticle(href)),
  },
  'link-anchor': {
    says: 'a link to a place in the article is unwrapped; it leads nowhere without ids, and can keep it from being saved',
    effect: 'loss',
    refusal: null,
    confidence: 'observed',
    source: 'doocs/md issue 1585; that it is unwrapped is assumed',
    change: (root, note) => unwrapLinks(root, note, (href) => href.startsWith('#')),
  },
  'link-form': {
    says: 'a link that stays gets target, linktype and data-linktype',
    effect: 'form',
    confidence: 'observed',
    source: PUBLISHED,
    change: (root, note) =>
      rewrite(root, (element) => {
        if (element.tag !== 'a' || !isArticle(toHref(element)) || element.attributes.has('linktype')) return element;
        note();
        return withAttributes(element, { target: '_blank', linktype: 'text', 'data-linktype': '2' });
      }),
  },
} as const satisfies Readonly<Record<string, TreeRule>>;

function toHref({ attributes }: Element): string {
  return (attributes.get('href') ?? '').trim();
}

function unwrapLinks(root: Element, note: () => void, isRefused: (href: string) => boolean): Element {
  return rewrite(root, (element) => {
    if (element.tag !== 'a' || !isRefused(toHref(element))) return element;
    note();
    return element.children;
  });
}
