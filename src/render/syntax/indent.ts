// Indentation: what all lines of a text have in common, and the lines that have enough of it; knows no parser.

/** The lines without the indentation that all of them have. */
export function dedent(lines: string): string {
  const indents = lines
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [/^[ \t]*/.exec(line)?.[0].length ?? 0]));
  // No more than that can be in common, and a list of many lines is too long for `Math.min`.
  const common = indents.reduce((least, indent) => Math.min(least, indent), Number.POSITIVE_INFINITY);
  return common === 0 ? lines : lines.replace(/^[ \t]+/gm, (indent) => indent.slice(Math.min(common, indent.length)));
}

/** The lines at the start of the text that are indented by a step of four, blank ones between them too, without that step. */
export function readIndented(source: string): { readonly body: string; readonly length: number } {
  const lines: string[] = [];
  let blank = 0;
  let length = 0;
  for (let at = 0; at < source.length; ) {
    const found = source.indexOf('\n', at);
    const end = found < 0 ? source.length : found + 1;
    const line = source.slice(at, found < 0 ? end : found);
    const step = /^(?: {4}| {0,3}\t)/.exec(line)?.[0];
    at = end;
    if (line.trim() === '') {
      blank += 1;
    } else if (step === undefined) {
      break;
    } else {
      lines.push(...Array.from({ length: lines.length === 0 ? 0 : blank }, () => ''), line.slice(step.length));
      blank = 0;
      length = end;
    }
  }
  return { body: lines.join('\n'), length };
}
