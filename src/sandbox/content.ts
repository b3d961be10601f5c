// What WeChat's API does to an article's HTML between draft/add and draft/get; it knows neither drafts nor accounts.
import { type Evidence, PAGES } from './evidence.ts';
import { applyEdits, type Edit, escapeHtml, getAttribute, type OpenTag, parseMarkup } from './markup.ts';

export type LinkPolicy = 'reject' | 'strip';

/** One thing the filter did to an article. */
export interface FilterChange {
  readonly rule: FilterRule;
  readonly times: number;
}

export interface StoredContent {
  readonly html: string;
  readonly changes: readonly FilterChange[];
}

export interface FilterRuleFacts extends Evidence {
  readonly says: string;
}

const PUBLISHERS = 'read-back of drafts reported by publishers, 2026';

/** The API's filter, as beliefs. The backend editor, the clipboard and the reader are other filters. */
export const FILTER_RULES = {
  script: { says: 'script and noscript leave with their content', confidence: 'documented', source: PAGES.draftAdd },
  style: { says: 'style leaves with its content', confidence: 'observed', source: PUBLISHERS },
  head: { says: 'head, link, meta, base and title leave', confidence: 'observed', source: PUBLISHERS },
  page: { says: 'html and body are unwrapped', confidence: 'observed', source: PUBLISHERS },
  comment: { says: 'comments and declarations leave', confidence: 'observed', source: 'three publishing tools agree' },
  media: {
    says: 'video, audio, canvas, object, embed leave with their content',
    confidence: 'observed',
    source: 'staff answers and three publishing tools agree',
  },
  form: {
    says: 'input, select, textarea leave; form, button, label, fieldset are unwrapped',
    confidence: 'assumed',
    source: 'publishing tools say removed; some report 45166',
  },
  frame: {
    says: 'iframe leaves unless it is a WeChat or Tencent video',
    confidence: 'observed',
    source: 'published articles hold only class video_iframe with data-mpvid, data-vid or a v.qq.com address',
  },
  id: { says: 'id attributes leave, in SVG too', confidence: 'observed', source: '31 probes draft/add to draft/get' },
  handler: {
    says: 'on* attributes leave',
    confidence: 'documented',
    source: `${PAGES.draftAdd} (JavaScript is removed)`,
  },
  'script-url': {
    says: 'attributes that hold a javascript: address leave',
    confidence: 'documented',
    source: `${PAGES.draftAdd} (JavaScript is removed)`,
  },
  image: {
    says: 'an image address outside WeChat is emptied; the img tag stays',
    confidence: 'documented',
    source: `${PAGES.draftAdd} (external image addresses are filtered); that the tag stays is one report`,
  },
  background: {
    says: 'a CSS declaration with an address outside WeChat leaves',
    confidence: 'observed',
    source: 'one publisher: external background-image removed, mmbiz kept',
  },
  link: {
    says: 'links:strip only: a link outside mp.weixin.qq.com is unwrapped',
    confidence: 'observed',
    source: 'two publishers read drafts back without their links; others were refused with 45166',
  },
} as const satisfies Readonly<Record<string, FilterRuleFacts>>;

export type FilterRule = keyof typeof FILTER_RULES;

