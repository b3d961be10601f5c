// The life of tokens and the quota day, on a clock that the test turns.
import { describe, expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { toQuotaDay } from '../../src/sandbox/quotas.ts';
import { createTokens } from '../../src/sandbox/tokens.ts';
import { createCaller, fetchToken } from './account.ts';

const START = Date.UTC(2026, 0, 1);

function createClock(): { readonly tokens: ReturnType<typeof createTokens>; readonly pass: (seconds: number) => void } {
  let now = START;
  const tokens = createTokens(
    () => now,
    () => toQuotaDay(now),
  );
  return {
    tokens,
    pass: (seconds) => {
      now += seconds * 1000;
    },
  };
}

describe('/token', () => {
  test('each call gives another token of 7,200 s', () => {
    const { tokens } = createClock();
    const first = tokens.issue();
    expect(first.expires_in).toBe(7200);
    expect(tokens.issue().access_token).not.toBe(first.access_token);
  });

  test.each<[number, number]>([
    [0, 299],
    [40001, 300],
  ])('errcode %i for the former token %i s after a newer one', (errcode, seconds) => {
    const { tokens, pass } = createClock();
    const former = tokens.issue().access_token;
    const newest = tokens.issue().access_token;
    pass(seconds);
    expect([tokens.check(former), tokens.check(newest)]).toEqual([errcode, 0]);
  });

  test.each<[number, number]>([
    [0, 7199],
    [42001, 7200],
  ])('errcode %i after %i s', (errcode, seconds) => {
    const { tokens, pass } = createClock();
    const { access_token } = tokens.issue();
    pass(seconds);
    expect(tokens.check(access_token)).toBe(errcode);
  });
});

describe('stable_token', () => {
  test('repeats its token with the life that is left, and renews it in the last five minutes', () => {
    const { tokens, pass } = createClock();
    const first = tokens.issueStable('normal');
    pass(6855);
    expect(tokens.issueStable('normal')).toEqual({ access_token: first.access_token, expires_in: 345 });
    pass(45);
    const second = tokens.issueStable('normal');
    expect(second.access_token).not.toBe(first.access_token);
    expect([second.expires_in, tokens.check(first.access_token)]).toEqual([7200, 0]);
  });

  test('a forced call voids the token at once', () => {
    const { tokens } = createClock();
    const first = tokens.issueStable('normal').access_token;
    const second = tokens.issueStable('forced').access_token;
    expect([tokens.check(first), tokens.check(second)]).toEqual([40001, 0]);
  });

  test('a forced call within 30 s of another gives the same token', () => {
    const { tokens, pass } = createClock();
    const first = tokens.issueStable('forced').access_token;
    pass(29);
    expect(tokens.issueStable('forced').access_token).toBe(first);
    pass(1);
    expect(tokens.issueStable('forced').access_token).not.toBe(first);
  });

  test('the 21st forced call of a day gives the same token, the first of the next day a new one', () => {
    const { tokens, pass } = createClock();
    const given = Array.from({ length: 21 }, () => {
      pass(30);
      return tokens.issueStable('forced').access_token;
    });
    expect(new Set(given).size).toBe(20);
    pass(86_400);
    expect(given).not.toContain(tokens.issueStable('forced').access_token);
  });

  test('is apart from /token', () => {
    const { tokens, pass } = createClock();
    const stable = tokens.issueStable('normal').access_token;
    const token = tokens.issue().access_token;
    tokens.issueStable('forced');
    tokens.issue();
    pass(1);
    expect([tokens.check(stable), tokens.check(token)]).toEqual([40001, 0]);
  });
});

test.each([
  ['2026-01-01T15:59:59Z', '2026-01-01'],
  ['2026-01-01T16:00:00Z', '2026-01-02'],
])('%s falls on the quota day %s', (moment, day) => {
  expect(toQuotaDay(Date.parse(moment))).toBe(day);
});

test('45009 when the calls of a day are used up, and again served the next day', async () => {
  let now = START;
  const sandbox = await createSandbox({ quotas: { 'draft/count': 2 }, now: () => now });
  const account = { ...sandbox, root: sandbox.url };
  const caller = createCaller(account, await fetchToken(account));
  const codes: unknown[] = [];
  for (let call = 0; call < 3; call += 1) codes.push((await caller.get('draft/count')).json['errcode']);
  now += 86_400_000;
  const next = createCaller(account, await fetchToken(account));
  codes.push((await next.get('draft/count')).json['errcode']);
  await sandbox.close();
  expect(codes).toEqual([undefined, undefined, 45009, undefined]);
});
