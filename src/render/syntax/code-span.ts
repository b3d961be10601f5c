// Code in a line, whose end is looked for only where there is one, not to the end of the text for each that has none; knows no parser.

const RUN = /`+/g;
/** A row of backticks alone, with the two groups of the pattern, of which it has none. */
const ALONE = /`+(?:(?!)()())?/g;
const NEXT = /`+|\\[\p{P}\p{S}]/gu;

/** marked's pattern for code and for what is escaped outside of it: groups are the marks of code, and the escaped sign. */
export class CodeOrEscape extends RegExp {
  #text = '';
  #ends: ReadonlyMap<number, number> = new Map();

  override exec(text: string): RegExpExecArray | null {
    NEXT.lastIndex = this.lastIndex;
    const next = NEXT.exec(text);
    if (next === null || next[0].startsWith('\\')) return super.exec(text);
    if (this.#text !== text) {
      this.#text = text;
      this.#ends = new Map(Array.from(text.matchAll(RUN), ({ 0: { length }, index }) => [length, index]));
    }
    if ((this.#ends.get(next[0].length) ?? 0) > next.index) return super.exec(text);
    ALONE.lastIndex = next.index;
    this.lastIndex = next.index + next[0].length;
    return ALONE.exec(text);
  }
}
