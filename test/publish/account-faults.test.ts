// What an account does in the middle of a run: its token dies, its quota ends, its address is not allowed, its lists lag.
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/index.ts';
import { A, B, expectAtRest, expectHealed, onStage, PLAIN, QUIET_MS, type Stage, TIMEOUT_MS } from './stage.ts';

const ALL = [A, B, PLAIN] as const;

/** The bodies of our calls of stable_token, as they come. */
function watchTokens({ gate }: Stage): readonly Readonly<Record<string, unknown>>[] {
  const bodies: Record<string, unknown>[] = [];
  const wait = () =>
    gate.at('stable_token', ({ body }) => {
      bodies.push(JSON.parse(body.toString()) as Record<string, unknown>);
      wait();
      return undefined;
    });
  wait();
  return bodies;
}

const count = (stage: Stage, path: string) => stage.calls().filter((call) => call === path).length;

describe.concurrent('a token that dies in the middle of a run of several posts', () => {
  /** Somebody else had it renewed; WeChat says so with one code or the other. */
  const renewed = (says: string | null) => async (stage: Stage) => {
    await stage.call('stable_token', { force_refresh: true });
    if (says !== null) stage.sandbox.addFault(parseFault(says));
  };

  test.each<[string, number, (path: string) => (stage: Stage) => Promise<void> | void]>([
    ['40001, renewed elsewhere', 40001, () => renewed(null)],
    ['40014, renewed elsewhere', 40014, (path) => renewed(`${path}:40014@1`)],
    ['42001, at its end', 42001, () => (stage) => stage.sandbox.advance(7_200_000)],
  ])('%s: asked for once more, never by force, and every draft is there once', async (_, errcode, die) => {
    await onStage(async (stage) => {
      const tokens = watchTokens(stage);
      stage.gate.at('draft/add', () => {
        stage.gate.at('draft/add', async () => {
          await die('draft/add')(stage);
          return undefined;
        });
        return undefined;
      });
      const { results } = await stage.publish(ALL);
      expect(results.map(({ status }) => status)).toEqual(['created', 'created', 'created']);
      expect(stage.sandbox.history().filter((each) => each.errcode === errcode).length).toBe(1);
      expect(tokens.map(({ force_refresh }) => force_refresh)).toEqual([false, false]);
      expect(stage.sandbox.drafts().length).toBe(3);
      await expectAtRest(stage, B);
    })();
  });

  test(
    'at three uploads side by side: asked for once more',
    onStage(async (stage) => {
      const tokens = watchTokens(stage);
      stage.write(A, (text) => `${text}\n![](/green.png)\n`);
      let arrived = 0;
      let all: () => void = () => undefined;
      const together = new Promise<void>((resolve) => {
        all = resolve;
      });
      // None goes on before all three are here, so that each is refused.
      for (const _ of [1, 2, 3]) {
        stage.gate.at('media/uploadimg', async () => {
          arrived++;
          if (arrived === 3) await stage.call('stable_token', { force_refresh: true }).then(all);
          await together;
          return undefined;
        });
      }
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      expect(stage.sandbox.history().filter(({ errcode }) => errcode === 40001).length).toBe(3);
      expect(tokens.map(({ force_refresh }) => force_refresh)).toEqual([false, false]);
    }),
  );

  test(
    'and stays dead: the run for that account ends, and nothing was sent twice',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:40001'));
      const tokens = watchTokens(stage);
      const { exitCode, results } = await stage.publish(ALL);
      expect({ exitCode, results }).toMatchObject({
        exitCode: 4,
        results: [{ error: { code: 'credentials-refused' } }, { reason: 'account-stopped' }, {}],
      });
      expect([tokens.length, count(stage, 'draft/add')]).toEqual([3, 1]);
      expect(stage.entry(A)).toMatchObject({ state: 'prepared' });
    }),
  );
});

describe.concurrent('an account that is', () => {
  test(
    'out of calls for the day ends the run for all its posts; the next day heals',
    onStage(
      async (stage) => {
        const { exitCode, results } = await stage.publish(ALL);
        expect({ exitCode, results }).toMatchObject({
          results: [
            { status: 'created' },
            { error: { code: 'quota-used-up', errcode: 45009 } },
            { status: 'skipped', reason: 'account-stopped' },
          ],
        });
        expect(count(stage, 'draft/add')).toBe(2);
        const before = stage.writes();
        expect((await stage.publish(ALL)).results).toMatchObject([{}, { error: { code: 'quota-used-up' } }, {}]);
        expect(stage.writes().slice(before.length)).toEqual(['draft/add']);
        stage.sandbox.advance(24 * 3_600_000);
        await expectHealed(stage, B);
      },
      { quotas: { 'draft/add': 1 } },
    ),
  );

  test(
    'not to be reached from this address names it, after one question',
    onStage(
      async (stage) => {
        const tokens = watchTokens(stage);
        const { exitCode, results } = await stage.publish(ALL);
        expect({ exitCode, results }).toMatchObject({
          exitCode: 4,
          results: [{ error: { code: 'ip-not-allowed', errcode: 40164, args: { ip: '127.0.0.1' } } }, {}, {}],
        });
        expect([tokens.length, stage.calls()]).toEqual([1, []]);
      },
      { allowedIps: ['203.0.113.7'] },
    ),
  );

  test(
    'answered for by a broken gateway is not asked for ever',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('*:502'));
      expect(await stage.publish(PLAIN)).toMatchObject({ exitCode: 6, results: [{ error: { code: 'bad-answer' } }] });
      expect(stage.sandbox.history().length).toBe(3);
    }),
  );
});

describe.concurrent('lists that show what is new only after a while', () => {
  test(
    'a draft whose answer was lost is found before it would be sent again',
    onStage(
      async (stage) => {
        stage.sandbox.addFault(parseFault('draft/add:reset:after@1'));
        stage.sandbox.addFault(parseFault(`draft/batchget:lag=${TIMEOUT_MS}`));
        expect((await stage.publish(PLAIN)).results).toMatchObject([{ status: 'created', error: null }]);
        expect(count(stage, 'draft/add')).toBe(1);
        expect(count(stage, 'draft/batchget')).toBeGreaterThan(2);
        await expectAtRest(stage, PLAIN);
      },
      { env: { WXSYNC_QUIET_MS: `${4 * QUIET_MS}` } },
    ),
  );

  test(
    'a cover that the library does not show yet does no harm to a post with a receipt',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('material/batchget_material:lag=60000'));
      stage.sandbox.addFault(parseFault('draft/add:45009@1'));
      await stage.publish(PLAIN);
      await expectHealed(stage, PLAIN);
      expect(count(stage, 'material/add_material')).toBe(1);
    }),
  );
});
