// What the tags of Hexo, Jekyll and Hugo stand for, as far as a reader sees it: pictures, links, code, quotes, panels; knows no parser.
import { toImageWidth } from './image.ts';
import { isPanel } from './panel.ts';
import type { TabSet } from './tabs.ts';
import { readTemplateAddress } from './template-address.ts';
import { type Argument, readTemplateTag, type TemplateTag } from './template-tag.ts';

/** A tag without anything between it and its end. */
export interface Tag {
  readonly tag: TemplateTag;
  /** Whether readers lose something with it. */
  readonly isMissed: boolean;
  readonly picture: TagPicture | null;
  readonly link: TagLink | null;
  readonly words: TagWords | null;
}

/** Words of a sentence that the tag only dresses. */
export interface TagWords {
  /** HTML's tag for the same; null for none. */
  readonly as: string | null;
  readonly text: string;
}

export interface TagPicture {
  readonly src: string;
  readonly alt: string;
  /** As behind an address of Markdown. */
  readonly title: string;
  /** Markdown of the line under the picture; '' when there is none. */
  readonly caption: string;
  readonly width: string;
  /** Where a click leads on the site; '' when nowhere. */
  readonly link: string;
}

export type TagBody =
  | { readonly is: 'raw' | 'comment' }
  | { readonly is: 'code'; readonly info: string }
  /** `by`: who said it, Markdown; '' when nobody is named. */
  | { readonly is: 'quote'; readonly by: string }
  | { readonly is: 'panel'; readonly name: string; readonly title: string }
  /** `title` is Markdown. */
  | { readonly is: 'tab' | 'fold'; readonly title: string }
  | { readonly is: 'tabs'; readonly title: string; readonly set: TabSet };

export interface TagLink {
  readonly href: string;
  readonly words: string;
  readonly byName: boolean;
}

