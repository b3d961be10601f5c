// The tags of site generators, `{% name … %}` of Hexo and Jekyll and `{{< name … >}}` of Hugo, as text; knows no parser and no meaning.

export interface TemplateTag {
  readonly raw: string;
  readonly kind: 'liquid' | 'shortcode';
  /** Lower-case. */
  readonly name: string;
  /** `{% endname %}`, `{{< /name >}}`. */
  readonly isEnd: boolean;
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
const LIQUID = /^\{%[-+]?\s*([a-z_][\w-]*)/i;
const SHORTCODE = /^\{\{([<%])-?\s*(\/?)\s*([a-z_][\w./-]*)/i;
const ARGUMENT =
  /(?:([\w-]+)\s?=\s?)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`)|([\w-]+)=([^\s"'`,]+)|(\S+)/g;

/** The tag at the start of the text. It may go over lines, but not over an empty one. */
export function readTemplateTag(source: string): TemplateTag | undefined {
  if (source[0] !== '{') return undefined;
  const liquid = LIQUID.exec(source);
  if (liquid !== null) return readLiquid(source, liquid[0], liquid[1] ?? '');
  const [head = '', mark = '', slash = '', name = ''] = SHORTCODE.exec(source) ?? [];
  if (head === '') return undefined;
  const found = readUpTo(source, head, mark === '<' ? '>}}' : '%}}');
  if (found === null) return undefined;
  const isClosed = name.endsWith('/');
  return {
    raw: found.raw,
    kind: 'shortcode',
    name: (isClosed ? name.slice(0, -1) : name).toLowerCase(),
    isEnd: slash !== '',
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

/** What stands between a tag and its end tag, and behind that. */
export function readBody(
  source: string,
  tag: TemplateTag,
): { readonly body: string; readonly raw: string } | undefined {
  const name = tag.name.replace(/[^\w-]/g, '\\$&');
  const end =
    tag.kind === 'liquid' ? `\\{%[-+]?\\s*end${name}\\s*[-+]?%\\}` : `\\{\\{[<%]\\s*/\\s*${name}\\s*[>%]\\}\\}`;
  const found = new RegExp(end, 'i').exec(source.slice(tag.raw.length));
  if (found === null) return undefined;
  const length = tag.raw.length + found.index;
  return { body: source.slice(tag.raw.length, length), raw: source.slice(0, length + found[0].length) };
}

/** A tag as a finding may show it: its name alone. */
export function showTag({ kind, name, raw }: TemplateTag): string {
  return kind === 'liquid' ? `{% ${name} %}` : `${raw.slice(0, 3)} ${name} ${raw.slice(-3)}`;
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
