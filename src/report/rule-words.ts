// Turns a finding's code into why it matters and how it is mended; apart from words.ts, as few runs tell it.
import type { FindingCode } from '../facts/findings.ts';
import { rulesEn } from './rule-messages.en.ts';
import { rulesZh } from './rule-messages.zh.ts';
import type { Lang } from './words.ts';

/** Why a finding of this code matters (`reason`), and what to do about it (`mend`). */
export function describeRule(code: FindingCode, lang: Lang): { readonly reason: string; readonly mend: string } {
  const [reason, mend] = (lang === 'zh' ? rulesZh : rulesEn)[code];
  return { reason, mend };
}
