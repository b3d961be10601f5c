// Emphasis, told for a whole paragraph at once, and the token of each; no mark inside a formula, a name or a comment counts.
import type { Token } from 'marked';
import { type Emphasis, findEmphasis } from './syntax/cjk-emphasis.ts';
import { COMMENT_SIGN, coverComments } from './syntax/comment.ts';
import type { GoDeeper } from './syntax/depth.ts';
import { coverInlineNotes } from './syntax/footnote.ts';
import { coverMath } from './syntax/math.ts';
import { coverTemplateTags, TEMPLATE_SIGN } from './syntax/template-tag.ts';
import { coverWiki } from './syntax/wiki.ts';

interface EmphasisToken {
  readonly type: string;
  readonly raw: string;
  readonly text: string;
  readonly tokens: Token[];
}

/** Reads the emphasis of one post after the other; `start` forgets the last one. */
export function createEmphasis(goDeeper: GoDeeper) {
  const pairs = new Map<string, ReadonlyMap<number, Emphasis>>();
  const read = (src: string, masked: string, inline: (text: string) => Token[]): EmphasisToken | undefined => {
    if (!EMPHASIS.test(src)) return undefined;
    const known = pairs.get(masked) ?? findEmphasis(coverMarks(masked, src));
    pairs.set(masked, known);
    const found = known.get(masked.length - src.length);
    if (found === undefined) return undefined;
    const raw = src.slice(0, found.end - found.start);
    const inner = raw.slice(found.width, -found.width);
    return goDeeper(() => ({ type: found.tag, raw, text: inner, tokens: inline(inner) }));
  };
  return { read, start: () => pairs.clear() };
}

const EMPHASIS = /^[*_~=]/;

/** Syntaxes whose marks are their own, with what stands where one of them may be. */
const COVERS: readonly (readonly [sign: RegExp, cover: (source: string) => string])[] = [
  [/[$\\]/, coverMath],
  [/\[\[/, coverWiki],
  [/\^\[/, coverInlineNotes],
  [TEMPLATE_SIGN, coverTemplateTags],
];

/** No mark inside a formula or a name counts. What stands before the first one that is asked about was read as something else. */
function coverMarks(masked: string, rest: string): string {
  const covers = COVERS.filter(([sign]) => sign.test(rest));
  const hasComments = rest.includes(COMMENT_SIGN);
  if (covers.length === 0 && !hasComments && !masked.includes('$')) return masked;
  const start = masked.length - rest.length;
  const covered = covers.reduce((covering, [, cover]) => cover(covering), rest);
  let text = '';
  for (let at = 0; at < rest.length; at += 1) text += covered[at] === rest[at] ? masked[start + at] : 'a';
  // Where code is covered, no sign in it begins a comment.
  return masked.slice(0, start).replace(/[*_~=]/g, 'a') + (hasComments ? coverComments(text) : text);
}
