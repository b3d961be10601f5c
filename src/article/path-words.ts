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
/** ISO 639-1 with its retired codes, as CLDR knows them; asking Intl costs 25 ms, as much as all of a run's own code. */
const LANGUAGES = new Set(
  `aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
  et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw
  ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng
  nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv
  sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`.split(/\s+/),
);

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
  return language !== undefined && LANGUAGES.has(language);
}
