// `wxsync publish`: flags and settings into one run, the run into a report; the story itself is in publish/.
import { dirname, join, relative, resolve } from 'node:path';
import { EXIT_INT, EXIT_TERM, WxsyncError } from '../errors.ts';
import { type Cache, findCacheHome, openCache } from '../local/cache.ts';
import type { Io } from '../local/io.ts';
import { toPosixPath } from '../local/project.ts';
import { loadAppId } from '../local/settings.ts';
import { openLedgerOf, openRun, type Target } from '../publish/open.ts';
import { planPosts } from '../publish/plan.ts';
import { publishPosts, type ReadResult, readPosts, type Selection, toEarlyResult } from '../publish/posts.ts';
import type { Overrides, PostFile } from '../publish/read.ts';
import { type PostResult, toExitCode } from '../publish/result.ts';
import type { Step, Wishes } from '../publish/run.ts';
import { selectPosts } from '../publish/select.ts';
import {
  describeStep,
  describeWire,
  type PublishReport,
  printError,
  printResult,
  printSummary,
  toPublishJson,
} from '../report/publish-report.ts';
import { say, toPageWords } from '../report/words.ts';
import { enter, type GlobalOptions, type Surroundings } from './globals.ts';
import { isSandboxRun, openTarget } from './target.ts';

export interface PublishFlags {
  readonly dryRun?: boolean;
  readonly sandbox?: boolean;
  readonly update?: boolean;
  readonly force?: boolean;
  readonly overwrite?: boolean;
  readonly all?: boolean;
  readonly theme?: string;
  readonly account?: string;
  readonly cover?: string;
  readonly author?: string;
  readonly digest?: string;
  /** Absent: flips, but not in a sandbox run. */
  readonly flip?: boolean;
  readonly maxNew: number;
  readonly wait: boolean;
  readonly failFast?: boolean;
  readonly apiRoot?: string;
  readonly json?: boolean;
}

const PACE_MS = 1_000;

export async function runPublish(
  io: Io,
  options: { globals: GlobalOptions; flags: PublishFlags; paths: readonly string[] },
): Promise<number> {
  const { flags, paths } = options;
  const around = await enter(io, options.globals);
  const { speaker } = around;
  const print =
    flags.json === true ? () => undefined : (result: PostResult) => printResult(result, speaker, showFrom(around));
  const report = await publishPaths(around, { flags, paths, print });
  speaker.clearProgress();
  if (flags.json === true) speaker.out(toPublishJson(report, speaker.lang));
  else if (report.error !== null) printError(report.error, speaker);
  else if (report.results.length === 0) speaker.talk(say('empty', speaker.lang, { where: paths.join(' ') }));
  else printSummary(report, speaker);
  return report.exitCode;
}

/** Publishes, or plans, what the paths mean. An expected error is in the report; only a bug is thrown. */
export async function publishPaths(
  around: Surroundings,
  { flags, paths, print }: { flags: PublishFlags; paths: readonly string[]; print: (result: PostResult) => void },
): Promise<PublishReport> {
  const { env } = around.environment;
  const sandbox = isSandboxRun({ env, sandbox: flags.sandbox === true });
  const base = {
    dryRun: flags.dryRun === true,
    target: sandbox ? 'sandbox' : 'wechat',
    account: flags.account ?? env['WXSYNC_ACCOUNT'] ?? 'default',
    next: [],
  } as const;
  try {
    const posts = await findPosts(paths, around);
    const readings = await readPosts(posts, {
      selection: toSelection(flags),
      overrides: toOverrides(flags, around.cwd),
      onRead: (at) => onStep(around, { kind: 'read', path: at.path }),
    });
    const wanted = readings.filter(({ at, reading }) => at.named || reading.kind !== 'left-out');
    return { ...base, ...(await (base.dryRun ? plan : publish)({ around, flags, readings: wanted, print })) };
  } catch (error) {
    if (!(error instanceof WxsyncError)) throw error;
    return { ...base, results: [], error, exitCode: error.exitCode };
  }
}

interface Work {
  readonly around: Surroundings;
  readonly flags: PublishFlags;
  readonly readings: readonly ReadResult[];
  readonly print: (result: PostResult) => void;
}

type Done = Pick<PublishReport, 'results' | 'error' | 'exitCode'> & { readonly next?: readonly string[] };

/** The dry run: the same reading and fitting, no network, nothing written but a page a post. */
async function plan({ around, flags, readings, print }: Work): Promise<Done> {
  const { environment, speaker } = around;
  const sandbox = isSandboxRun({ env: environment.env, sandbox: flags.sandbox === true });
  const results = await planPosts(readings, {
    words: toPageWords(speaker.lang),
    cache: readOnly(openCache(join(findCacheHome(around.io), 'fitted'))),
    ledgerOf: (at) => openLedgerOf(at, sandbox ? 'sandbox' : 'wechat'),
    appId: sandbox ? null : await loadAppId(environment.env, accountOf(around, flags)),
    wishes: toWishes(flags, sandbox ? 'sandbox' : 'wechat'),
    onStep: (step) => onStep(around, step),
    onResult: print,
  });
  const exitCode = toExitCode(results);
  const file = results.find((each) => each.status === 'planned')?.file;
  const next = file === undefined ? [] : [`wxsync publish ${showFrom(around)(file)}`];
  return { results, error: null, exitCode, next: exitCode === 0 ? next : [] };
}

