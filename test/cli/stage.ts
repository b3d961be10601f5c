// A copy of the example site under git, the built CLI as a process in an explicit environment, and a sandbox as another process.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APP_SECRET, refuseLeaks } from '../canary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(root, 'bin', 'wxsync.js');
export const SAMPLE = 'content/zh/2026-trade.md';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of every spawned CLI: nothing of the test runner's, no CI, a home of its own. */
export function toEnv(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '' } = process.env;
  return { PATH, HOME: '/nonexistent', WXSYNC_HOME: freshHome(), WXSYNC_LANG: 'en', ...more };
}

export function fresh(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `wxsync-${name}-`)));
}

/** Fitted pictures, known by the hash of their source: kept for all homes and all workers of a run, since decoding them takes seconds. */
const fitted = join(realpathSync(tmpdir()), 'wxsync-fitted');
mkdirSync(fitted, { recursive: true });

/** The home of a computer where wxsync never ran, but that it has the fitted pictures of those before it. */
export function freshHome(): string {
  const home = fresh('home');
  symlinkSync(fitted, join(home, 'fitted'), 'junction');
  return home;
}

/** A copy of the example site as the first commit of a repository. */
export function copySite(): string {
  committed ??= commitSite();
  const site = fresh('site');
  cpSync(committed, site, { recursive: true });
  return site;
}

/** Made once for each test file: a copy takes a tenth of the time. */
let committed: string | null = null;

function commitSite(): string {
  const site = fresh('site');
  cpSync(join(root, 'examples', 'blog'), site, { recursive: true });
  git(site, 'init', '--quiet', '--template=', '--initial-branch=main');
  commit(site, 'site');
  return site;
}

/** All that changed in a work tree as one commit of somebody. */
export function commit(site: string, message: string): void {
  git(site, 'add', '--all');
  // What is tidied afterwards is a process more.
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'maintenance.auto=false'];
  git(site, ...who, 'commit', '--quiet', '-m', message);
}

/** A bare repository that is as the site's is, and becomes its origin; gives its folder, `name` of a fresh one. */
export function toRemote(site: string, name: string): string {
  const folder = join(fresh('remote'), name);
  const [own, bare] = [join(site, '.git', 'config'), join(folder, 'config')];
  cpSync(join(site, '.git'), folder, { recursive: true });
  rmSync(join(folder, 'index'));
  const config = readFileSync(own, 'utf8');
  writeFileSync(bare, `${config.replace('bare = false', 'bare = true')}[receive]\n\tautogc = false\n`);
  writeFileSync(own, `${config}[remote "origin"]\n\turl = ${folder}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`);
  return folder;
}

export function git(cwd: string, ...args: readonly string[]): string {
  return spawnSync('git', ['-C', cwd, '-c', 'core.quotePath=false', ...args], { encoding: 'utf8' }).stdout;
}

interface Spawning {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
}

/** The built CLI. */
export function run(args: readonly string[], options: Spawning): Promise<Outcome> {
  return runNode([BIN, ...args], options);
}

/** Node with these arguments; what it says is searched for secrets. */
export async function runNode(args: readonly string[], options: Spawning): Promise<Outcome> {
  const child = spawn(process.execPath, args, { cwd: options.cwd, env: options.env ?? toEnv() });
  child.stdin.end(options.stdin ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((end) => child.on('close', end));
  refuseLeaks(`node ${args.join(' ')}`, { stdout, stderr });
  return { code, stdout, stderr };
}

/** A sandbox reached as any other API root. */
export interface SandboxServer {
  readonly url: string;
  readonly env: Record<string, string>;
  history(): Promise<readonly Call[]>;
  drafts(): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly errcode: number | null;
}

export const PAIR = { WECHAT_APP_ID: 'wx0123456789abcdef', WECHAT_APP_SECRET: APP_SECRET };

/** `wxsync sandbox` as a server of its own with an ordinary AppID, reached as any other API root. */
export async function startSandbox(...flags: readonly string[]): Promise<SandboxServer> {
  const pair = ['--app-id', PAIR.WECHAT_APP_ID, '--app-secret', PAIR.WECHAT_APP_SECRET];
  const args = [BIN, 'sandbox', '--port', '0', '--state', fresh('state'), ...pair, ...flags];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: fresh('nowhere'),
    env: toEnv(),
    stdio: 'pipe',
  });
  let text = '';
  const url = await new Promise<string>((found, failed) => {
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (match !== null && text.includes('AppSecret')) found(match[0]);
    });
    child.on('exit', () => failed(new Error(`the sandbox ended: ${text}`)));
  });
  return {
    ...toServer(url),
    async stop() {
      const ended = new Promise((end) => child.on('exit', end));
      child.kill('SIGTERM');
      await ended;
      // It prints the pair that it answers to, and no more of it.
      refuseLeaks('wxsync sandbox', { 'what it said': text.replace(/^.*(?:AppSecret:|WECHAT_APP_SECRET=).*$/gm, '') });
    },
  };
}

/** What a test asks of a sandbox at this address, and the environment of a CLI that is to use it. */
export function toServer(url: string): Omit<SandboxServer, 'stop'> {
  const read = async <T>(path: string): Promise<T> =>
    (await (await fetch(url + path, { headers: { connection: 'close' } })).json()) as T;
  return {
    url,
    env: toEnv({ ...PAIR, WXSYNC_API_ROOT: url }),
    history: () => read('/_sandbox/history'),
    drafts: () => read('/_sandbox/drafts'),
  };
}

/** Every file below a folder with its hash, mode and link; `.git` left out. */
export function snapshot(folder: string, skip: RegExp = /^\.git(?:\/|$)/): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = name.replaceAll('\\', '/');
    const stat = lstatSync(join(folder, name));
    if (skip.test(path) || stat.isDirectory()) continue;
    const content = stat.isSymbolicLink() ? readlinkSync(join(folder, name)) : readFileSync(join(folder, name));
    files[path] =
      `${(stat.mode & 0o777).toString(8)} ${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
  }
  return files;
}
