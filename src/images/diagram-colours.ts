// The colours of a diagram: calm neutrals with a theme's accent, on white whatever the page; it knows no renderer.
import { type Colour, printColour, toBrightness, toColour, toHsl } from '../render/darkmode.ts';

/** CSS colours. */
export interface Palette {
  readonly ink: string;
  /** Words of less weight. */
  readonly faint: string;
  readonly line: string;
  readonly border: string;
  readonly fill: string;
  /** Behind groups. */
  readonly ground: string;
  /** For parts that stand beside each other: slices, branches, sections. */
  readonly series: readonly string[];
}

const GREY: Colour = { r: 110, g: 118, b: 128, alpha: 1 };
const WHITE: Colour = { r: 255, g: 255, b: 255, alpha: 1 };
/** Brighter than this an accent would not be seen on white. */
const BRIGHTEST = 190;
const HUES = 8;

/** @param accent a theme's colour as CSS; anything that is none, or too bright, gives greys */
export function toPalette(accent: string): Palette {
  const colour = toColour(accent);
  const own = colour === null || toBrightness(colour) > BRIGHTEST ? GREY : colour;
  const { h, s } = toHsl(own);
  // Neighbours are half a circle apart, so that they differ for all eyes.
  const series = Array.from({ length: HUES }, (_, index) => {
    const hue = Math.round(h + (index % 2) * 150 + Math.floor(index / 2) * 42) % 360;
    return `hsl(${hue}, ${Math.round(Math.min(s, 45))}%, ${74 + (index % 3) * 4}%)`;
  });
  return {
    ink: '#333333',
    faint: '#5f5f5f',
    line: '#8a8a8a',
    border: mix(own, 0.6),
    fill: mix(own, 0.08),
    ground: '#f7f7f7',
    series,
  };
}

/** So much of the colour on white, from 0 to 1. */
function mix({ r, g, b }: Colour, share: number): string {
  const part = (value: number, white: number) => Math.round(value * share + white * (1 - share));
  return printColour({ r: part(r, WHITE.r), g: part(g, WHITE.g), b: part(b, WHITE.b), alpha: 1 });
}
