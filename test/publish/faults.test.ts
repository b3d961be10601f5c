// Lost answers, refusals and late ones: what the run says, what it leaves behind, and that a plain rerun heals it.
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/index.ts';
import { A, B, draftsOf, expectAtRest, expectHealed, onStage, reword, TIMEOUT_MS } from './stage.ts';

const LATE = TIMEOUT_MS + 1_500;

describe.concurrent('a lost answer to draft/add', () => {
  test.each<[fault: string, lands: boolean]>([
    ['reset', false],
    ['reset:after', true],
    ['half-body', false],
    ['half-body:after', true],
    ['502', false],
    ['502:after', true],
    ['307', false],
    ['307:after', true],
    ['-1', false],
    ['-1:after', true],
    [`latency=${LATE}:after`, true],
  ])('%s', async (fault, lands) => {
    await onStage(async (stage) => {
      stage.sandbox.addFault(parseFault(`draft/add:${fault}@1`));
      const { results, exitCode } = await stage.publish(A, { wait: false });
      if (lands) {
        expect(results).toMatchObject([{ status: 'created', error: null, flag: { after: true } }]);
        expect(results[0]?.images.map(({ kind }) => kind)).toEqual(['body', 'body', 'cover']);
        await expectAtRest(stage, A);
      } else {
        expect({ exitCode, results }).toMatchObject({
          exitCode: 6,
          results: [{ status: 'failed', error: { code: 'waiting', retryable: true }, flag: { after: false } }],
        });
        expect(stage.entry(A)).toMatchObject({ state: 'unknown', intent: { attempt: 1 }, mediaId: null });
        expect(await stage.publish(A, { wait: false })).toMatchObject({ exitCode: 6 });
        await expectHealed(stage, A);
      }
      expect(stage.calls().filter((call) => call === 'draft/add').length).toBe(lands ? 1 : 2);
    })();
  });

  test(
    'that lands after we gave up and looked once is found before anything is sent again',
    onStage(
      async (stage) => {
        stage.sandbox.addFault(parseFault(`draft/add:latency=${LATE}:before@1`));
        expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
        expect(stage.calls().filter((call) => call === 'draft/add').length).toBe(1);
        await expectAtRest(stage, A);
      },
      { env: { WXSYNC_QUIET_MS: '2500' } },
    ),
  );

  test(
    'is waited for and sent again in one run',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:reset@1'));
      const { results } = await stage.publish(A);
      expect(results).toMatchObject([{ status: 'created', error: null }]);
      await expectAtRest(stage, A);
    }),
  );

  test(
    'twice is for a person, until the draft shows up after all',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:reset@1'));
      stage.sandbox.addFault(parseFault('draft/add:502@2'));
      expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'unknown' } }] });
      expect(stage.entry(A)).toMatchObject({ state: 'unknown', intent: { attempt: 2 } });
      const before = stage.writes();
      expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'unknown' } }] });
      expect(stage.writes()).toEqual(before);
      const cover = stage.entry(A)?.intent?.coverId;
      const article = { title: 'Post A', digest: 'About Post A', content: '<p>x</p>', thumb_media_id: cover };
      await stage.call('draft/add', { articles: [article] });
      expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'filtered' } }] });
      expect(stage.text(A)).toContain('wechat_synced: false');
    }),
  );

  test(
    'never holds up the other posts',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:reset@1'));
      const { results } = await stage.publish('posts');
      expect(results.map(({ status }) => status)).toEqual(['created', 'created', 'created']);
      expect(stage.sandbox.drafts().map(({ articles }) => articles[0]?.title)[0]).toBe('Post A');
    }),
  );

  test(
    'of a text that was changed meanwhile: the old one is sent for, then updated',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:reset:after@1'));
      stage.sandbox.addFault(parseFault('draft/batchget:48001@2'));
      expect(await stage.publish(A)).toMatchObject({ exitCode: 4 });
      stage.write(A, (text) => reword(text).replace('"Post A"', '"Post A2"').replace('description', 'summary'));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', title: 'Post A2' }]);
      await expectAtRest(stage, A);
    }),
  );
});

