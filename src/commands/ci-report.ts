// `wxsync ci report`: hands what `publish --json` wrote to the CI service, where people and later steps find it.
import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { isGitHub } from '../local/ci.ts';
import { readRegularFile } from '../local/files.ts';
import { openGit } from '../local/git.ts';
import type { Io } from '../local/io.ts';
import { toOutputs, toRunAnnotations, toSummaryPage } from '../report/ci-report.ts';
import { toWorkflowLines } from '../report/github.ts';
import type { PublishDocument } from '../report/publish-report.ts';
import { say } from '../report/words.ts';
import { enter, type GlobalOptions } from './globals.ts';

/** Far more than thousands of posts need. */
const MAX_BYTES = 100_000_000;

/** On GitHub: annotations, job summary and outputs; elsewhere the summary as Markdown on stdout. Throws `report-unreadable`. */
export async function runCiReport(
  io: Io,
  { globals, file }: { readonly globals: GlobalOptions; readonly file: string },
): Promise<number> {
  const { speaker, cwd, place } = await enter(io, globals);
  const { lang, redactor } = speaker;
  const document = await loadDocument(file, cwd);
  const page = redactor.clean(toSummaryPage(document, lang));
  const { GITHUB_STEP_SUMMARY: summaryFile = '', GITHUB_OUTPUT: outputFile = '' } = io.env;
  if (isGitHub(io.env)) {
    const more = (count: number) => say('check.more', lang, { count });
    for (const line of toWorkflowLines(toRunAnnotations(document), more)) speaker.annotate(line);
  }
  if (summaryFile === '') speaker.out(page.trimEnd());
  else await appendFile(summaryFile, page);
  if (outputFile !== '') {
    const changed = place.gitRoot === null ? [] : await listChanged(place.gitRoot, document, io.env);
    await appendFile(outputFile, redactor.clean(toOutputs(document, changed)));
  }
  return 0;
}

async function loadDocument(file: string, cwd: string): Promise<PublishDocument> {
  const read = readRegularFile(resolve(cwd, file), MAX_BYTES);
  if (read.kind !== 'ok') throw new WxsyncError('report-unreadable', { args: { path: file, detail: read.kind } });
  const text = new TextDecoder().decode(read.bytes);
  try {
    const document = JSON.parse(text) as PublishDocument;
    if (document.schema === 'wxsync.publish/1') return document;
  } catch {
    // Told below, like any other file that publish did not write.
  }
  const detail = text.trim() === '' ? 'empty' : 'JSON';
  throw new WxsyncError('report-unreadable', { args: { path: file, detail } });
}

/** Flagged posts and receipts that differ from what is committed; relative to the git root. */
async function listChanged(gitRoot: string, { results }: PublishDocument, env: Io['env']): Promise<readonly string[]> {
  const flagged = results.filter(({ flag }) => flag.before !== flag.after).map((each) => each.file);
  const receipts = join('.wxsync', 'posts');
  const git = openGit(gitRoot, env);
  const listed = await git.ask([
    '--literal-pathspecs',
    ...['ls-files', '-z', '--modified', '--others', '--exclude-standard', '--'],
    ...[receipts, ...flagged],
  ]);
  return [...new Set(listed.split('\0').filter((path) => path !== ''))].sort();
}
