// The one place where an error that ended a command becomes words and an exit code; it knows no command's work.
import { findExpected, WxsyncError } from '../errors.ts';
import type { Io } from '../local/io.ts';
import { printError, toPublishJson } from '../report/publish-report.ts';
import { createSpeaker, type Speaker } from '../report/speaker.ts';
import { toStatusJson } from '../report/status-report.ts';
import { type Lang, toPrintable } from '../report/words.ts';
import { type GlobalOptions, toSpeakerOptions } from './globals.ts';

export interface FailedRun {
  readonly io: Io;
  readonly lang: Lang;
  readonly flags: Pick<GlobalOptions, 'quiet' | 'color'>;
}

/** Tells an expected error as its words, and any other one as a bug with its stack. Gives the exit code. */
export function tellFailure(error: unknown, { io, lang, flags }: FailedRun): number {
  const speaker = createSpeaker(
    io,
    toSpeakerOptions({ ...flags, lang, sandbox: io.argv.includes('--sandbox') }, io.env),
  );
  for (const [name, value] of Object.entries(io.env))
    if (/SECRET|TOKEN/.test(name) && value !== undefined) speaker.redactor.add(value);
  const expected = findExpected(error);
  if (expected !== null) {
    const document = io.argv.includes('--json') ? toFailure(expected, io.argv, speaker) : null;
    if (document === null) printError(expected, speaker);
    else speaker.out(document);
    return expected.exitCode;
  }
  // Anything else is a bug of ours, and its stack is what a report needs.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) speaker.complain(`  ${toPrintable(line.trim())}`);
  const bug = new WxsyncError('bug', { args: { detail: error instanceof Error ? error.message : String(error) } });
  printError(bug, speaker);
  return bug.exitCode;
}

/** The one document of a command whose arguments were wrong; null for a command that has none. */
function toFailure(error: WxsyncError, argv: readonly string[], { lang, target }: Speaker): string | null {
  if (argv.includes('status')) return toStatusJson({ states: [], error }, { lang, target });
  if (!argv.includes('publish')) return null;
  const frame = { dryRun: false, target, account: 'default', results: [], next: [] } as const;
  return toPublishJson({ ...frame, error, exitCode: error.exitCode }, lang);
}
