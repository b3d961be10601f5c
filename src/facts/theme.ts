// What a theme may name and must hold, as tables: its classes, its variables and the least contrast of its texts.
import { AUTHOR_TAGS } from './markup.ts';

/** Elements as they are when a theme meets them; what HTML writes otherwise has become one of these by then. */
export const THEME_TAGS: ReadonlySet<string> = new Set(Object.values(AUTHOR_TAGS).filter((tag) => tag !== ''));

/** Classes that the renderer gives, to what has no tag of its own. */
export const THEME_CLASSES: ReadonlySet<string> = new Set([
  ...[
    'wx',
    'gap',
    'pictured',
    'aside',
    'stressed',
    'math',
    'table',
    'wide',
    'swipe',
    'reference',
    'url',
    'notes',
    'notes-title',
    'note',
  ],
  ...['item', 'line', 'entries', 'entry', 'sub', 'marker'],
  ...['code-frame', 'code-head', 'code-dots', 'code-numbers', 'code-scroll', 'code-line'],
  ...['code-marked', 'code-added', 'code-removed', 'code-error', 'code-warning'],
  ...['alert', 'alert-note', 'alert-tip', 'alert-important', 'alert-warning', 'alert-caution', 'alert-title'],
]);

/** Classes of coloured code, as highlight.js gives them: `hljs-title`, and beside it `function_` or `inherited__`. */
export const CODE_CLASS = /^(?:hljs-[a-z_-]+|[a-z]+_{1,2})$/;

/** Custom properties that every theme has, from base.css. */
export const THEME_VARS = [
  ...(['--wx-size', '--wx-leading', '--wx-spacing', '--wx-text', '--wx-heading', '--wx-quiet', '--wx-muted'] as const),
  ...(['--wx-primary', '--wx-link', '--wx-panel', '--wx-shade', '--wx-line', '--wx-mono'] as const),
  ...(['--wx-dots', '--wx-numbers'] as const),
] as const;
export type ThemeVar = (typeof THEME_VARS)[number];

/** What becomes of a list's item in WeChat's editor leaves it no other style. */
export const ITEM_STYLES: ReadonlySet<string> = new Set(['color', 'font-size', 'line-height']);

/** Bytes of a theme's file that are read; the largest of the well-known ones have a tenth of that. */
export const MAX_THEME_BYTES = 200_000;

/**
 * For a theme that leaves the sizes of headings to the browser, as those of other tools do: the medians of published
 * articles, in 16 px.
 */
export const HEADING_SIZES = 'h1{font-size:24px}h2{font-size:22px}h3{font-size:20px}h4{font-size:18px}\n';

/**
 * A ground brighter than this is darkened only where it is grey; a tinted one stays a bright block at night.
 * Perceived brightness, 0 to 255. github.com/wechatjs/mp-darkmode, MAX_LIMIT_BGCOLOR_BRIGHTNESS
 */
export const BRIGHT_GROUND = 190;

/** The most that a hairline of black may cover: an opaque grey line becomes the brightest thing of a dark page. */
export const MAX_LINE_ALPHA = 0.15;

/** How a text stands in the page: the text itself, what is coloured on purpose, and what steps back. */
export type TextKind = 'body' | 'accent' | 'caption';

/**
 * Least contrast by day and after WeChat's conversion. A colour that the conversion leaves alone reaches 4.19 in both at
 * most, so only what it brightens can hold 4.5 twice. WCAG 2.2, 1.4.3; the captions are ours.
 */
export const CONTRAST: Readonly<Record<TextKind, { readonly light: number; readonly dark: number }>> = {
  body: { light: 4.5, dark: 4.5 },
  accent: { light: 4.5, dark: 3 },
  caption: { light: 3, dark: 3 },
};

/** What WeChat's own tool asks for at night. github.com/wechatjs/verify-article-structure-spec, darkmode-low-contrast */
export const FLAT_CONTRAST = 1.5;

/** Greys that count as captions, each channel. */
export const CAPTION_GREY = { from: 0x6b, to: 0x8c } as const;
