// Generated secrets and spellings; WXSYNC_RUNS and WXSYNC_SEED ask for others.
import { test } from 'vitest';
import { checkRedactor } from './redact-property.ts';

const runs = Number(process.env['WXSYNC_RUNS'] ?? 1_000);
const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 2 ** 31);

test(`${runs} secrets, seed ${seed}`, () => checkRedactor(runs, seed), 180_000);
