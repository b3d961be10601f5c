// What check found, in each of its forms: pretty with code frames, json, github, gitlab and sarif.
import type { WxsyncError } from '../errors.ts';
import type { Finding, Severity } from '../facts/findings.ts';
import { readVersion } from '../local/package.ts';
import { toCodeFrame } from './code-frame.ts';
import { type Annotation, toWorkflowLines } from './github.ts';
import { toCodeQuality } from './gitlab.ts';
import { printError, toErrorJson, toFindingJson } from './publish-report.ts';
import { toSarif } from './sarif.ts';
import type { Speaker } from './speaker.ts';
import { describeError, describeFinding, type Lang, say, toJsonText, toPrintable } from './words.ts';

export type CheckFormat = 'pretty' | 'json' | 'github' | 'gitlab' | 'sarif';

export interface CheckedFile {
  /** Relative to the git root (else the project root), `/`-separated. */
  readonly file: string;
  /** From where the person stands. */
  readonly shown: string;
  /** Null when it was not read. */
  readonly text: string | null;
  readonly findings: readonly Finding[];
}

export interface CheckReport {
  readonly files: readonly CheckedFile[];
  /** What ended the run before everything was looked at. */
  readonly error: WxsyncError | null;
  readonly maxWarnings: number | null;
  readonly exitCode: number;
  /** What was asked for, for a run that found no post. */
  readonly where: string;
}

export function countFindings(files: readonly Pick<CheckedFile, 'findings'>[]) {
  const count = (severity: Severity) =>
    files.reduce((sum, { findings }) => sum + findings.filter((each) => each.severity === severity).length, 0);
  return { posts: files.length, errors: count('error'), warnings: count('warning'), infos: count('info') } as const;
}

/** Prints the report in a form: the result on stdout, what is said about the run on stderr. */
export function printCheck(report: CheckReport, format: CheckFormat, speaker: Speaker): void {
  const { lang } = speaker;
  const { error } = report;
  const json = (value: unknown) => speaker.out(toJsonText(value));
  if (format === 'json') json(toCheckDocument(report, lang));
  else if (format === 'sarif') json(toSarif({ findings: toFlat(report), error, version: readVersion(), lang }));
  else if (format === 'gitlab') {
    json(toCodeQuality(toFlat(report), lang));
    if (error !== null) printError(error, speaker);
  } else if (format === 'github') {
    const more = (count: number) => say('check.more', lang, { count });
    for (const line of toWorkflowLines(toAnnotations(report, lang), more)) speaker.out(line);
    if (error === null) printTotals(report, speaker);
  } else {
    for (const file of report.files) printFile(file, speaker);
    printTotals(report, speaker);
  }
}

/** The document of the contract, `wxsync.check/1`. */
export type CheckDocument = ReturnType<typeof toCheckDocument>;

export function toCheckDocument(report: CheckReport, lang: Lang) {
  return {
    schema: 'wxsync.check/1',
    ok: report.exitCode === 0,
    exitCode: report.exitCode,
    error: report.error === null ? null : toErrorJson(report.error, lang),
    findings: report.files.flatMap(({ file, findings }) => findings.map((each) => toFindingJson(each, file, lang))),
    summary: countFindings(report.files),
  } as const;
}

function toFlat({ files }: CheckReport): readonly (Finding & { readonly file: string })[] {
  return files.flatMap(({ file, findings }) => findings.map((each) => ({ ...each, file })));
}

function toAnnotations(report: CheckReport, lang: Lang): readonly Annotation[] {
  const found = toFlat(report).map(
    (each): Annotation => ({ ...each, title: `wxsync ${each.code}`, message: describeFinding(each, lang) }),
  );
  return report.error === null ? found : [toRunAnnotation(report.error, lang), ...found];
}

function toRunAnnotation(error: WxsyncError, lang: Lang): Annotation {
  const { message, hint } = describeError(error, lang);
  const nowhere = { file: null, line: null, column: null };
  return { severity: 'error', ...nowhere, title: `wxsync ${error.code}`, message: `${message} ${hint}`.trim() };
}

/** Each finding with the lines around its place. */
export function printFile(
  { shown, text, findings }: Pick<CheckedFile, 'shown' | 'text' | 'findings'>,
  speaker: Speaker,
): void {
  const { lang, paint } = speaker;
  const colors = { error: paint.red, warning: paint.yellow, info: paint.blue };
  for (const each of findings) {
    const color = colors[each.severity];
    const place = paint.bold(`${toPrintable(shown)}:${each.line}:${each.column}`);
    speaker.tell(`${place} ${color(say(each.severity, lang))} ${describeFinding(each, lang)} ${paint.dim(each.code)}`);
    const frame = text === null ? null : toCodeFrame(text, each, speaker.columns);
    for (const [index, line] of frame?.lines.entries() ?? []) {
      const distance = index - (frame?.caret ?? 0);
      speaker.tell(`  ${distance === 0 ? color(line) : distance === -1 ? line : paint.dim(line)}`);
    }
    speaker.tell('');
  }
}

function printTotals(report: CheckReport, speaker: Speaker): void {
  const { lang, paint } = speaker;
  const counts = countFindings(report.files);
  const { posts, errors, warnings, infos } = counts;
  if (posts === 0) {
    speaker.talk(say('check.empty', lang, { where: report.where }));
    return;
  }
  const color = errors > 0 ? paint.red : warnings > 0 ? paint.yellow : paint.green;
  const mark = report.exitCode === 0 ? '✔' : '✖';
  const words =
    errors + warnings + infos === 0 ? say('check.clean', lang, { posts }) : say('check.counts', lang, counts);
  speaker.out(color(`${mark} ${words}`));
  const { maxWarnings: max } = report;
  if (max !== null && warnings > max) speaker.complain(say('check.too-many', lang, { count: warnings, max }));
}
