// Counts how long a text is, in the ways WeChat and terminals count; knows no limit.

/** Characters as the title is counted: code points, so that a Chinese character and an emoji are one each. */
export function countCodePoints(text: string): number {
  return Array.from(text).length;
}

/**
 * Half-width units as author and digest are counted: ASCII and half-width kana 1, everything else 2, and what lies beyond
 * the basic plane 4, as field reports found for emoji (error 45110).
 */
export function countHalfWidths(text: string): number {
  let units = 0;
  for (let index = 0; index < text.length; index += 1) units += isHalf(text.charCodeAt(index)) ? 1 : 2;
  return units;
}

function isHalf(unit: number): boolean {
  return unit < 0x80 || (unit >= 0xff61 && unit <= 0xff9f);
}

/** What terminals draw two columns wide. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]|\uFE0F/u;
const HALF_KANA = /^[\uFF61-\uFF9F]/;
const NO_WIDTH = /^[\p{Mark}\p{Cc}\p{Cf}]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** Letters, Chinese characters and signs that join with nothing beside them: each is one of the user's characters. */
const ALONE = /^[\x20-\x7e\u00b7\u2013\u2014\u2018-\u201d\u2026\u3000-\u3029\u4e00-\u9fff\uff01-\uff60]*$/;

/** Made when first needed: it costs 20 ms, a third of the start of a run that counts nothing, and most texts need none. */
function toSegments(text: string): Iterable<Pick<Intl.SegmentData, 'segment'>> {
  if (ALONE.test(text)) return Array.from(text, (segment) => ({ segment }));
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Columns in a terminal. */
export function countColumns(text: string): number {
  let columns = 0;
  for (const { segment: each } of toSegments(text)) {
    if (NO_WIDTH.test(each)) continue;
    columns += WIDE.test(each) && !HALF_KANA.test(each) ? 2 : 1;
  }
  return columns;
}

/** The user's characters (an emoji with its joiners is one), one after the other. */
export function* toGraphemes(text: string): Generator<string> {
  for (const { segment } of toSegments(text)) yield segment;
}
