// Chance that a seed repeats, and many cases in a few lanes.

export interface Dice {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  /** True so many times in a hundred. */
  chance(percent: number): boolean;
  /** Undefined where there is none. */
  pick<T>(values: readonly [T, ...T[]]): T;
  pick<T>(values: readonly T[]): T | undefined;
  shuffle<T>(values: readonly T[]): readonly T[];
}

/** A linear congruential generator: small, and the same for a seed everywhere. */
export function createDice(seed: number): Dice {
  // Neighbouring seeds begin far apart.
  let state = Math.imul(seed ^ 0x5deece66, 0x9e3779b1) >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: <T>(values: readonly T[]) => values[below(values.length)] as T,
    shuffle(values) {
      const left = [...values];
      return values.flatMap(() => left.splice(below(left.length), 1));
    },
  };
}

/** Does the work for each, so many at once. */
export async function inLanes<T>(all: readonly T[], lanes: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
    }),
  );
}
