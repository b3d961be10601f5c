// `wxsync ci check` and `wxsync ci commit`: what a CI job does before and after publishing; the work is in publish/.
import { WxsyncError } from '../errors.ts';
import { findCiBranch, isGitHub, refuseUntrustedEvent } from '../local/ci.ts';
import { type Git, openGit } from '../local/git.ts';
import type { Author } from '../local/git-objects.ts';
import type { Io } from '../local/io.ts';
import { findTargetKind, listNamedAccounts } from '../local/settings.ts';
import { findWaitingAccounts } from '../publish/accounts.ts';
import { checkPush, commitBack, REMOTE, sweepLeases, takeBackFlags } from '../publish/back-to-git.ts';
import { fetchPending, PENDING, retirePending, takePending } from '../publish/pending.ts';
import { printError, printWarning } from '../report/publish-report.ts';
import { describeError, say } from '../report/words.ts';
import { enter, type GlobalOptions, type Surroundings } from './globals.ts';
import { findPosts } from './post-files.ts';
import { openCredential } from './target.ts';

export interface CiCheckFlags {
  readonly branch?: string;
}

export interface CiCommitFlags extends CiCheckFlags {
  readonly message?: string;
  readonly mode: 'push' | 'pr';
}

/**
 * May this run use secrets, are they here, and can it push back? Receipts that wait elsewhere are taken in, and flags that
 * were merged beside text which was never sent are taken back, so that the run publishes it.
 */
export async function runCiCheck(
  io: Io,
  { globals, flags, paths }: { globals: GlobalOptions; flags: CiCheckFlags; paths: readonly string[] },
): Promise<number> {
  const around = await enter(io, globals);
  const { speaker, environment } = around;
  const { lang, paint } = speaker;
  const { env } = environment;
  if (findTargetKind(env, {}) === 'wechat') {
    refuseUntrustedEvent(io.env);
    await checkCredentials(around, paths);
  }
  const git = openRepository(around);
  const branch = await findBranch(git, around, flags);
  const upstream = await checkPush({ git, branch });
  const pending = await fetchPending({ git, remote: REMOTE }, upstream);
  if (pending !== null) {
    const count = await takePending(pending);
    if (count > 0) speaker.talk(say('ci.taken', lang, { count, pending: PENDING }));
    await retirePending(pending, upstream);
  }
  for (const file of await takeBackFlags({ git, branch }, upstream)) speaker.talk(say('ci.unsent', lang, { file }));
  speaker.out(`${paint.green('✔')} ${say('ci.ready', lang, { branch })}`);
  return 0;
}

/**
 * Whether there are credentials for an account that a waiting post of these paths is for; when none waits, for any account. One of several
 * that has none is told and stops no other, as in `publish`. Throws `credentials-missing`.
 */
async function checkCredentials(around: Surroundings, paths: readonly string[]): Promise<void> {
  const { environment, config, speaker } = around;
  const { env } = environment;
  const chosen = env['WXSYNC_ACCOUNT'];
  const posts = chosen === undefined ? await findPosts(paths, around) : [];
  const needed = await findWaitingAccounts(posts, (post, at) => post.account ?? at.config.account);
  const known = [config.account, ...Object.keys(config.accounts), ...listNamedAccounts(env)];
  const others = chosen === undefined ? known : [chosen];
  const accounts = needed.size > 0 ? [...needed.keys()] : [...new Set(others)];
  const missing: WxsyncError[] = [];
  for (const account of accounts) {
    const file = needed.get(account)?.path ?? 'post.md';
    await openCredential({ env, apiRoot: undefined, account, file, speaker }).catch((error: unknown) => {
      if (!(error instanceof WxsyncError && error.code === 'credentials-missing')) throw error;
      missing.push(error);
    });
  }
  const [first] = missing;
  if (first !== undefined && missing.length === accounts.length) throw first;
  if (needed.size === 0) return;
  for (const error of missing) printWarning(describeError(error, speaker.lang).message, speaker);
}

/** Commits and pushes; a problem that is told after it decides the exit code, a person's before all others. */
export async function runCiCommit(
  io: Io,
  { globals, flags }: { globals: GlobalOptions; flags: CiCommitFlags },
): Promise<number> {
  const around = await enter(io, globals);
  const { speaker } = around;
  const { lang, paint } = speaker;
  const git = openRepository(around);
  const branch = await findBranch(git, around, flags);
  const { mode, message = null } = flags;
  const author = await findAuthor(git, io.env);
  const { kind, commit, head, problems, ...counts } = await commitBack({ git, branch, mode, message, author });
  if (kind === 'nothing') speaker.out(say('ci.nothing', lang));
  else {
    const at = { commit: commit?.slice(0, 10) ?? '', branch: kind === 'pushed' ? branch : PENDING };
    speaker.out(`${paint.green('✔')} ${say('ci.pushed', lang, { ...at, ...counts })}`);
  }
  if (kind === 'pending') speaker.talk(say('ci.merge', lang, { pending: PENDING, branch }));
  else await sweep(git, head, around);
  for (const problem of problems) printError(problem, speaker);
  return Math.max(0, ...problems.map(({ exitCode }) => exitCode));
}

/** Tidiness, no more: what stays now goes another time. */
async function sweep(git: Git, head: string, { speaker }: Surroundings): Promise<void> {
  const told = await sweepLeases(git, head).then(
    (count) => (count === 0 ? null : say('ci.swept', speaker.lang, { count })),
    (error: unknown) => {
      if (error instanceof WxsyncError) return say('ci.unswept', speaker.lang, { detail: error.args['detail'] ?? '' });
      throw error;
    },
  );
  if (told !== null && speaker.level === 'verbose') speaker.talk(told);
}

function openRepository({ place, io }: Surroundings): Git {
  if (place.gitRoot === null) throw new WxsyncError('no-repository');
  return openGit(place.gitRoot, io.env);
}

/** `--branch`, else what the CI service says, else the branch that is checked out. */
async function findBranch(git: Git, { io, speaker }: Surroundings, { branch }: CiCheckFlags): Promise<string> {
  const named = branch ?? findCiBranch(io.env);
  if (named !== null) return named;
  const { code, stdout } = await git.run(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  if (code === 0) return stdout.toString().trim();
  throw new WxsyncError('usage', { args: { detail: say('usage.no-branch', speaker.lang), command: 'ci commit' } });
}

/** GitHub's own bot there, else who git says we are, else ourselves. */
async function findAuthor(git: Git, env: Io['env']): Promise<Author> {
  if (isGitHub(env)) {
    return { name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com' };
  }
  const read = async (key: string) => (await git.run(['config', '--get', key])).stdout.toString().trim();
  const [name, email] = await Promise.all([read('user.name'), read('user.email')]);
  return name !== '' && email !== '' ? { name, email } : { name: 'wxsync[bot]', email: 'wxsync@localhost' };
}
