// The record of calls that tests and checkers read; tokens, secrets and bodies never enter it.
import type { Summary } from './endpoint.ts';

export interface HistoryEntry {
  /** Order of arrival, from 1. */
  readonly n: number;
  /** Milliseconds of the sandbox's clock: arrival, and the end of the answer. */
  readonly at: number;
  readonly endedAt: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** 0 = the connection ended without a whole answer. */
  readonly status: number;
  /** Null when the caller was not told one. */
  readonly errcode: number | null;
  /** Whether the account was changed, whatever the caller was told. */
  readonly committed: boolean;
  readonly summary: Summary;
}

export interface History {
  /** The number of a call that has just arrived. */
  begin(): number;
  record(entry: HistoryEntry): void;
  /** In order of arrival; calls still being answered are not in it. */
  list(): readonly HistoryEntry[];
}

export function createHistory(): History {
  const entries: HistoryEntry[] = [];
  let arrived = 0;
  return {
    begin() {
      arrived += 1;
      return arrived;
    },
    record: (entry) => void entries.push(entry),
    list: () => [...entries].sort((a, b) => a.n - b.n),
  };
}
