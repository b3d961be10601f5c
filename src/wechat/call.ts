// The one way to call WeChat: token, deadline, verdict, retries; it knows no endpoint but the token's own and no article.
import { setTimeout as pause } from 'node:timers/promises';
import { WxsyncError } from '../errors.ts';
import { decideErrcode } from '../facts/errcodes.ts';
import { classifyAnswer, isText, type Json } from './answer.ts';
import { createTransport, toJsonBody, type WireBody, WireFailure } from './http.ts';
import { toRefusalError } from './refusal.ts';
import { createBudget, isPassing, POLICIES, planWait, type RetryName } from './retry.ts';
import { createFixedToken, createTokenSource, type StoredToken, type TokenStore } from './token.ts';

export interface ClientOptions {
  /** `https://api.weixin.qq.com`, or a root that speaks the same. */
  readonly apiRoot: string;
  readonly appId: string;
  /** `token`: an access token kept elsewhere, never renewed here. */
  readonly credential:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'token'; readonly token: string };
  readonly tokens: TokenStore;
  /** Base of a call's total deadline; each 32 KB sent add a second. */
  readonly timeoutMs: number;
  /** The proxy for this root, or null. */
  readonly proxy: string | null;
  /** Ends every call and every wait. */
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly onEvent?: (event: WireEvent) => void;
}

/** One request and how it ended. The path is without its query. */
export interface WireEvent {
  readonly method: string;
  readonly path: string;
  /** Null when no complete answer came. */
  readonly status: number | null;
  readonly ms: number;
  readonly attempt: number;
  readonly outcome: Outcome<unknown>['kind'];
}

/**
 * How a call ended. `rejected`: WeChat said no, nothing was done. `not-sent`: proven, no byte of it left. `unknown`:
 * anything else; it may have been done, or still be done.
 */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | {
      readonly kind: 'rejected';
      readonly errcode: number;
      readonly error: WxsyncError;
      readonly retry: RetryName | null;
    }
  | { readonly kind: 'not-sent' | 'unknown'; readonly error: WxsyncError; readonly retry: RetryName | null };

export interface Job<T> {
  readonly method: 'GET' | 'POST';
  /** Endpoint under the root. */
  readonly path: string;
  /** Further query, such as `&type=image`. */
  readonly query?: string;
  readonly body: WireBody | null;
  readonly connection?: 'fresh';
  readonly maxBytes?: number;
  readonly src?: string;
  /** Waited for right before each request. */
  readonly announce?: () => Promise<void>;
  /** The value in an accepted answer; null when it is not there, which makes the answer none of WeChat's. */
  readonly read: (value: Json) => T | null;
}

export interface Caller {
  /** Asks for the token now. The promise may be left alone. */
  ready(): Promise<void>;
  /** Makes a call that is safe to repeat, as often as the policies allow. Rejects with WxsyncError or the signal's reason. */
  call<T>(job: Job<T>): Promise<T>;
  /** Sends once; only a refused token makes it send again, since then nothing was done. */
  callOnce<T>(job: Job<T>): Promise<Outcome<T>>;
  close(): Promise<void>;
}

const MAX_ANSWER = 8_000_000;
const BYTES_PER_SECOND = 32_000;

