// What WeChat's dark mode makes of an article's colours: its published algorithm, re-told as a pure function; it knows no theme.
import { NAMED_COLOURS } from '../facts/colours.ts';
import { parseStyle } from './style.ts';
import type { Element, Node } from './tree.ts';

/** Red, green, blue from 0 to 255; alpha from 0 to 1. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

/** Every way in which a style may say a colour. */
export const COLOUR = new RegExp(
  `#[\\da-f]{3,8}\\b|(?:rgb|hsl)a?\\([^()]*\\)|(?<![\\w-])(?:${Object.keys(NAMED_COLOURS).join('|')})(?![\\w(-])`,
  'gi',
);

/**
 * Figures of the algorithm, in its own scale of brightness (0 to 255) and lightness (0 to 100).
 * Source: wechatjs/darkmode, src/modules/constant.js.
 */
const LIGHT_TEXT: Colour = grey(25);
const DARK_GROUND: Colour = grey(25);
const WHITE = 250;
const MAX_GROUND = 190;
const MIN_DIFFERENCE = 65;
/** Between dark text (#a3a3a3) and dark ground (#191919). */
const MAX_DIFFERENCE = 138;
const HIGH_GROUND = 100;
const LIGHTNESS_HIGH = 40;
const LIGHTNESS_LOW = 22;
const IGNORED_ALPHA = 0.05;

/** What a background becomes; null for one too faint to be touched. */
export function darkenGround(colour: Colour): Colour | null {
  if (colour.alpha < IGNORED_ALPHA) return null;
  const brightness = toBrightness(colour);
  const hsl = toHsl(colour);
  if ((hsl.s === 0 && hsl.l > LIGHTNESS_HIGH) || brightness > WHITE) {
    const l = Math.min(100, 100 + toHsl(DARK_GROUND).l - hsl.l);
    return toWhole(fromHsl({ h: 0, s: 0, l }, colour.alpha));
  }
  if (brightness > MAX_GROUND) return toWhole(adjust(MAX_GROUND, colour));
  return hsl.l < LIGHTNESS_LOW ? toWhole(fromHsl({ ...hsl, l: LIGHTNESS_LOW }, colour.alpha)) : colour;
}

/** What a text colour becomes on a ground that was converted; the page's own, `#191919`, where none is given. */
export function darkenText(colour: Colour, ground: Colour = DARK_GROUND): Colour {
  return toWhole(toReadable(colour, ground));
}

function toReadable(colour: Colour, ground: Colour): Colour {
  const behind = toBrightness(ground) * ground.alpha + toBrightness(DARK_GROUND) * (1 - ground.alpha);
  const own = toBrightness(colour);
  if (own >= WHITE) return colour;
  const difference = Math.abs(behind - own);
  if (difference > MAX_DIFFERENCE && behind <= toBrightness(DARK_GROUND) + 2)
    return adjust(MAX_DIFFERENCE + behind, colour);
  if (difference >= MIN_DIFFERENCE) return colour;
  const hsl = toHsl(colour);
  const turn = () => toReadable(fromHsl({ ...hsl, l: 90 - hsl.l }, colour.alpha), ground);
  if (behind >= HIGH_GROUND) {
    return hsl.l > 50 ? turn() : adjust(Math.min(MAX_DIFFERENCE, behind - MIN_DIFFERENCE), colour);
  }
  return hsl.l <= LIGHTNESS_HIGH ? turn() : adjust(Math.min(MAX_DIFFERENCE, behind + MIN_DIFFERENCE), colour);
}

/** What a border, an outline or a box's shadow becomes. */
export function darkenLine(colour: Colour): Colour {
  return darkenText(colour);
}

/** The nodes with the colours that a reader in dark mode sees. The page behind them is `#191919`, its text `#a3a3a3`. */
export function darken(nodes: readonly Node[]): readonly Node[] {
  return nodes.map((node) => (node.kind === 'text' ? node : darkenElement(node, { text: null, ground: null })));
}

interface Around {
  /** The text colour that is inherited, as it was. */
  readonly text: Colour | null;
  /** The nearest background, as it became. */
  readonly ground: Colour | null;
}

const SKIPPED: ReadonlySet<string> = new Set(['svg', 'iframe']);
const GROUNDS: ReadonlySet<string> = new Set(['background', 'background-color']);
const LINES = /^(?:border|outline|column-rule)(?:-|$)|^box-shadow$/;
const TEXTS: ReadonlySet<string> = new Set(['color', 'text-decoration', 'text-decoration-color', 'fill', 'stroke']);

function darkenElement(element: Element, around: Around): Element {
  if (SKIPPED.has(element.tag)) return element;
  if ('data-no-dark' in element.attrs) return darkenChildren(element, around);
  const style = parseStyle(element.attrs['style'] ?? '');
  const changed = new Map(style);
  let { text, ground } = around;
  let hasGround = false;
  for (const [name, value] of style) {
    if (!GROUNDS.has(name)) continue;
    const dark = toColour(value.match(COLOUR)?.[0] ?? '');
    const converted = dark === null ? null : darkenGround(dark);
    if (converted === null) continue;
    ground = converted;
    hasGround = true;
    changed.set(name, value.replace(COLOUR, printColour(converted)));
  }
  text = toColour(style.get('color') ?? '') ?? text;
  const behind = ground ?? DARK_GROUND;
  for (const [name, value] of style) {
    if (TEXTS.has(name))
      changed.set(
        name,
        replaceColours(value, (colour) => darkenText(colour, behind)),
      );
    if (LINES.test(name)) changed.set(name, replaceColours(value, darkenLine));
    if (name === 'text-shadow')
      changed.set(
        name,
        replaceColours(value, (colour) => darkenGround(colour) ?? colour),
      );
  }
  // A panel that says no text colour gets one that can be read on it.
  if (hasGround && !style.has('color')) changed.set('color', printColour(darkenText(text ?? LIGHT_TEXT, behind)));
  const printed = [...changed].map(([name, value]) => `${name}:${value}`).join(';');
  const attrs = printed === '' ? element.attrs : { ...element.attrs, style: printed };
  return darkenChildren({ ...element, attrs }, { text, ground });
}

