// GitHub's workflow commands: annotations beside the lines of a file, escaped and within its limits; knows no finding.
import type { Severity } from '../facts/findings.ts';
import { toPrintable } from './words.ts';

/** Something to show beside a file, or (without one) beside the run. */
export interface Annotation {
  readonly severity: Severity;
  /** Relative to the repository's root, `/`-separated. */
  readonly file: string | null;
  /** 1-based. */
  readonly line: number | null;
  readonly column: number | null;
  readonly title: string;
  readonly message: string;
}

/**
 * Annotations of one level that GitHub shows of a step; of a job it shows 50, so three levels of one step fit.
 * docs.github.com, "Workflow commands" and "About annotations" of check runs.
 */
const MAX_OF_LEVEL = 10;

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;
const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * The lines that make GitHub show the annotations, worst first, at most ten of a level. The rest stands as plain lines
 * in a group whose title is `moreTitle` of their number. No text in them can start a command.
 */
export function toWorkflowLines(
  annotations: readonly Annotation[],
  moreTitle: (count: number) => string,
): readonly string[] {
  const levels = ORDER.map((severity) => annotations.filter((each) => each.severity === severity));
  const shown = levels.flatMap((level) => level.slice(0, MAX_OF_LEVEL));
  const rest = levels.flatMap((level) => level.slice(MAX_OF_LEVEL));
  const commands = shown.map(toCommand);
  if (rest.length === 0) return commands;
  return [...commands, ...toGroup(moreTitle(rest.length), rest.map(toPlainText))];
}

/** Lines that the log shows folded under a title. */
export function toGroup(title: string, lines: readonly string[]): readonly string[] {
  return [`::group::${escapeData(title)}`, ...lines.map(toInert), '::endgroup::'];
}

/** A line that the runner takes for text: it reads commands at the start of a line, and the old form anywhere in it. */
export function toInert(line: string): string {
  const one = line.replace(/[\r\n]+/g, ' ').replaceAll('##[', '## [');
  return /^\s*::/.test(one) ? `| ${one}` : one;
}

/** The line that makes the runner hide a value in all that follows; it is not shown itself. */
export function toMask(secret: string): string {
  return `::add-mask::${escapeData(secret)}`;
}

function toCommand({ severity, file, line, column, title, message }: Annotation): string {
  const properties = { file, line, col: column, title };
  const given = Object.entries(properties).filter(([, value]) => value !== null);
  const written = given.map(([name, value]) => `${name}=${escapeProperty(`${value}`)}`).join(',');
  return `::${LEVELS[severity]} ${written}::${escapeData(message)}`;
}

function toPlainText({ severity, file, line, column, title, message }: Annotation): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  const text = [LEVELS[severity], place, title, message].filter((part) => part !== '').join(' ');
  return toPrintable(text, '\r\n');
}

function escapeData(text: string): string {
  return toPrintable(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
