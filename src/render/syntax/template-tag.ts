// The tags of site generators, `{% name … %}` of Hexo and Jekyll and `{{< name … >}}` of Hugo, as text; knows no parser and no meaning.

export interface TemplateTag {
  readonly raw: string;
  readonly kind: 'liquid' | 'shortcode';
  /** Lower-case. */
  readonly name: string;
  /** `{% endname %}`, `{{< /name >}}`. */
  readonly isEnd: boolean;
  /** `{{< name />}}`: it holds nothing. */
  readonly isClosed: boolean;
  readonly args: readonly Argument[];
}

export interface Argument {
  /** Of `name="value"`; null for a value alone. */
  readonly name: string | null;
  readonly value: string;
  readonly isQuoted: boolean;
}

/** What stands in a post that may hold a tag; looking for it costs next to nothing. */
export const TEMPLATE_SIGN = /\{%|\{\{[<%]/;

/** No tag is longer. */
const MAX_TAG = 4_000;
/** No name is shown longer. */
const MAX_NAME = 50;
const LIQUID = /^\{%[-+]?\s*([a-z_][\w-]*)/i;
const SHORTCODE = /^\{\{([<%])-?\s*(\/?)\s*([a-z_][\w./-]*)/i;
const ARGUMENT =
  /(?:([\w-]+)\s?=\s?)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`)|([\w-]+)=((?:[^\s"'`,]|,(?![\w-]+=)(?=[^\s"'`,]))+)|(\S+)/g;

/** The tag at the start of the text. It may go over lines, but not over an empty one. */
export function readTemplateTag(source: string): TemplateTag | undefined {
  if (source[0] !== '{') return undefined;
  const liquid = LIQUID.exec(source);
  if (liquid !== null) return readLiquid(source, liquid[0], liquid[1] ?? '');
  const [head = '', mark = '', slash = '', name = ''] = SHORTCODE.exec(source) ?? [];
  if (head === '') return undefined;
  const found = readUpTo(source, head, mark === '<' ? '>}}' : '%}}');
  if (found === null) return undefined;
  return {
    raw: found.raw,
    kind: 'shortcode',
    name: name.replace(/\/$/, '').toLowerCase(),
    isEnd: slash !== '',
    isClosed: /\/\s*$/.test(name + found.inner),
    args: readArguments(found.inner.replace(/\/\s*$/, '')),
  };
}

function readLiquid(source: string, head: string, name: string): TemplateTag | undefined {
  const found = readUpTo(source, head, '%}');
  if (found === null) return undefined;
  const isEnd = /^end[a-z]/i.test(name);
  return {
    raw: found.raw,
    kind: 'liquid',
    name: (isEnd ? name.slice('end'.length) : name).toLowerCase(),
    isEnd,
    isClosed: false,
    args: readArguments(found.inner.replace(/[-+]$/, '')),
  };
}

function readUpTo(source: string, head: string, end: string): { readonly raw: string; readonly inner: string } | null {
  const near = source.slice(0, MAX_TAG);
  const at = near.indexOf(end, head.length);
  const inner = near.slice(head.length, at);
  return at < 0 || /\n[ \t]*\n|\{%/.test(inner) ? null : { raw: near.slice(0, at + end.length), inner };
}

function readArguments(text: string): readonly Argument[] {
  return [...text.matchAll(ARGUMENT)].map((match) => {
    const quoted = match[2] ?? match[3];
    const value = quoted?.replace(/\\(["'\\])/g, '$1') ?? match[4] ?? match[6] ?? match[7] ?? '';
    return { name: match[1] ?? match[5] ?? null, value, isQuoted: (quoted ?? match[4]) !== undefined };
  });
}

/** A shortcode whose inside is a comment, by which Hugo shows one; as a reader is to see it. */
export function readShownTag(source: string): { readonly raw: string; readonly text: string } | undefined {
  const [raw = '', open = '', inner = '', close = ''] =
    /^(\{\{[<%])\s*\/\*([^\n]{0,1000}?)\*\/\s*([>%]\}\})/.exec(source) ?? [];
  return raw === '' ? undefined : { raw, text: `${open}${inner}${close}` };
}

/**
 * What stands between a tag and its end tag, and all of it with both.
 *
 * @param holds of Markdown, tags in code end nothing and tags of the same name have ends of their own; in text the first
 *   end tag is the end
 */
export function readBody(
  source: string,
  tag: TemplateTag,
  holds: 'markdown' | 'text',
): { readonly body: string; readonly raw: string } | undefined {
  const text = source.slice(tag.raw.length);
  const end = findEnd(text, tag, holds);
  if (end === null) return undefined;
  const length = tag.raw.length + end.start;
  return { body: text.slice(0, end.start), raw: source.slice(0, length + end.length) };
}

/** A line that opens or closes a fence, in a list or a quote as well. */
const FENCE = '^[ \\t>]*(?:(?:[-*+]|\\d{1,9}[.)])[ \\t]+)?(`{3,}(?=[^`\\n]*$)|~{3,})([^\\n]*)$';
/** No code in a line is longer. */
const MAX_SPAN = 1_000;

/** What stands in these is text, whatever tags it shows. */
const TEXT_TAG =
  '\\{(?:%[-+]?|\\{[<%]-?)\\s*(raw|rawhtml|verbatim|comment|codeblock|code|highlight|mermaid)(?![\\w./-])(?![^{}\\n]*/\\s*[>%]\\}\\})';

function findEnd(
  text: string,
  { kind, name: written }: TemplateTag,
  holds: 'markdown' | 'text',
): { readonly start: number; readonly length: number } | null {
  const name = written.replace(/[^\w-]/g, '\\$&');
  const end = toEndPattern(kind, name);
  const start =
    kind === 'liquid'
      ? `\\{%[-+]?\\s*${name}(?![\\w-])`
      : `\\{\\{[<%]-?\\s*${name}(?![\\w./-])(?![^{}\\n]*/\\s*[>%]\\}\\})`;
  const pattern = holds === 'text' ? `()()()(${end})` : `\\\\.|${FENCE}|(\`+)|(${end})|${TEXT_TAG}|${start}`;
  const signs = new RegExp(pattern, 'gim');
  const endless = new Set<string>();
  let fence = '';
  let open = 1;
  for (let sign = signs.exec(text); sign !== null; sign = signs.exec(text)) {
    const [raw, marks, info = '', ticks, ending, textual] = sign;
    if (ending !== undefined && fence === '') open -= 1;
    if (open === 0) return { start: sign.index, length: raw.length };
    if (marks && fence === '') fence = marks;
    else if (marks?.startsWith(fence) === true && info.trim() === '') fence = '';
    else if (fence !== '' || ending !== undefined || raw.startsWith('\\')) continue;
    else if (ticks) signs.lastIndex += measureSpan(text.slice(signs.lastIndex, signs.lastIndex + MAX_SPAN), ticks);
    else if (textual === undefined) open += 1;
    else signs.lastIndex = findTextEnd(text, sign, endless) ?? signs.lastIndex;
  }
  return null;
}

function toEndPattern(kind: TemplateTag['kind'], name: string): string {
  return kind === 'liquid' ? `\\{%[-+]?\\s*end${name}\\s*[-+]?%\\}` : `\\{\\{[<%]\\s*/\\s*${name}\\s*[>%]\\}\\}`;
}

/** Behind the end of a tag that holds text; null when it has none, as `endless` then remembers. */
function findTextEnd(
  text: string,
  { 0: raw, 5: name = '', index }: RegExpExecArray,
  endless: Set<string>,
): number | null {
  const pattern = toEndPattern(raw.startsWith('{%') ? 'liquid' : 'shortcode', name.toLowerCase());
  if (endless.has(pattern)) return null;
  const end = new RegExp(pattern, 'gi');
  end.lastIndex = index + raw.length;
  if (end.exec(text) !== null) return end.lastIndex;
  endless.add(pattern);
  return null;
}

/** Characters up to the end of the code in a line that such backticks open; 0 when they open none. */
function measureSpan(behind: string, ticks: string): number {
  const [line = ''] = behind.split(/\n[ \t]*\n/, 1);
  const end = new RegExp(`(?<!\`)${ticks}(?!\`)`).exec(line);
  return end === null ? 0 : end.index + ticks.length;
}

/** A tag as a finding may show it: its name alone. */
export function showTag({ kind, name: written, raw }: TemplateTag): string {
  const name = written.slice(0, MAX_NAME);
  return kind === 'liquid' ? `{% ${name} %}` : `${raw.slice(0, 3)} ${name} ${raw.slice(-3)}`;
}

/** The tag that ends it. */
export function showEnd({ kind, name: written, raw }: TemplateTag): string {
  const name = written.slice(0, MAX_NAME);
  return kind === 'liquid' ? `{% end${name} %}` : `${raw.slice(0, 3)} /${name} ${raw.slice(-3)}`;
}

/** The start of a tag at the start of a text that holds no whole one there, and what it lacks. */
export function readHalfTag(source: string): { readonly raw: string; readonly end: string } | undefined {
  const raw = source[0] === '{' ? (LIQUID.exec(source) ?? SHORTCODE.exec(source))?.[0] : undefined;
  if (raw === undefined) return undefined;
  return { raw, end: raw.startsWith('{%') ? '%}' : raw.startsWith('{{<') ? '>}}' : '%}}' };
}

/** The text with what stands inside tags made letters, so that no `_` there counts. Same length. */
export function coverTemplateTags(source: string): string {
  let done = '';
  let at = 0;
  const signs = new RegExp(TEMPLATE_SIGN, 'g');
  for (let sign = signs.exec(source); sign !== null; sign = signs.exec(source)) {
    const tag = readTemplateTag(source.slice(sign.index, sign.index + MAX_TAG));
    if (tag === undefined) continue;
    done += source.slice(at, sign.index) + 'a'.repeat(tag.raw.length);
    at = sign.index + tag.raw.length;
    signs.lastIndex = at;
  }
  return done + source.slice(at);
}

/** HTML with the tags in it parted from what stands round them; what is no text of it, and code, is left as it is. */
export function splitTags(html: string): readonly (string | TemplateTag)[] {
  if (!TEMPLATE_SIGN.test(html) || /<(?:pre|code|script|style|textarea)\b/i.test(html)) return [html];
  const parts: (string | TemplateTag)[] = [];
  let at = 0;
  const signs = /<!--[\s\S]*?-->|<[^<>]{0,4000}>|\{(?:%|\{[<%])/g;
  for (let sign = signs.exec(html); sign !== null; sign = signs.exec(html)) {
    const tag = sign[0].startsWith('{') ? readTemplateTag(html.slice(sign.index, sign.index + MAX_TAG)) : undefined;
    if (tag === undefined) continue;
    parts.push(html.slice(at, sign.index), tag);
    at = sign.index + tag.raw.length;
    signs.lastIndex = at;
  }
  return [...parts, html.slice(at)].filter((part) => part !== '');
}
