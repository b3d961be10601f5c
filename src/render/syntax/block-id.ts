// Obsidian's names of blocks, ` ^a1b2c3` at the end of a paragraph or an item; knows no parser.

/** A shorter one is a power, `x ^n`, or a face. */
const BLOCK_ID = /(?:^|(?<!\s)\s+)\^([a-z\d][a-z\d-]{2,100})\s*$/i;
/** As Obsidian makes them, and as writers name a block in words. */
const OWN = /^(?:[\da-f]{6}|[a-z]{2,}\d*(?:-[a-z\d]+)+)$/i;
/** What has powers: a figure, a lone letter, a sign. */
const BASE = /(?:\d|(?<![a-z])[a-z]|[-+*/=<>()[\]{}|])$/i;

/** The text without the name at its end, which is for links alone: `x^2` and `10 ^abc` have none. */
export function cutBlockId(text: string): string {
  if (!text.includes('^')) return text;
  const found = BLOCK_ID.exec(text);
  if (found === null) return text;
  const before = text.slice(0, found.index);
  return OWN.test(found[1] ?? '') || !BASE.test(before) ? before : text;
}
