// What a rule is and how a list of them becomes findings; the severity is the table's, the words are report's.
import type { Args } from '../errors.ts';
import { type Finding, type FindingCode, finding, type Place } from '../facts/findings.ts';

/** One place where a rule is broken. */
export interface Hit {
  readonly at: Place;
  readonly args?: Args;
}

/** A rule about a subject: its code names severity and words, its test gives every place where it is broken. */
export interface Rule<Subject> {
  readonly code: FindingCode;
  readonly test: (subject: Subject) => readonly Hit[];
}

export function runRules<Subject>(rules: readonly Rule<Subject>[], subject: Subject): readonly Finding[] {
  return rules.flatMap(({ code, test }) => test(subject).map(({ at, args }) => finding(code, at, args)));
}
