// A publishing run in words or as JSON: a few lines a post, the findings with their places, the summary, what to do next.
import type { WxsyncError } from '../errors.ts';
import { byPlace, type Finding } from '../facts/findings.ts';
import type { TargetKind } from '../local/settings.ts';
import type { ReadResult } from '../publish/posts.ts';
import { isOutOfQuota, type PostResult, type PostStatus, type Reason, toSummary } from '../publish/result.ts';
import type { Step } from '../publish/run.ts';
import type { WireEvent } from '../wechat/client.ts';
import { toWorkflowLines } from './github.ts';
import type { Speaker } from './speaker.ts';
import { fits, toTable } from './table.ts';
import { describeError, describeFinding, type Lang, say, toJsonText, toPrintable, type UiKey } from './words.ts';

export interface PublishReport {
  readonly dryRun: boolean;
  readonly target: TargetKind;
  readonly account: string;
  readonly results: readonly PostResult[];
  readonly error: WxsyncError | null;
  readonly exitCode: number;
  /** Commands to run now; after a used-up quota, the next day. */
  readonly next: readonly string[];
}

/** The document of the contract, `wxsync.publish/1`. */
export type PublishDocument = ReturnType<typeof toPublishDocument>;

export function toPublishDocument(report: PublishReport, lang: Lang) {
  const results = report.results.map(({ error, findings, changedSince: _, ...result }) => ({
    ...result,
    findings: findings.map((each) => toFindingJson(each, result.file, lang)),
    error: error === null ? null : toErrorJson(error, lang, report.target),
  }));
  return {
    schema: 'wxsync.publish/1',
    ok: report.exitCode === 0,
    exitCode: report.exitCode,
    dryRun: report.dryRun,
    target: report.target,
    account: report.account,
    error: report.error === null ? null : toErrorJson(report.error, lang, report.target),
    results,
    summary: toSummary(report.results),
    next: report.next,
  } as const;
}

export function toPublishJson(report: PublishReport, lang: Lang): string {
  return toJsonText(toPublishDocument(report, lang));
}

export function toErrorJson(error: WxsyncError, lang: Lang, target: TargetKind = 'wechat') {
  const { message, hint } = describeError(error, lang, target);
  return { code: error.code, errcode: error.errcode, message, hint, retryable: error.retryable };
}

export function toFindingJson(finding: Finding, file: string, lang: Lang) {
  const { code, severity, line, column } = finding;
  return { code, severity, message: describeFinding(finding, lang), file, line, column };
}

const MARKS: Readonly<Record<PostStatus, string>> = {
  created: '✔',
  updated: '✔',
  unchanged: '✔',
  planned: '○',
  skipped: '–',
  failed: '✖',
};

/** A post's outcome: findings and errors are talk, the rest is the result. */
export function printResult(result: PostResult, speaker: Speaker): void {
  const { lang } = speaker;
  printFindings(result.findings, result.file, speaker);
  const { paint } = speaker;
  const color = result.status === 'failed' ? paint.red : result.status === 'skipped' ? paint.dim : paint.green;
  const title = result.title === null ? '' : `  ${toPrintable(result.title)}`;
  const why = toReason(result, lang);
  speaker.tell(`${color(MARKS[result.status])} ${paint.bold(toPrintable(result.file))}${title}`);
  const outcome = say(`result.${result.status}`, lang);
  speaker.tell(`  ${color(outcome)}${why === '' ? '' : say('result.why', lang, { why })}`);
  for (const line of describeResult(result, lang)) speaker.tell(`  ${paint.dim(line)}`);
  if (result.error !== null) printError(result.error, speaker, '  ');
}

function toReason({ reason, changedSince }: PostResult, lang: Lang): string {
  if (reason === null) return '';
  return say(changedSince === true ? 'reason.changed-since' : `reason.${reason}`, lang);
}

function describeResult(result: PostResult, lang: Lang): readonly string[] {
  const lines: string[] = [];
  const { before, after } = result.flag;
  if (result.mediaId !== null && result.status !== 'planned')
    lines.push(say('line.draft', lang, { mediaId: result.mediaId }));
  if (['created', 'updated'].includes(result.status)) {
    const body = result.images.filter((image) => image.kind === 'body');
    const cover = result.images.find((image) => image.kind === 'cover');
    const reused = body.filter((image) => image.reused).length;
    const bytes = toSize(body.reduce((sum, image) => sum + image.bytes, 0));
    lines.push(
      body.length === 0
        ? say('line.no-images', lang)
        : say('line.images', lang, { count: body.length, bytes, reused: reused || '' }),
    );
    if (cover !== undefined)
      lines.push(cover.src === '' ? say('line.cover-drawn', lang) : say('line.cover', lang, { src: cover.src }));
  }
  if (result.status === 'planned') return [...toPlan(result, lang), ...lines, ...toPreview(result, lang)];
  if (before !== after && after !== null) {
    lines.push(
      before === null
        ? say('line.flag-added', lang)
        : say('line.flag', lang, { before: `${before}`, after: `${after}` }),
    );
  } else if (['created', 'updated'].includes(result.status)) lines.push(say('line.flag-kept', lang));
  return [...lines, ...toPreview(result, lang)];
}

/** `$` was done, `!` would be. */
function toPlan({ images, mediaId, flag }: PostResult, lang: Lang): readonly string[] {
  const count = images.filter((image) => image.kind === 'body').length;
  const flips = flag.after === true && flag.before !== true;
  return [
    say('plan.read', lang),
    say('plan.fit', lang, { count }),
    say('plan.upload', lang, { count }),
    mediaId === null ? say('plan.draft', lang) : say('plan.update', lang, { mediaId }),
    ...(flips ? [say('plan.flip', lang)] : []),
  ];
}

