// Gathers settings from flags, environment and .env files, strongest first; a repository's .env is believed in four names only.
import { join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { readRegularFile } from './files.ts';
import { type Io, isCi } from './io.ts';

/**
 * The names that a repository's own `.env` may set; any other could redirect credentials or run code. `…_FILE` would make a
 * credential of any file of its reader's, and the AppID is shown.
 */
const FROM_REPOSITORY =
  /^(?!.*_FILE$)(?:WECHAT_APP_ID(?:__\w+)?|WECHAT_APP_SECRET(?:__\w+)?|WXSYNC_LANG|WXSYNC_SANDBOX)$/;
/** The names that matter at all; an `--env-file` sets no others. */
const OURS = /^(?:WECHAT_|WXSYNC_)\w+$|^(?:HTTPS?_PROXY|NO_PROXY|NO_COLOR|FORCE_COLOR)$/i;

export interface Environment {
  /** The effective variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names in a repository's `.env` that were not believed. */
  readonly ignored: readonly string[];
  /** Why the project's `.env` was not believed at all; null: it was, or there is none. */
  readonly distrust: Distrust | null;
}

/** `tracked` it is in git, and so anybody's · `unknown` git cannot tell · `planted` another user put it there. */
export type Distrust = 'tracked' | 'unknown' | 'planted';

/**
 * Real environment, then `--env-file`, then the project's `.env` (not when CI is set, and not when `doubt` has something to say of it).
 * Throws `path-missing` for an `--env-file` that is not there.
 */
export async function loadEnvironment(
  io: Pick<Io, 'env'>,
  files: {
    readonly envFile: string | null;
    readonly projectRoot: string;
    readonly doubt: (file: string) => Distrust | null;
  },
): Promise<Environment> {
  const layers: Record<string, string | undefined>[] = [];
  const ignored: string[] = [];
  let distrust: Distrust | null = null;
  if (files.envFile !== null) {
    const named = await parseEnvFile(files.envFile);
    if (named === null) throw new WxsyncError('path-missing', { args: { path: files.envFile } });
    layers.push(pick(named, (name) => OURS.test(name)));
  }
  if (!isCi(io)) {
    const file = join(files.projectRoot, '.env');
    const own = await parseEnvFile(file);
    if (own !== null) distrust = files.doubt(file);
    if (own !== null && distrust === null) {
      layers.push(pick(own, (name) => FROM_REPOSITORY.test(name)));
      ignored.push(...Object.keys(own).filter((name) => OURS.test(name) && !FROM_REPOSITORY.test(name)));
    }
  }
  const env = Object.assign({}, ...layers.reverse(), withoutEmpty(io.env)) as Record<string, string | undefined>;
  return { env, ignored, distrust };
}

/** dotenv's parser alone: its `config()` would print and would write to the real environment. */
async function parseEnvFile(file: string): Promise<Record<string, string> | null> {
  const read = readRegularFile(file, 64_000);
  if (read.kind !== 'ok') return null;
  const { parse } = await import('dotenv');
  return parse(Buffer.from(read.bytes));
}

function pick(values: Record<string, string>, test: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== '' && test(name)));
}

function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

/** AppID and secret, or a token kept elsewhere. */
export type Credential =
  | { readonly kind: 'secret'; readonly appId: string; readonly secret: string }
  | { readonly kind: 'token'; readonly appId: string; readonly token: string };

/**
 * The credential of an account (`null` = the default one). Variables of a named account end in `__NAME`.
 * Throws `credentials-missing` naming the variables, never a value; in CI there is neither a sandbox to try nor an `.env`.
 */
export async function loadCredential(
  env: Environment['env'],
  account: { readonly name: string | null; readonly file: string },
): Promise<Credential> {
  const suffix = account.name === null ? '' : `__${toVariableName(account.name)}`;
  const appId = await readVariable(env, `WECHAT_APP_ID${suffix}`);
  const token = account.name === null ? await readVariable(env, 'WECHAT_ACCESS_TOKEN') : null;
  if (appId !== null && token !== null) return { kind: 'token', appId, token };
  const secret = await readVariable(env, `WECHAT_APP_SECRET${suffix}`);
  if (appId !== null && secret !== null) return { kind: 'secret', appId, secret };
  const names = [appId === null && `WECHAT_APP_ID${suffix}`, secret === null && `WECHAT_APP_SECRET${suffix}`];
  throw new WxsyncError('credentials-missing', {
    args: { names: names.filter(Boolean).join(', '), ...(isCi({ env }) ? { service: 'CI' } : { file: account.file }) },
  });
}

/** What a run is for: WeChat, or a rehearsal. */
export type TargetKind = 'wechat' | 'sandbox';

export const SANDBOX_APP_ID = /^wxsandbox/;

/** A rehearsal: `--sandbox`, WXSYNC_SANDBOX=1, or an AppID that starts with wxsandbox; nothing else is one. */
export function findTargetKind(env: Environment['env'], flags: { readonly sandbox?: boolean }): TargetKind {
  const isSandbox =
    flags.sandbox === true || env['WXSYNC_SANDBOX'] === '1' || SANDBOX_APP_ID.test(env['WECHAT_APP_ID'] ?? '');
  return isSandbox ? 'sandbox' : 'wechat';
}

/** The AppID alone, without needing the secret: enough to find a post's entry. */
export async function loadAppId(env: Environment['env'], account: string | null): Promise<string | null> {
  return readVariable(env, toAppIdName(account));
}

/**
 * Whether a text has the shape of an AppID: `wx` and 16 lower-case hexadecimal digits (WeChat's errcode 40013). Only
 * observed, so a text of another shape may still be right, as for a relay.
 */
export function isLikeAppId(text: string): boolean {
  return /^wx[0-9a-f]{16}$/.test(text);
}

