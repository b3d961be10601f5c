// `{汉字|hàn zì}`: how characters are read, written behind them in small type as WeChat has no ruby; knows no parser.
import { element, text } from '../tree.ts';
import type { Phrase } from './phrase.ts';

const CHARACTERS = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/u;

/** No Chinese word is how another is read: `{启动|停止}` is a choice of two. */
const HAN = /\p{Script=Han}/u;

/** A reading for all characters or, with more bars, one for each. Double braces belong to a template. */
export const RUBY: Phrase = {
  sign: /\{[^\s{}|\\]{1,40}\\?\|/,
  pattern: /(?<!\{)\{([^\s{}|]{1,40})\|([^{}\n]{1,200})\}(?!\})/gu,
  toNodes: ([, base = '', readings = '']) => {
    const reading = readings
      .split('|')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .join(' ');
    if (!CHARACTERS.test(base) || reading === '' || (HAN.test(base) && HAN.test(reading))) return null;
    return [text(base), element('small', [text(`（${reading}）`)])];
  },
};
