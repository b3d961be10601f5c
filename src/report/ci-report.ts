// A publishing run as a CI service shows it: a page of Markdown, annotations, outputs for later steps; knows the JSON document alone.
import { randomUUID } from 'node:crypto';
import type { Annotation } from './github.ts';
import type { PublishDocument } from './publish-report.ts';
import { type Lang, say, toPrintable, type UiKey } from './words.ts';

type Result = PublishDocument['results'][number];

/** GitHub refuses a step's summary above 1 MiB; docs.github.com, "Workflow commands", job summaries. Bytes. */
const MAX_SUMMARY_BYTES = 1_048_576;
/** Left for headings and for the lines that tell what was cut. */
const SUMMARY_RESERVE_BYTES = 8_192;

const MARKS = { created: '✔', updated: '✔', unchanged: '✔', planned: '○', skipped: '–', failed: '✖' } as const;

/** The run as a page: counts, a table of posts (failures first), then warnings and notes with their places. */
export function toSummaryPage(document: PublishDocument, lang: Lang): string {
  const { results, error, summary } = document;
  const counts = Object.entries(summary).filter(([, n]) => n > 0);
  const words = counts.map(([status, n]) => say(`summary.${status}` as UiKey, lang, { n }));
  const posts = [...results.filter(isFailed), ...results.filter((each) => !isFailed(each))];
  const findings = results.flatMap((each) => each.findings);
  const budget = { bytes: MAX_SUMMARY_BYTES - SUMMARY_RESERVE_BYTES };
  const parts = [
    '## wxsync',
    words.length === 0 ? say('ci-report.nothing', lang) : `**${words.join(' · ')}**`,
    ...(error === null ? [] : [`✖ ${toErrorText(error)}`]),
    ...toTable(['', 'ci-report.post', 'ci-report.title', 'ci-report.draft'], posts.map(toPostRow), { lang, budget }),
    ...(findings.length === 0 ? [] : [`### ${say('ci-report.findings', lang)}`]),
    ...toTable(['', 'ci-report.place', 'ci-report.finding'], findings.map(toFindingRow), { lang, budget }),
  ];
  return `${parts.join('\n\n')}\n`;

  function toPostRow(result: Result): readonly string[] {
    const { status, file, title, mediaId, preview } = result;
    const outcome = `${MARKS[status]} ${say(`result.${status}`, lang)}`;
    const draft = result.error === null ? (mediaId ?? preview ?? '') : '';
    return [
      outcome,
      toLiteral(file),
      toLiteral(title ?? ''),
      result.error === null ? toLiteral(draft) : toErrorText(result.error),
    ];
  }

  function toFindingRow({
    severity,
    file,
    line,
    column,
    message,
    code,
  }: Result['findings'][number]): readonly string[] {
    return [say(severity, lang), toLiteral(`${file}:${line}:${column}`), `${toLiteral(message)} (${toLiteral(code)})`];
  }
}

/** What GitHub shows beside the lines: errors of the run and of its posts, then findings. A dry run's are those of check. */
export function toRunAnnotations({ results, error, dryRun }: PublishDocument): readonly Annotation[] {
  const nowhere = { file: null, line: null, column: null };
  const ofRun = error === null ? [] : [toErrorAnnotation(error, nowhere)];
  if (dryRun) return ofRun;
  const ofPosts = results.flatMap((each) => {
    const at = { file: each.file, line: 1, column: null };
    // An invalid post is told by its findings.
    const isTold = each.findings.some(({ severity }) => severity === 'error');
    return each.error === null || isTold ? [] : [toErrorAnnotation(each.error, at)];
  });
  const ofLines = results.flatMap(({ findings }) =>
    findings.map((each): Annotation => ({ ...each, title: `wxsync ${each.code}` })),
  );
  return [...ofRun, ...ofPosts, ...ofLines];
}

/** The text for GITHUB_OUTPUT. Each value stands between two lines that nobody can guess, so that none can set another. */
export function toOutputs(document: PublishDocument, changedFiles: readonly string[]): string {
  const { created, updated, failed } = document.summary;
  const values = { published: created + updated, failed, 'changed-files': changedFiles.join('\n') };
  return Object.entries(values)
    .map(([name, value]) => {
      const end = `end-${randomUUID()}`;
      return `${name}<<${end}\n${value}\n${end}\n`;
    })
    .join('');
}

type ErrorDocument = NonNullable<Result['error']>;

function toErrorAnnotation(error: ErrorDocument, at: Pick<Annotation, 'file' | 'line' | 'column'>): Annotation {
  const message = [error.message, error.hint].filter((part) => part !== '').join('\n');
  return { severity: 'error', ...at, title: `wxsync ${error.code}`, message };
}

function toErrorText({ code, message, hint }: ErrorDocument): string {
  return [`${toLiteral(message)} (${toLiteral(code)})`, ...(hint === '' ? [] : [toLiteral(hint)])].join('<br>');
}

function isFailed({ status }: Result): boolean {
  return status === 'failed';
}

/** A table that ends, and says so, where the budget does; nothing for no rows. */
function toTable(
  heads: readonly (UiKey | '')[],
  rows: readonly (readonly string[])[],
  { lang, budget }: { readonly lang: Lang; readonly budget: { bytes: number } },
): readonly string[] {
  if (rows.length === 0) return [];
  const lines = [toRow(heads.map((head) => (head === '' ? '' : say(head, lang)))), toRow(heads.map(() => '---'))];
  let shown = 0;
  for (const row of rows) {
    const line = toRow(row);
    budget.bytes -= Buffer.byteLength(line) + 1;
    if (budget.bytes < 0) break;
    lines.push(line);
    shown++;
  }
  const more = rows.length - shown;
  return [lines.join('\n'), ...(more === 0 ? [] : [say('ci-report.more', lang, { count: more })])];
}

function toRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text from outside as nothing but text: no markup, no link (bare addresses included), no picture, no cell, no mention. */
function toLiteral(text: string): string {
  return toPrintable(text).replace(/[\\`*_{}[\]<>()#+!|~&@$]|(?<=:)\/|(?<=\bwww)\./gi, '\\$&');
}
