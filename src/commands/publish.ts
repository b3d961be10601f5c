// `wxsync publish`: flags and settings into runs, one for each account, and the runs into one report; the story is in publish/.
import { join } from 'node:path';
import type { Post } from '../article/post.ts';
import { EXIT_INT, EXIT_TERM, toExpected, WxsyncError } from '../errors.ts';
import { openStudio, type Studio } from '../images/studio.ts';
import { type Cache, findCacheHome, openCache } from '../local/cache.ts';
import { openGit } from '../local/git.ts';
import type { Io } from '../local/io.ts';
import { findTargetKind, loadAppId } from '../local/settings.ts';
import type { Entry } from '../publish/entry.ts';
import { openLedgerOf, openRun, type Target } from '../publish/open.ts';
import { planPosts } from '../publish/plan.ts';
import { countNew, publishPosts, type ReadResult, readNewest, readPosts, toEarlyResult } from '../publish/posts.ts';
import type { PostFile } from '../publish/read.ts';
import { type PostResult, toExitCode } from '../publish/result.ts';
import type { Run } from '../publish/run.ts';
import { findChanges } from '../publish/select.ts';
import { toResult } from '../publish/story.ts';
import {
  describeWire,
  type PublishReport,
  printChoice,
  printError,
  printResult,
  printSummary,
  printTable,
  toPublishJson,
} from '../report/publish-report.ts';
import { say, toPageWords } from '../report/words.ts';
import { enter, type GlobalOptions, openSpeaker, type Surroundings } from './globals.ts';
import { findPosts } from './post-files.ts';
import { type PublishFlags, toOverrides, toSelection, toWishes } from './publish-flags.ts';
import { type Stage, toAgain, toNext, toReal, toStage, toUpdate } from './publish-stage.ts';
import { openTarget } from './target.ts';

/** Least time between two drafts of one account; against a server on this computer none is needed. */
const PACE_MS = 1_000;

export interface PublishCall {
  readonly globals: GlobalOptions;
  readonly flags: PublishFlags;
  readonly paths: readonly string[];
}

export async function runPublish(io: Io, { globals, flags, paths }: PublishCall): Promise<number> {
  let speaker = openSpeaker(io, globals);
  let report: PublishReport;
  const told: PostResult[] = [];
  try {
    const around = await enter(io, globals, paths[0]);
    speaker = around.speaker;
    const print = (result: PostResult) => {
      told.push(result);
      if (flags.json !== true) printResult(result, speaker);
    };
    report = await publishPaths(around, { flags, paths, print, said: io.argv });
  } catch (error) {
    // With --json even a broken config is told in the one document.
    if (flags.json !== true) throw error;
    report = toFailed(toExpected(error), flags, io.env);
  }
  speaker.clearProgress();
  if (flags.json === true) speaker.out(toPublishJson(report, speaker.lang));
  else if (report.error !== null) printError(report.error, speaker);
  else if (report.results.length === 0) speaker.talk(say('empty', speaker.lang, { where: paths.join(' ') }));
  else {
    printTable(told, speaker);
    printSummary(report, speaker);
  }
  return report.exitCode;
}

export interface PublishWish {
  readonly flags: PublishFlags;
  readonly paths: readonly string[];
  readonly print: (result: PostResult) => void;
  /** The words of the command line after `wxsync`, where there is one: the library's host has another. */
  readonly said?: readonly string[];
}

/** Publishes, or plans, what the paths mean. An expected error is in the report; only a bug is thrown. */
export async function publishPaths(
  around: Surroundings,
  { flags, paths, print, said = ['publish', ...paths] }: PublishWish,
): Promise<PublishReport> {
  const { env } = around.environment;
  const frame = toFrame(flags, env);
  try {
    if (paths.includes('-')) {
      const detail = say('usage.stdin', around.speaker.lang);
      throw new WxsyncError('usage', { args: { detail, command: 'publish' } });
    }
    const posts = await findPosts(paths, around);
    const stage = toStage(around, posts);
    const isChanged = await findNarrowing(flags, posts, around);
    const readings = await readPosts(posts, {
      selection: toSelection(flags),
      overrides: toOverrides(flags, around.cwd),
      accountOf: (post: Post, at: PostFile) => {
        return flags.account ?? env['WXSYNC_ACCOUNT'] ?? post.account ?? at.config.account;
      },
      ...(isChanged && { isChanged }),
      entryOf: toEntryOf(around, flags),
      onRead: (at) => stage.onStep({ kind: 'read', path: at.path }),
    });
    printChoice(readings, around.speaker);
    const wanted = readings.filter(({ at, reading }) => at.named || reading.kind !== 'left-out');
    const work: Work = {
      around,
      stage,
      flags,
      said,
      readings: wanted,
      print: (result) => print(stage.toShown(result)),
    };
    return { ...frame, ...(await (frame.dryRun ? plan : publish)(work)) };
  } catch (error) {
    return toFailed(toExpected(error), flags, env);
  }
}

