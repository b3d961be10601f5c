// What WeChat's API does to an article's HTML between draft/add and draft/get; it knows neither drafts nor accounts.
import { PAGES } from '../evidence.ts';
import { applyEdits, type Edit, escapeHtml, getAttribute, type OpenTag, parseMarkup } from '../markup.ts';
import { isArticle, isScript, isWechatImage, isWechatVideo } from './addresses.ts';
import type { ContentRule, Filtered } from './rule.ts';
import { findAddresses, readStyle } from './style.ts';

export type LinkPolicy = 'reject' | 'strip';

const PUBLISHERS = 'read-back of drafts reported by publishers, 2026';

/** The API's filter, as beliefs. The backend editor, the clipboard and the reader are other filters. */
export const API_RULES = {
  script: {
    says: 'script and noscript leave with their content',
    effect: 'loss',
    confidence: 'documented',
    source: PAGES.draftAdd,
  },
  style: { says: 'style leaves with its content', effect: 'loss', confidence: 'observed', source: PUBLISHERS },
  head: { says: 'head, link, meta, base and title leave', effect: 'form', confidence: 'observed', source: PUBLISHERS },
  page: { says: 'html and body are unwrapped', effect: 'form', confidence: 'observed', source: PUBLISHERS },
  comment: {
    says: 'comments and declarations leave',
    effect: 'form',
    confidence: 'observed',
    source: 'three publishing tools agree',
  },
  media: {
    says: 'video, audio, canvas and object leave with their content; embed leaves unless it shows a picture of WeChat',
    effect: 'loss',
    confidence: 'observed',
    source: 'staff answers and three publishing tools agree; embedded SVG pictures stand in published articles',
  },
  form: {
    says: 'input, select, textarea leave; form, button, label, fieldset are unwrapped',
    effect: 'loss',
    confidence: 'assumed',
    source: 'publishing tools say removed; some report 45166',
  },
  frame: {
    says: 'iframe leaves unless it is a WeChat or Tencent video',
    effect: 'loss',
    confidence: 'observed',
    source: 'published articles hold only class video_iframe with data-mpvid, data-vid or a v.qq.com address',
  },
  math: {
    says: 'MathML is unwrapped: its text stays, its form is lost, hidden text is seen',
    effect: 'loss',
    confidence: 'observed',
    source: 'publishing tools agree; which stage does it is not known',
  },
  id: {
    says: 'id attributes leave, in SVG too, so nothing can be referred to',
    effect: 'loss',
    confidence: 'observed',
    source: '31 probes draft/add to draft/get; no id in 77 published articles',
  },
  handler: {
    says: 'on* attributes leave',
    effect: 'loss',
    confidence: 'documented',
    source: `${PAGES.draftAdd} (JavaScript is removed)`,
  },
  'script-url': {
    says: 'attributes that hold a javascript: address leave',
    effect: 'loss',
    confidence: 'documented',
    source: `${PAGES.draftAdd} (JavaScript is removed)`,
  },
  'code-space': {
    says: 'in code and pre, a line feed and a run of spaces become one space',
    effect: 'loss',
    confidence: 'observed',
    source: 'several publishing tools write br and no-break spaces because of it',
  },
  image: {
    says: 'an image address outside WeChat is emptied; the img tag stays',
    effect: 'loss',
    confidence: 'documented',
    source: `${PAGES.draftAdd} (external image addresses are filtered); that the tag stays is one report`,
  },
  background: {
    says: 'a CSS declaration with an address outside WeChat leaves',
    effect: 'loss',
    confidence: 'observed',
    source: 'one publisher: external background-image removed, mmbiz kept',
  },
  link: {
    says: 'links:strip only: a link outside mp.weixin.qq.com is unwrapped',
    effect: 'loss',
    confidence: 'observed',
    source: 'two publishers read drafts back without their links; others were refused with 45166',
  },
} as const satisfies Readonly<Record<string, ContentRule>>;

export type ApiRule = keyof typeof API_RULES;

const DROPPED: Readonly<Record<string, ApiRule>> = {
  ...toEach(['script', 'noscript'], 'script'),
  ...toEach(['style'], 'style'),
  ...toEach(['head', 'link', 'meta', 'base', 'title'], 'head'),
  ...toEach(['video', 'audio', 'source', 'track', 'canvas', 'object', 'embed'], 'media'),
  ...toEach(['input', 'select', 'textarea'], 'form'),
  ...toEach(['frame', 'frameset'], 'frame'),
};
const UNWRAPPED: Readonly<Record<string, ApiRule>> = {
  ...toEach(['html', 'body'], 'page'),
  ...toEach(['form', 'button', 'label', 'fieldset'], 'form'),
};
const IMAGE_TAGS: ReadonlySet<string> = new Set(['img', 'image', 'feimage']);
const IMAGE_ADDRESSES: ReadonlySet<string> = new Set(['src', 'data-src', 'srcset', 'href', 'xlink:href']);
const NO_RULES: ReadonlySet<ApiRule> = new Set();
const LINK_RULE: ReadonlySet<ApiRule> = new Set(['link']);

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
export async function filterContent(html: string, links: LinkPolicy): Promise<Filtered<ApiRule>> {
  return removeContent(html, links === 'strip' ? NO_RULES : LINK_RULE);
}

