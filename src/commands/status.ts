// `wxsync status`: how far each post is, from files alone, or with what WeChat's draft box says too; changes nothing.
import { relative } from 'node:path';
import { toExpected } from '../errors.ts';
import type { Io } from '../local/io.ts';
import { openLedgerOf } from '../publish/open.ts';
import { askDraftBox, type PostState, readStates } from '../publish/status.ts';
import { describeStep } from '../report/publish-report.ts';
import { printStatus, toStatusJson } from '../report/status-report.ts';
import { say } from '../report/words.ts';
import { enter, type GlobalOptions, openSpeaker, type Surroundings } from './globals.ts';
import { findPosts } from './post-files.ts';
import { openQuietRun, openTarget } from './target.ts';

export interface StatusFlags {
  readonly remote?: boolean;
  readonly sandbox?: boolean;
  readonly account?: string;
  readonly apiRoot?: string;
  readonly json?: boolean;
}

/** Exit 0 whatever the states are. */
export async function runStatus(
  io: Io,
  { globals, flags, paths }: { globals: GlobalOptions; flags: StatusFlags; paths: readonly string[] },
): Promise<number> {
  let speaker = openSpeaker(io, globals);
  let states: readonly PostState[] = [];
  let cwd = io.cwd;
  try {
    const around = await enter(io, globals, paths[0]);
    ({ speaker, cwd } = around);
    const known = await readAll(around, flags, paths);
    states = flags.remote === true ? await askWechat(around, flags, known) : known;
  } catch (error) {
    if (flags.json !== true) throw error;
    const expected = toExpected(error);
    speaker.out(toStatusJson({ states, error: expected }, speaker));
    return expected.exitCode;
  }
  speaker.clearProgress();
  if (flags.json === true) speaker.out(toStatusJson({ states, error: null }, speaker));
  else if (states.length === 0) speaker.talk(say('status.empty', speaker.lang, { where: paths.join(' ') }));
  else printStatus(states, ({ at }) => relative(cwd, at.file), speaker);
  return 0;
}

async function readAll(
  around: Surroundings,
  flags: StatusFlags,
  paths: readonly string[],
): Promise<readonly PostState[]> {
  const { cwd, io, environment, speaker } = around;
  return readStates(await findPosts(paths, around), {
    overrides: { theme: null, codeTheme: null, cover: null, author: null, digest: null },
    accountOf: (post, at) => flags.account ?? environment.env['WXSYNC_ACCOUNT'] ?? post.account ?? at.config.account,
    ledgerOf: (at) => openLedgerOf(at, speaker.target),
    onRead: (at) => {
      const step = { kind: 'read', path: relative(cwd, at.file) } as const;
      if (io.stderr.isTTY === true) speaker.progress(describeStep(step, speaker.lang));
    },
  });
}

function hasDraft({ entry, state }: PostState): boolean {
  return entry?.mediaId != null && state !== 'invalid';
}

/** Each account is asked about its own drafts. */
async function askWechat(
  around: Surroundings,
  flags: StatusFlags,
  states: readonly PostState[],
): Promise<readonly PostState[]> {
  const { environment, place } = around;
  let known = states;
  for (const account of new Set(states.filter(hasDraft).map((each) => each.account))) {
    const target = await openTarget({
      env: environment.env,
      sandbox: flags.sandbox === true,
      apiRoot: flags.apiRoot,
      account,
      home: place.home,
      file: '',
      speaker: around.speaker,
    });
    const run = await openQuietRun(around, target, place.gitRoot);
    try {
      known = await askDraftBox(known, run);
    } finally {
      await run.client.close();
      await target.close();
    }
  }
  return known;
}