const DROPPED: Readonly<Record<string, FilterRule>> = {
  ...toEach(['script', 'noscript'], 'script'),
  ...toEach(['style'], 'style'),
  ...toEach(['head', 'link', 'meta', 'base', 'title'], 'head'),
  ...toEach(['video', 'audio', 'source', 'track', 'canvas', 'object', 'embed'], 'media'),
  ...toEach(['input', 'select', 'textarea'], 'form'),
  ...toEach(['frame', 'frameset'], 'frame'),
};
const UNWRAPPED: Readonly<Record<string, FilterRule>> = {
  ...toEach(['html', 'body'], 'page'),
  ...toEach(['form', 'button', 'label', 'fieldset'], 'form'),
};
const IMAGE_TAGS: ReadonlySet<string> = new Set(['img', 'image', 'feimage']);
const IMAGE_ADDRESSES: ReadonlySet<string> = new Set(['src', 'data-src', 'href', 'xlink:href']);
const IMAGE_HOSTS = /^(https?:)?\/\/(mmbiz\.qpic\.cn|mmbiz\.qlogo\.cn|mmecoa\.qpic\.cn)(?=[/?#]|$)/i;
const VIDEO_HOSTS = /^(https?:)?\/\/(mp\.weixin\.qq\.com|v\.qq\.com)\//i;
const ARTICLE = /^https?:\/\/mp\.weixin\.qq\.com\/(s[?/]|mp\/(appmsg\/show|qa|homepage|appmsgalbum)\?)/i;
/**
 * Why draft/add would answer 45166 for this HTML: one short reason each, empty when it would not.
 * With `strip`, links to elsewhere are no reason, because the filter unwraps them.
 */
export async function findForbidden(html: string, links: LinkPolicy): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const piece of await parseMarkup(html)) {
    if (piece.kind !== 'open') continue;
    if (piece.name === 'mpvoice') reasons.push('mpvoice');
    const href = toHref(piece);
    if (href === null) continue;
    if (/[?&]tempkey=/i.test(href)) reasons.push('link to a temporary preview');
    else if (links === 'reject' && !isAllowedLink(piece, href)) reasons.push(`link to ${href.slice(0, 80)}`);
  }
  return reasons;
}

/** What WeChat stores of the HTML it was sent. HTML that holds nothing to remove comes back byte for byte. */
export async function filterContent(html: string, links: LinkPolicy): Promise<StoredContent> {
  const edits: Edit[] = [];
  const times = new Map<FilterRule, number>();
  const cut = (rule: FilterRule | null, range: { readonly start: number; readonly end: number }, text = ''): void => {
    // A lone `<` before a cut would become a tag with what follows it.
    const isLone = html[range.start - 1] === '<';
    edits.push({ start: range.start - (isLone ? 1 : 0), end: range.end, text: isLone ? `&lt;${text}` : text });
    if (rule !== null) times.set(rule, (times.get(rule) ?? 0) + 1);
  };
  let dropped: { readonly rule: FilterRule; readonly start: number; depth: number } | null = null;
  let svgDepth = 0;
  const unwrappedLinks: boolean[] = [];

  for (const piece of await parseMarkup(html)) {
    if (dropped !== null) {
      if (piece.kind === 'open') dropped.depth += 1;
      if (piece.kind === 'close') dropped.depth -= 1;
      if (piece.kind !== 'close' || dropped.depth > 0) continue;
      cut(dropped.rule, { start: dropped.start, end: piece.end });
      dropped = null;
    } else if (piece.kind === 'aside') {
      cut('comment', piece);
    } else if (piece.kind === 'open') {
      const rule = toDropRule(piece, svgDepth);
      if (rule !== null) {
        dropped = { rule, start: piece.start, depth: 1 };
        continue;
      }
      if (piece.name === 'svg') svgDepth += 1;
      const unwrapRule = toUnwrapRule(piece, links);
      if (piece.name === 'a') unwrappedLinks.push(unwrapRule !== null);
      if (unwrapRule !== null) cut(unwrapRule, piece);
      else for (const edit of filterAttributes(html, piece)) cut(edit.rule, edit, edit.text);
    } else if (piece.kind === 'close') {
      if (piece.name === 'svg') svgDepth -= 1;
      const isUnwrapped = piece.name === 'a' ? unwrappedLinks.pop() : UNWRAPPED[piece.name] !== undefined;
      if (isUnwrapped) cut(null, piece);
    }
  }
  if (dropped !== null) cut(dropped.rule, { start: dropped.start, end: html.length });
  return { html: applyEdits(html, edits), changes: [...times].map(([rule, count]) => ({ rule, times: count })) };
}

