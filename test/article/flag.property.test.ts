// The flip over 500 generated files, 20,000 in test/soak; WXSYNC_RUNS and WXSYNC_SEED ask for others.
import { expect, test } from 'vitest';
import { checkFlips } from './flag-property.ts';

const runs = Number(process.env['WXSYNC_RUNS'] ?? 500);
const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 2 ** 31);

test(`${runs} generated files, seed ${seed}`, async () => {
  const outcome = await checkFlips(runs, seed);
  // Most can be changed, or the property would say nothing.
  expect(outcome.changed).toBeGreaterThan(runs * 0.5);
}, 180_000);
