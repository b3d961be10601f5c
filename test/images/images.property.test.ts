// Addresses and references over generated ones; WXSYNC_RUNS and WXSYNC_SEED ask for others.
import { expect, test } from 'vitest';
import { checkAddresses } from './address-property.ts';
import { checkReferences } from './reference-property.ts';

const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 2 ** 31);
const addresses = Number(process.env['WXSYNC_RUNS'] ?? 10_000);
const references = Number(process.env['WXSYNC_RUNS'] ?? 2_000);

test(`2 × ${addresses} spellings of addresses, seed ${seed}`, () => {
  const { outer, inner } = checkAddresses(addresses, seed);
  // Much of both, or the property would say nothing.
  expect(outer).toBeGreaterThan(addresses / 4);
  expect(inner).toBeGreaterThan(addresses / 4);
}, 180_000);

test(`${references} references, seed ${seed}`, async () => {
  expect((await checkReferences(references, seed)).files).toBeGreaterThan(references / 100);
}, 180_000);
