// Images that CommonMark does not read: file names with spaces, as authors and file managers write them; knows no parser.

export interface LooseImage {
  readonly raw: string;
  readonly href: string;
  readonly title: string | null;
  readonly text: string;
}

const LOOSE = /^!\[([^\]\n]{0,1000})\]\([ \t]*([^\s()<>"][^\n()<>"]{0,1000}?)(?:[ \t]+"([^"\n]{0,1000})")?[ \t]*\)/;

/** `![alt](name with spaces.png "title")` at the start of the text. Names without spaces are left to CommonMark. */
export function readImage(source: string): LooseImage | undefined {
  if (!source.startsWith('![')) return undefined;
  const match = LOOSE.exec(source);
  const href = match?.[2]?.trim();
  if (match === null || href === undefined || !/[ \t]/.test(href) || / '.*'$/.test(href)) return undefined;
  return { raw: match[0], href, title: match[3] ?? null, text: match[1] ?? '' };
}
