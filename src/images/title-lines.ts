// Breaks a title into at most three lines as a Chinese typesetter would; it knows widths in em only, and no font.

export interface TitleLines {
  readonly lines: readonly string[];
  /** Pixels. */
  readonly fontSize: number;
}

/** Tried from the largest; the last one takes what does not fit, cut with an ellipsis. */
const FONT_SIZES = [116, 100, 86, 74, 62] as const;
const MAX_LINES = 3;

/** May not begin a line; may not end one (GB/T 15834, W3C "Requirements for Chinese Text Layout"). */
const NO_START = /^[\s，。、；：！？）》」』】〉〕”’…—·,.;:!?)\]}%％|｜/~～-]/;
const NO_END = /[（《「『【〈〔“‘([{]$/;
/** A good place to end a line. */
const PAUSE = /[，。；：！？、—…|｜·,;:!?]\s*$/;

/** A line that ends at a pause may be two em longer or shorter than an equal one. */
const PAUSE_BONUS = 4;

/** Widths in em, a little generous, so that no font is wider. */
const MIN_EM = 0.32;
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^[\u0020iIl.,:;'|!]$/, MIN_EM],
  [/^[a-z0-9]$/, 0.6],
  [/^[A-Z]$/, 0.74],
  [/^[mwMW@%&]$/, 0.95],
  [/^[\u0021-\u024f]/, 0.65],
];

/** Lines and size for a box of this width in pixels; the title's pictographs and invisible characters are left out. */
export function layTitle(title: string, maxWidth: number): TitleLines {
  const text = title
    .replace(/(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{RI}|\p{C}|\ufe0f|\u20e3)+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  let best: (TitleLines & { readonly score: number }) | null = null;
  for (const [index, fontSize] of FONT_SIZES.entries()) {
    const lines = breakLines(text, maxWidth / fontSize);
    if (lines === null) continue;
    // Two steps smaller is worth it when one line more then ends at a pause.
    const score = lines.slice(0, -1).filter((line) => !PAUSE.test(line)).length + index / 2;
    if (best === null || score < best.score) best = { lines, fontSize, score };
  }
  return best ?? cutTitle(text, maxWidth);
}

/** The beginning of a title that is too long, in the smallest size. */
function cutTitle(text: string, maxWidth: number): TitleLines {
  const fontSize = Math.min(...FONT_SIZES);
  const characters = [...text].slice(0, Math.ceil((MAX_LINES * maxWidth) / (fontSize * MIN_EM)));
  for (;;) {
    characters.pop();
    const start = characters.join('').replace(/[\s\p{P}]+$/u, '');
    const lines = breakLines(`${start}…`, maxWidth / fontSize);
    if (lines !== null) return { lines, fontSize };
  }
}

interface Arrangement {
  readonly lines: readonly string[];
  readonly cost: number;
}

/** The fewest lines that hold the text, as equal as they can be and ending where one pauses; null when three do not. */
function breakLines(text: string, maxEm: number): readonly string[] | null {
  const pieces = toPieces(text, maxEm);
  for (let count = 1; count <= MAX_LINES; count++) {
    const best = arrange(pieces, { count, maxEm, idealEm: measure(text) / count });
    if (best !== null) return best.lines;
  }
  return null;
}

function arrange(
  pieces: readonly string[],
  { count, maxEm, idealEm }: { readonly count: number; readonly maxEm: number; readonly idealEm: number },
): Arrangement | null {
  let best: Arrangement | null = null;
  const first = count === 1 ? pieces.length : 1;
  for (let end = first; end <= pieces.length; end++) {
    const line = pieces.slice(0, end).join('').trim();
    const width = measure(line);
    if (width > maxEm) break;
    const rest =
      count === 1 ? { lines: [], cost: 0 } : arrange(pieces.slice(end), { count: count - 1, maxEm, idealEm });
    if (rest === null) continue;
    const cost = (width - idealEm) ** 2 - (PAUSE.test(line) ? PAUSE_BONUS : 0) + rest.cost;
    if (best === null || cost < best.cost) best = { lines: [line, ...rest.lines], cost };
  }
  return best;
}

/** What must stay together: words as a dictionary sees them, with the punctuation that clings to them. */
function toPieces(text: string, maxEm: number): readonly string[] {
  const pieces: string[] = [];
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)) {
    const last = pieces.at(-1);
    const clings = last !== undefined && (NO_START.test(segment) || NO_END.test(last));
    if (clings && measure(last + segment) <= maxEm) pieces[pieces.length - 1] = last + segment;
    else if (measure(segment) <= maxEm) pieces.push(segment);
    else pieces.push(...segment);
  }
  return pieces;
}

function measure(text: string): number {
  let em = 0;
  for (const character of text) em += WIDTHS.find(([pattern]) => pattern.test(character))?.[1] ?? 1;
  return em;
}
