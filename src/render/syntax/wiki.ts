// Obsidian's `[[note|words]]` and `![[picture.png|300]]`: what each means, from its text alone; knows no parser and no file.
import { toImageWidth } from './image.ts';

interface Wiki {
  readonly raw: string;
}

export type WikiText =
  | (Wiki & { readonly is: 'picture'; readonly src: string; readonly alt: string; readonly width: string })
  | (Wiki & { readonly is: 'link'; readonly href: string; readonly words: string })
  /** A note, a recording or a canvas, to be shown in place. */
  | (Wiki & { readonly is: 'embed'; readonly target: string; readonly words: string });

const WIKI = /^(!?)\[\[([^[\]\n]{1,500})\]\](?![(\]])/;
const ALL = /!?\[\[[^[\]\n]{1,500}\]\]/g;
/** What asks for the headings, wherever it stands. */
const CONTENTS = /^_?TOC_?$/i;
const PICTURE = /\.(?:png|jpe?g|gif|svg|webp|bmp|avif|hei[cf]|tiff?|ico)$/i;
/** No name of a file on every system, as Obsidian wants it; but the words of a program. */
const UNNAMED = /["*<>]/;
/** What an index stands behind: `a[[0]]`, `f(x)[[i]]`. */
const INDEXED = /[\w)\]]/;
const SIZE = /^[ \t]*(\d{1,4})(?:x\d{1,4})?[ \t]*$/;

/**
 * What stands at the start of the text. `[[1]]`, `[[ -f x ]]` and `[[^1]]` name no note, and `[[1]](url)` is a link whose
 * words have brackets. In the cell of a table the bar is written `\|`.
 *
 * @param findBefore the character of text before it; '' when there is none. To look costs by all that text.
 */
export function readWiki(source: string, findBefore: () => string): WikiText | undefined {
  const [raw = '', bang = '', inner = ''] = WIKI.exec(source) ?? [];
  if (raw === '') return undefined;
  const [target = '', ...rest] = inner.split(/\\?\|/);
  const [path = '', ...headings] = target.split('#').map((part) => part.trim());
  if (bang !== '' && PICTURE.test(path)) return { raw, is: 'picture', src: path, ...readRest(rest) };
  if (!/\p{L}/u.test(target) || /^\s|\s$/.test(inner) || path.startsWith('^') || CONTENTS.test(inner)) return undefined;
  if (UNNAMED.test(target) || (bang === '' && INDEXED.test(findBefore()))) return undefined;
  const words = rest.join('|').trim() || toWords(path, headings);
  if (bang !== '') return { raw, is: 'embed', target: target.trim(), words };
  return { raw, is: 'link', href: [toHref(path), ...headings].join('#'), words };
}

/** The text with what stands between such brackets made letters, so that no `_` there counts. Same length. */
export function coverWiki(source: string): string {
  return source.replace(ALL, (raw) => 'a'.repeat(raw.length));
}

/** The last of the words behind the bars may be a size; the others say what is seen. */
function readRest(words: readonly string[]): { readonly alt: string; readonly width: string } {
  const width = SIZE.exec(words.at(-1) ?? '')?.[1];
  const alt = width === undefined ? words : words.slice(0, -1);
  return { alt: alt.join('|').trim(), width: width === undefined ? '' : toImageWidth(width) };
}

/** What stands behind `#` for machines: the mark of a block, the page of a PDF, the time in a recording. */
const MARK = /^(?:\^|[a-z]+=)/;

/** As Obsidian shows it, without the folders: `note > heading`. */
function toWords(path: string, headings: readonly string[]): string {
  const name = path.replace(/^.*\//, '').replace(/\.md$/i, '');
  return [name, ...headings.filter((heading) => !MARK.test(heading))].filter((part) => part !== '').join(' > ');
}

/** A name is no address: what would mean something in one is only a character here. */
function toHref(path: string): string {
  return path.replace(/[%?:]/g, encodeURIComponent);
}
