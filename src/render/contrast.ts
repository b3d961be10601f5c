// How well each text of a page can be read, by day and in WeChat's dark mode; it knows no theme and reads only style attributes.
import { CAPTION_GREY, CONTRAST, FLAT_CONTRAST, type TextKind } from '../facts/theme.ts';
import { COLOUR, type Colour, darken, printColour, toColour } from './darkmode.ts';
import { parseStyle } from './style.ts';
import type { Node } from './tree.ts';

/** The colours of one text as a reader sees them; half-transparent ones are mixed with what lies behind. */
export interface Seen {
  readonly colour: Colour;
  readonly ground: Colour;
  /** 1 to 21, as WCAG 2 defines it. */
  readonly ratio: number;
}

export interface SeenText {
  readonly text: string;
  readonly kind: TextKind;
  /** As the page says it, or its default; in light only. */
  readonly wished: string;
  readonly light: Seen;
  readonly dark: Seen;
  /** The ratio in the dark as WeChat's own tool reckons it: a half-transparent ground counts as a full one. */
  readonly flat: number;
}

interface Around {
  readonly colour: Colour;
  readonly ground: Colour;
  /** The nearest ground alone, whatever shines through. */
  readonly flat: Colour;
  /** In a block of code, where grey is a colour as any other. */
  readonly isCode: boolean;
  /** Half-transparent elements around, the innermost first, each over the ground behind it. */
  readonly veils: readonly Veil[];
}

interface Veil {
  readonly opacity: number;
  readonly behind: Colour;
}

interface Run extends Around {
  readonly text: string;
}

/** The page of WeChat's reader around an article, before anything in it says a colour. */
const LIGHT: Around = { colour: grey(25), ground: grey(255), flat: grey(255), isCode: false, veils: [] };
const DARK: Around = { colour: grey(163), ground: grey(25), flat: grey(25), isCode: false, veils: [] };
/** WeChat's conversion passes over fainter grounds. */
const IGNORED_ALPHA = 0.05;

/** Every text of a rendered page, in document order, in light and after WeChat's conversion. */
export function seeTexts(nodes: readonly Node[]): readonly SeenText[] {
  const light = nodes.flatMap((node) => toRuns(node, LIGHT));
  const dark = darken(nodes).flatMap((node) => toRuns(node, DARK));
  const body = findBodyColour(light);
  return light.map((run, index) => {
    const wished = printColour(run.colour);
    const kind = wished === body ? 'body' : isCaption(run) ? 'caption' : 'accent';
    const night = dark[index] ?? run;
    const flat = toRatio(mix(night.colour, night.flat), night.flat);
    return { text: run.text, kind, wished, light: toSeen(run), dark: toSeen(night), flat };
  });
}

/** A contrast that is too small. */
export interface Faint {
  readonly kind: 'light' | 'dark';
  readonly ratio: number;
  readonly least: number;
}

/** Whether a text is too faint, and when; null when it can be read. */
export function judgeText({ kind, light, dark, flat }: SeenText): Faint | null {
  const least = CONTRAST[kind];
  const asked: readonly Faint[] = [
    { kind: 'light', ratio: light.ratio, least: least.light },
    { kind: 'dark', ratio: dark.ratio, least: least.dark },
    { kind: 'dark', ratio: flat, least: FLAT_CONTRAST },
  ];
  return asked.find((each) => each.ratio < each.least) ?? null;
}

function toRuns(node: Node, around: Around): readonly Run[] {
  if (node.kind === 'text') return node.value.trim() === '' ? [] : [{ ...around, text: node.value }];
  const style = parseStyle(node.attrs['style'] ?? '');
  const colour = toColour(style.get('color') ?? '');
  // Of the two ways to say it, the later one wins.
  const said = [...style].findLast(([name]) => name === 'background-color' || name === 'background');
  const ground = findColour(said?.[1] ?? '');
  const opacity = toOpacity(style.get('opacity'));
  const inside: Around = {
    veils: opacity === 1 ? around.veils : [{ opacity, behind: around.ground }, ...around.veils],
    colour: colour ?? around.colour,
    ground: ground === null ? around.ground : mix(ground, around.ground),
    flat: ground === null || ground.alpha < IGNORED_ALPHA ? around.flat : { ...ground, alpha: 1 },
    isCode: around.isCode || (node.tag === 'code' && /^(?:block|table)$/.test(style.get('display') ?? '')),
  };
  return node.children.flatMap((child) => toRuns(child, inside));
}

function findColour(value: string): Colour | null {
  return toColour(value.match(COLOUR)?.[0] ?? '');
}

/** The colour of most of the text that is no code. */
function findBodyColour(runs: readonly Run[]): string | undefined {
  const lengths = new Map<string, number>();
  for (const { colour, text, isCode } of runs) {
    if (!isCode) lengths.set(printColour(colour), (lengths.get(printColour(colour)) ?? 0) + text.length);
  }
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Captions and notes are grey and step back on purpose. */
function isCaption({ colour: { r, g, b }, isCode }: Run): boolean {
  return !isCode && r === g && g === b && r >= CAPTION_GREY.from && r <= CAPTION_GREY.to;
}

function toSeen({ colour, ground, veils }: Run): Seen {
  const through = (own: Colour) => veils.reduce((shown, { opacity, behind }) => mix(shown, behind, opacity), own);
  const [shown, behind] = [through(mix(colour, ground)), through(ground)];
  return { colour: shown, ground: behind, ratio: toRatio(shown, behind) };
}

/** From 0 to 1; 1 for what is no opacity. */
function toOpacity(value = '1'): number {
  const [, figure, percent] = /^(\d*\.?\d+)(%?)$/.exec(value) ?? [];
  return figure === undefined ? 1 : Math.min(1, Number(figure) / (percent === '%' ? 100 : 1));
}

/** From 1 to 21, as WCAG 2 defines it. www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function toRatio(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [toLuminance(one), toLuminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What is seen of a colour that lies over an opaque one. */
function mix(over: Colour, under: Colour, alpha = over.alpha): Colour {
  const part = (name: 'r' | 'g' | 'b') => Math.round(over[name] * alpha + under[name] * (1 - alpha));
  return { r: part('r'), g: part('g'), b: part('b'), alpha: 1 };
}

/** Relative luminance, 0 to 1. www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function toLuminance({ r, g, b }: Colour): number {
  const [red = 0, green = 0, blue = 0] = [r, g, b].map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function grey(value: number): Colour {
  return { r: value, g: value, b: value, alpha: 1 };
}
