// Attributes that other Markdowns write behind a piece, `{#id}` of a heading and `{: .class key="value"}` of kramdown; knows no parser.

const NAME = String.raw`[.#][\w\u0080-\uffff:-]{1,100}`;
const ATTRIBUTE = String.raw`(?:${NAME}|[\w-]{1,50}=(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[^\s"'{}]{1,200}))`;
const MORE = String.raw`(?:[ \t]+${ATTRIBUTE}){0,20}[ \t]*\}`;
const LIST = new RegExp(String.raw`^\{:[ \t]*(?:toc[ \t]*\}|${ATTRIBUTE}${MORE})`);
const BEHIND_HEADING = new RegExp(String.raw`^\{:?[ \t]*${NAME}${MORE}[ \t]*$`);

/** What stands in a post that may hold such a list. */
export const ATTRIBUTES_SIGN = '{:';

/** The list at the start of the text. */
export function readAttributes(source: string): string | undefined {
  return source.startsWith(ATTRIBUTES_SIGN) ? LIST.exec(source)?.[0] : undefined;
}

/** The last words of a heading without its attributes. */
export function cutAttributes(text: string): string {
  const at = text.lastIndexOf('{');
  return at >= 0 && BEHIND_HEADING.test(text.slice(at)) ? text.slice(0, at).trimEnd() : text;
}
