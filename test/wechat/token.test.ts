// One token for all callers: loaded, asked for once, replaced once, never forced.
import { describe, expect, test } from 'vitest';
import { WxsyncError } from '../../src/errors.ts';
import { createFixedToken, createTokenSource, type StoredToken, type TokenSource } from '../../src/wechat/token.ts';
import { createMemoryTokens, errorOf, type MemoryTokens } from './fixture.ts';

interface Bench {
  readonly source: TokenSource;
  readonly store: MemoryTokens;
  readonly waits: readonly number[];
  asked(): number;
  setTime(ms: number): void;
}

/** A source whose endpoint gives these tokens (or errors), the last one for ever, each valid for two hours. */
function bench(
  answers: readonly (string | WxsyncError)[],
  stored: StoredToken | null = null,
  lifeMs = 7_200_000,
): Bench {
  let time = 0;
  let asked = 0;
  const waits: number[] = [];
  const store = createMemoryTokens(stored);
  const source = createTokenSource({
    tokens: store,
    now: () => time,
    sleep: async (ms) => void waits.push(ms),
    ask: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer instanceof WxsyncError) throw answer;
      return { value: answer ?? '', expiresAt: time + lifeMs };
    },
  });
  const setTime = (ms: number): void => {
    time = ms;
  };
  return { source, store, waits, asked: () => asked, setTime };
}

describe('current', () => {
  test('is asked for once by many callers, and saved', async () => {
    const { source, store, asked } = bench(['A']);
    expect(await Promise.all([source.current(), source.current(), source.current()])).toEqual(['A', 'A', 'A']);
    expect([asked(), store.log]).toEqual([1, ['load', 'save A']]);
  });

  test('comes from the store while it has more than five minutes', async () => {
    const { source, asked } = bench(['A'], { value: 'S', expiresAt: 300_001 });
    expect([await source.current(), asked()]).toEqual(['S', 0]);
  });

  test.each([300_000, 1, -5, Number.NaN])('is asked for when the stored one ends at %d', async (expiresAt) => {
    const { source } = bench(['A'], { value: 'S', expiresAt });
    expect(await source.current()).toBe('A');
  });

  test('is asked for again, once, five minutes before its end', async () => {
    const { source, asked, setTime } = bench(['A', 'B']);
    await source.current();
    setTime(6_899_999);
    expect(await source.current()).toBe('A');
    setTime(6_900_000);
    expect(await Promise.all([source.current(), source.current()])).toEqual(['B', 'B']);
    expect(asked()).toBe(2);
  });

  test('is used even when it is given with little life left', async () => {
    const { source, asked } = bench(['A'], null, 1000);
    expect([await source.current(), await source.current(), asked()]).toEqual(['A', 'A', 1]);
  });

  test('a failure that may pass is asked about again, one of the owner is not', async () => {
    const later = bench([new WxsyncError('busy'), 'A']);
    expect(await errorOf(later.source.current())).toMatchObject({ code: 'busy' });
    expect(await later.source.current()).toBe('A');
    const owner = bench([new WxsyncError('secret-invalid'), 'A']);
    expect(await errorOf(owner.source.current())).toMatchObject({ code: 'secret-invalid' });
    expect(await errorOf(owner.source.current())).toMatchObject({ code: 'secret-invalid' });
    expect(owner.asked()).toBe(1);
  });

  test('a cache that cannot be written does no harm', async () => {
    const refuse = async (): Promise<never> => Promise.reject(new Error('EROFS'));
    const source = createTokenSource({
      tokens: { load: async () => null, save: refuse, clear: refuse },
      now: () => 0,
      sleep: async () => undefined,
      ask: async () => ({ value: 'A', expiresAt: 7_200_000 }),
    });
    expect(await source.current()).toBe('A');
  });
});

describe('renew', () => {
  test('is done once for all callers that were refused', async () => {
    const { source, store, asked, waits } = bench(['A', 'B']);
    await source.current();
    expect(await Promise.all([1, 2, 3].map(() => source.renew('A', 40001)))).toEqual(['B', 'B', 'B']);
    expect(await source.renew('A', 42001)).toBe('B');
    expect([asked(), waits, store.log]).toEqual([2, [], ['load', 'save A', 'clear', 'save B']]);
  });

  test('the same string again: two seconds, then once more', async () => {
    const { source, waits } = bench(['A', 'A', 'B']);
    await source.current();
    expect(await source.renew('A', 40001)).toBe('B');
    expect(waits).toEqual([2000]);
  });

  test('the same string for ever: the token is refused, and a later call may try anew', async () => {
    const { source, asked } = bench(['A', 'A', 'A', 'B']);
    await source.current();
    const errors = await Promise.all([errorOf(source.renew('A', 42001)), errorOf(source.renew('A', 42001))]);
    for (const error of errors) expect(error).toMatchObject({ code: 'credentials-refused', errcode: 42001 });
    expect(asked()).toBe(3);
    expect(await source.current()).toBe('B');
  });

  test('a token kept elsewhere is never renewed', async () => {
    const source = createFixedToken('F');
    expect(await source.current()).toBe('F');
    expect(await errorOf(source.renew('F', 40014))).toMatchObject({ code: 'credentials-refused', errcode: 40014 });
  });
});
