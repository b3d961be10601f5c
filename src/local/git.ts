// The one door to git: one question at a time, without a shell, without the repository's hooks, monitors or filters, never for ever.
import { spawn, spawnSync } from 'node:child_process';
import { WxsyncError } from '../errors.ts';
import type { Io } from './io.ts';

const SAFE = [
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'core.fsmonitor=false'],
  // An address that is a command line; git forbids it, unless the repository's own config allows it.
  ...['-c', 'protocol.ext.allow=never'],
  // What an alternate object store holds is not asked for, nor who signed a commit: either runs a program.
  ...['-c', 'core.alternateRefsCommand=true'],
  ...['-c', 'log.showSignature=false'],
  ...['-c', 'gc.auto=0'],
  ...['-c', 'maintenance.auto=false'],
  ...['-c', 'push.gpgSign=false'],
  ...['-c', 'i18n.commitEncoding=UTF-8'],
];

/** What would lead git to another repository, make it talk, or show it what it does not need. */
const LEAKS =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|QUARANTINE_PATH|CONFIG|TRACE\w*)$|^(?:WECHAT|WXSYNC)_/;

const TIMEOUT_MS = 120_000;
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

export interface GitAnswer {
  /** Null: git was ended by a signal, for one because it took too long. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** What git complained of, without credentials or queries in addresses. */
  readonly stderr: string;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  /** Added to git's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Git in one repository. */
export interface Git {
  /** The root of the work tree. */
  readonly root: string;
  /** Runs git and gives its answer whatever the exit code. Throws `git-failed` when there is no git. */
  run(args: readonly string[], options?: GitOptions): Promise<GitAnswer>;
  /** Its output as text; throws `git-failed` when it does not succeed. */
  ask(args: readonly string[], options?: GitOptions): Promise<string>;
}

/** `env` is the real environment; credentials of git in it (askpass, ssh, GIT_CONFIG_COUNT) are kept. */
export function openGit(root: string, env: Io['env']): Git {
  const base = toGitEnv(env);
  let unfiltered: Promise<NodeJS.ProcessEnv> | null = null;
  const run: Git['run'] = async (args, { input = '', env: more = {} } = {}) => {
    unfiltered ??= disarmFilters(root, base);
    return runGit([...SAFE, '-C', root, ...args], { input, env: { ...base, ...(await unfiltered), ...more } });
  };
  return {
    root,
    run,
    async ask(args, options) {
      const answer = await run(args, options);
      if (answer.code === 0) return answer.stdout.toString().replace(/\n$/, '');
      throw toGitFailed(args[0] ?? '', answer);
    },
  };
}

function toGitEnv(env: Io['env']): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !LEAKS.test(name));
  const clean = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C', LANGUAGE: '' };
  return { ...Object.fromEntries(kept), ...clean };
}

/**
 * Settings that take the command from every filter driver: to compare a file git would run the one that the repository's
 * config names, also for reading alone. What is built in, such as the ends of lines, stays.
 */
async function disarmFilters(root: string, base: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const list = ['config', '--null', '--name-only', '--get-regexp', '^filter\\.'];
  const { stdout } = await runGit([...SAFE, '-C', root, ...list], { input: '', env: base });
  const keys = stdout.toString().split('\0').filter(Boolean);
  const given = Number(base['GIT_CONFIG_COUNT'] ?? 0);
  const settings = keys.flatMap((key, index) => [
    [`GIT_CONFIG_KEY_${given + index}`, key],
    [`GIT_CONFIG_VALUE_${given + index}`, key.endsWith('.required') ? 'false' : ''],
  ]);
  if (keys.length === 0) return {};
  return { ...Object.fromEntries(settings), GIT_CONFIG_COUNT: `${given + keys.length}` };
}

/** The error of a git command that did not succeed. */
export function toGitFailed(command: string, { code, stderr }: GitAnswer): WxsyncError {
  const detail = code === null ? `no answer within ${TIMEOUT_MS / 1000} s` : toDetail(stderr);
  return new WxsyncError('git-failed', { args: { command: `git ${command}`, detail } });
}

