// What a theme may name and must hold, as tables: its selectors, its variables and the least contrast of its texts.

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
