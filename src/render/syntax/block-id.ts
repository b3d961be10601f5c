// Obsidian's names of blocks, ` ^a1b2c3` at the end of a paragraph or an item; knows no parser.

const BLOCK_ID = /(?:^|(?<!\s)\s+)\^(?=-*[a-z\d])[a-z\d-]{1,100}\s*$/i;

/** The text without the name at its end, which is for links alone: `x^2` has none. */
export function cutBlockId(text: string): string {
  return text.includes('^') ? text.replace(BLOCK_ID, '') : text;
}
