// Decides what a run publishes to: WeChat or any server that speaks its API, a running sandbox, or one started for this run.
import { join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { makeUnseenFolder } from '../local/files.ts';
import {
  type ApiRoot,
  type Credential,
  type Environment,
  isLikeAppId,
  loadCredential,
  parseApiRoot,
  SANDBOX_APP_ID,
  toAppIdName,
} from '../local/settings.ts';
import { openRun, type Target } from '../publish/open.ts';
import type { Run } from '../publish/run.ts';
import { printWarning } from '../report/publish-report.ts';
import type { Speaker } from '../report/speaker.ts';
import { say, toPageWords } from '../report/words.ts';
import type { Surroundings } from './globals.ts';

export interface TargetWish {
  readonly env: Environment['env'];
  readonly sandbox: boolean;
  readonly apiRoot: string | undefined;
  readonly account: string | null;
  /** Where `.wxsync` lies. */
  readonly home: string;
  /** A post to name in advice. */
  readonly file: string;
  readonly speaker: Speaker;
}

export async function openTarget(wish: TargetWish): Promise<Target> {
  if (wish.sandbox || wish.env['WXSYNC_SANDBOX'] === '1') {
    if (wish.apiRoot !== undefined) throw new WxsyncError('sandbox-and-api-root');
    return openSandbox(wish.home);
  }
  const { root, credential } = await openCredential(wish);
  const isSandbox = SANDBOX_APP_ID.test(credential.appId);
  if (isSandbox && !root.loopback)
    throw new WxsyncError('sandbox-elsewhere', { args: { appId: credential.appId, root: root.url } });
  return { kind: isSandbox ? 'sandbox' : 'wechat', root, credential, place: root.url, close: async () => undefined };
}

/** API root and credential; an AppID that WeChat could hardly know gets a word before a call is spent on it, and goes on. */
export async function openCredential(
  wish: Pick<TargetWish, 'env' | 'apiRoot' | 'account' | 'file' | 'speaker'>,
): Promise<{ readonly root: ApiRoot; readonly credential: Credential }> {
  const root = parseApiRoot(wish.apiRoot ?? wish.env['WXSYNC_API_ROOT']);
  const credential = await loadCredential(wish.env, { name: wish.account, file: wish.file });
  const { appId } = credential;
  if (root.loopback || isLikeAppId(appId) || SANDBOX_APP_ID.test(appId)) return { root, credential };
  // It may be the secret, put into the wrong variable.
  if (!/^wx/i.test(appId)) wish.speaker.keepSecret(appId);
  printWarning(say('env.app-id', wish.speaker.lang, { name: toAppIdName(wish.account) }), wish.speaker);
  return { root, credential };
}

/** A `wxsync sandbox` that runs on this project's state, else one of our own for as long as this run lasts. */
async function openSandbox(home: string): Promise<Target> {
  const { createSandbox, findRunningSandbox, SandboxInUse } = await import('../sandbox/index.ts');
  const stateDir = join(home, '.wxsync', 'sandbox');
  try {
    await makeUnseenFolder(home, '.wxsync/sandbox');
    const running = await findRunningSandbox(stateDir);
    const server = running ?? (await createSandbox({ stateDir }));
    const root = parseApiRoot(server.url);
    const credential: Credential = { kind: 'secret', appId: server.appId, secret: server.appSecret };
    const close = 'close' in server ? () => (server as { close(): Promise<void> }).close() : async () => undefined;
    return { kind: 'sandbox', root, credential, place: 'sandbox', close };
  } catch (error) {
    // It began between the look and now, or does not answer: its drafts are not to be deleted.
    if (error instanceof SandboxInUse) {
      throw new WxsyncError('sandbox-running', { args: { path: '.wxsync/sandbox', url: error.url }, cause: error });
    }
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new WxsyncError('sandbox-state', { args: { path: '.wxsync/sandbox', detail }, cause: error });
  }
}

/** A run that asks and records but sends no post: it wishes for nothing and tells no steps. */
export function openQuietRun(
  { io, environment, speaker }: Surroundings,
  target: Target,
  gitRoot: string | null,
): Promise<Run> {
  const never = new AbortController().signal;
  return openRun({
    target,
    io,
    env: environment.env,
    gitRoot,
    studio: null,
    wishes: { update: false, force: false, overwrite: false, flip: false, wait: false },
    stop: never,
    hard: never,
    keepSecret: speaker.keepSecret,
    words: toPageWords(speaker.lang),
    onStep: () => undefined,
    onWire: () => undefined,
  });
}
