// Addresses and references over many generated ones; WXSYNC_RUNS and WXSYNC_SEED ask for others.
import { expect, test } from 'vitest';
import { checkAddresses } from '../images/address-property.ts';
import { checkReferences } from '../images/reference-property.ts';

const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 2 ** 31);
const addresses = Number(process.env['WXSYNC_RUNS'] ?? 500_000);
const references = Number(process.env['WXSYNC_RUNS'] ?? 100_000);

test(`2 × ${addresses} spellings of addresses, seed ${seed}`, () => {
  expect(checkAddresses(addresses, seed).outer).toBeGreaterThan(addresses / 4);
});

test(`${references} references, seed ${seed}`, async () => {
  expect((await checkReferences(references, seed)).files).toBeGreaterThan(references / 100);
});