async function publish({ around, flags, readings, print }: Work): Promise<Done> {
  const first = readings.find(({ reading }) => reading.kind === 'ok');
  if (first === undefined) {
    const results = readings.map(toEarlyResult).filter((each) => each !== null);
    for (const each of results) print(each);
    return { results, error: null, exitCode: toExitCode(results) };
  }
  const { environment, speaker } = around;
  const target = await openTarget({
    env: environment.env,
    sandbox: flags.sandbox === true,
    apiRoot: flags.apiRoot,
    account: accountOf(around, flags, first),
    home: first.at.place.home,
    file: showFrom(around)(first.at.path),
  });
  const stop = new AbortController();
  const hard = new AbortController();
  let signalled: 'SIGINT' | 'SIGTERM' | null = null;
  const unlisten = around.io.onSignal((signal) => {
    if (signalled !== null) return hard.abort(new WxsyncError('interrupted'));
    signalled = signal;
    speaker.talk(say('stopping', speaker.lang));
    stop.abort();
  });
  const run = openRun({
    target,
    io: around.io,
    env: environment.env,
    wishes: toWishes(flags, target.kind),
    stop: stop.signal,
    hard: hard.signal,
    keepSecret: (secret) => speaker.redactor.add(secret),
    words: toPageWords(speaker.lang),
    onStep: (step) => onStep(around, step),
    onWire: (event) => {
      if (speaker.level === 'verbose') speaker.talk(`  ${describeWire(event)}`);
    },
  });
  try {
    const results = await publishPosts(readings, run, {
      maxNew: flags.maxNew,
      failFast: flags.failFast === true,
      paceMs: target.root.loopback ? 0 : PACE_MS,
      onResult: print,
    });
    const code = toExitCode(results);
    const exitCode = signalled === null ? code : signalled === 'SIGINT' ? EXIT_INT : EXIT_TERM;
    return { results, error: null, exitCode, next: toNext(around, target, results) };
  } finally {
    unlisten();
    await run.client.close();
    await target.close();
  }
}

async function findPosts(paths: readonly string[], around: Surroundings): Promise<readonly PostFile[]> {
  const { cwd, place, config } = around;
  if (paths.includes('-'))
    throw new WxsyncError('usage', { args: { detail: say('usage.stdin', around.speaker.lang), command: 'publish' } });
  const candidates = await selectPosts(paths, { cwd, root: place.root, config });
  const posts = candidates.map(async ({ file, named }): Promise<PostFile> => {
    const project = await around.projectOf(dirname(file));
    return { file, named, path: toPosixPath(project.place.home, file), ...project };
  });
  return Promise.all(posts);
}

function accountOf(around: Surroundings, flags: PublishFlags, first?: ReadResult): string | null {
  const own = first?.reading.kind === 'ok' ? first.reading.read.post.account : null;
  const config = first?.at.config ?? around.config;
  return flags.account ?? around.environment.env['WXSYNC_ACCOUNT'] ?? own ?? config.account;
}

function toWishes(flags: PublishFlags, kind: Target['kind']): Wishes {
  return {
    update: flags.update === true,
    force: flags.force === true,
    overwrite: flags.overwrite === true,
    flip: flags.flip ?? kind === 'wechat',
    wait: flags.wait,
  };
}

function toSelection(flags: PublishFlags): Selection {
  return {
    update: flags.update === true,
    force: flags.force === true,
    all: flags.all === true,
    showSynced: flags.dryRun === true,
  };
}

function toOverrides(flags: PublishFlags, cwd: string): Overrides {
  const { theme, cover } = flags;
  const isRemote = cover !== undefined && /^https?:\/\//i.test(cover);
  return {
    theme: theme?.endsWith('.css') ? resolve(cwd, theme) : (theme ?? null),
    cover:
      cover === undefined
        ? null
        : isRemote
          ? { kind: 'remote', url: cover }
          : { kind: 'file', path: resolve(cwd, cover), shown: cover },
    author: flags.author ?? null,
    digest: flags.digest ?? null,
  };
}

function toNext(around: Surroundings, target: Target, results: readonly PostResult[]): readonly string[] {
  const made = results.find((each) => each.status === 'created' || each.status === 'updated');
  if (made === undefined || target.kind !== 'sandbox') return [];
  return ['wxsync sandbox', `wxsync publish ${showFrom(around)(made.file)}`];
}

/** Paths of output are relative to the home; people read them relative to where they stand. */
function showFrom({ place, cwd }: Surroundings): (path: string) => string {
  return (path) => relative(cwd, join(place.home, path)) || path;
}

function onStep({ speaker, ...around }: Surroundings, step: Step): void {
  if (step.kind === 'read' && around.io.stderr.isTTY !== true) return;
  speaker.progress(describeStep(step, speaker.lang, showFrom({ speaker, ...around })));
}

function readOnly(cache: Cache): Cache {
  return { ...cache, put: async () => undefined };
}