function toPreview({ preview }: PostResult, lang: Lang): readonly string[] {
  return preview === null ? [] : [say('line.preview', lang, { path: preview })];
}

export function printFindings(findings: readonly Finding[], file: string, speaker: Speaker): void {
  const { lang, paintErr: paint } = speaker;
  for (const each of findings.toSorted(byPlace)) {
    const color = each.severity === 'error' ? paint.red : each.severity === 'warning' ? paint.yellow : paint.blue;
    const line = `${toPrintable(file)}:${each.line}:${each.column} ${color(say(each.severity, lang))} ${describeFinding(each, lang)} ${paint.dim(each.code)}`;
    if (each.severity === 'error') speaker.complain(line);
    else speaker.talk(line);
  }
}

/** `error: ` as the language writes it; what is said follows at once. */
function toLabel(severity: 'error' | 'warning', { lang, paintErr: paint }: Speaker): string {
  const color = severity === 'error' ? paint.red : paint.yellow;
  const word = say(severity, lang);
  return lang === 'zh' ? color(`${word}：`) : `${color(`${word}:`)} `;
}

/** Something about the run as a whole that does not stop it. */
export function printWarning(text: string, speaker: Speaker): void {
  speaker.talk(`${toLabel('warning', speaker)}${text}`);
}

/** What happened and why, then what to do now. */
export function printError(error: WxsyncError, speaker: Speaker, indent = ''): void {
  const { lang, target, paintErr: paint } = speaker;
  const { message, hint } = describeError(error, lang, target);
  if (speaker.inGitHub) {
    annotateError({ code: error.code, message, hint }, speaker);
    return;
  }
  speaker.complain(`${indent}${toLabel('error', speaker)}${message} ${paint.dim(error.code)}`);
  if (hint !== '') speaker.complain(`${indent}  ${paint.cyan(say('hint', lang))} ${hint}`);
}

/** The same as GitHub shows it: beside the run. */
function annotateError(
  { code, message, hint }: Readonly<Record<'code' | 'message' | 'hint', string>>,
  speaker: Speaker,
) {
  const nowhere = { file: null, line: null, column: null };
  const annotation = {
    severity: 'error',
    ...nowhere,
    title: `wxsync ${code}`,
    message: `${message}\n${hint}`.trim(),
  } as const;
  for (const line of toWorkflowLines([annotation], String)) speaker.annotate(line);
}

/** A column that is wide enough to tell posts apart. */
const TITLE_COLUMNS = 32;
const DRAFT_COLUMNS = 16;

/** Of several posts one line each: status, file, title, draft, and why; on a narrow terminal without title and draft. */
export function printTable(results: readonly PostResult[], speaker: Speaker): void {
  if (results.length < 2) return;
  const { lang, paint } = speaker;
  const rows = results.map((each) => [
    `${MARKS[each.status]} ${say(`summary.${each.status}`, lang, { n: '' })}`,
    toPrintable(each.file),
    toPrintable(each.title ?? ''),
    toPrintable(each.mediaId ?? '–'),
    each.error?.code ?? toReason(each, lang),
  ]);
  speaker.tell('');
  const wide = toTable(rows, [null, null, TITLE_COLUMNS, DRAFT_COLUMNS]);
  const lines = fits(wide, speaker.columns) ? wide : toTable(rows.map((row) => row.toSpliced(2, 2)));
  for (const [index, line] of lines.entries()) {
    const status = results[index]?.status;
    speaker.tell(status === 'failed' ? paint.red(line) : status === 'skipped' ? paint.dim(line) : line);
  }
}

/** Of several posts that were found: how many are worked on, and why the others are not. */
export function printChoice(readings: readonly ReadResult[], { lang, talk }: Speaker): void {
  if (readings.length < 2) return;
  const counts = new Map<Reason, number>();
  for (const { reading } of readings)
    if (reading.kind === 'left-out') counts.set(reading.reason, (counts.get(reading.reason) ?? 0) + 1);
  const left = [...counts]
    .map(([reason, n]) => `${n} × ${say(`reason.${reason}`, lang)}`)
    .join(lang === 'zh' ? '，' : ', ');
  const taken = readings.filter(({ reading }) => reading.kind !== 'left-out').length;
  talk(say('choice.found', lang, { count: readings.length, taken, left }));
}

export function printSummary(report: PublishReport, speaker: Speaker): void {
  const { lang, paint } = speaker;
  const counts = Object.entries(toSummary(report.results)).filter(([, n]) => n > 0);
  if (report.results.length > 1) {
    speaker.tell(paint.bold(counts.map(([status, n]) => say(`summary.${status}` as UiKey, lang, { n })).join(' · ')));
  }
  const isReal = report.target === 'wechat' && !report.dryRun;
  if (isReal && report.results.some((each) => ['created', 'updated'].includes(each.status))) {
    speaker.talk('');
    speaker.talk(say('next.mp', lang));
  }
  if (report.next.length === 0) return;
  speaker.talk('');
  speaker.talk(speaker.paintErr.bold(say(isOutOfQuota(report.results) ? 'next.tomorrow' : 'next', lang)));
  for (const line of report.next) speaker.talk(`  ${line}`);
}

/** One line of progress. */
export function describeStep(step: Step, lang: Lang): string {
  const { kind, path, ...args } = step;
  return `${toPrintable(path)}: ${say(`step.${kind}`, lang, args)}`;
}

/** One request, for `--verbose`: no query, no secret. */
export function describeWire({ method, path, status, ms, attempt, outcome }: WireEvent): string {
  return `${method} ${path} ${status ?? '-'} ${outcome} ${Math.round(ms)} ms${attempt > 1 ? ` (${attempt})` : ''}`;
}

export function toSize(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
