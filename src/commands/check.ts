// `wxsync check`: posts read as publish reads them, more rules, no network and no change; one report in the wished form.
import { relative } from 'node:path';
import { EXIT, toExpected } from '../errors.ts';
import { isGitHub } from '../local/ci.ts';
import { type Io, isCi } from '../local/io.ts';
import { lookCloser } from '../publish/lint.ts';
import { type ReadResult, readPosts } from '../publish/posts.ts';
import {
  type CheckedFile,
  type CheckFormat,
  type CheckReport,
  countFindings,
  printCheck,
} from '../report/check-report.ts';
import { describeStep } from '../report/publish-report.ts';
import { enter, type GlobalOptions, openSpeaker, type Surroundings } from './globals.ts';
import { findPosts } from './post-files.ts';

export interface CheckFlags {
  /** Absent: github inside GitHub Actions, else pretty. */
  readonly format?: CheckFormat;
  readonly maxWarnings?: number;
}

/** Every post that is not hidden, whatever its flag says. */
const EVERY = { update: true, force: true, all: true, showSynced: true } as const;
const NOTHING = { theme: null, codeTheme: null, cover: null, author: null, digest: null } as const;

export interface CheckWishes {
  readonly paths: readonly string[];
  /** Null: any number is fine. */
  readonly maxWarnings: number | null;
}

/** Checks what the paths mean, prints the report and gives the exit code: 3 for an error or too many warnings. */
export async function runCheck(
  io: Io,
  { globals, flags, paths }: { globals: GlobalOptions; flags: CheckFlags; paths: readonly string[] },
): Promise<number> {
  const format = flags.format ?? (isGitHub(io.env) ? 'github' : 'pretty');
  const wishes: CheckWishes = { paths, maxWarnings: flags.maxWarnings ?? null };
  let speaker = openSpeaker(io, globals);
  let report: CheckReport;
  try {
    const around = await enter(io, globals, paths[0]);
    speaker = around.speaker;
    report = await checkPaths(around, wishes);
  } catch (error) {
    report = toReport({ files: [], error: toExpected(error) }, wishes);
  }
  // A reader of any form but pretty waits for a document, whatever happens.
  if (report.error !== null && format === 'pretty') throw report.error;
  speaker.clearProgress();
  printCheck(report, format, speaker);
  return report.exitCode;
}

/** Checks what the paths mean. An expected error is in the report; only a bug is thrown. */
export async function checkPaths(around: Surroundings, wishes: CheckWishes): Promise<CheckReport> {
  try {
    return toReport({ files: await readFiles(around, wishes.paths), error: null }, wishes);
  } catch (error) {
    return toReport({ files: [], error: toExpected(error) }, wishes);
  }
}

export function toReport({ files, error }: Pick<CheckReport, 'files' | 'error'>, wishes: CheckWishes): CheckReport {
  const { paths, maxWarnings } = wishes;
  const { errors, warnings } = countFindings(files);
  const isBad = errors > 0 || (maxWarnings !== null && warnings > maxWarnings);
  const exitCode = error?.exitCode ?? (isBad ? EXIT.writer : 0);
  return { files, error, maxWarnings, exitCode, where: paths.join(' ') };
}

async function readFiles(around: Surroundings, paths: readonly string[]): Promise<readonly CheckedFile[]> {
  const { cwd, io, environment, speaker } = around;
  const ci = isCi(io);
  const readings = await readPosts(await findPosts(paths, around), {
    selection: EVERY,
    overrides: NOTHING,
    accountOf: (post, at) => environment.env['WXSYNC_ACCOUNT'] ?? post.account ?? at.config.account,
    lookCloser: (seen) => lookCloser(seen, { ci, where: { env: environment.env, platform: io.platform } }),
    onRead: (at) => {
      const step = { kind: 'read', path: relative(cwd, at.file) } as const;
      if (io.stderr.isTTY === true) speaker.progress(describeStep(step, speaker.lang));
    },
  });
  return readings.flatMap((each) => toCheckedFile(each, cwd) ?? []);
}

/** Null for a post that was left out. */
function toCheckedFile({ at, reading }: ReadResult, cwd: string): CheckedFile | null {
  const its = { file: at.path, shown: relative(cwd, at.file) };
  switch (reading.kind) {
    case 'left-out':
      return null;
    case 'ok':
      return { ...its, text: reading.read.post.text, findings: reading.read.findings };
    case 'invalid': {
      const { bytes, findings } = reading;
      return { ...its, text: bytes === null ? null : new TextDecoder().decode(bytes), findings };
    }
  }
}
