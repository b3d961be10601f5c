// Finds the lines that open and close a post's front matter and refuses kinds other than YAML; knows nothing of YAML.
import { type Finding, finding } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';

/** Offsets in the text: the YAML is `start` to `end`, where the closing line begins; the body begins at `bodyStart`. */
export interface Parts {
  readonly kind: 'yaml' | 'none';
  readonly start: number;
  readonly end: number;
  readonly bodyStart: number;
}

export type Fence = Parts | { readonly kind: 'refused'; readonly finding: Finding };

const TOP = { line: 1, column: 1 };
const OPENING = /^---[ \t]*(?:([A-Za-z][\w.+-]*)[ \t]*)?\r?$/;
/** Blank lines, then what can only be meant as front matter: a fence and a line with a key. */
const LATE = /^(?:[ \t]*\r?\n)+[ \t]*---(?=[ \t]*\r?\n[ \t]*["']?[\w.-]+["']?[ \t]*[:：])/;
const CLOSING = /^(?:---|\.\.\.)[ \t]*\r?$/;
const OTHER_KINDS: ReadonlyMap<string, string> = new Map([
  ['+++', 'TOML'],
  [';;;', 'JSON'],
]);

/**
 * Splits a text (without byte order mark) at its front matter.
 *
 * Opening: a first line of `---`, or `---yaml`, `---yml`; closing: a line of `---` or `...`; blanks may follow either.
 * `---` and another word names a language that other tools would run, so it is refused, and so are `+++` and `;;;`.
 * A first line `---` that nothing closes is refused as well: it may be meant as a rule, but far more often the closing
 * line was forgotten, and then front matter would end up in the article.
 */
export function splitFence(text: string): Fence {
  const firstLine = text.slice(0, lineEnd(text, 0));
  const other = OTHER_KINDS.get(firstLine.trimEnd());
  if (other !== undefined) return refuse(finding('front-matter-toml', TOP, { language: other }));

  const opening = OPENING.exec(firstLine);
  if (opening === null) {
    const late = LATE.exec(text);
    if (late === null) return { kind: 'none', start: 0, end: 0, bodyStart: 0 };
    return refuse(finding('front-matter-late', { line: late[0].split('\n').length, column: 1 }));
  }
  const language = opening[1]?.toLowerCase() ?? 'yaml';
  if (language !== 'yaml' && language !== 'yml') return refuse(finding('front-matter-executable', TOP, { language }));

  const start = firstLine.length + 1;
  for (let at = start; at < text.length; at = lineEnd(text, at) + 1) {
    const next = lineEnd(text, at);
    if (!CLOSING.test(text.slice(at, next))) continue;
    const bytes = Buffer.byteLength(text.slice(start, at));
    const max = LIMITS.frontMatter.value;
    if (bytes > max) return refuse(finding('front-matter-too-big', TOP, { bytes, max }));
    return { kind: 'yaml', start, end: at, bodyStart: Math.min(next + 1, text.length) };
  }
  return refuse(finding('front-matter-unterminated', TOP));
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

function refuse(why: Finding): Fence {
  return { kind: 'refused', finding: why };
}