const FILE = /\.(?:png|jpe?g|gif|svg|webp|bmp|avif|hei[cf]|tiff?)(?:[?#].*)?$/i;
const SOURCES = ['src', 'url', 'image', 'image_path', 'path', 'file', 'img'] as const;

/** Parts of other tags, and what only arranges a page. */
const UNMISSED = /^(?:else|elsif|elseif|elif|more|toc)$/;

/** What a tag stands for that holds nothing. */
export function readTag(tag: TemplateTag): Tag {
  const picture = tag.isEnd ? null : readTagPicture(tag);
  const link = tag.isEnd ? null : readTagLink(tag);
  const words = readTagWords(tag);
  const isMissed = !tag.isEnd && picture === null && link === null && words === null && !UNMISSED.test(tag.name);
  return { tag, isMissed, picture, link, words };
}

/** Whether nobody writes a tag of that name without an end. */
export function needsEnd(tag: TemplateTag): boolean {
  return (
    !tag.isEnd && !tag.isClosed && !/^(?:alert|code|quote|spoiler|toggle)$/.test(tag.name) && readTagBody(tag) !== null
  );
}

/** The picture that a tag shows; null when it shows none. */
function readTagPicture(tag: TemplateTag): TagPicture | null {
  const { kind, name, args } = tag;
  if (kind === 'shortcode') return /^(?:figure|fig|image|img|picture)$/.test(name) ? readNamedPicture(args) : null;
  if (/^(?:asset_img|img|image|asset_image)$/.test(name)) return readPlacedPicture(args, name);
  const isFigure = /^include/.test(name) && /fig|im(?:age|g)|pic|photo/i.test(args[0]?.value ?? '');
  return isFigure ? readNamedPicture(args.slice(1)) : null;
}

/** Hugo's `figure`, and what sites of Jekyll include for it: arguments by name. */
function readNamedPicture(args: readonly Argument[]): TagPicture | null {
  const values = new Map(args.flatMap(({ name, value }) => (name === null ? [] : [[name.toLowerCase(), value]])));
  const get = (...names: readonly string[]): string => names.map((name) => values.get(name) ?? '').find(Boolean) ?? '';
  const written = get(...SOURCES) || (args.find(({ name }) => name === null)?.value ?? '');
  const src = toSource(written);
  if (src === '') return null;
  const attr = get('attr', 'author', 'credit');
  const source = get('attrlink');
  const by = attr !== '' && source !== '' ? `[${attr}](<${source}>)` : attr;
  const lines = [get('title'), [get('caption', 'description'), by].filter(Boolean).join(' ')].filter(Boolean);
  const width = toImageWidth(get('width'));
  return { src, alt: get('alt'), title: '', caption: lines.join('  \n'), width, link: get('link', 'href') };
}

/** Hexo's: classes, the picture, width, height, then words: a title, and what is seen. */
function readPlacedPicture(written: readonly Argument[], name: string): TagPicture | null {
  const args = name === 'image' ? written.map(toImageArgument).filter(({ value }) => value !== '') : written;
  const values = args.filter(({ name: key }) => key === null);
  const named = new Map(args.flatMap((arg) => (arg.name === null ? [] : [[arg.name, arg.value]])));
  const at = values.findIndex(({ value }) => FILE.test(value) || (name !== 'asset_img' && /\//.test(value)));
  const found = values[Math.max(0, at)];
  const src = toSource(found?.value.replace(/,$/, '') ?? '');
  if (src === '') return null;
  const rest = values.slice(Math.max(0, at) + 1);
  const words = rest.findIndex((arg, index) => index > 1 || arg.isQuoted || !/^(?:\d+(?:px|%)?|auto)$/.test(arg.value));
  const sizes = words < 0 ? rest : rest.slice(0, words);
  const [title = '', alt = ''] = readTitles(words < 0 ? [] : rest.slice(words));
  const width = toImageWidth(named.get('width') ?? sizes[0]?.value ?? '');
  return { src, alt: named.get('alt') ?? alt, title: named.get('title') ?? title, caption: '', width, link: '' };
}

/** One of `image a.png, width=400px, alt=文字` or `image a.png 文字 width:400px bg:white`. */
function toImageArgument(arg: Argument): Argument {
  const value = arg.value.replace(/^,|,$/g, '');
  const [, name, own = ''] = IMAGE_OPTION.exec(value) ?? [];
  return name === undefined || arg.name !== null || arg.isQuoted ? { ...arg, value } : { ...arg, name, value: own };
}

const IMAGE_OPTION = /^(alt|bg|download|fancybox|height|padding|ratio|width)[:=](\S+)$/;

/** Title and alt text: `"a" "b"`, `'"a" "b"'`, or words without quotes that are a title together. */
function readTitles(args: readonly Argument[]): readonly string[] {
  const [only] = args;
  if (args.length === 1 && only !== undefined && /^\s*["']/.test(only.value))
    return (readTemplateTag(`{% x ${only.value} %}`)?.args ?? []).map(({ value }) => value);
  const bare = args.findIndex(({ isQuoted }) => isQuoted);
  const words = (bare < 0 ? args : args.slice(0, bare)).map(({ value }) => value).join(' ');
  const quoted = bare < 0 ? [] : args.slice(bare).map(({ value }) => value);
  return words === '' ? quoted : [words, ...quoted];
}

function toSource(written: string): string {
  return readTemplateAddress(written)?.href ?? '';
}

/** Hexo's links to posts and elsewhere; null for every other tag. */
function readTagLink({ kind, name, args }: TemplateTag): TagLink | null {
  const values = args.map(({ value }) => value);
  const [first = '', ...rest] = values;
  if (kind !== 'liquid' || first === '') return null;
  if (name === 'post_link' || name === 'asset_link') {
    const words = rest.filter((value) => !/^(?:true|false)$/.test(value)).join(' ');
    return { href: first, words: words || (first.split('/').at(-1) ?? first), byName: name === 'post_link' };
  }
  if (!/^(?:btn|button|link)$/.test(name)) return null;
  const all = values.join(' ').replace(/\s+/g, ' ');
  const startsWithAddress = /^(?:https?:\/\/|\/)/.test(all);
  const [, label = '', to = ''] = startsWithAddress ? [] : (WORDS_FIRST.exec(all) ?? []);
  if (to !== '') return { href: to, words: label, byName: false };
  const isAddressFirst = startsWithAddress || name !== 'link';
  const [, href = '', words = ''] = isAddressFirst ? (ADDRESS_FIRST.exec(all) ?? []) : [];
  if (words.trim() !== '') return { href, words: words.trim(), byName: false };
  const at = values.findIndex((value, index) => index > 0 && /^(?:https?:\/\/|\/)/.test(value));
  if (name !== 'link' || at < 0) return null;
  return { href: (values[at] ?? '').replace(/,$/, ''), words: values.slice(0, at).join(' '), byName: false };
}

/** `link 文字, https://…, icon`, where no address stands before the comma; and `btn /a/, 文字, icon`. */
const WORDS_FIRST = /^((?:(?! (?:https?:\/\/|\/)).)+?) ?[,，] ?((?:https?:\/\/|\/)[^\s,，]+)/;
const ADDRESS_FIRST = /^([^\s,，]+) ?[,，] ?([^,]*)/;

/** Tags of Hexo's themes, and what HTML calls the same. */
const DRESSES: Readonly<Record<string, string | null>> = {
  ...{ u: 'u', del: 'del', kbd: 'kbd', emp: 'em', mark: 'mark', label: null, span: null, p: null, wavy: null },
  ...{ psw: null, blur: null, hideinline: null, checkbox: null, radio: null },
};

/** `u 文字`, `label primary @文字`, `span color:red, 文字`, `checkbox checked, 文字`; null for every other tag. */
export function readTagWords({ kind, name, isEnd, args }: TemplateTag): TagWords | null {
  const as = Object.hasOwn(DRESSES, name) ? DRESSES[name] : undefined;
  if (as === undefined || kind !== 'liquid' || isEnd || args.some((arg) => arg.name !== null)) return null;
  const values = args.map(({ value }) => value);
  const all = values.join(' ');
  const plain = values.filter((value) => !OPTION.test(value)).join(' ');
  const [head = '', ...rest] = all.split(',');
  const behind = rest.join(',').trim();
  if (name === 'label') return toWords(as, /@(.*)$/s.exec(all)?.[1] ?? plain.replace(/(?<=\S)\s+[a-z]+$/, ''));
  if (name === 'hideinline') return toWords(as, head);
  if (name === 'span' || name === 'p') return toWords(as, behind || plain);
  if (name !== 'checkbox' && name !== 'radio') return toWords(as, plain);
  const words = toWords(as, behind || plain.replace(/^checked\s+/, ''));
  return words && { as, text: `${/(?:^|\s)checked(?:[:\s]|$)/.test(head) ? '☑' : '☐'} ${words.text}` };
}

function toWords(as: string | null, text: string): TagWords | null {
  return text.trim() === '' ? null : { as, text: text.trim() };
}

const CODE = /^(?:codeblock|code|highlight)$/;
const QUOTE = /^(?:blockquote|quote|pullquote|centerquote|cq)$/;
const TABS = /^(?:(?:sub)*tabs|tabpane|tabgroup|tab-?set|codetabs|code-tabs|code-group|tabbed)$/;
const TAB = /^(?:(?:sub)*tab|tab-?item|timenode|folder)$/;
/** Hexo's way to say how something looks. */
const OPTION = /^[a-z]+:\S*$/;
const FOLD =
  /^(?:folding|fold|hidetoggle|hideblock|details?|collapse|collapsible|expand|accordion-?item|accordion|spoiler|toggle)$/;
const TITLE = /^(?:title|label|name|header|heading|summary|text|caption)$/i;
const PANEL = /^(?:note|notice|admonition|callout|alert|hint|tip|info|warning|danger|caution|important)$/;
/** The kinds that site themes name and no other tool does. */
const KINDS: Readonly<Record<string, string>> = { default: 'note', primary: 'note', secondary: 'note' };

/** Words that only say how a panel looks, or whether it is open. */
const LOOKS =
  /^(?:no-icon|true|false|open|simple|modern|flat|disabled|blue|pink|red|purple|orange|green|cyan|yellow|gr[ae]y|fa[bsrl]?[ -].*|icon-.*)$/;

/** What a tag with an end makes of what stands between; null for one that only adds to it. */
export function readTagBody(tag: TemplateTag): TagBody | null {
  const { name, args } = tag;
  if (/^(?:raw|rawhtml|verbatim)$/.test(name)) return { is: 'raw' };
  if (name === 'comment') return { is: 'comment' };
  const values = args.filter((arg) => arg.name === null).map(({ value }) => value);
  if (name === 'mermaid') return { is: 'code', info: name };
  if (CODE.test(name)) return { is: 'code', info: name === 'highlight' ? values.join(' ') : toInfo(values) };
  if (QUOTE.test(name)) return { is: 'quote', by: toAuthor(name, values) };
  if (TABS.test(name)) return { is: 'tabs', title: '', set: toTabSet(args) };
  if (name === 'timeline' || name === 'folders')
    return { is: 'tabs', title: toDated(tag), set: { name: '', tabs: [] } };
  if (TAB.test(name)) return { is: 'tab', title: toTitle(tag) };
  if (FOLD.test(name)) return { is: 'fold', title: toFoldTitle(tag) };
  return PANEL.test(name) ? toPanelBody(name, args) : null;
}

/** Hexo's `codeblock`: a title, options such as `lang:js`, the address of the source, and its name. */
function toInfo(values: readonly string[]): string {
  const language = values.find((value) => value.startsWith('lang:'))?.slice('lang:'.length) ?? '';
  const end = values.findIndex((value) => /^https?:\/\//.test(value));
  const title = (end < 0 ? values : values.slice(0, end)).filter((value) => !/^[a-z_]+:\S/.test(value)).join(' ');
  const named = title === '' ? [] : [`title="${title.replaceAll('"', "'")}"`];
  const options = values.filter((value) => /^(?!lang:)[a-z_]+:\S/.test(value));
  return [language || 'text', ...named, ...options].join(' ');
}

/** `David Levithan, Wide Awake https://…`; the address is a note like any other. */
function toAuthor(name: string, values: readonly string[]): string {
  if (name !== 'blockquote' && name !== 'quote') return '';
  const at = values.findIndex((value) => /^https?:\/\//.test(value));
  const words = (at < 0 ? values : values.slice(0, at)).join(' ');
  const source = at < 0 ? '' : values.slice(at + 1).join(' ');
  if (at < 0 || words + source === '') return words;
  return source === '' ? `[${words}](<${values[at]}>)` : `${words} [${source}](<${values[at]}>)`;
}

/** What a tag's argument of one of the usual names says, else its first one without a name. */
function toTitle({ kind, args }: TemplateTag): string {
  const named = args.find(({ name, value }) => TITLE.test(name ?? '') && value !== '');
  if (named !== undefined) return named.value;
  const values = args.flatMap(({ name, value }) => (name === null ? [value] : []));
  return kind === 'liquid' ? values.filter((value) => !OPTION.test(value)).join(' ') : (values[0] ?? '');
}

/** `timeline 标题,pink`. */
function toDated(tag: TemplateTag): string {
  return toTitle(tag).replace(/,\s*[a-z]+$/, '');
}

/** Hexo's `tabs 名, 1`, and Hugo's `tabs items="甲,乙"`. */
function toTabSet(args: readonly Argument[]): TabSet {
  const items = args.find(({ name }) => name === 'items' || name === 'labels')?.value ?? '';
  const tabs = items === '' ? [] : items.split(',').map((each) => ({ label: each.trim(), value: '' }));
  const words = args.flatMap(({ name, value, isQuoted }) => (name === null && !isQuoted ? [value] : []));
  const [name = ''] = words
    .filter((each) => !OPTION.test(each))
    .join(' ')
    .split(',');
  return { name: name.trim(), tabs };
}

/** Hexo's `folding cyan open, 标题`, `fold info @标题`, `hidetoggle 标题,bg,color`; else as of other tags. */
function toFoldTitle(tag: TemplateTag): string {
  const { kind, name, args } = tag;
  if (kind === 'shortcode' || args.some((arg) => TITLE.test(arg.name ?? ''))) return toTitle(tag);
  const words = args
    .map(({ value }) => value)
    .filter((value) => !OPTION.test(value))
    .join(' ');
  if (name.startsWith('hide')) return words.split(',')[0]?.trim() ?? '';
  const [, behind = ''] = /^[^@]*@(.*)$/s.exec(words) ?? [];
  if (behind !== '') return behind.trim();
  const [first = '', ...rest] = words.split(',');
  const isLook =
    rest.length > 0 &&
    first
      .trim()
      .split(/\s+/)
      .every((word) => LOOKS.test(word));
  return (isLook ? rest.join(',') : words.replace(/^(?:(?:open|true|false|info)\s+)+/, '')).trim();
}

/** `note info 标题`, `admonition type=tip title="标题"`. */
function toPanelBody(name: string, args: readonly Argument[]): TagBody {
  const named = new Map(args.flatMap((arg) => (arg.name === null ? [] : [[arg.name, arg.value]])));
  const values = args.flatMap((arg) => (arg.name === null && !LOOKS.test(arg.value) ? [arg.value] : []));
  const [first = '', ...rest] = values;
  const wished = named.get('type') ?? named.get('context') ?? named.get('color');
  const isTold = wished === undefined && (Object.hasOwn(KINDS, first) || isPanel(first));
  const kind = wished ?? (isTold ? first : name);
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : kind;
  const title = named.get('title') ?? (isTold ? rest : values).join(' ');
  return { is: 'panel', name: known !== undefined && isPanel(known) ? known : 'note', title };
}
