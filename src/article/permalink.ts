// Makes a post's address on the author's own site; knows nothing of whether anything is there.
import type { Post } from './post.ts';

export interface Permalink {
  /** Such as `https://example.com/blog`. */
  readonly siteUrl: string;
  /** With `{lang} {slug} {yyyy} {mm} {dd}`. */
  readonly pattern: string;
}

const DATE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/;

/** The post's address, or null when the pattern needs what the post does not say. */
export function toPermalink(
  post: Pick<Post, 'locale' | 'slug' | 'date'>,
  { siteUrl, pattern }: Permalink,
): string | null {
  const [, yyyy, mm, dd] = DATE.exec(post.date ?? '') ?? [];
  const words: ReadonlyMap<string, string | undefined> = new Map([
    ['lang', post.locale ?? undefined],
    ['slug', post.slug],
    ['yyyy', yyyy],
    ['mm', mm?.padStart(2, '0')],
    ['dd', dd?.padStart(2, '0')],
  ]);
  const names = [...pattern.matchAll(/\{(\w*)\}/g)].map((match) => match[1] ?? '');
  if (names.some((name) => words.get(name) === undefined)) return null;
  const path = pattern.replace(/\{(\w*)\}/g, (_, name: string) => encodePath(words.get(name) ?? ''));
  return `${siteUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