function darkenChildren(element: Element, around: Around): Element {
  const children = element.children.map((child) => (child.kind === 'text' ? child : darkenElement(child, around)));
  return { ...element, children };
}

function replaceColours(value: string, change: (colour: Colour) => Colour): string {
  return value.replace(COLOUR, (found) => {
    const colour = toColour(found);
    return colour === null ? found : printColour(change(colour));
  });
}

/** Null for what is no colour: hex, rgb(), hsl() and names are. */
export function toColour(value: string): Colour | null {
  const said = value.trim().toLowerCase();
  const text = Object.hasOwn(NAMED_COLOURS, said) ? (NAMED_COLOURS[said] ?? said) : said;
  const hex = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.exec(text)?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
    const [r = 0, g = 0, b = 0, alpha = 255] = digits.map((pair) => Number.parseInt(pair, 16));
    return { r, g, b, alpha: alpha / 255 };
  }
  const [, kind, inner = ''] = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(text) ?? [];
  const [first, second, third, fourth = '1', fifth] = inner.split(/[\s,/]+/).filter((part) => part !== '');
  if (kind === undefined || first === undefined || second === undefined || third === undefined || fifth !== undefined) {
    return null;
  }
  const alpha = Math.max(0, Math.min(1, toShare(fourth, 1)));
  const colour =
    kind === 'rgb'
      ? { r: toChannel(first), g: toChannel(second), b: toChannel(third), alpha }
      : toWhole(fromHsl({ h: toDegrees(first), s: toShare(second, 100), l: toShare(third, 100) }, alpha));
  return Object.values(colour).some(Number.isNaN) ? null : colour;
}

function toChannel(part: string): number {
  return Math.max(0, Math.min(255, Math.round(toShare(part, 255))));
}

/** A number, or a percentage of `whole`. */
function toShare(part: string, whole: number): number {
  return part.endsWith('%') ? (Number(part.slice(0, -1)) / 100) * whole : Number(part);
}

/** Degrees of a circle, 0 to 360. */
function toDegrees(angle: string): number {
  const [, figure = '', unit = 'deg'] = /^([-+.\d]+)(deg|turn|rad|grad)?$/.exec(angle) ?? [];
  const parts = { deg: 360, turn: 1, rad: 2 * Math.PI, grad: 400 }[unit] ?? Number.NaN;
  return figure === '' ? Number.NaN : ((((Number(figure) / parts) * 360) % 360) + 360) % 360;
}

export function printColour({ r, g, b, alpha }: Colour): string {
  if (alpha < 1) return `rgba(${r},${g},${b},${Number(alpha.toFixed(3))})`;
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Rounded in two steps, as the vectors show: to a tenth, then to a whole. */
function toWhole({ r, g, b, alpha }: Colour): Colour {
  const round = (value: number) => Math.round(Math.round(value * 10) / 10);
  return { r: round(r), g: round(g), b: round(b), alpha };
}

function grey(value: number): Colour {
  return { r: value, g: value, b: value, alpha: 1 };
}

/** Perceived brightness, 0 to 255. */
export function toBrightness({ r, g, b }: Colour): number {
  return (r * 299 + g * 587 + b * 114) / 1000;
}

/** A colour of the same kind with another brightness: one channel takes up what the others cannot. */
function adjust(brightness: number, { r, g, b, alpha }: Colour): Colour {
  const factor = brightness / toBrightness({ r, g, b, alpha });
  const clamp = (value: number) => Math.max(0, Math.min(255, value));
  let [red, green, blue] = [clamp(r * factor), clamp(g * factor), clamp(b * factor)];
  if (green === 0 || red === 255 || blue === 255) green = clamp((brightness * 1000 - red * 299 - blue * 114) / 587);
  else if (red === 0) red = clamp((brightness * 1000 - green * 587 - blue * 114) / 299);
  else if (blue === 0 || green === 255) blue = clamp((brightness * 1000 - red * 299 - green * 587) / 114);
  return { r: red, g: green, b: blue, alpha };
}

interface Hsl {
  readonly h: number;
  readonly s: number;
  readonly l: number;
}

/** Hue in degrees, saturation and lightness from 0 to 100. */
export function toHsl({ r, g, b }: Colour): Hsl {
  const [red, green, blue] = [r / 255, g / 255, b / 255];
  const max = Math.max(red, green, blue);
  const min = Math.min(red, green, blue);
  const spread = max - min;
  const l = (max + min) / 2;
  if (spread === 0) return { h: 0, s: 0, l: l * 100 };
  const s = spread / (l > 0.5 ? 2 - max - min : max + min);
  const sixth =
    max === red ? (green - blue) / spread : max === green ? 2 + (blue - red) / spread : 4 + (red - green) / spread;
  return { h: (((sixth * 60) % 360) + 360) % 360, s: s * 100, l: l * 100 };
}

function fromHsl({ h, s, l }: Hsl, alpha: number): Colour {
  const amount = (s / 100) * Math.min(l / 100, 1 - l / 100);
  const channel = (offset: number) => {
    const place = (offset + h / 30) % 12;
    return 255 * (l / 100 - amount * Math.max(-1, Math.min(place - 3, 9 - place, 1)));
  };
  return { r: channel(0), g: channel(8), b: channel(4), alpha };
}
