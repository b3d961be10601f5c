// Makes one harmless line of a value that may hold anything; knows nothing of where it is shown.

// Controls, marks that turn the direction of text round, the byte order mark, and halves of surrogate pairs.
const HARMFUL = /[\p{Cc}\u202A-\u202E\u2066-\u2069\uFEFF]|\p{Surrogate}/gu;
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** One line: line breaks and tabs become a space, control characters and bidi overrides go, ends are trimmed. */
export function toPlainLine(text: string): string {
  const lines = text.split(BREAKS).map((line) => line.replace(HARMFUL, '').trim());
  return lines.filter((line) => line !== '').join(' ');
}
