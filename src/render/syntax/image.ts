// Images as authors write them beyond CommonMark, file names with spaces and sizes, in their patterns; knows no parser.

export interface LooseImage {
  readonly raw: string;
  readonly href: string;
  readonly title: string | null;
  readonly text: string;
  /** CSS width; '' when none is given. */
  readonly width: string;
}

/** The longest words of a picture, in characters. */
const MAX_LABEL = 1000;
const LABEL = String.raw`!\[([^\]\n]{0,${MAX_LABEL}})\]\(`;
const NAME = String.raw`([^\s()<>"][^\n()<>"]{0,1000}?)`;
const SIZE = String.raw`(?:[ \t]+=(\d{1,4})?x(?:\d{1,4})?)?`;
const TITLE = String.raw`(?:[ \t]+"([^"\n]{0,1000})")?`;
/** `{width=50%}` of Pandoc, `{: .shadow width="50%" }` of kramdown, `w=` of its theme Chirpy. */
const WIDTH = String.raw`(?:\{:?[ \t]*(?:[^{}\n]{0,100}[ \t])?w(?:idth)?=["']?(\d{1,4}(?:px|%)?)["']?(?:[ \t][^{}\n]{0,200})?\})?`;
const LOOSE = new RegExp(String.raw`^${LABEL}[ \t]*${NAME}${SIZE}${TITLE}[ \t]*\)${WIDTH}`);

/** A picture that is in the post itself: megabytes, in which nobody must look for the end of a link. */
const DATA = new RegExp(String.raw`^${LABEL}[ \t]*(data:image/[^\s()<>"]+)${TITLE}[ \t]*\)${WIDTH}`, 'i');

/**
 * `![alt](name with spaces.png "title")`, `![](a.png =300x200)` or `![](a.png){width=50%}` at the start of the text. An
 * image that has none of these is left to CommonMark.
 */
export function readImage(source: string): LooseImage | undefined {
  if (!source.startsWith('![') || !source.slice(2, MAX_LABEL + 4).includes('](')) return undefined;
  const [whole = '', label = '', data = '', words, size = ''] = DATA.exec(source) ?? [];
  if (whole !== '') return { raw: whole, href: data, title: words ?? null, text: label, width: toImageWidth(size) };
  const [raw = '', text = '', name = '', px = '', title, width = ''] = LOOSE.exec(source) ?? [];
  const href = name.trim();
  if (raw === '' || / '.*'$/.test(href) || !(/[ \t]/.test(href) || /=\d*x\d*/.test(raw) || width !== ''))
    return undefined;
  return { raw, href, title: title ?? null, text, width: toImageWidth(width || px) };
}

const SIZE_LABEL = /^[ \t]*(\d{1,4})(?:x\d{1,4})?[ \t]*$/;

/** Obsidian's size behind the last bar of a picture's words, `茶|150` or `|200x100`; the rest says what is seen. */
export function readLabel(label: string): { readonly alt: string; readonly width: string } {
  const bar = label.lastIndexOf('|');
  const size = bar < 0 ? undefined : SIZE_LABEL.exec(label.slice(bar + 1))?.[1];
  return size === undefined
    ? { alt: label, width: '' }
    : { alt: label.slice(0, bar).trim(), width: toImageWidth(size) };
}

/** Widest column of an article on a desktop, in px. */
const COLUMN = 677;

/** The CSS width that `300`, `300px` or `50%` asks for; '' when that is no width of an image in an article. */
export function toImageWidth(width: string): string {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(px|%)?\s*$/.exec(width) ?? [];
  const value = Math.round(Number(digits));
  if (unit === '%') return value > 0 && value <= 100 ? `${value}%` : '';
  return value > 0 && value < COLUMN ? `${value}px` : '';
}