/** Whether the filter drops elements of that name with their text. */
export function isDroppedTag(name: string): boolean {
  return DROPPED[name] !== undefined;
}

/** SVG has a `title` and a `style` of its own; its title is kept, its style is not. */
function toDropRule(tag: OpenTag, svgDepth: number): FilterRule | null {
  if (tag.name === 'title' && svgDepth > 0) return null;
  if (tag.name === 'iframe') return isVideoFrame(tag) ? null : 'frame';
  return DROPPED[tag.name] ?? null;
}

function toUnwrapRule(tag: OpenTag, links: LinkPolicy): FilterRule | null {
  const href = toHref(tag);
  if (links === 'strip' && href !== null && !isAllowedLink(tag, href)) return 'link';
  return UNWRAPPED[tag.name] ?? null;
}

/** Where an anchor leads; null without an address, and for a javascript: one, which the filter removes. */
function toHref(tag: OpenTag): string | null {
  if (tag.name !== 'a') return null;
  const href = getAttribute(tag, 'href') ?? getAttribute(tag, 'xlink:href');
  return href === null || isScriptAddress(href) ? null : href.trim();
}

/** Published articles of WeChat, and mini-program links, whose address is empty. */
function isAllowedLink(tag: OpenTag, href: string): boolean {
  return ARTICLE.test(href) || (href === '' && getAttribute(tag, 'data-miniprogram-appid') !== null);
}

function isVideoFrame(tag: OpenTag): boolean {
  const classes = getAttribute(tag, 'class') ?? '';
  const address = getAttribute(tag, 'data-src') ?? getAttribute(tag, 'src') ?? '';
  const isNamed = /\bvideo_iframe\b/.test(classes) && getAttribute(tag, 'data-mpvid') !== null;
  return isNamed || VIDEO_HOSTS.test(address);
}

function isScriptAddress(value: string): boolean {
  return /^(javascript|vbscript):/i.test(value.replace(/[\u0000-\u0020]/g, ''));
}

function isForeignImage(tag: OpenTag, name: string, value: string): boolean {
  if (!IMAGE_TAGS.has(tag.name) || !IMAGE_ADDRESSES.has(name)) return false;
  return value !== '' && !value.startsWith('#') && !IMAGE_HOSTS.test(value.trim());
}

function* filterAttributes(html: string, tag: OpenTag): Generator<Edit & { readonly rule: FilterRule }> {
  for (const { name, value, start, end } of tag.attributes) {
    const whole = { start: toSpaceBefore(html, start), end, text: '' };
    if (name === 'id') yield { ...whole, rule: 'id' };
    else if (/^on[a-z]/.test(name)) yield { ...whole, rule: 'handler' };
    else if (isScriptAddress(value)) yield { ...whole, rule: 'script-url' };
    else if (isForeignImage(tag, name, value)) yield { ...whole, rule: 'image' };
    else if (name === 'style') {
      const kept = dropForeignDeclarations(value);
      if (kept !== value) yield { start, end, text: `style="${escapeHtml(kept)}"`, rule: 'background' };
    }
  }
}

function toSpaceBefore(html: string, start: number): number {
  let at = start;
  while (/\s/.test(html[at - 1] ?? '')) at -= 1;
  return at;
}

/** Drops the declarations whose url() leads outside WeChat; a url(#id) inside the article stays. */
function dropForeignDeclarations(style: string): string {
  if (!/url\(/i.test(style)) return style;
  const declarations = style.match(/(?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\)|["'(])+;?/g) ?? [];
  return declarations
    .filter((declaration) =>
      [...declaration.matchAll(/url\(\s*["']?([^"')]*)/gi)].every(([, address = '']) => {
        return address.startsWith('#') || IMAGE_HOSTS.test(address.trim());
      }),
    )
    .join('')
    .trim();
}

function toEach(names: readonly string[], rule: FilterRule): Record<string, FilterRule> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}
