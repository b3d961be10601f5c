// The account's clock, which runs with a real one and can be turned on; it does not know what looks at it.

export interface Clock {
  /** Milliseconds. */
  now(): number;
  advance(ms: number): void;
}

export function createClock(base: () => number): Clock {
  let ahead = 0;
  return {
    now: () => base() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}
