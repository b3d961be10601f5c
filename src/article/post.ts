// Turns a file's bytes into a Post: what its author said about it, with places; knows nothing of WeChat's lengths.
import { byPlace, type Finding, finding, type Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import {
  ALIASES,
  COVER,
  type CoverSource,
  type Field,
  NAME,
  type Origin,
  oneOf,
  readField,
  type Shape,
  SWITCH,
  TEXT,
} from './aliases.ts';
import { splitFence } from './fence.ts';
import { FLAG } from './flag.ts';
import { type FrontMatter, parseFrontMatter, toData } from './front-matter.ts';
import { findHeading } from './heading.ts';
import { readPath } from './path-words.ts';
import { placeAt } from './place.ts';
import { toPlainLine } from './plain-line.ts';
import { decodeUtf8 } from './utf8.ts';
import { kindOf } from './yaml.ts';

export interface Post {
  /** As given, `/` between its parts. */
  readonly path: string;
  /** The whole file, without a byte order mark. */
  readonly text: string;
  /** Front matter as plain data in objects without a prototype; empty without front matter. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly hasFrontMatter: boolean;
  readonly body: string;
  /** Line of the body's first line in the file, from 1. */
  readonly firstLine: number;
  /** `wechat_synced`. What is neither true nor false is an error finding and counts as absent. */
  readonly flag: 'true' | 'false' | 'absent';
  /** `draft: true`, `published: false` or `wechat: false`: not to be published from a folder. */
  readonly draftMark: DraftMark | null;
  /** Never empty. */
  readonly title: string;
  readonly titleFrom: 'front-matter' | 'h1' | 'file';
  readonly titlePlace: Place;
  readonly digest: Field<string> | null;
  readonly cover: (CoverSource & Origin) | null;
  readonly author: Field<string> | null;
  readonly sourceUrl: Field<string> | null;
  /** Null when nothing is said. */
  readonly comments: Comments | null;
  readonly theme: Field<string> | null;
  readonly account: string | null;
  readonly kind: 'news' | 'newspic';
  /** Where the kind is said; the top when it is not. */
  readonly kindPlace: Place;
  readonly locale: string | null;
  /** May hold `/` between its parts, when the front matter says so; never empty, `.` or `..` parts. */
  readonly slug: string;
  /** As written, from the front matter, else from the file name. */
  readonly date: string | null;
}

export interface DraftMark extends Place {
  readonly key: 'draft' | 'published' | 'wechat';
  readonly value: 'true' | 'false';
}

export interface Comments {
  readonly open: boolean;
  readonly fansOnly: boolean;
}

export interface PostSource {
  readonly bytes: Uint8Array;
  /** `/` between its parts. */
  readonly path: string;
}

export interface ParsedPost {
  /** Null when the file cannot be read as a post at all. Other errors are findings beside a Post. */
  readonly post: Post | null;
  readonly findings: readonly Finding[];
}

const TOP: Place = { line: 1, column: 1 };
const COMMENTS: Shape<Comments> = {
  expected: 'open | fans | off',
  read: ({ value }) => COMMENT_WORDS.get(value),
};
const COMMENT_WORDS: ReadonlyMap<unknown, Comments> = new Map<unknown, Comments>([
  ['open', { open: true, fansOnly: false }],
  [true, { open: true, fansOnly: false }],
  ['fans', { open: true, fansOnly: true }],
  ['off', { open: false, fansOnly: false }],
  [false, { open: false, fansOnly: false }],
]);
const KIND = oneOf(['news', 'newspic', 'image']);

/** A boolean; words and figures that are none are a wrong type, but a date is what some sites write there. */
const MARK: Shape<boolean> = {
  expected: 'boolean',
  read: ({ value, source }) => {
    if (typeof value === 'boolean') return value;
    return source !== null && /^[01]$|^\D*\S\D*$/.test(source) ? undefined : null;
  },
};
const WECHAT: Shape<boolean> = {
  expected: 'map',
  read: ({ value }) => (typeof value === 'boolean' ? value : kindOf(value) === 'map' ? null : undefined),
};
const DRAFT_MARKS = [
  { key: 'draft', sign: true, shape: MARK },
  { key: 'published', sign: false, shape: MARK },
  { key: 'wechat', sign: false, shape: WECHAT },
] as const;

/** Parses a post. Never throws for what is in the bytes: each fault is a finding with its place. */
export async function parsePost({ bytes, path }: PostSource): Promise<ParsedPost> {
  const max = LIMITS.postFile.value;
  if (bytes.length > max) return refuse(finding('file-too-big', TOP, { bytes: bytes.length, max }));
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return refuse(finding('not-utf8', decoded.place, { offset: decoded.offset }));
  const { text } = decoded;
  // Ends of lines as they were thirty years ago: nothing here or in Markdown would find a line.
  if (text.includes('\r') && !text.includes('\n')) return refuse(finding('line-ends', TOP));
  const parts = splitFence(text);
  if (parts.kind === 'refused') return refuse(parts.finding);
  const parsed = parseFrontMatter(text, parts);
  if (!parsed.ok) return refuse(parsed.finding);
  const { frontMatter } = parsed;

  const flag = readFlag(frontMatter);
  const findings: Finding[] = [...flag.findings, ...findMisspelt(frontMatter)];
  function take<T>(names: readonly string[], shape: Shape<T>): Field<T> | null {
    const reading = readField(frontMatter, names, shape);
    findings.push(...reading.findings);
    return reading.field;
  }
  const marks = DRAFT_MARKS.flatMap(({ key, sign, shape }): DraftMark[] => {
    const found = take([key], shape);
    return found?.value === sign ? [{ key, value: `${sign}`, line: found.line, column: found.column }] : [];
  });
  const cover = take(ALIASES.cover, COVER);
  const open = take(ALIASES.openComment, SWITCH)?.value;
  const fans = take(ALIASES.fansComment, SWITCH)?.value;
  const words = readPath(path);
  const body = text.slice(parts.bodyStart);
  const firstLine = placeAt(text, parts.bodyStart).line;
  const hasFrontMatter = parts.kind === 'yaml';

  const post: Post = {
    path,
    text,
    data: hasFrontMatter ? await toData(frontMatter) : Object.create(null),
    hasFrontMatter,
    body,
    firstLine,
    flag: flag.value,
    draftMark: marks[0] ?? null,
    ...toTitle(take(ALIASES.title, TEXT), { body, firstLine, name: words.name }),
    digest: take(ALIASES.digest, TEXT),
    cover: cover && { ...cover.value, key: cover.key, own: cover.own, line: cover.line, column: cover.column },
    author: take(ALIASES.author, NAME),
    sourceUrl: take(ALIASES.sourceUrl, TEXT),
    comments: take(ALIASES.comments, COMMENTS)?.value ?? toComments(open, fans),
    theme: take(ALIASES.theme, TEXT),
    account: take(ALIASES.account, TEXT)?.value ?? null,
    ...toKind(take(ALIASES.kind, KIND), frontMatter),
    locale: take(ALIASES.locale, TEXT)?.value ?? words.locale,
    slug: toSlug(take(ALIASES.slug, TEXT)?.value ?? '') || toSlug(words.name) || 'post',
    date: take(ALIASES.date, TEXT)?.value ?? words.date,
  };
  return { post, findings: findings.sort(byPlace) };
}

function refuse(why: Finding): ParsedPost {
  return { post: null, findings: [why] };
}

interface FlagReading {
  readonly value: Post['flag'];
  readonly findings: readonly Finding[];
}

/** Only the booleans count: `yes`, `1` or `"true"` may mean anything, so nothing is done until that is clear. */
function readFlag({ root, block, placeOf }: FrontMatter): FlagReading {
  const node = root.keys.get(FLAG)?.node;
  if (node === undefined) return { value: 'absent', findings: [] };
  if (typeof node.value === 'boolean') return { value: node.value ? 'true' : 'false', findings: [] };
  const written = toPlainLine(block.slice(node.start, node.end)).slice(0, 40) || 'null';
  return { value: 'absent', findings: [finding('flag-not-boolean', placeOf(node.start), { value: written })] };
}

/** Keys under `wechat:` that mean something; the flag's near misses would otherwise be taken for no flag at all. */
const OWN_KEYS = new Set(
  Object.values(ALIASES).flatMap((names) =>
    names.flatMap((name) => (name.startsWith('wechat.') ? [name.slice(7)] : [])),
  ),
);

function findMisspelt({ root, placeOf }: FrontMatter): readonly Finding[] {
  const top = [...root.keys].filter(([key]) => key !== FLAG && /^wechat[-_ ]?sync\w*$/i.test(key));
  const own = [...(root.keys.get('wechat')?.node.keys ?? [])].filter(([key]) => !OWN_KEYS.has(key));
  return [
    ...top.map(([key, { start }]) => finding('flag-misspelt', placeOf(start), { key })),
    ...own.map(([key, { start }]) => {
      return finding('wechat-key-unknown', placeOf(start), { key, known: [...OWN_KEYS].join(' ') });
    }),
  ];
}

type Title = Pick<Post, 'title' | 'titleFrom' | 'titlePlace'>;

function toTitle(field: Field<string> | null, post: { body: string; firstLine: number; name: string }): Title {
  if (field !== null) {
    return { title: field.value, titleFrom: 'front-matter', titlePlace: { line: field.line, column: field.column } };
  }
  const heading = findHeading(post.body);
  if (heading !== null) {
    return { title: heading.text, titleFrom: 'h1', titlePlace: { line: post.firstLine + heading.line, column: 1 } };
  }
  return { title: toPlainLine(post.name) || 'post', titleFrom: 'file', titlePlace: TOP };
}

/** WeChat's two switches: comments for followers only are comments, unless they are switched off. */
function toComments(open: boolean | undefined, fans: boolean | undefined): Comments | null {
  if (open === undefined && fans === undefined) return null;
  const isOpen = open ?? fans ?? false;
  return { open: isOpen, fansOnly: isOpen && fans === true };
}

/** `type` outside of `wechat:` belongs to the site, but `image` is what other tools write for a picture post. */
function toKind(own: Field<string> | null, { root, placeOf }: FrontMatter): Pick<Post, 'kind' | 'kindPlace'> {
  const node = root.keys.get('type')?.node;
  const type = own?.value ?? node?.value;
  const { line, column } = own ?? (node === undefined ? TOP : placeOf(node.start));
  return { kind: type === 'newspic' || type === 'image' ? 'newspic' : 'news', kindPlace: { line, column } };
}

function toSlug(text: string): string {
  const parts = toPlainLine(text).split(/[/\\]/);
  return parts.filter((part) => part !== '' && part !== '.' && part !== '..').join('/');
}