describe.concurrent('a refusal of draft/add', () => {
  test.each<[errcode: number, code: string, exit: number]>([
    [45009, 'quota-used-up', 5],
    [48001, 'api-unauthorized', 4],
    [40164, 'ip-not-allowed', 4],
    [45166, 'content-refused', 5],
    [45003, 'field-too-long', 5],
    [45011, 'rate-limited', 6],
  ])('%i', async (errcode, code, exit) => {
    await onStage(async (stage) => {
      stage.sandbox.addFault(parseFault(`draft/add:${errcode}@1`));
      const { results, exitCode } = await stage.publish(A);
      expect({ exitCode, results }).toMatchObject({
        exitCode: exit,
        results: [{ status: 'failed', mediaId: null, flag: { after: false }, error: { code, errcode } }],
      });
      expect(stage.entry(A)).toMatchObject({ state: 'prepared', mediaId: null, error: { code, errcode } });
      expect(stage.entry(A)).not.toHaveProperty('intent');
      await expectHealed(stage, A);
      expect(stage.calls().filter((call) => call === 'material/add_material').length).toBe(1);
    })();
  });

  test(
    'for a cover that WeChat does not know yet is asked again under an intent of its own',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:40007@1'));
      const times: number[] = [];
      for (const _ of [1, 2]) {
        stage.gate.at('draft/add', () => {
          times.push(stage.entry(A)?.intent?.time ?? 0);
        });
      }
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_900);
      expect(stage.calls().filter((call) => call === 'material/add_material').length).toBe(1);
      await expectAtRest(stage, A);
    }),
  );

  test(
    'for a cover of an earlier run that is gone: a new cover',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:45009@1'));
      stage.sandbox.addFault(parseFault('draft/add:40007@2'));
      await stage.publish(A);
      await expectHealed(stage, A);
      expect(stage.entry(A)?.coverIds.length).toBe(2);
    }),
  );
});

describe.concurrent('draft/update', () => {
  test.each(['reset', 'half-body:after', '502:after', '-1:after'])('%s is sent again', async (fault) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, reword);
      stage.sandbox.addFault(parseFault(`draft/update:${fault}@1`));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', error: null }]);
      await expectAtRest(stage, A);
    })();
  });

  test.each([
    [45009, 'quota-used-up', 5],
    [45166, 'content-refused', 5],
  ])('refused with %i leaves the draft and heals', async (errcode, code, exit) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, reword);
      stage.sandbox.addFault(parseFault(`draft/update:${errcode}@1`));
      expect(await stage.publish(A)).toMatchObject({ exitCode: exit, results: [{ error: { code, errcode } }] });
      await expectHealed(stage, A);
      expect(stage.entry(A)?.rev).toBe(2);
    })();
  });

  test.each<[string, (text: string) => string]>([
    ['for a fresh cover is asked again', (text) => reword(text).replace('---\n', '---\nimage: /green.png\n')],
    ['for an old cover that is gone: a new cover', reword],
  ])('40007 %s', async (_, change) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, change);
      stage.sandbox.addFault(parseFault('draft/update:40007@1'));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', error: null }]);
      expect(stage.entry(A)?.coverIds.length).toBe(2);
      await expectAtRest(stage, A);
    })();
  });

  test(
    '40007 for a draft that was deleted this moment is a draft that is gone, which one account is not told more of',
    onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, reword);
      stage.gate.at('draft/update', async () => {
        await stage.call('draft/delete', { media_id: stage.entry(A)?.mediaId });
      });
      expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'blocked' } }] });
      expect(draftsOf(stage, A)).toEqual([]);
    }),
  );

  test(
    'lost for good, then the author goes on writing: the draft is known again by what was sent',
    onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, (text) => reword(text).replace('"Post A"', '"Post A2"'));
      stage.sandbox.addFault(parseFault('draft/update:307:after@1'));
      expect(await stage.publish(A)).toMatchObject({ exitCode: 6 });
      stage.write(A, (text) => text.replace('Other words', 'Third words').replace('"Post A2"', '"Post A3"'));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', title: 'Post A3', error: null }]);
      expect(stage.entry(A)?.rev).toBe(3);
      await expectAtRest(stage, A);
    }),
  );
});

describe.concurrent('elsewhere', () => {
  test.each([
    ['media/uploadimg:reset', 3],
    ['material/add_material:502:after', 2],
    ['draft/get:half-body', 1],
    ['media/uploadimg:-1', 3],
  ])('%s is tried again', async (fault, uploads) => {
    await onStage(async (stage) => {
      stage.sandbox.addFault(parseFault(`${fault}@1`));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      const path = fault.split(':')[0] === 'draft/get' ? 'draft/add' : fault.split(':')[0];
      expect(stage.calls().filter((call) => call === path).length).toBe(uploads);
      await expectAtRest(stage, A);
    })();
  });

  test(
    'what cannot be read back leaves the flag, and a rerun verifies it',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/get:45009@1'));
      expect(await stage.publish(A)).toMatchObject({ exitCode: 5, results: [{ flag: { after: false } }] });
      expect(stage.entry(A)).toMatchObject({ state: 'drafted' });
      await expectHealed(stage, A);
    }),
  );

  test.each(['material/add_material', 'draft/add', 'draft/get'])(
    'a token that ends before %s is renewed',
    async (path) => {
      await onStage(async (stage) => {
        stage.gate.at(path, async () => {
          await stage.call('stable_token', { force_refresh: true });
        });
        expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
        expect(stage.sandbox.history().filter(({ errcode }) => errcode === 40001).length).toBe(1);
        await expectAtRest(stage, A);
      })();
    },
  );

  test(
    'the readings of two posts share what was refused: the token only once',
    onStage(async (stage) => {
      await stage.publish(A);
      await stage.call('stable_token', { force_refresh: true });
      expect((await stage.publish(B)).results).toMatchObject([{ status: 'created', error: null }]);
      await expectAtRest(stage, B);
    }),
  );
});
