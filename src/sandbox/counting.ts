// How WeChat counts a field, and the figures it refuses beyond: the measured set and the documented one.

export interface FieldLimit {
  readonly max: number;
  readonly count: (text: string) => number;
}

export interface Limits {
  readonly title: FieldLimit;
  readonly author: FieldLimit;
  readonly digest: FieldLimit;
  readonly content: FieldLimit;
}

const countCharacters = (text: string): number => Array.from(text).length;
const countBytes = (text: string): number => Buffer.byteLength(text);

/** Half-width units: one for a UTF-16 unit up to U+00FF, two for any other, so an emoji counts four. */
export function countHalfWidths(text: string): number {
  let units = 0;
  for (let at = 0; at < text.length; at += 1) units += text.charCodeAt(at) <= 0xff ? 1 : 2;
  return units;
}

/** Both sets of figures; the rules of draft/add name the source of each. */
export const LIMITS: Readonly<Record<'measured' | 'documented', Limits>> = {
  measured: {
    title: { max: 64, count: countCharacters },
    author: { max: 16, count: countHalfWidths },
    digest: { max: 240, count: countHalfWidths },
    content: { max: 1_048_575, count: countBytes },
  },
  documented: {
    title: { max: 32, count: countCharacters },
    author: { max: 16, count: countCharacters },
    digest: { max: 128, count: countCharacters },
    content: { max: 19_999, count: countCharacters },
  },
};

export function isOver(limit: FieldLimit, text: string): boolean {
  return limit.count(text) > limit.max;
}