/** The caller of one account. Opens nothing before the first call; its secrets lie where no inspection sees them. */
export function createCaller(options: ClientOptions): Caller {
  const { apiRoot, appId, credential, signal, onEvent } = options;
  const { now = Date.now, random = Math.random } = options;
  const { sleep = (ms, stop) => pause(ms, undefined, stop === undefined ? {} : { signal: stop }) } = options;
  const host = new URL(apiRoot).host;
  const transport = createTransport(apiRoot, options.proxy);
  const budget = createBudget();
  const secrets = new Set([credential.kind === 'secret' ? credential.secret : credential.token]);

  const source =
    credential.kind === 'token'
      ? createFixedToken(credential.token)
      : createTokenSource({
          tokens: options.tokens,
          ask: () => askToken(credential.secret),
          now,
          sleep: rest,
        });

  function askToken(secret: string): Promise<StoredToken> {
    const job: Job<StoredToken> = {
      ...post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid: appId, secret, force_refresh: false }),
      read: ({ access_token, expires_in }) =>
        isText(access_token) && Number(expires_in) > 0
          ? { value: access_token, expiresAt: now() + Number(expires_in) * 1000 }
          : null,
    };
    return repeat((attempt) => exchange(job, { query: '', attempt }));
  }

  async function rest(ms: number): Promise<void> {
    try {
      await sleep(ms, signal);
    } finally {
      signal?.throwIfAborted();
    }
  }

  /** One request, one outcome. */
  async function exchange<T>(job: Job<T>, send: { query: string; attempt: number }): Promise<Outcome<T>> {
    const { method, path, body } = job;
    const started = performance.now();
    const ms = (): number => Math.round(performance.now() - started);
    const deadlineMs = options.timeoutMs + ((body?.bytes.length ?? 0) / BYTES_PER_SECOND) * 1000;
    const end = (status: number | null, outcome: Outcome<T>): Outcome<T> => {
      onEvent?.({ method, path, status, ms: ms(), attempt: send.attempt, outcome: outcome.kind });
      return outcome;
    };
    try {
      const { status, contentType, bytes } = await transport.send({
        method,
        target: path + send.query,
        body,
        deadlineMs,
        maxBytes: job.maxBytes ?? MAX_ANSWER,
        connection: job.connection ?? 'shared',
        signal,
      });
      return end(status, judge(job, { status, contentType, bytes }));
    } catch (error) {
      if (!(error instanceof WireFailure)) throw error;
      const seconds = Math.max(1, Math.round(ms() / 1000));
      const args = { host, endpoint: path, seconds, detail: error.detail };
      return end(null, {
        kind: error.sent === 'no' ? 'not-sent' : 'unknown',
        error: new WxsyncError(error.sent === 'no' ? 'network-failed' : 'no-answer', { args, cause: error }),
        retry: error.fault === 'too-big' || error.fault === 'stopped' ? null : 'network',
      });
    }
  }

  function judge<T>(job: Job<T>, reply: { status: number; contentType: string; bytes: Buffer }): Outcome<T> {
    const { path } = job;
    const verdict = classifyAnswer(reply.status, reply.contentType, reply.bytes);
    if (verdict.kind === 'refused') {
      const { errcode, errmsg } = verdict;
      const src = job.src ?? '';
      const error = toRefusalError({ errcode, errmsg, endpoint: path, appId, src, secrets: [...secrets] });
      const retry = decideErrcode(errcode).retry ?? null;
      // "System busy" does not say whether the work was done before.
      return errcode === -1 ? { kind: 'unknown', error, retry } : { kind: 'rejected', errcode, error, retry };
    }
    const value = verdict.kind === 'ok' ? job.read(verdict.value) : null;
    if (value !== null) {
      budget.refill();
      return { kind: 'ok', value };
    }
    const detail = verdict.kind === 'bad' ? verdict.detail : 'its fields are not those of this endpoint';
    const error = new WxsyncError('bad-answer', { args: { host, endpoint: path, status: reply.status, detail } });
    return { kind: 'unknown', error, retry: isPassing(reply.status) ? 'network' : null };
  }

  /** One request, and once more with another token when this one was refused. */
  async function withToken<T>(job: Job<T>, first: { token: string; attempt: number }): Promise<Outcome<T>> {
    const send = async (token: string): Promise<Outcome<T>> => {
      secrets.add(token);
      await job.announce?.();
      const query = `?access_token=${encodeURIComponent(token)}${job.query ?? ''}`;
      return exchange(job, { query, attempt: first.attempt });
    };
    const outcome = await send(first.token);
    if (outcome.kind !== 'rejected' || decideErrcode(outcome.errcode).token !== true) return outcome;
    let renewed: string;
    try {
      renewed = await source.renew(first.token, outcome.errcode);
    } catch (error) {
      return { ...outcome, error: error instanceof WxsyncError ? error : outcome.error, retry: null };
    }
    return send(renewed);
  }

  /** Tries again as the policies and the budget allow. Only for what is safe to repeat. */
  async function repeat<T>(attemptOnce: (attempt: number) => Promise<Outcome<T>>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      const outcome = await attemptOnce(attempt);
      if (outcome.kind === 'ok') return outcome.value;
      signal?.throwIfAborted();
      const wait = outcome.retry === null ? null : planWait(POLICIES[outcome.retry], attempt, random);
      if (wait === null || !budget.take()) throw outcome.error;
      await rest(wait);
    }
  }

  return {
    ready() {
      const asked = source.current().then(() => undefined);
      asked.catch(() => undefined);
      return asked;
    },

    call: (job) => repeat(async (attempt) => withToken(job, { token: await source.current(), attempt })),

    async callOnce(job) {
      let token: string;
      try {
        token = await source.current();
      } catch (error) {
        const stopped = new WxsyncError('network-failed', { args: { host, detail: 'stopped' } });
        return { kind: 'not-sent', error: error instanceof WxsyncError ? error : stopped, retry: null };
      }
      return withToken(job, { token, attempt: 1 });
    },

    close: () => transport.close(),
  };
}

/** The fixed parts of a job with a JSON body. */
export function post(path: string, value: unknown): { method: 'POST'; path: string; body: WireBody } {
  return { method: 'POST', path, body: toJsonBody(value) };
}

/** The fixed parts of a job without a body. */
export function get(path: string): { method: 'GET'; path: string; body: null } {
  return { method: 'GET', path, body: null };
}
