// Access tokens: the two isolated pools, their life and their overlap; it does not know who asks or why.
import { randomBytes } from 'node:crypto';

export interface IssuedToken {
  readonly access_token: string;
  readonly expires_in: number;
}

export interface Tokens {
  /** GET /cgi-bin/token: always a new token; the former lives five minutes more. */
  issue(): IssuedToken;
  /** POST /cgi-bin/stable_token: the same token until five minutes before its end; a forced one voids it at once. */
  issueStable(mode: 'normal' | 'forced'): IssuedToken;
  /** The errcode a call with this token gets before anything else is looked at; 0 = go on. */
  check(token: string | null): 0 | 40001 | 40014 | 41001 | 42001;
}

const LIFE_MS = 7_200_000;
const OVERLAP_MS = 300_000;
const FORCED_APART_MS = 30_000;
const FORCED_A_DAY = 20;
/** Characters and length a token can have (documented: store at least 512 characters). */
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{1,512}$/;

interface Kept {
  readonly expiresAt: number;
  /** When a newer token pushes this one out; later than `expiresAt` while it is the newest. */
  voidAt: number;
}

/** Both pools, empty. `now` and `day` give the clock in ms and the quota day it falls in. */
export function createTokens(now: () => number, day: () => string): Tokens {
  const known = new Map<string, Kept>();
  let newest: string | null = null;
  let stable: string | null = null;
  let forced = { day: '', times: 0, lastAt: Number.NEGATIVE_INFINITY };

  const create = (): string => {
    for (const [token, { expiresAt }] of known) if (now() > expiresAt + 86_400_000) known.delete(token);
    const token = `9N_sandbox${randomBytes(96).toString('base64url')}`;
    known.set(token, { expiresAt: now() + LIFE_MS, voidAt: Number.POSITIVE_INFINITY });
    return token;
  };
  const toIssued = (token: string): IssuedToken => ({
    access_token: token,
    expires_in: Math.ceil(((known.get(token)?.expiresAt ?? now()) - now()) / 1000),
  });
  const voidAt = (token: string | null, at: number): void => {
    const kept = token === null ? undefined : known.get(token);
    if (kept !== undefined) kept.voidAt = at;
  };
  /** Outside its bounds a forced call is answered like a normal one (no errcode is known for it). */
  const mayForce = (): boolean => {
    if (forced.day !== day()) forced = { ...forced, day: day(), times: 0 };
    return forced.times < FORCED_A_DAY && now() - forced.lastAt >= FORCED_APART_MS;
  };

  return {
    issue() {
      voidAt(newest, now() + OVERLAP_MS);
      newest = create();
      return toIssued(newest);
    },
    issueStable(mode) {
      if (mode === 'forced' && mayForce()) {
        forced = { day: day(), times: forced.times + 1, lastAt: now() };
        voidAt(stable, now());
        stable = create();
      } else if (stable === null || (known.get(stable)?.expiresAt ?? 0) - now() <= OVERLAP_MS) {
        stable = create();
      }
      return toIssued(stable);
    },
    check(token) {
      if (token === null || token === '') return 41001;
      if (!TOKEN_SHAPE.test(token)) return 40014;
      const kept = known.get(token);
      if (kept === undefined || kept.voidAt <= now()) return 40001;
      return kept.expiresAt <= now() ? 42001 : 0;
    },
  };
}