/** The same filter without some of its rules: other stages remove most of it too, and treat the rest in their own way. */
export async function removeContent(html: string, without: ReadonlySet<ApiRule>): Promise<Filtered<ApiRule>> {
  const edits: Edit[] = [];
  const times = new Map<ApiRule, number>();
  const cut = (rule: ApiRule | null, range: { readonly start: number; readonly end: number }, text = ''): void => {
    // A lone `<` before a cut would become a tag with what follows it.
    const isLone = html[range.start - 1] === '<';
    edits.push({ start: range.start - (isLone ? 1 : 0), end: range.end, text: isLone ? `&lt;${text}` : text });
    if (rule !== null) times.set(rule, (times.get(rule) ?? 0) + 1);
  };
  let dropped: { readonly rule: ApiRule; readonly start: number; depth: number } | null = null;
  const depth = { svg: 0, math: 0, code: 0 };
  const unwrapped: boolean[] = [];
  let endsInSpace = false;

  for (const piece of await parseMarkup(html)) {
    if (dropped !== null) {
      if (piece.kind === 'open') dropped.depth += 1;
      if (piece.kind === 'close') dropped.depth -= 1;
      if (piece.kind !== 'close' || dropped.depth > 0) continue;
      cut(dropped.rule, { start: dropped.start, end: piece.end });
      dropped = null;
    } else if (piece.kind === 'aside') {
      cut('comment', piece);
    } else if (piece.kind === 'text') {
      if (depth.code === 0) continue;
      const source = html.slice(piece.start, piece.end);
      const kept = source.replace(/[ \t\r\n\f]+/g, (run, at: number) =>
        at === 0 && endsInSpace ? '' : run === ' ' ? run : ' ',
      );
      if (kept !== source) cut('code-space', piece, kept);
      if (kept !== '') endsInSpace = kept.endsWith(' ');
    } else if (piece.kind === 'open') {
      const rule = toDropRule(piece, depth.svg);
      if (rule !== null) {
        dropped = { rule, start: piece.start, depth: 1 };
        continue;
      }
      if (piece.name === 'math') depth.math += 1;
      const unwrapRule = depth.math > 0 ? 'math' : toUnwrapRule(piece);
      const isUnwrapped = unwrapRule !== null && !without.has(unwrapRule);
      unwrapped.push(isUnwrapped);
      if (isUnwrapped) {
        cut(unwrapRule, piece);
        continue;
      }
      if (piece.name === 'svg') depth.svg += 1;
      if (isCode(piece.name)) depth.code += 1;
      endsInSpace = false;
      for (const edit of filterAttributes(html, piece)) if (!without.has(edit.rule)) cut(edit.rule, edit, edit.text);
    } else {
      if (piece.name === 'math') depth.math -= 1;
      if (unwrapped.pop()) {
        cut(null, piece);
        continue;
      }
      if (piece.name === 'svg') depth.svg -= 1;
      if (isCode(piece.name)) depth.code -= 1;
      endsInSpace = false;
    }
  }
  if (dropped !== null) cut(dropped.rule, { start: dropped.start, end: html.length });
  return { html: applyEdits(html, edits), changes: [...times].map(([rule, count]) => ({ rule, times: count })) };
}

/** Whether the filter drops elements of that name with their text. */
export function isDroppedTag(name: string): boolean {
  return DROPPED[name] !== undefined;
}

function isCode(name: string): boolean {
  return name === 'code' || name === 'pre';
}

/** SVG has a `title` and a `style` of its own; its title is kept, its style is not. */
function toDropRule(tag: OpenTag, svgDepth: number): ApiRule | null {
  if (tag.name === 'title' && svgDepth > 0) return null;
  if (tag.name === 'iframe') return isVideoFrame(tag) ? null : 'frame';
  if (tag.name === 'embed' && isWechatImage(getAttribute(tag, 'src') ?? '')) return null;
  return DROPPED[tag.name] ?? null;
}

function toUnwrapRule(tag: OpenTag): ApiRule | null {
  const href = toHref(tag);
  if (href !== null && !isAllowedLink(tag, href)) return 'link';
  return UNWRAPPED[tag.name] ?? null;
}

/** Where an anchor leads; null without an address, and for a javascript: one, which the filter removes. */
function toHref(tag: OpenTag): string | null {
  if (tag.name !== 'a') return null;
  const href = getAttribute(tag, 'href') ?? getAttribute(tag, 'xlink:href');
  return href === null || isScript(href) ? null : href.trim();
}

/** Published articles of WeChat, and mini-program links, whose address is empty. */
function isAllowedLink(tag: OpenTag, href: string): boolean {
  return isArticle(href) || (href === '' && getAttribute(tag, 'data-miniprogram-appid') !== null);
}

function isVideoFrame(tag: OpenTag): boolean {
  const classes = getAttribute(tag, 'class') ?? '';
  const address = getAttribute(tag, 'data-src') ?? getAttribute(tag, 'src') ?? '';
  const isNamed = /\bvideo_iframe\b/.test(classes) && getAttribute(tag, 'data-mpvid') !== null;
  return isNamed || isWechatVideo(address);
}

function isForeignImage(tag: OpenTag, name: string, value: string): boolean {
  if (!IMAGE_TAGS.has(tag.name) || !IMAGE_ADDRESSES.has(name)) return false;
  return value !== '' && !value.startsWith('#') && !isWechatImage(value);
}

function* filterAttributes(html: string, tag: OpenTag): Generator<Edit & { readonly rule: ApiRule }> {
  for (const { name, value, start, end } of tag.attributes) {
    const whole = { start: toSpaceBefore(html, start), end, text: '' };
    if (name === 'id') yield { ...whole, rule: 'id' };
    else if (/^on[a-z]/.test(name)) yield { ...whole, rule: 'handler' };
    else if (isScript(value)) yield { ...whole, rule: 'script-url' };
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
  return readStyle(style)
    .filter(({ text }) => findAddresses(text).every((address) => address.startsWith('#') || isWechatImage(address)))
    .map(({ text }) => text)
    .join('')
    .trim();
}

function toEach(names: readonly string[], rule: ApiRule): Record<string, ApiRule> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}