/** The variable that holds an account's AppID. */
export function toAppIdName(account: string | null): string {
  return `WECHAT_APP_ID${account === null ? '' : `__${toVariableName(account)}`}`;
}

/** The accounts of which a variable names the AppID, as the variables spell them. */
export function listNamedAccounts(env: Environment['env']): readonly string[] {
  return Object.keys(env).flatMap((name) => /^WECHAT_APP_ID__(\w+?)(?:_FILE)?$/.exec(name)?.[1] ?? []);
}

export function toVariableName(account: string): string {
  return account.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** A variable, or the content of the file that its `_FILE` variant names. */
async function readVariable(env: Environment['env'], name: string): Promise<string | null> {
  const direct = env[name]?.trim();
  if (direct !== undefined && direct !== '') return direct;
  const file = env[`${name}_FILE`];
  if (file === undefined) return null;
  const read = readRegularFile(file, 4_096);
  if (read.kind !== 'ok') {
    const detail = `${file}: ${read.kind === 'unreadable' ? read.detail : read.kind}`;
    throw new WxsyncError('setting-invalid', { args: { name: `${name}_FILE`, detail, mend: '' } });
  }
  return new TextDecoder().decode(read.bytes).trim();
}

export interface Clocks {
  /** Base of the total deadline of one call. */
  readonly timeoutMs: number;
  /** How long after its deadline a lost draft/add may still land. */
  readonly quietMs: number;
}

const CLOCKS: Clocks = { timeoutMs: 30_000, quietMs: 60_000 };
export const MAX_TIMEOUT_MS = 600_000;
const MAX_QUIET_MS = 3_600_000;

/** The two clocks; values under half the default only towards loopback (tests, sandbox), else `setting-invalid`. */
export function loadClocks(env: Environment['env'], towards: { readonly loopback: boolean }): Clocks {
  const read = (name: string, normal: number, most: number): number => {
    const text = env[name];
    if (text === undefined) return normal;
    const value = Number(text);
    const least = towards.loopback ? 1 : normal / 2;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new WxsyncError('setting-invalid', { args: { name, detail: text, mend: `${least} … ${most} ms` } });
  };
  return {
    timeoutMs: read('WXSYNC_TIMEOUT_MS', CLOCKS.timeoutMs, MAX_TIMEOUT_MS),
    quietMs: read('WXSYNC_QUIET_MS', CLOCKS.quietMs, MAX_QUIET_MS),
  };
}

/**
 * Where leases are kept that runners share: `WXSYNC_STORE=git:REMOTE`, null when it is not set. Throws `setting-invalid`
 * for another value, or where there is no git.
 */
export function loadStore(
  env: Environment['env'],
  gitRoot: string | null,
): { readonly gitRoot: string; readonly remote: string } | null {
  const text = env['WXSYNC_STORE'];
  if (text === undefined) return null;
  const remote = /^git:(\w[\w.-]*)$/.exec(text)?.[1];
  if (remote !== undefined && gitRoot !== null) return { gitRoot, remote };
  const detail = remote === undefined ? text : 'no .git';
  throw new WxsyncError('setting-invalid', { args: { name: 'WXSYNC_STORE', detail, mend: 'git:origin' } });
}

export interface ApiRoot {
  readonly url: string;
  readonly loopback: boolean;
}

const WECHAT_ROOT = 'https://api.weixin.qq.com';
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Checks an API root from a flag or the environment: https, or http on loopback; no credentials, no query. */
export function parseApiRoot(text: string | undefined): ApiRoot {
  if (text === undefined) return { url: WECHAT_ROOT, loopback: false };
  const refuse = (detail: string) =>
    new WxsyncError('api-root-refused', { args: { root: text.replace(/[?#@].*$/, '…'), detail } });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('not a URL');
  }
  const loopback = LOOPBACK.test(url.hostname);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw refuse('user, query or # in it');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) throw refuse(url.protocol.replace(':', ''));
  return { url: url.href.replace(/\/+$/, ''), loopback };
}

/**
 * The proxy for WeChat's API: WXSYNC_PROXY, which nothing else goes through, else the one that HTTPS_PROXY and NO_PROXY
 * (either case) mean for its host; loopback never goes through one. Throws `setting-invalid` for an address that is none;
 * its password would be in it, so the value is not shown.
 */
export function findProxy(env: Environment['env'], root: ApiRoot): string | null {
  if (root.loopback) return null;
  const own = env['WXSYNC_PROXY'];
  if (own !== undefined) return toProxy('WXSYNC_PROXY', own);
  const proxy = env['HTTPS_PROXY'] ?? env['https_proxy'] ?? null;
  if (proxy === null) return null;
  const host = new URL(root.url).hostname;
  const exempt = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((each) => each.trim().replace(/^\./, ''));
  const isExempt = exempt.some((each) => each === '*' || (each !== '' && (host === each || host.endsWith(`.${each}`))));
  return isExempt ? null : toProxy('HTTPS_PROXY', proxy);
}

function toProxy(name: string, text: string): string {
  if (/^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text)) return text;
  throw new WxsyncError('setting-invalid', { args: { name, detail: '…', mend: 'http://host:port' } });
}

/** The passwords of all proxies in the environment, as they are written there and as they are meant. */
export function listProxyPasswords(env: Environment['env']): readonly string[] {
  const proxies = Object.entries(env).filter(([name]) => /(?:^|_)PROXY$/i.test(name));
  return proxies.flatMap(([, text = '']) => {
    const password = /^\w+:\/\/[^/]*?:(.+)@/.exec(text)?.[1];
    if (password === undefined) return [];
    try {
      return [password, decodeURIComponent(password)];
    } catch {
      return [password];
    }
  });
}
