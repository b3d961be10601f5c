// Generated answers; WXSYNC_RUNS and WXSYNC_SEED ask for others.
import { expect, test } from 'vitest';
import { checkSends, checkVerdicts } from './answer-property.ts';

const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 2 ** 31);
const verdicts = Number(process.env['WXSYNC_RUNS'] ?? 5_000);
const sends = Number(process.env['WXSYNC_RUNS'] ?? 200);

test(`${verdicts} answers, seed ${seed}`, () => {
  const { ok = 0, refused = 0, bad = 0 } = checkVerdicts(verdicts, seed);
  // Much of each, or the property would say nothing.
  expect(Math.min(ok, refused, bad)).toBeGreaterThan(verdicts / 20);
}, 180_000);

test(`${sends} answers to draft/add, seed ${seed}`, async () => {
  const { ok = 0, rejected = 0, unknown = 0 } = await checkSends(sends, seed);
  expect(Math.min(ok, rejected, unknown)).toBeGreaterThan(sends / 50);
}, 180_000);