/** What a server, ssh and git say of a failure, from the most telling; `remote:` is how git quotes the server. */
const TELLING = [/^remote:\s*(?:error|fatal)\b/i, /^ERROR: /, /^remote:.*\p{L}/u] as const;
const NO_READ = /^fatal: could not read from remote repository/i;

/** The line that says most: the server's own words, else those of ssh, else git's; without control characters. */
export function toDetail(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, '').trim())
    .filter((line) => line !== '' && !line.startsWith('Warning: '));
  const [first = ''] = lines;
  for (const pattern of TELLING) {
    const line = lines.find((each) => pattern.test(each));
    if (line !== undefined) return line;
  }
  // Behind ssh git knows only that nothing came; ssh has said why.
  const said = lines[lines.findIndex((line) => NO_READ.test(line)) - 1];
  return said ?? lines.find((line) => /^(?:fatal|error): /.test(line)) ?? first;
}

async function runGit(
  args: readonly string[],
  { input, env }: { input: string | Uint8Array; env: NodeJS.ProcessEnv },
): Promise<GitAnswer> {
  // In a group of its own: a Ctrl-C in the terminal is ours to answer, and an overdue git ends with all it started.
  const child = spawn('git', args, { env, stdio: 'pipe', detached: true, windowsHide: true });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  // A git that ends before it has read everything says why on stderr.
  child.stdin.on('error', () => undefined).end(input);
  const timer = setTimeout(() => endGroup(child.pid), TIMEOUT_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    return { code, stdout: Buffer.concat(out), stderr: withoutCredentials(Buffer.concat(err).toString()) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new WxsyncError('git-failed', { args: { command: 'git', detail }, cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Addresses without what lies before `@`, and without a query. */
function withoutCredentials(text: string): string {
  return text.replace(/:\/\/\S+@/g, '://').replace(/(:\/\/[^\s?'"]+)\?[^\s'"]*/g, '$1');
}

/**
 * Files that differ from what they were at `ref`, committed or not, by their path from the root. Null: git does not hold that
 * commit and cannot say more, because the clone is shallow or the name is a hash, as after a forced push.
 * Throws `ref-unknown` for any other name that is none.
 */
export async function listChanged(git: Git, ref: string): Promise<ReadonlySet<string> | null> {
  const found = await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  const commit = found.stdout.toString().trim();
  if (found.code !== 0 || commit === '') {
    const isShallow = (await git.ask(['rev-parse', '--is-shallow-repository'])) === 'true';
    if (isShallow || HASH.test(ref)) return null;
    throw new WxsyncError('ref-unknown', { args: { ref } });
  }
  const how = ['--name-only', '-z', '--no-relative', '--no-ext-diff', '--no-renames', '--ignore-submodules=all'];
  const names = await git.ask(['diff', ...how, '--diff-filter=d', commit, '--']);
  return new Set(names.split('\0').filter((name) => name !== ''));
}

/** `unknown`: there is no git on this computer, or it trusts the folder's owner no further. */
export type Tracking = 'tracked' | 'untracked' | 'unknown';

/** Whether git tracks this file, in whatever case its name is written; without a network. `env` as for `openGit`. */
export function askTracking(gitRoot: string, file: string, env: Io['env']): Tracking {
  const args = [...SAFE, '-C', gitRoot, 'ls-files', '--error-unmatch', '--', `:(icase,literal)${file}`];
  // A partial clone would have git fetch what a sparse index leaves out, by the program that its config names.
  const offline = { ...toGitEnv(env), GIT_ALLOW_PROTOCOL: '' };
  const { status } = spawnSync('git', args, { stdio: 'ignore', timeout: 10_000, env: offline });
  return status === 0 ? 'tracked' : status === 1 ? 'untracked' : 'unknown';
}