/** Finds the newest entry of a post, in the account that the run would use. */
function toEntryOf({ environment: { env } }: Surroundings, flags: PublishFlags) {
  const kind = findTargetKind(env, flags);
  return async (at: PostFile, account: string | null): Promise<Entry | null> => {
    const appId = kind === 'sandbox' ? null : await loadAppId(env, account);
    return readNewest(openLedgerOf(at, kind), at.path, appId);
  };
}

/** The report of a run that ended before its first post. */
export function toFailed(error: WxsyncError, flags: PublishFlags, env: Io['env']): PublishReport {
  return { ...toFrame(flags, env), results: [], error, exitCode: error.exitCode, next: [] };
}

/** What the report says of the run as a whole. */
function toFrame(flags: PublishFlags, env: Io['env']): Pick<PublishReport, 'dryRun' | 'target' | 'account'> {
  return {
    dryRun: flags.dryRun === true,
    target: findTargetKind(env, flags),
    account: flags.account ?? env['WXSYNC_ACCOUNT'] ?? 'default',
  };
}

interface Work {
  readonly around: Surroundings;
  readonly stage: Stage;
  readonly flags: PublishFlags;
  readonly said: readonly string[];
  readonly readings: readonly ReadResult[];
  readonly print: (result: PostResult) => void;
}

type Done = Pick<PublishReport, 'results' | 'error' | 'exitCode' | 'next'> & {
  readonly account?: string;
  readonly target?: Target['kind'];
};

/** The dry run: the same reading and fitting, no network, nothing written but a page a post. */
async function plan({ around, stage, flags, said, readings, print }: Work): Promise<Done> {
  const { environment, speaker } = around;
  const studio = openStudio({ env: environment.env, platform: around.io.platform, hearing: 'nobody' });
  const results = await planPosts(readings, {
    words: toPageWords(speaker.lang),
    cache: readOnly(openCache(join(findCacheHome(around.io), 'fitted'))),
    studio,
    entryOf: toEntryOf(around, flags),
    wishes: toWishes(flags, stage.target),
    onStep: stage.onStep,
    onResult: print,
  }).finally(studio.close);
  const exitCode = toExitCode(results);
  const next = [...(exitCode === 0 ? toReal(stage, said, results) : []), ...toUpdate(stage, flags, results)];
  return { results, error: null, exitCode, next };
}

/** One run for each account, in the order in which the accounts first appear. */
async function publish(work: Work): Promise<Done> {
  const { around, stage, flags, said, readings, print } = work;
  const early = readings.flatMap((each) => toEarlyResult(each) ?? []);
  for (const result of early) print(result);
  const stops = listenForStops(around);
  const studio = openStudio({ env: around.environment.env, platform: around.io.platform, hearing: 'caller' });
  const made: PostResult[] = [];
  const opened: { run: Run; target: Target; readings: readonly ReadResult[] }[] = [];
  try {
    const groups = groupByAccount(readings);
    for (const [account, its] of groups) {
      const opening = openTarget({
        env: around.environment.env,
        sandbox: flags.sandbox === true,
        apiRoot: flags.apiRoot,
        account,
        home: its[0].at.place.home,
        file: stage.show(its[0].at.path),
        speaker: around.speaker,
      });
      try {
        const target = await opening;
        const run = await openRunOf(work, target, { stops, studio });
        opened.push({ target, readings: its, run });
      } catch (error) {
        // One account that cannot be used is the end for its posts, not for those of the others.
        if (!(error instanceof WxsyncError) || groups.size === 1) throw error;
        made.push(...failAll(its, error));
      }
    }
    for (const result of made) print(result);
    const counts = await Promise.all(opened.map(({ run, readings: its }) => countNew(its, run)));
    const count = counts.reduce((sum, each) => sum + each, 0);
    if (count > flags.maxNew) throw new WxsyncError('too-many-new', { args: { count, max: flags.maxNew } });

    for (const { run, target, readings: its } of opened) {
      const failFast = flags.failFast === true;
      const stopped = failFast && [...early, ...made].some((each) => each.status === 'failed');
      const paceMs = target.root.loopback ? 0 : PACE_MS;
      made.push(...(await publishPosts(its, run, { failFast, stopped, paceMs, onResult: print })));
    }
    const order = new Map(readings.map(({ at }, index) => [at.path, index]));
    const results = [...early, ...made].sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0));
    const account = opened.length === 1 ? opened[0]?.readings[0]?.at && accountOf(opened[0].readings[0]) : null;
    return {
      results,
      error: null,
      exitCode: stops.exitCode() ?? toExitCode(results),
      next: [
        ...toNext(stage, opened[0]?.target.kind ?? 'wechat', results),
        ...toUpdate(stage, flags, results),
        ...toAgain(said, results),
      ],
      ...(account == null ? {} : { account }),
      ...(opened[0] === undefined ? {} : { target: opened[0].target.kind }),
    };
  } finally {
    stops.end();
    await studio.close();
    for (const { run, target } of opened) {
      await run.client.close();
      await target.close();
    }
  }
}

