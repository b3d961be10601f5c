// Indentation that all lines of a text have in common; knows no parser.

/** The lines without the indentation that all of them have. */
export function dedent(lines: string): string {
  const indents = lines
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [/^[ \t]*/.exec(line)?.[0].length ?? 0]));
  // No more than that can be in common, and a list of many lines is too long for `Math.min`.
  const common = indents.reduce((least, indent) => Math.min(least, indent), Number.POSITIVE_INFINITY);
  return common === 0 ? lines : lines.replace(/^[ \t]+/gm, (indent) => indent.slice(Math.min(common, indent.length)));
}
