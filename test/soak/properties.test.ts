// Generated answers and secrets, many of them; WXSYNC_RUNS and WXSYNC_SEED ask for others.
import { expect, test } from 'vitest';
import { checkRedactor } from '../report/redact-property.ts';
import { checkSends, checkVerdicts } from '../wechat/answer-property.ts';

const runs = Number(process.env['WXSYNC_RUNS'] ?? 200_000);
const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 2 ** 31);

test(`${runs} answers, seed ${seed}`, () => {
  const { ok = 0, refused = 0, bad = 0 } = checkVerdicts(runs, seed);
  expect(Math.min(ok, refused, bad)).toBeGreaterThan(runs / 20);
});

test(`${runs / 40} answers to draft/add, seed ${seed}`, async () => {
  const { ok = 0, rejected = 0, unknown = 0 } = await checkSends(runs / 40, seed);
  expect(Math.min(ok, rejected, unknown)).toBeGreaterThan(runs / 2_000);
});

test(`${runs / 2} secrets, seed ${seed}`, () => checkRedactor(runs / 2, seed));