function failAll(readings: readonly ReadResult[], error: WxsyncError): readonly PostResult[] {
  return readings.flatMap(({ reading }) => {
    return reading.kind === 'ok' ? [{ ...toResult(reading.read), status: 'failed', error } as const] : [];
  });
}

function groupByAccount(
  readings: readonly ReadResult[],
): ReadonlyMap<string | null, readonly [ReadResult, ...ReadResult[]]> {
  const groups = new Map<string | null, [ReadResult, ...ReadResult[]]>();
  for (const each of readings) {
    if (each.reading.kind !== 'ok') continue;
    const { account } = each.reading.read;
    const group = groups.get(account);
    if (group === undefined) groups.set(account, [each]);
    else group.push(each);
  }
  return groups;
}

function accountOf({ reading }: ReadResult): string | null {
  return reading.kind === 'ok' ? reading.read.account : null;
}

interface Stops {
  /** Finish what is in flight, start nothing new. */
  readonly soft: AbortSignal;
  /** End calls in flight. */
  readonly hard: AbortSignal;
  /** 130 or 143 once interrupted. */
  exitCode(): number | null;
  end(): void;
}

/** The first Ctrl-C lets the draft in flight be finished; the second one does not wait for it. */
function listenForStops({ io, speaker }: Surroundings): Stops {
  const soft = new AbortController();
  const hard = new AbortController();
  let code: number | null = null;
  const end = io.onSignal((signal) => {
    if (code !== null) return hard.abort(new WxsyncError('interrupted'));
    code = signal === 'SIGINT' ? EXIT_INT : EXIT_TERM;
    speaker.talk(say('stopping', speaker.lang));
    soft.abort(new WxsyncError('interrupted'));
  });
  return { soft: soft.signal, hard: hard.signal, exitCode: () => code, end };
}

function openRunOf(
  { around, stage, flags }: Work,
  target: Target,
  { stops, studio }: { readonly stops: Stops; readonly studio: Studio },
): Promise<Run> {
  const { speaker, io, environment } = around;
  return openRun({
    target,
    io,
    env: environment.env,
    gitRoot: around.place.gitRoot,
    wishes: toWishes(flags, target.kind),
    studio,
    stop: stops.soft,
    hard: stops.hard,
    keepSecret: speaker.keepSecret,
    words: toPageWords(speaker.lang),
    onStep: stage.onStep,
    onWire: (event) => {
      if (speaker.level === 'verbose') speaker.talk(`  ${describeWire(event)}`);
    },
  });
}

/** Null: `--since` was not said, or there is nothing to compare with. */
async function findNarrowing(
  { since }: PublishFlags,
  posts: readonly PostFile[],
  { io, speaker }: Surroundings,
): Promise<((at: PostFile) => boolean) | null> {
  if (since === undefined) return null;
  const isChanged = await findChanges(posts, since, (root) => openGit(root, io.env));
  if (isChanged === null) speaker.talk(say('since.unknown', speaker.lang, { ref: since }));
  return isChanged;
}

function readOnly(cache: Cache): Cache {
  return { ...cache, put: async () => undefined };
}
