// The data of a path: read into segments of absolute points, and printed in few small whole numbers; knows no element.
import { remember } from './style.ts';

export type Point = readonly [x: number, y: number];

/** Absolute. `Q` has its control point first. */
export interface Segment {
  readonly kind: 'M' | 'L' | 'Q' | 'C' | 'Z';
  readonly points: readonly Point[];
}

/** A drawing holds something that cannot be told with paths and words. */
export class UnknownShape extends Error {}

/** How far the reflected point of a curve may be from the true one before it is written out. */
const TOLERANCE = 1.5;

/** How many numbers follow each letter. */
const COUNTS: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, Q: 4, T: 2, C: 6, Z: 0 };

export const readPath = remember((d: string): readonly Segment[] => {
  const segments: Segment[] = [];
  let at: Point = [0, 0];
  let start: Point = [0, 0];
  let control: Point | null = null;
  for (const [, letter = '', rest = ''] of d.matchAll(/([a-z])([^a-z]*)/gi)) {
    const name = letter.toUpperCase();
    const count = COUNTS[name];
    if (count === undefined) throw new UnknownShape(`path ${letter}`);
    const numbers = toNumbers(rest);
    const from = letter === name ? ([0, 0] as const) : null;
    for (let index = 0; index < Math.max(count, numbers.length); index += Math.max(1, count)) {
      const base: Point = from ?? at;
      const point = (offset: number): Point => [
        base[0] + (numbers[index + offset] ?? 0),
        base[1] + (numbers[index + offset + 1] ?? 0),
      ];
      const last: Point = at;
      if (name === 'Z') {
        segments.push({ kind: 'Z', points: [] });
        at = start;
        control = null;
        continue;
      }
      if (name === 'H') at = [base[0] + (numbers[index] ?? 0), at[1]];
      else if (name === 'V') at = [at[0], base[1] + (numbers[index] ?? 0)];
      else at = point(count - 2);
      if (name === 'Q' || name === 'T') {
        const reflected: Point = control === null ? last : [2 * last[0] - control[0], 2 * last[1] - control[1]];
        control = name === 'Q' ? point(0) : reflected;
        segments.push({ kind: 'Q', points: [control, at] });
      } else {
        control = null;
        if (name === 'C') segments.push({ kind: 'C', points: [point(0), point(2), at] });
        else segments.push({ kind: name === 'M' && index === 0 ? 'M' : 'L', points: [at] });
        if (name === 'M' && index === 0) start = at;
      }
    }
  }
  return segments;
});

/** Path data in whole numbers, each relative to the point before. */
export function printPath(segments: readonly Segment[]): string {
  let d = '';
  let letter = '';
  let at: Point = [0, 0];
  let start: Point = [0, 0];
  let control: Point | null = null;
  const write = (name: string, numbers: readonly number[]): void => {
    let words = name !== letter || name === 'm' ? name : '';
    letter = name;
    numbers.forEach((number, index) => {
      const isApart = number < 0 || (index === 0 && words !== '');
      words += isApart ? number : ` ${number}`;
    });
    d += words;
  };
  const from = ([x, y]: Point): readonly number[] => [x - at[0], y - at[1]];
  for (const { kind, points } of segments) {
    const [first = at, second = first, third = second] = points.map(toWhole);
    const reflected: Point = control === null ? at : [2 * at[0] - control[0], 2 * at[1] - control[1]];
    control = null;
    if (kind === 'Z') {
      write('z', []);
      at = start;
    } else if (kind === 'M') {
      write('m', from(first));
      at = first;
      start = first;
    } else if (kind === 'L') {
      const [dx = 0, dy = 0] = from(first);
      if (dx !== 0 && dy !== 0) write('l', [dx, dy]);
      else if (dx !== 0) write('h', [dx]);
      else if (dy !== 0) write('v', [dy]);
      at = first;
    } else if (kind === 'C') {
      write('c', [...from(first), ...from(second), ...from(third)]);
      at = third;
    } else {
      const far = Math.max(Math.abs(reflected[0] - first[0]), Math.abs(reflected[1] - first[1]));
      if (letter !== 'm' && (letter === 'q' || letter === 't') && far <= TOLERANCE) {
        write('t', from(second));
        control = reflected;
      } else {
        write('q', [...from(first), ...from(second)]);
        control = first;
      }
      at = second;
    }
  }
  return d;
}

function toWhole([x, y]: Point): Point {
  return [Math.round(x), Math.round(y)];
}

/** The numbers in a list of any form, as attributes of SVG have it. */
export function toNumbers(words: string): readonly number[] {
  return (words.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/gi) ?? []).map(Number);
}
