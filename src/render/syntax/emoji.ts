// `:smile:` and its kind, the names that GitHub knows; the table is loaded for a post that has such a name.
import { text } from '../tree.ts';
import type { Phrase } from './phrase.ts';

/** A post without it needs no table. */
export const EMOJI_SIGN = /:[+-]?[a-z\d][a-z\d_+-]{0,49}:/;

export async function loadEmoji(): Promise<Phrase> {
  const { EMOJI } = await import('../../facts/emoji.ts');
  const emoji = new Map(EMOJI.trim().split(/\s+/).map(toEntry));
  return {
    sign: EMOJI_SIGN,
    // `12:100:00` names nothing.
    pattern: /(?<![\w:/]):([a-z\d_+-]{1,50}):(?![\w:/])/g,
    toNodes: ([, name = '']) => {
      const found = emoji.get(name);
      return found === undefined ? null : [text(found)];
    },
  };
}

function toEntry(word: string): readonly [string, string] {
  const colon = word.indexOf(':');
  return [word.slice(0, colon), word.slice(colon + 1)];
}
