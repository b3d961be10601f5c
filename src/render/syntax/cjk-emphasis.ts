// Which `*`, `_`, `~` and `==` runs of inline Markdown pair up, Chinese punctuation included; knows no parser.
//
// The delimiter algorithm of CommonMark 0.31 ("An algorithm for parsing nested emphasis and links"), with the flanking
// rules amended as github.com/tats-u/markdown-cjk-friendly specifies: punctuation beside a run hinders it only when the
// character on its other side is not CJK. It takes time in proportion to the text, whatever the text is.

export interface Emphasis {
  readonly tag: 'em' | 'strong' | 'del' | 'mark';
  /** Offsets of the opening delimiter and of the end of the closing one. */
  readonly start: number;
  readonly end: number;
  /** Characters of each of the two delimiters. */
  readonly width: number;
}

interface Run {
  readonly char: string;
  /** Characters of the whole run; the rule of three counts them all. */
  readonly length: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  /** On which side of a `==` a quotation mark stands: two with theirs on the same side compare, `甲=="x"与=="y"`. */
  readonly quote: 'before' | 'after' | null;
  /** What is left of it: [start, end). An opener is used up from its end, a closer from its start. */
  start: number;
  end: number;
}

/**
 * Wide and half-wide characters of East Asia but no emoji, Hangul of any width, and the selectors of a Han character's variants;
 * Unicode Standard Annex 11, as the amendment counts them.
 */
const CJK =
  /(?!\p{Emoji_Presentation})[\p{sc=Han}\p{sc=Hang}\p{sc=Hira}\p{sc=Kana}\p{sc=Yiii}\p{sc=Tang}\p{sc=Kits}\p{sc=Nshu}\u20a9\u2329\u232a\u2630-\u2637\u268a-\u268f\u2ff0-\u2fff\u3000-\u303e\u3041-\u3247\u3250-\u33ff\u4dc0-\u4dff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uffee\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3ffff}]|[\u{e0100}-\u{e01ef}]/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;
/** CommonMark's, which is less than JavaScript's. */
const SPACE = /[\t\n\f\r\p{Zs}]/u;
/** They choose how the character before them looks, and count as it does. */
const SELECTOR = /[\ufe00-\ufe0e]/;
/** `a==b`, `a=="b"` compare, `这是==重点==` marks. */
const COMPARED = /[a-z\d"']/i;
const ARROW = /[<>]/;
const QUOTE = /["'“”‘’]/;

/** Marks whose two sides must be equally long; one or two `~`, two `=`. */
const EXACT: Readonly<Record<string, Emphasis['tag']>> = { '~': 'del', '=': 'mark' };

function isExact({ char }: Pick<Run, 'char'>): boolean {
  return EXACT[char] !== undefined;
}

/**
 * @param masked inline Markdown in which links, code, raw HTML and escapes are already covered by other characters of
 *   the same length, as marked does
 * @returns the emphasis that starts at each offset (the outermost, when two start together at different widths)
 */
export function findEmphasis(masked: string): ReadonlyMap<number, Emphasis> {
  const found = new Map<number, Emphasis>();
  const runs = findRuns(masked);
  const openers: Run[] = [];
  // Where to stop looking down for an opener of a kind, because nothing below can match: keeps the search linear.
  const bottoms = new Map<string, number>();

  for (const closer of runs) {
    while (closer.canClose && closer.start < closer.end) {
      const kind = `${closer.char}${isExact(closer) ? closer.length : closer.length % 3}${closer.canOpen}${closer.quote}`;
      const bottom = bottoms.get(kind) ?? 0;
      let index = openers.length - 1;
      while (index >= bottom && !matches(openers[index], closer)) index -= 1;
      const opener = index >= bottom ? openers[index] : undefined;
      if (opener === undefined) {
        bottoms.set(kind, openers.length);
        break;
      }
      const width = toWidth(opener, closer);
      opener.end -= width;
      closer.start += width;
      const tag = EXACT[closer.char] ?? (width === 2 ? 'strong' : 'em');
      found.set(opener.end, { tag, start: opener.end, end: closer.start, width });
      openers.length = opener.start === opener.end ? index : index + 1;
      for (const [key, value] of bottoms) bottoms.set(key, Math.min(value, openers.length));
    }
    if (closer.canOpen && closer.start < closer.end) openers.push(closer);
  }
  return found;
}

function matches(opener: Run | undefined, closer: Run): boolean {
  if (opener === undefined || opener.char !== closer.char) return false;
  if (closer.quote !== null && opener.quote === closer.quote) return false;
  if (isExact(closer)) return opener.length === closer.length;
  const both = opener.canClose || closer.canOpen;
  return !(both && (opener.length + closer.length) % 3 === 0 && (opener.length % 3 !== 0 || closer.length % 3 !== 0));
}

function toWidth(opener: Run, closer: Run): number {
  if (isExact(closer)) return closer.length;
  return Math.min(opener.end - opener.start, closer.end - closer.start) >= 2 ? 2 : 1;
}

function findRuns(masked: string): Run[] {
  const runs: Run[] = [];
  for (const match of masked.matchAll(/\*+|_+|~+|={2,}/g)) {
    const start = match.index;
    const length = match[0].length;
    const char = match[0].charAt(0);
    if (isExact({ char }) && length > 2) continue;
    const before = characterBefore(masked, start);
    const after = characterAfter(masked, start + length);
    const left = isFlanking(after, before);
    const right = isFlanking(before, after);
    if (char === '=' && (ARROW.test(before + after) || (COMPARED.test(before) && COMPARED.test(after)))) continue;
    // `_` never opens or closes inside a word; neither does a single `~`, for `3~5天` is a range in Chinese.
    const inner = char === '_' || (char === '~' && length === 1);
    const canOpen = left && (!inner || !right || PUNCTUATION.test(before));
    const canClose = right && (!inner || !left || PUNCTUATION.test(after));
    if (canOpen || canClose) {
      const quote = char === '=' ? findQuote(before, after) : null;
      runs.push({ char, length, canOpen, canClose, quote, start, end: start + length });
    }
  }
  return runs;
}

function findQuote(before: string, after: string): Run['quote'] {
  if (QUOTE.test(before)) return 'before';
  return QUOTE.test(after) ? 'after' : null;
}

/** Left-flanking with (after, before), right-flanking with (before, after); '' stands for the edge of the text. */
function isFlanking(near: string, far: string): boolean {
  if (near === '' || SPACE.test(near)) return false;
  if (!PUNCTUATION.test(near) || CJK.test(near)) return true;
  return far === '' || SPACE.test(far) || PUNCTUATION.test(far) || CJK.test(far);
}

function characterAfter(source: string, at: number): string {
  const code = source.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(source: string, at: number): string {
  const character = lastCharacter(source, at);
  if (!SELECTOR.test(character)) return character;
  const selected = lastCharacter(source, at - 1);
  // A curly quotation mark in its full width.
  if (character === '\ufe01' && /[‘’“”]/.test(selected)) return '」';
  return selected === '' || SPACE.test(selected) ? character : selected;
}

function lastCharacter(source: string, at: number): string {
  const last = source.charCodeAt(at - 1);
  const start = last >= 0xdc00 && last <= 0xdfff ? at - 2 : at - 1;
  return start < 0 ? '' : characterAfter(source, start);
}
