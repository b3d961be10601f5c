// The table of errcodes is whole: no code twice, no decision about a code that is not described.
import { expect, test } from 'vitest';
import { DECIDED, decideErrcode, ERRCODES } from '../../src/facts/errcodes.ts';

test('216 codes are described', () => {
  expect(ERRCODES.size).toBe(216);
});

test.each(DECIDED)('decided code %i is described', (code) => {
  expect(ERRCODES.get(code)).toMatchObject({ code, error: decideErrcode(code).error });
});

test.each([...ERRCODES.values()])('$code has a name, words, a cause and a source', (row) => {
  expect(row.name).toMatch(/^[A-Z][A-Z0-9_]+$/);
  expect(row.en + row.zh).not.toBe('');
  expect(row.cause).not.toBe('');
  expect(row.source).not.toBe('');
});

test('only these are mended by a new token', () => {
  expect(DECIDED.filter((code) => decideErrcode(code).token)).toEqual([40001, 40014, 42001]);
});

test.each([40164, 40013, 40125, 48001, 45009])('%i is never repeated', (code) => {
  expect(decideErrcode(code).retry).toBeUndefined();
});
