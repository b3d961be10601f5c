// What a post's path says about it: name, locale, date; knows nothing of disks and reads nothing.

export interface PathWords {
  /** File name without extension, date and locale; for index and README the folder's name. */
  readonly name: string;
  /** From `x.zh.md`, else from a folder such as `zh` or `zh-CN`, the first from the root. */
  readonly locale: string | null;
  /** `2026-02-18` from `2026-02-18-x.md`. */
  readonly date: string | null;
}

const EXTENSION = /\.(?:md|markdown|mdx)$/i;
const SUFFIX = /\.([^.]+)$/;
const LOCALE = /^([a-z]{2})(?:[-_](?:[A-Za-z]{2}|[A-Za-z]{4}))?$/;
const DATED = /^(\d{4}-\d{1,2}-\d{1,2})[-_](.+)$/;
const INDEX = /^(?:_?index|readme)$/i;
const LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** Reads a path with `/` between its parts. */
export function readPath(path: string): PathWords {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const file = (parts.pop() ?? '').replace(EXTENSION, '');
  const suffix = SUFFIX.exec(file)?.[1];
  const ownLocale = suffix !== undefined && isLocale(suffix) ? suffix : null;
  const stem = ownLocale === null ? file : file.replace(SUFFIX, '');
  const named = INDEX.test(stem) ? (parts.at(-1) ?? stem) : stem;
  const [, date = null, name = named] = DATED.exec(named) ?? [];
  return { name, date, locale: ownLocale ?? parts.find(isLocale) ?? null };
}

/** A language tag such as `zh` or `zh-CN` of a language that exists, so that a folder `ai` or `js` is none. */
function isLocale(word: string): boolean {
  const language = LOCALE.exec(word)?.[1];
  return language !== undefined && LANGUAGES.of(language) !== undefined;
}
