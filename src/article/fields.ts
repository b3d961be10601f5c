// Makes the fields that go beside an article, no longer than WeChat takes them; knows nothing of the article itself.
import { type Finding, finding, type Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import type { Field } from './aliases.ts';
import { toPermalink } from './permalink.ts';
import { toPlainLine } from './plain-line.ts';
import type { Comments, Post } from './post.ts';
import { countCodePoints, countHalfWidths, toGraphemes } from './width.ts';

/** Settings beside the post: `author` and `digest` come from a flag and win; the others stand in for what is not said. */
export interface FieldSettings {
  readonly author?: string | null;
  readonly digest?: string | null;
  readonly defaultAuthor?: string | null;
  readonly siteUrl?: string | null;
  /** Needed for a link to the author's own site. */
  readonly permalink?: string | null;
}

export interface Fields {
  readonly title: string;
  readonly author: string | null;
  readonly digest: string | null;
  readonly sourceUrl: string | null;
  /** Null when nothing is said. */
  readonly comments: Comments | null;
}

export interface FieldsResult {
  readonly fields: Fields;
  readonly findings: readonly Finding[];
}

interface Fitted {
  readonly value: string | null;
  readonly findings: readonly Finding[];
}

const TOP: Place = { line: 1, column: 1 };
const NOTHING: Fitted = { value: null, findings: [] };

/**
 * Fits title, author, digest and source link to WeChat's limits (`facts/limits.ts`). What was written for WeChat (in
 * `wechat:` or by a flag) and is too long is an error; what was written for the site is cut or left out, with a warning.
 * A title is never cut.
 */
export function toFields(post: Post, settings: FieldSettings = {}): FieldsResult {
  const author = fitAuthor(fromFlag('--author', settings.author) ?? post.author ?? fromConfig(settings.defaultAuthor));
  const digest = fitDigest(fromFlag('--digest', settings.digest) ?? post.digest);
  const sourceUrl = fitSourceUrl(post.sourceUrl);
  return {
    fields: {
      title: post.title,
      author: author.value,
      digest: digest.value,
      sourceUrl: sourceUrl.value ?? toOwnLink(post, settings),
      comments: post.comments,
    },
    findings: [...checkTitle(post), ...author.findings, ...digest.findings, ...sourceUrl.findings],
  };
}

function fromFlag(key: string, text: string | null | undefined): Field<string> | null {
  const value = toPlainLine(text ?? '');
  return value === '' ? null : { value, key, own: true, ...TOP };
}

function fromConfig(text: string | null | undefined): Field<string> | null {
  const field = fromFlag('author (config)', text);
  return field && { ...field, own: false };
}

function checkTitle({ title, titlePlace }: Post): readonly Finding[] {
  const length = countCodePoints(title);
  const max = LIMITS.title.value;
  return length > max ? [finding('title-too-long', titlePlace, { length, max })] : [];
}

function fitAuthor(field: Field<string> | null): Fitted {
  if (field === null) return NOTHING;
  const length = countHalfWidths(field.value);
  const max = LIMITS.author.value;
  if (length <= max) return { value: field.value, findings: [] };
  if (field.own) return { value: null, findings: [finding('author-too-long', field, { length, max })] };
  return { value: null, findings: [finding('author-dropped', field, { key: field.key, length, max })] };
}

function fitDigest(field: Field<string> | null): Fitted {
  if (field === null) return NOTHING;
  const length = countHalfWidths(field.value);
  const max = LIMITS.digest.value;
  if (length <= max) return { value: field.value, findings: [] };
  if (field.own) return { value: null, findings: [finding('digest-too-long', field, { length, max })] };
  const text = cutText(field.value, max);
  return { value: text, findings: [finding('digest-cut', field, { key: field.key, length, max, text })] };
}

/** Ends of sentences, with the quotes and brackets that close after them; a Latin mark needs a space or the end. */
const SENTENCE_END = /(?:[。！？…]+|[.!?]+(?=["'”’)]*(?:\s|$)))["'”’」』）)]*/gu;
const ELLIPSIS = '…';

/** The longest beginning of a text within `maxUnits` half-width units, to the end of a sentence when one is near. */
export function cutText(text: string, maxUnits: number): string {
  const fitting = takeUnits(text, maxUnits);
  // With the character after it, so that the cut itself does not look like an end.
  const matches = text.slice(0, fitting.length + 1).matchAll(SENTENCE_END);
  const ends = [...matches].map((match) => match.index + match[0].length).filter((end) => end <= fitting.length);
  const sentences = fitting.slice(0, ends.at(-1) ?? 0);
  // A first short sentence alone would say too little.
  if (countHalfWidths(sentences) * 2 >= maxUnits) return sentences;

  const start = takeUnits(text, maxUnits - countHalfWidths(ELLIPSIS));
  const isInsideWord = /[\p{L}\p{N}]$/u.test(start) && /^[a-z0-9]/i.test(text.slice(start.length));
  const whole = isInsideWord ? start.replace(/[a-z0-9'’-]{1,30}$/i, '') : start;
  return `${(whole || start).replace(/[\s，、；：,;:.（(“‘「『]+$/u, '')}${ELLIPSIS}`;
}

function takeUnits(text: string, maxUnits: number): string {
  let taken = '';
  let units = 0;
  for (const grapheme of toGraphemes(text)) {
    units += countHalfWidths(grapheme);
    if (units > maxUnits) break;
    taken += grapheme;
  }
  return taken;
}

function fitSourceUrl(field: Field<string> | null): Fitted {
  if (field === null) return NOTHING;
  const value = toWebAddress(field.value);
  if (value !== null) return { value, findings: [] };
  const max = LIMITS.sourceUrl.value;
  const [url = ''] = field.value.split(/[?#]/);
  return {
    value: null,
    findings: [
      field.own
        ? finding('source-url-invalid', field, { url: url.slice(0, 100), max })
        : finding('source-url-dropped', field, { key: field.key, max }),
    ],
  };
}

function toOwnLink(post: Post, { siteUrl, permalink }: FieldSettings): string | null {
  if (!siteUrl || !permalink) return null;
  const link = toPermalink(post, { siteUrl, pattern: permalink });
  return link && toWebAddress(link);
}

/** An http(s) address, percent-encoded, of at most as many bytes as WeChat takes; else null. */
function toWebAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return /^https?:$/.test(protocol) && href.length <= LIMITS.sourceUrl.value ? href : null;
}
