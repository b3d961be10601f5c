// Turns codes and args into sentences of one language, with every outside text made printable; the only reader of the messages.
import type { Args, WxsyncError } from '../errors.ts';
import type { Finding } from '../facts/findings.ts';
import type { TargetKind } from '../local/settings.ts';
import type { PageWords } from '../preview/page.ts';
import { errorsEn, findingsEn, nounsEn, uiEn } from './messages.en.ts';
import { errorsZh, findingsZh, nounsZh, uiZh } from './messages.zh.ts';

export type Lang = 'zh' | 'en';
export type UiKey = keyof typeof uiEn;

const TABLES = {
  en: { errors: errorsEn, findings: findingsEn, ui: uiEn, nouns: nounsEn },
  zh: { errors: errorsZh, findings: findingsZh, ui: uiZh, nouns: nounsZh },
} as const;

/** `--lang`, else WXSYNC_LANG, else the config's, else the locale; Chinese for any zh locale, else English. */
export function chooseLang(
  env: Readonly<Record<string, string | undefined>>,
  ...wishes: (string | null | undefined)[]
): Lang {
  const [flag, ...others] = wishes;
  const wished = [flag, env['WXSYNC_LANG'], ...others].find((each) => each === 'zh' || each === 'en');
  if (wished === 'zh' || wished === 'en') return wished;
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}

/** What happened and why (`message`), and what to do now (`hint`, may be empty). */
export function describeError(
  error: WxsyncError,
  lang: Lang,
  target: TargetKind = 'wechat',
): { readonly message: string; readonly hint: string } {
  const [what, mend] = TABLES[lang].errors[error.code];
  const { file } = error.args;
  // The file of an error only ever stands in a command to run.
  const pasted = typeof file === 'string' && error.args['line'] === undefined ? { file: toArgument(file) } : {};
  const args = {
    ...(error.errcode !== null && { errcode: error.errcode }),
    ...explain(nameKinds(error.args, lang), lang),
    ...pasted,
  };
  return { message: fill(what, args), hint: fill(aim(mend, target), args) };
}

export function describeFinding(finding: Finding, lang: Lang): string {
  return fill(TABLES[lang].findings[finding.code], explain(nameKinds(finding.args, lang), lang));
}

/** With the words of the language for the names of kinds and reasons, and between words to choose from. */
function nameKinds(args: Args, lang: Lang): Args {
  const nouns: Readonly<Record<string, string>> = TABLES[lang].nouns;
  const named = Object.entries(args).map(([name, value]) => {
    if (!NAMED.has(name) || typeof value !== 'string') return [name, value];
    if (Object.hasOwn(nouns, value)) return [name, nouns[value] ?? value];
    const words = value.split(' | ');
    if (name !== 'expected' || words.length === 1) return [name, value];
    const [comma, or, space] = lang === 'zh' ? ['、', ' 或 ', ' '] : [', ', ' or ', ''];
    return [name, `${space}${words.slice(0, -1).join(comma)}${or}${words.at(-1)}`];
  });
  return Object.fromEntries(named);
}

/** With our words for a named `problem` as its `detail`; where there are none, what a library said stands in them. */
function explain(args: Args, lang: Lang): Args {
  const { problem } = args;
  if (problem === undefined || problem === '') return args;
  const nouns: Readonly<Record<string, string>> = TABLES[lang].nouns;
  const words = Object.hasOwn(nouns, problem) ? nouns[problem] : undefined;
  if (words === undefined && args['detail'] === undefined) return args;
  return { ...args, detail: fill(words ?? TABLES[lang].nouns.other, args) };
}

/** The args whose values are names of kinds and reasons. */
const NAMED = new Set(['kind', 'found', 'expected', 'reason']);

/** A sentence of the interface. */
export function say(key: UiKey, lang: Lang, args: Args = {}): string {
  return fill(TABLES[lang].ui[key], args);
}

/** The commands that reach an account. */
type Verb = 'publish' | 'resolve' | 'status';

/** `wxsync publish`, for the same account as the run's. */
export function toVerb(verb: Verb, target: TargetKind): string {
  return `wxsync ${verb}${target === 'sandbox' ? ' --sandbox' : ''}`;
}

/** Words of ours, not yet filled, whose commands are for the same account as the run's: pasted, none leaves a rehearsal. */
export function aim(template: string, target: TargetKind): string {
  return template.replace(/wxsync (publish|resolve|status)\b(?! --sandbox)/g, (_, verb: Verb) => toVerb(verb, target));
}

/** A path as it can be pasted into a shell: quoted when anything in it could mean something there. */
export function toArgument(path: string): string {
  const plain = toPrintable(path);
  return /^(?!-)[\p{L}\p{N}_@%+=:,./-]+$/u.test(plain) ? plain : `'${plain.replaceAll("'", `'\\''`)}'`;
}

/** The words of a preview page in one language. */
export function toPageWords(lang: Lang): PageWords {
  return { lang, say: (key, args) => say(key, lang, args), describe: (finding) => describeFinding(finding, lang) };
}

/**
 * Fills `{name}`, and `{name?one:many}` with the first word for a 1; a part in `[[…]]` is left out when one of its names has
 * no value.
 */
export function fill(template: string, args: Args): string {
  const value = (name: string) => toPrintable(String(args[name] ?? ''));
  const parts = template.replace(/\[\[(.*?)\]\]/g, (_, part: string) => {
    const names = [...part.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    return names.every((name) => value(name) !== '') ? part : '';
  });
  return parts
    .replace(/\{(\w+)(?:\?(\w+):(\w+))?\}/g, (_, name: string, one?: string, many = '') => {
      if (one === undefined) return value(name);
      return value(name) === '1' ? one : many;
    })
    .trim();
}

/** A document as JSON: the same value, but no character in it steers a terminal and no text is GitHub's old command `##[`. */
export function toJsonText(document: unknown): string {
  return toPrintable(JSON.stringify(document, null, 2), '\n').replaceAll('##[', '#\\u0023[');
}

// C0, DEL and C1 controls, line and paragraph separators, and the marks that turn the direction of writing.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from outside, safe for a terminal and a CI log: no control character but those in `kept`, no line break, no turned
 * direction.
 */
export function toPrintable(text: string, kept = ''): string {
  return text.replace(UNPRINTABLE, (each) => {
    if (kept.includes(each)) return each;
    return SHORT[each] ?? `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
