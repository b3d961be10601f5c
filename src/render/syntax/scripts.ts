// `x^2^` and `H~2~O`: small raised and lowered text, told from powers in plain formulas, ranges and faces; knows no parser.
import { element, text } from '../tree.ts';
import type { Phrase } from './phrase.ts';

const HAN = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u;
/** What follows a Chinese character is a number or a word; `哈哈^o^` is a face. */
const AFTER_HAN = /^(?:[\p{L}\p{N}]*\p{N}[\p{L}\p{N}]*|\p{L}{2,})$/u;

/** Raised text has no spaces and stands behind a letter, a figure or a bracket. Between dollars it is mathematics. */
export const RAISED: Phrase = {
  sign: /\^\S{1,20}\^/,
  pattern: /\$[^$\n]{1,500}\$|(?<=([\p{L}\p{N})\]）]))\^([^\s^[\]$]{1,20})\^([\p{L}\p{N}])?/gu,
  toNodes: ([all, before, raised = '', behind = '']) => {
    if (before === undefined || !/[\p{L}\p{N}+-]/u.test(raised)) return null;
    if (HAN.test(before) && !AFTER_HAN.test(raised)) return null;
    // In a^2+b^2=c^2 the second mark begins another power.
    if (behind !== '' && !HAN.test(behind) && /[-+=*/,;，；、。]/.test(all)) return null;
    return [element('sup', [text(raised)]), text(behind)];
  },
};

/** Lowered text stands behind a letter: `3~5天，10~20元` are two ranges. */
export const LOWERED: Phrase = {
  sign: /~[A-Za-z\d+\-=().]{1,12}~/,
  pattern: /(?<=[A-Za-z)\]])~([A-Za-z\d+\-=().]{1,12})~(?!~)/g,
  toNodes: ([, lowered = '']) => [element('sub', [text(lowered)])],
};
