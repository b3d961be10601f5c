// CSS declarations as data: read, judged by the tables, written as short as they go; knows no selectors and no tree.
import { OUTPUT_STYLES, STYLE_REFUSED } from '../facts/markup.ts';

/** Property to value, in the order of writing. */
export type Style = ReadonlyMap<string, string>;

/** Characters of a style attribute that are read; a longer one is nobody's honest work. */
export const MAX_STYLE = 4_000;

/** Styles repeat from element to element: what came of the last ones is kept. */
const MAX_KEPT = 2_000;

/** The same function, that works once for each text. */
export function remember<Result>(work: (text: string) => Result): (text: string) => Result {
  const kept = new Map<string, Result>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const result = work(text);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(text, result);
    return result;
  };
}

/** Declarations of a style attribute; a later one of the same name stands in the later place. `!important` is lost. */
export const parseStyle: (css: string) => Style = remember(readStyle);

function readStyle(css: string): Style {
  const style = new Map<string, string>();
  // A `;` inside quotes or brackets belongs to the value.
  for (const declaration of toHonest(css).match(/(?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\)|["'(])+/g) ?? []) {
    const colon = declaration.indexOf(':');
    const name = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = declaration
      .slice(colon + 1)
      .replace(/\s*!important\s*$/i, '')
      .trim();
    if (name === '' || value === '') continue;
    style.delete(name);
    style.set(name, value);
  }
  return style;
}

/** Without what is too much, whole declarations of it. */
function toHonest(css: string): string {
  return css.length <= MAX_STYLE ? css : css.slice(0, css.lastIndexOf(';', MAX_STYLE) + 1);
}

/** Only what may reach WeChat, by facts/markup. */
export function filterStyle(style: Style): Style {
  return new Map([...style].filter(([name, value]) => isSafe(name, value)));
}

function isSafe(name: string, value: string): boolean {
  return Object.hasOwn(OUTPUT_STYLES, name) && OUTPUT_STYLES[name]?.test(value) === true && !STYLE_REFUSED.test(value);
}

/** What a browser does anyway, so that it need not be said. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  background: ['none', 'transparent'],
  'background-color': ['transparent'],
  border: ['0', 'none'],
  'border-radius': ['0'],
  'text-decoration': ['none'],
};
const NO_MARGIN: ReadonlySet<string> = new Set(['section', 'span', 'strong', 'em', 'code', 'a', 'sup', 'sub', 'img']);
const PADDED: ReadonlySet<string> = new Set(['ul', 'ol', 'th', 'td']);

/** Each sets all the properties whose names begin with its own, but for those below. */
const SHORTHANDS: ReadonlySet<string> = new Set([
  ...['background', 'border', 'border-top', 'border-right', 'border-bottom', 'border-left'],
  ...['margin', 'padding', 'text-decoration'],
]);

function isPart(name: string, shorthand: string): boolean {
  return name.startsWith(`${shorthand}-`) && !/^border-(?:radius|collapse|spacing)/.test(name);
}

/**
 * Declarations in their shortest form for an element: short colours and numbers, four sides as one, no defaults.
 *
 * @param tag the tag the element goes out as
 */
export function printStyle(style: Style, tag: string): string {
  const short = new Map<string, string>();
  for (const [name, value] of style) {
    const side = /^(margin|padding)-(top|right|bottom|left)$/.exec(name);
    const box = side?.[1] === undefined ? undefined : short.get(side[1]);
    if (SHORTHANDS.has(name)) for (const part of short.keys()) if (isPart(part, name)) short.delete(part);
    if (side?.[1] !== undefined && box !== undefined) short.set(side[1], withSide(box, side[2], shorten(value)));
    else short.set(name, name === 'margin' || name === 'padding' ? collapse(shorten(value)) : shorten(value));
  }
  return [...short]
    .filter(([name, value]) => !isDefault(tag, name, value) || (name === 'background-color' && short.has('background')))
    .map(([name, value]) => `${name}:${value}`)
    .join(';');
}

function isDefault(tag: string, name: string, value: string): boolean {
  if (DEFAULTS[name]?.includes(value) === true) return tag !== 'a' && tag !== 'hr';
  if (value !== '0') return false;
  return (/^margin\b/.test(name) && NO_MARGIN.has(tag)) || (/^padding\b/.test(name) && !PADDED.has(tag));
}

function shorten(value: string): string {
  return value
    .replace(/rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)/gi, (_, ...parts: string[]) => toHex(parts.slice(0, 3)))
    .replace(/#[\da-f]+\b/gi, (hex) => hex.toLowerCase().replace(/^#(.)\1(.)\2(.)\3$/, '#$1$2$3'))
    .replace(/\s*,\s*/g, ',')
    .replace(/(^|[\s,(-])0+(\.\d)/g, '$1$2')
    .replace(/(^|[\s(])0(?:px|em|pt|ex)\b/g, '$10')
    .replace(/\s+/g, ' ');
}

function toHex(parts: readonly string[]): string {
  return `#${parts.map((part) => Math.min(255, Number(part)).toString(16).padStart(2, '0')).join('')}`;
}

function sides(box: string): readonly [string, string, string, string] {
  const [top = '0', right = top, bottom = top, left = right] = box.split(' ');
  return [top, right, bottom, left];
}

function withSide(box: string, side: string | undefined, value: string): string {
  const changed = ['top', 'right', 'bottom', 'left'].map((name, index) => (name === side ? value : sides(box)[index]));
  return collapse(changed.join(' '));
}

function collapse(box: string): string {
  const [top, right, bottom, left] = sides(box);
  if (left !== right) return `${top} ${right} ${bottom} ${left}`;
  if (top !== bottom) return `${top} ${right} ${bottom}`;
  return top === right ? top : `${top} ${right}`;
}
