// When a failed call is made again: named policies as data and the one budget they share; it knows no endpoint and no socket.
import type { ErrcodeRetry } from '../facts/errcodes.ts';

export interface RetryPolicy {
  /** Calls in all, the first one too. */
  readonly tries: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

export type RetryName = ErrcodeRetry | 'network';

/** `network`: no answer, or one that is not WeChat's. `busy`: WeChat asks for patience. `minute`: its minute is full. */
export const POLICIES: Readonly<Record<RetryName, RetryPolicy>> = {
  network: { tries: 3, leastMs: 500, mostMs: 20_000 },
  busy: { tries: 3, leastMs: 500, mostMs: 20_000 },
  minute: { tries: 2, leastMs: 60_000, mostMs: 65_000 },
};

/** Repeats a client may make in a row of bad luck, and what each good call gives back. */
export const BUDGET = { repeats: 30, perSuccess: 0.1 } as const;

/**
 * How long to wait before the next try, in ms: full jitter under a ceiling that grows fourfold each time. Null when
 * the policy allows no more tries.
 */
export function planWait(policy: RetryPolicy, triesMade: number, random: () => number): number | null {
  if (triesMade >= policy.tries) return null;
  const ceiling = Math.min(policy.mostMs, policy.leastMs * 4 ** triesMade);
  return Math.round(policy.leastMs + random() * (ceiling - policy.leastMs));
}

/** Statuses that may pass by themselves. 501 is Tencent's firewall, which refuses the same bytes again; a redirect,
 *  a 404 or a 412 is a matter of the way there, not of the moment. */
export function isPassing(status: number): boolean {
  return status === 200 || status === 429 || (status >= 500 && status !== 501);
}

export interface RetryBudget {
  /** Takes one repeat out; false when none is left. */
  take(): boolean;
  /** A call went well. */
  refill(): void;
}

/** Keeps a run from hammering an API that is down: all calls of a client draw repeats from one pot. */
export function createBudget(): RetryBudget {
  let left: number = BUDGET.repeats;
  return {
    take: () => left >= 1 && left-- > 0,
    refill: () => {
      left = Math.min(BUDGET.repeats, left + BUDGET.perSuccess);
    },
  };
}
