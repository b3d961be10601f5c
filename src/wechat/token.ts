// The access token: asked for once, shared by all calls, replaced when WeChat no longer takes it; it knows no endpoint but its own.
import { WxsyncError } from '../errors.ts';

export interface StoredToken {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A cache that is safe to lose; `load` answers null for one that is missing or broken. */
export interface TokenStore {
  load(): Promise<StoredToken | null>;
  save(token: StoredToken): Promise<void>;
  clear(): Promise<void>;
}

export interface TokenSource {
  /** A token that is good as far as we know. */
  current(): Promise<string>;
  /** A token other than `refused`, which was answered with `errcode`; rejects when there is none to be had. */
  renew(refused: string, errcode: number): Promise<string>;
}

export interface TokenOptions {
  readonly tokens: TokenStore;
  /** One call of stable_token in normal mode. */
  readonly ask: () => Promise<StoredToken>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** WeChat makes the next token this long before the old one ends. */
const MARGIN_MS = 300_000;
/** A token just given is used at least this long, however little life it has. */
const LEAST_USE_MS = 60_000;
/** A second look after WeChat repeated the token that it had just refused. */
const SECOND_LOOK_MS = 2000;

interface HeldToken {
  readonly value: string;
  readonly staleAt: number;
}

/**
 * The token of stable_token in normal mode: every caller is given the same string until it ends, so programs that
 * share an account do not push each other out. A new one is never forced (20 a day, and it would push others out).
 * Source: developers.weixin.qq.com/doc/subscription/api/base/api_getstableaccesstoken.html
 */
export function createTokenSource({ tokens, ask, now, sleep }: TokenOptions): TokenSource {
  let held: Promise<HeldToken> | null = null;
  let verdict: WxsyncError | null = null;

  /** All calls share the promise in `held`; whoever finds its token useless first starts the one replacement. */
  async function take(isUseless: (token: HeldToken) => boolean, replace: () => Promise<HeldToken>): Promise<string> {
    for (;;) {
      if (verdict !== null) throw verdict;
      const waiting = held ?? hold(load());
      const token = await waiting;
      if (!isUseless(token)) return token.value;
      if (held === waiting) hold(replace());
    }
  }

  function hold(token: Promise<HeldToken>): Promise<HeldToken> {
    held = token;
    token.catch((error: unknown) => {
      held = null;
      // Asking again and again with a wrong secret makes WeChat suspicious, and only the owner can mend it.
      if (error instanceof WxsyncError && error.mender === 'owner' && error.code !== 'credentials-refused') {
        verdict = error;
      }
    });
    return token;
  }

  async function load(): Promise<HeldToken> {
    const stored = await tokens.load();
    const staleAt = (stored?.expiresAt ?? 0) - MARGIN_MS;
    return stored !== null && staleAt > now() ? { value: stored.value, staleAt } : keep(await ask());
  }

  async function keep(token: StoredToken): Promise<HeldToken> {
    await quietly(tokens.save(token));
    return { value: token.value, staleAt: Math.max(token.expiresAt - MARGIN_MS, now() + LEAST_USE_MS) };
  }

  async function replacement(refused: string, errcode: number): Promise<HeldToken> {
    await quietly(tokens.clear());
    const token = await ask();
    if (token.value !== refused) return keep(token);
    await sleep(SECOND_LOOK_MS);
    const second = await ask();
    if (second.value !== refused) return keep(second);
    throw toTokenError(errcode);
  }

  return {
    current: () =>
      take(
        (token) => token.staleAt <= now(),
        async () => keep(await ask()),
      ),
    renew: (refused, errcode) =>
      take(
        (token) => token.value === refused,
        () => replacement(refused, errcode),
      ),
  };
}

/** A token kept elsewhere: used as it is, never replaced. */
export function createFixedToken(value: string): TokenSource {
  return {
    current: async () => value,
    renew: async (_refused, errcode) => {
      throw toTokenError(errcode);
    },
  };
}

function toTokenError(errcode: number): WxsyncError {
  return new WxsyncError('credentials-refused', { args: { errcode }, errcode });
}

/** A cache that cannot be written costs one more request, never a draft. */
async function quietly(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined);
}
