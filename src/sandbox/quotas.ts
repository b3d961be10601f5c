// Daily call quotas of a new account, and the counter that spends them; it does not know what a call does.
import { type Evidence, PAGES } from './evidence.ts';

export interface DailyQuota extends Evidence {
  readonly calls: number;
}

const documented = (calls: number, source: string = PAGES.quotas): DailyQuota => ({
  calls,
  confidence: 'documented',
  source,
});

/** Calls a day by endpoint path without `/cgi-bin/`; an endpoint that is not here is not counted. */
export const DAILY_QUOTAS: Readonly<Record<string, DailyQuota>> = {
  token: documented(2_000),
  stable_token: documented(500_000, PAGES.stableToken),
  'material/add_material': documented(100_000),
  'draft/add': documented(1_000),
  'draft/get': documented(500),
  'draft/update': documented(1_000),
  'draft/delete': documented(1_000),
  'draft/count': documented(1_000),
  'draft/batchget': documented(1_000),
  'freepublish/batchget': documented(100),
};

export interface Quotas {
  /** Spends one call. False = the day's calls are used up (45009). */
  spend(path: string): boolean;
}

/** Counters that start at zero each day. `overrides` replaces or adds figures by path. */
export function createQuotas(overrides: Readonly<Record<string, number>>, day: () => string): Quotas {
  let today = '';
  const spent = new Map<string, number>();
  return {
    spend(path) {
      if (today !== day()) {
        today = day();
        spent.clear();
      }
      const calls = (spent.get(path) ?? 0) + 1;
      spent.set(path, calls);
      return calls <= (overrides[path] ?? DAILY_QUOTAS[path]?.calls ?? Number.POSITIVE_INFINITY);
    },
  };
}

/** The quota day of a moment in ms: days are assumed to start at 00:00 in Shanghai (UTC+8, no summer time). */
export function toQuotaDay(nowMs: number): string {
  return new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 10);
}
