// The names a value may have in front matter, and the first of them that is there; knows nothing of lengths or defaults.
import { type Finding, finding, type Place } from '../facts/findings.ts';
import type { FrontMatter } from './front-matter.ts';
import { toPlainLine } from './plain-line.ts';
import { kindOf, type YamlNode } from './yaml.ts';

/** Where a value comes from: the key as documented (`wechat.digest`, `images[0]`) and the value's place. */
export interface Origin extends Place {
  readonly key: string;
  /** From the `wechat:` map, so meant for WeChat and nothing else. */
  readonly own: boolean;
}

export type Field<T> = { readonly value: T } & Origin;

/** The documented names, strongest first. */
export const ALIASES = {
  title: ['wechat.title', 'title'],
  digest: ['wechat.digest', 'digest', 'description', 'summary', 'excerpt'],
  cover: [
    'wechat.cover',
    'cover',
    'image',
    'cover_image',
    'coverImage',
    'heroImage',
    'featured_image',
    'featuredImage',
    'thumbnail',
    'banner',
    'ogImage',
    'images[0]',
  ],
  author: ['wechat.author', 'author', 'authors[0]'],
  sourceUrl: ['wechat.source_url', 'source_url', 'canonical_url', 'canonical'],
  comments: ['wechat.comments'],
  openComment: ['wechat.need_open_comment', 'need_open_comment'],
  fansComment: ['wechat.only_fans_can_comment', 'only_fans_can_comment'],
  theme: ['wechat.theme'],
  account: ['wechat.account'],
  kind: ['wechat.type'],
  locale: ['locale', 'lang', 'language'],
  slug: ['slug'],
  date: ['date'],
} as const satisfies Record<string, readonly string[]>;

/** What a value must be; `expected` is the name of a kind, or words to choose from. `read` gives null for a blank, which counts as not there, and undefined for a wrong type. */
export interface Shape<T> {
  readonly expected: string;
  readonly read: (node: YamlNode) => T | null | undefined;
}

export interface Reading<T> {
  readonly field: Field<T> | null;
  readonly findings: readonly Finding[];
}

/** The first of the names that has a usable value. A value of the wrong type is a finding, and the next name is tried. */
export function readField<T>({ root, placeOf }: FrontMatter, names: readonly string[], shape: Shape<T>): Reading<T> {
  const findings: Finding[] = [];
  for (const name of names) {
    const node = findNode(root, name);
    if (node === null || node.value === null) continue;
    const at = placeOf(node.start);
    const value = shape.read(node);
    if (value === undefined) {
      const { expected } = shape;
      const isWord = expected.includes(' | ') && node.source !== null;
      const found = isWord ? `“${toPlainLine(node.source).slice(0, 40)}”` : kindOf(node.value);
      findings.push(finding('field-type', at, { key: name, found, expected }));
    } else if (value !== null) {
      return { field: { value, key: name, own: name.startsWith('wechat.'), ...at }, findings };
    }
  }
  return { field: null, findings };
}

/** A value by its path: `a.b` looks into a map, `a[0]` takes a list's first item, or what is there instead of a list. */
function findNode(root: YamlNode, path: string): YamlNode | null {
  const first = path.endsWith('[0]');
  let node = root;
  for (const name of path.replace('[0]', '').split('.')) {
    const key = node.keys.get(name);
    if (key === undefined) return null;
    ({ node } = key);
  }
  if (!first || node.form === 'quoted' || !Array.isArray(node.value)) return node;
  return node.items[0] ?? null;
}

/** Text in one line; a number is taken as it is written. */
export const TEXT: Shape<string> = {
  expected: 'string',
  read: (node) => {
    if (typeof node.value === 'string') return toPlainLine(node.value) || null;
    return typeof node.value === 'number' ? node.source : undefined;
  },
};

/** An author: a name, or a map with `name`. */
export const NAME: Shape<string> = {
  expected: 'string, map with name',
  read: (node) => TEXT.read(node.keys.get('name')?.node ?? node),
};

export interface CoverSource {
  readonly src: string;
  readonly alt: string;
}

/** A cover: a path or address, or a map with it under `src`, `url` or `image`, and perhaps `alt`. */
export const COVER: Shape<CoverSource> = {
  expected: 'string, map with src',
  read: (node) => {
    const [src] = ['src', 'url', 'image'].flatMap((name) => node.keys.get(name)?.node ?? []);
    const value = (src ?? node).value;
    if (typeof value !== 'string') return undefined;
    const alt = node.keys.get('alt')?.node;
    return value.trim() === '' ? null : { src: unwrapWiki(value.trim()), alt: (alt && TEXT.read(alt)) ?? '' };
  },
};

/** Obsidian's properties name a file as `[[a.png]]`; what stands behind a bar or `#` is no part of the name. */
function unwrapWiki(src: string): string {
  return /^!?\[\[([^[\]|#\n]+)(?:[|#][^[\]\n]*)?\]\]$/.exec(src)?.[1]?.trim() ?? src;
}

/** One of several words. */
export function oneOf<T extends string>(words: readonly T[]): Shape<T> {
  return { expected: words.join(' | '), read: (node) => words.find((word) => word === node.value) };
}

/** true, false, and WeChat's own 1 and 0. */
export const SWITCH: Shape<boolean> = {
  expected: 'boolean',
  read: ({ value }) => (value === true || value === 1 ? true : value === false || value === 0 ? false : undefined),
};
