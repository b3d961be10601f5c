// Posts whose receipt is gone: what WeChat itself holds of them decides, on accounts that may and may not read their publish list.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/local/cache.ts';
import { printEntry } from '../../src/publish/entry.ts';
import { openMachineLeases } from '../../src/publish/lease.ts';
import type { Resolution } from '../../src/publish/resolve.ts';
import { parseFault } from '../../src/sandbox/index.ts';
import { LOSE } from './gate.ts';
import {
  A,
  B,
  createClock,
  expectAtRest,
  forget,
  onStage,
  PLAIN,
  putReceipt,
  type Stage,
  type StageOptions,
  unflag,
} from './stage.ts';

/** A post that says what `A` says. */
const TWIN = 'posts/twin.md';
const DAY_MS = 24 * 3600 * 1000;
/** Half of what makes a cover old, so that a case waits for the other half only. */
const COVER_AGE_MS = 10_000;

const profiles = ['personal-unverified', 'verified'] as const;

const count = (stage: Stage, path: string) => stage.calls().filter((call) => call === path).length;

/** A run whose answer to the cover or the draft is lost, and that is not run again before all is forgotten. */
async function loseAt(stage: Stage, path: string, lands: boolean): Promise<void> {
  const stop = new Promise<void>((resolve, reject) => {
    const { child, ended } = stage.spawn(A);
    stage.gate.at(path, async ({ forward }) => {
      if (lands) await forward();
      child.kill('SIGKILL');
      return LOSE;
    });
    ended.then(({ code, stderr }) => (code === null ? resolve() : reject(new Error(`${code}: ${stderr}`))));
  });
  await stop;
  forget(stage);
}

describe.concurrent.each(profiles)('without a receipt, %s', (profile) => {
  const on = (play: (stage: Stage) => Promise<void>, options: StageOptions = {}) =>
    onStage(play, { profile, ...options });

  test(
    'the draft that says the same is the post’s: only the flag is set',
    on(async (stage) => {
      await stage.publish(A);
      forget(stage);
      stage.write(A, unflag);
      const before = stage.writes();
      expect((await stage.publish(A)).results).toMatchObject([
        { status: 'unchanged', flag: { after: true }, error: null },
      ]);
      expect(stage.writes()).toEqual(before);
      await expectAtRest(stage, A);
    }),
  );

  test(
    'an untouched draft of an older text is updated',
    on(async (stage) => {
      await stage.publish(A);
      const [draft] = stage.sandbox.drafts();
      forget(stage);
      stage.write(A, (text) => unflag(text).replace('First words', 'Other words'));
      expect((await stage.publish(A)).results).toMatchObject([
        { status: 'updated', mediaId: draft?.mediaId, error: null },
      ]);
      await expectAtRest(stage, A);
    }),
  );

  test('a draft that somebody has worked in is left alone, until the caller says so', async () => {
    const time = createClock();
    await on(
      async (stage) => {
        time.set(-60_000);
        await stage.publish(A);
        time.set(0);
        const mediaId = stage.entry(A)?.mediaId;
        const { news_item } = await stage.call('draft/get', { media_id: mediaId });
        const [article] = news_item as { content: string }[];
        const articles = { ...article, content: `${article?.content}<p>by hand</p>` };
        expect(await stage.call('draft/update', { media_id: mediaId, index: 0, articles })).toMatchObject({
          errcode: 0,
        });
        forget(stage);
        stage.write(A, (text) => unflag(text).replace('First words', 'Other words'));
        const before = stage.writes();
        const refused = { exitCode: 8, results: [{ error: { code: 'conflict' } }] };
        expect(await stage.publish(A)).toMatchObject(refused);
        expect(await stage.publish(A)).toMatchObject(refused);
        expect(stage.writes()).toEqual(before);
        expect((await stage.publish(A, { overwrite: true })).results).toMatchObject([{ status: 'updated', mediaId }]);
        await expectAtRest(stage, A);
      },
      { now: time.now },
    )();
  });

  test(
    'a draft that another tool made of the same text is taken for the post’s',
    on(async (stage) => {
      await stage.publish(PLAIN);
      const [draft] = stage.sandbox.drafts();
      const article = draft?.articles[0];
      await stage.call('draft/delete', { media_id: draft?.mediaId });
      const covers = await stage.call('material/batchget_material', { type: 'image', offset: 0, count: 1 });
      forget(stage);
      stage.write(PLAIN, unflag);
      const other = { title: article?.title, digest: article?.digest, content: article?.content };
      const [cover] = covers['item'] as { media_id: string }[];
      await stage.call('draft/add', { articles: [{ ...other, thumb_media_id: cover?.media_id }] });
      const before = stage.writes();
      expect((await stage.publish(PLAIN)).results).toMatchObject([{ status: 'unchanged', error: null }]);
      expect(stage.writes()).toEqual(before);
      await expectAtRest(stage, PLAIN);
    }),
  );

  test(
    'two drafts are for a person; nothing is deleted',
    on(async (stage) => {
      await stage.publish(A);
      const [draft] = stage.sandbox.drafts();
      const { title = '', content = '' } = draft?.articles[0] ?? {};
      // By another tool, so with a cover that is of no post which stands.
      await stage.publish(PLAIN);
      const thumb_media_id = stage.entry(PLAIN)?.coverIds[0];
      await stage.call('draft/delete', { media_id: stage.entry(PLAIN)?.mediaId });
      stage.move(PLAIN, `${PLAIN}.gone`);
      await stage.call('draft/add', { articles: [{ title, content, digest: 'x', thumb_media_id }] });
      forget(stage);
      stage.write(A, unflag);
      const before = stage.writes();
      const { exitCode, results } = await stage.publish(A);
      expect({ exitCode, code: results[0]?.error?.code }).toEqual({ exitCode: 8, code: 'duplicate-drafts' });
      const said = Object.values(results[0]?.error?.args ?? {}).join(' ');
      for (const { mediaId } of stage.sandbox.drafts()) expect(said).toContain(mediaId);
      expect(stage.writes()).toEqual(before);
    }),
  );

  test(
    'a draft or cover that another post’s receipt names is never taken',
    on(async (stage) => {
      await stage.publish(A);
      stage.write('posts/copy.md', unflag(stage.text(A)));
      expect((await stage.publish('posts/copy.md')).results).toMatchObject([{ status: 'created', error: null }]);
      expect(stage.sandbox.drafts().length).toBe(2);
    }),
  );

  test(
    'nor one that a person said is not that other post’s',
    on(async (stage) => {
      await stage.publish(A);
      await stage.resolve(A, { kind: 'none' });
      stage.write('posts/copy.md', unflag(stage.text(A)));
      expect((await stage.publish('posts/copy.md')).results).toMatchObject([{ status: 'created', error: null }]);
      expect(stage.sandbox.drafts().length).toBe(2);
    }),
  );

  test(
    'an update takes the draft that is there',
    on(async (stage) => {
      await stage.publish(A);
      const [draft] = stage.sandbox.drafts();
      forget(stage);
      stage.write(A, (text) => text.replace('First words', 'Other words'));
      const { results } = await stage.publish(A, { update: true });
      expect(results).toMatchObject([{ status: 'updated', mediaId: draft?.mediaId, flag: { after: true } }]);
    }),
  );

  test.each<[path: string, lands: boolean]>([
    ['material/add_material', true],
    ['draft/add', false],
  ])('killed between cover and add, at %s: waited for, then as the account allows', async (path, lands) => {
    const time = createClock();
    const play = async (stage: Stage) => {
      time.set(-COVER_AGE_MS);
      await loseAt(stage, path, lands);
      time.set(0);
      const { results, exitCode } = await stage.publish(A);
      if (profile === 'verified') {
        expect(results).toMatchObject([{ status: 'created', error: null }]);
        await expectAtRest(stage, A);
      } else {
        expect({ exitCode, results }).toMatchObject({ exitCode: 8, results: [{ error: { code: 'blocked' } }] });
        const before = stage.calls();
        expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'blocked' } }] });
        expect(stage.calls()).toEqual(before);
      }
    };
    await on(play, { now: time.now })();
  });

  test(
    'killed after a draft landed: it is found by its cover',
    on(async (stage) => {
      await loseAt(stage, 'draft/add', true);
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'unchanged', error: null }]);
      expect(count(stage, 'draft/add')).toBe(1);
      await expectAtRest(stage, A);
    }),
  );

  test('a draft that lands while a young cover is waited for is found', async () => {
    const time = createClock();
    const play = async (stage: Stage) => {
      time.set(-COVER_AGE_MS);
      let land: () => Promise<unknown> = async () => undefined;
      const { child, ended } = stage.spawn(A);
      stage.gate.at('draft/add', async ({ body }) => {
        land = () => stage.call('draft/add', JSON.parse(body.toString()));
        child.kill('SIGKILL');
        return LOSE;
      });
      await ended;
      time.set(0);
      forget(stage);
      const waits = stage.heard(/may still land/);
      const run = stage.publish(A);
      await waits;
      await land();
      expect((await run).results).toMatchObject([{ status: 'unchanged', error: null }]);
      await expectAtRest(stage, A);
    };
    await on(play, { now: time.now })();
  });

  test('a cover of yesterday whose draft was published or deleted', async () => {
    const time = createClock();
    await on(
      async (stage) => {
        time.set(-DAY_MS);
        await stage.publish(A);
        const mediaId = stage.entry(A)?.mediaId ?? '';
        stage.sandbox.publish(mediaId);
        time.set(0);
        forget(stage);
        stage.write(A, unflag);
        const code = profile === 'verified' ? 'published' : 'blocked';
        expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code } }] });
        expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code } }] });
        expect(count(stage, 'draft/add')).toBe(1);
      },
      { now: time.now },
    )();
  });

  test('a draft that its receipt knows, published or deleted since', async () => {
    await on(async (stage) => {
      await stage.publish([A, PLAIN]);
      stage.sandbox.publish(stage.entry(A)?.mediaId ?? '');
      await stage.call('draft/delete', { media_id: stage.entry(PLAIN)?.mediaId });
      for (const path of [A, PLAIN]) stage.write(path, unflag);
      const { results } = await stage.publish([A, PLAIN]);
      if (profile === 'verified') {
        expect(results).toMatchObject([{ error: { code: 'published' } }, { status: 'created', error: null }]);
        await expectAtRest(stage, PLAIN);
      } else {
        expect(results).toMatchObject([{ error: { code: 'blocked' } }, { error: { code: 'blocked' } }]);
        expect(stage.entry(A)).toMatchObject({ state: 'blocked' });
      }
    })();
  });

  test('a send whose answer was lost, and a person who published its draft', async () => {
    await on(async (stage) => {
      stage.gate.at('draft/add', async ({ forward }) => {
        await forward();
        for (const { mediaId } of stage.sandbox.drafts()) stage.sandbox.publish(mediaId);
        return LOSE;
      });
      const { results } = await stage.publish(A);
      if (profile === 'verified') expect(results).toMatchObject([{ error: { code: 'published' } }]);
      else expect(results).toMatchObject([{ status: 'created' }]);
    })();
  });
});

describe.concurrent('a renamed post', () => {
  const MOVED = 'posts/deep/moved.md';
  const reset = (stage: Stage) => {
    stage.write(A, unflag);
    stage.move(A, MOVED);
  };

  test(
    'keeps its draft: the receipt goes with it',
    onStage(async (stage) => {
      await stage.publish(A);
      const mediaId = stage.entry(A)?.mediaId;
      reset(stage);
      const before = stage.writes();
      expect((await stage.publish(MOVED)).results).toMatchObject([{ status: 'unchanged', mediaId, error: null }]);
      expect(stage.writes()).toEqual(before);
      expect(stage.entry(MOVED)).toMatchObject({ mediaId, path: MOVED, renamedFrom: [A] });
      expect(stage.entry(A)).toBeNull();
      await expectAtRest(stage, MOVED);
    }),
  );

  test(
    'leaves nothing behind that a new post of its old name could take',
    onStage(async (stage) => {
      await stage.publish(A);
      reset(stage);
      await stage.publish(MOVED);
      stage.write(A, unflag(stage.text(MOVED)));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      expect(stage.entry(A)?.mediaId).not.toBe(stage.entry(MOVED)?.mediaId);
    }),
  );

  test(
    'whose send got no answer is sent for under its new name',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:reset:after@1'));
      stage.sandbox.addFault(parseFault('draft/batchget:48001@2'));
      expect(await stage.publish(A)).toMatchObject({ exitCode: 4 });
      stage.move(A, MOVED);
      expect((await stage.publish(MOVED)).results).toMatchObject([{ status: 'created', error: null }]);
      expect(count(stage, 'draft/add')).toBe(1);
      await expectAtRest(stage, MOVED);
    }),
  );

  test.each<[string, (stage: Stage) => void]>([
    ['edited on the way', (stage) => stage.write(MOVED, (text) => text.replace('First words', 'Other words'))],
    ['with a twin that is gone too', (stage) => stage.move(TWIN, 'posts/no-post.txt')],
  ])('%s is for a person', async (_, change) => {
    await onStage(async (stage) => {
      stage.write(TWIN, stage.text(A));
      await stage.publish([A, TWIN]);
      const mediaId = stage.entry(A)?.mediaId;
      reset(stage);
      change(stage);
      const before = stage.writes();
      const { exitCode, results } = await stage.publish(MOVED);
      expect({ exitCode, results }).toMatchObject({ exitCode: 8, results: [{ error: { code: 'maybe-renamed' } }] });
      expect(results[0]?.error?.args['others']).toContain(A);
      expect(stage.writes()).toEqual(before);
      expect(stage.entry(A)?.mediaId).toBe(mediaId);
    })();
  });

  test(
    'another post of the same words while the first stands is a new post',
    onStage(async (stage) => {
      await stage.publish(A);
      stage.write(TWIN, unflag(stage.text(A)));
      expect((await stage.publish(TWIN)).results).toMatchObject([{ status: 'created', error: null }]);
    }),
  );

  test.each<[string, Resolution, string]>([
    ['adopt', { kind: 'adopt', mediaId: '' }, 'updated'],
    ['none', { kind: 'none' }, 'created'],
  ])('is settled by a person: %s', async (_, resolution, status) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      const mediaId = stage.entry(A)?.mediaId ?? '';
      reset(stage);
      stage.write(MOVED, (text) => text.replace('First words', 'Other words'));
      await stage.resolve(MOVED, resolution.kind === 'adopt' ? { ...resolution, mediaId } : resolution);
      stage.write(MOVED, (text) => text.replace('Other words', 'Third words'));
      const { results } = await stage.publish(MOVED);
      expect(results).toMatchObject([{ status, error: null }]);
      expect(results[0]?.mediaId === mediaId).toBe(status === 'updated');
      await expectAtRest(stage, MOVED);
      expect(stage.entry(A) === null).toBe(status === 'updated');
    })();
  });
});

describe.concurrent('a name that is used again', () => {
  const OLD = 'posts/w1.md';
  const NEW = 'posts/w2.md';
  const second = (text: string) => unflag(text).replace('"Post A"', '"Post A2"').replace('First words', 'Other words');

  test(
    'each post that bears it for a while keeps its own draft',
    onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, unflag);
      stage.move(A, OLD);
      await stage.publish(OLD);
      stage.write(A, second(stage.text(OLD)));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      stage.write(A, unflag);
      stage.move(A, NEW);
      expect((await stage.publish(NEW)).results).toMatchObject([{ status: 'unchanged', error: null }]);
      expect(stage.sandbox.drafts().length).toBe(2);
    }),
  );

  test(
    'there and back, and there again: one draft',
    onStage(async (stage) => {
      await stage.publish(A);
      for (const [from, to] of [
        [A, OLD],
        [OLD, A],
        [A, OLD],
      ] as const) {
        stage.write(from, unflag);
        stage.move(from, to);
        expect((await stage.publish(to)).results).toMatchObject([{ status: 'unchanged', error: null }]);
      }
      expect(stage.sandbox.drafts().length).toBe(1);
    }),
  );

  test(
    'a new post never takes the draft that went on with another, whoever renamed it and where',
    onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId = '' } = stage.entry(A) ?? {};
      stage.write(A, (text) => unflag(text).replace('First words', 'Third words'));
      stage.move(A, OLD);
      await stage.resolve(OLD, { kind: 'adopt', mediaId: mediaId ?? '' });
      // The lease of the old name still holds the receipt.
      stage.write(A, second(stage.text(OLD)).replace('Third words', 'Other words'));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      expect(stage.entry(A)?.mediaId).not.toBe(mediaId);
      // Renamed and edited: the draft is kept and gets the edit.
      expect((await stage.publish(OLD)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
      await expectAtRest(stage, OLD);
    }),
  );

  test(
    'a renamed draft that somebody worked in is taken as it stands',
    onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId = '' } = stage.entry(A) ?? {};
      const { news_item } = await stage.call('draft/get', { media_id: mediaId });
      const [article] = news_item as { content: string }[];
      const articles = { ...article, content: `${article?.content}<p>by hand</p>` };
      await stage.call('draft/update', { media_id: mediaId, index: 0, articles });
      stage.write(A, (text) => unflag(text).replace('First words', 'Third words'));
      stage.move(A, OLD);
      await stage.resolve(OLD, { kind: 'adopt', mediaId: mediaId ?? '' });
      const before = stage.writes();
      expect((await stage.publish(OLD)).results).toMatchObject([{ status: 'unchanged', mediaId, error: null }]);
      expect(stage.writes()).toEqual(before);
    }),
  );
});

describe.concurrent('a receipt that only a lease has kept', () => {
  const MOVED = 'posts/moved.md';
  const forgetLedger = (stage: Stage) => rmSync(join(stage.site, '.wxsync'), { recursive: true, force: true });

  test(
    'is found by the post under its new name, and so is the send that it waits for',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:reset:after@1'));
      stage.sandbox.addFault(parseFault('draft/batchget:48001@2'));
      expect(await stage.publish(A)).toMatchObject({ exitCode: 4 });
      forgetLedger(stage);
      stage.move(A, MOVED);
      expect((await stage.publish(MOVED)).results).toMatchObject([{ status: 'created', error: null }]);
      expect([count(stage, 'draft/add'), stage.sandbox.drafts().length]).toEqual([1, 1]);
      expect(stage.entry(MOVED)).toMatchObject({ renamedFrom: [A] });
      await expectAtRest(stage, MOVED);
    }),
  );

  test(
    'stops the post that was renamed and edited',
    onStage(async (stage) => {
      await stage.publish(A);
      forgetLedger(stage);
      stage.write(A, (text) => unflag(text).replace('First words', 'Other words'));
      stage.move(A, MOVED);
      expect((await stage.publish(MOVED)).results).toMatchObject([{ error: { code: 'maybe-renamed' } }]);
      expect(stage.sandbox.drafts().length).toBe(1);
    }),
  );
});

describe.concurrent('a post that moved out of the way of another', () => {
  const MOVED = 'posts/moved.md';
  const THIRD = 'posts/third.md';
  const newcomer = (text: string) => unflag(text).replace('"Post A"', '"Newcomer"').replace('First words', 'New words');
  /** `A` under another name, and a new post under its own. */
  const displace = (stage: Stage, edit: (text: string) => string = (text) => text) => {
    const text = stage.text(A);
    stage.move(A, MOVED);
    stage.write(MOVED, edit(text));
    stage.write(A, newcomer(text));
  };
  const idOf = (stage: Stage, title: string) =>
    stage.sandbox.drafts().find(({ articles }) => articles[0]?.title === title)?.mediaId ?? null;

  test.each<[string, (text: string) => string]>([
    ['unchanged', (text) => text],
    ['and edited too', (text) => unflag(text).replace('First words', 'Second words')],
  ])('may be a copy: a person is asked before anything is replaced, %s', async (_, edit) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId } = stage.entry(A) ?? {};
      displace(stage, edit);
      const before = stage.writes();
      const { exitCode, results } = await stage.publish(A);
      expect({ exitCode, results }).toMatchObject({ exitCode: 8, results: [{ error: { code: 'maybe-moved' } }] });
      expect(results[0]?.error?.args).toMatchObject({ other: MOVED, mediaId });
      expect(stage.writes()).toEqual(before);

      await stage.resolve(MOVED, { kind: 'adopt', mediaId: mediaId ?? '' });
      stage.write(MOVED, unflag);
      const { results: settled } = await stage.publish([A, MOVED]);
      expect(settled).toMatchObject([{ status: 'created' }, { mediaId, error: null }]);
      expect([idOf(stage, 'Post A'), idOf(stage, 'Newcomer')]).toEqual([mediaId, stage.entry(A)?.mediaId]);
      await expectAtRest(stage, A);
      await expectAtRest(stage, MOVED);
    })();
  });

  test(
    'or did not move at all, when a person says so',
    onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId } = stage.entry(A) ?? {};
      displace(stage, (text) => unflag(text).replace('First words', 'Second words'));
      await stage.resolve(A, { kind: 'adopt', mediaId: mediaId ?? '' });
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
      await expectAtRest(stage, A);
    }),
  );

  test(
    'in a chain, where each step is asked for',
    onStage(async (stage) => {
      stage.write(MOVED, newcomer(stage.text(A)));
      await stage.publish([A, MOVED]);
      const [first = '', second = ''] = [A, MOVED].map((path) => stage.entry(path)?.mediaId ?? '');
      for (const path of [A, MOVED]) stage.write(path, unflag);
      stage.move(MOVED, THIRD);
      stage.move(A, MOVED);
      const before = stage.writes();
      const { results } = await stage.publish([MOVED, THIRD]);
      expect(results.map(({ error }) => error?.code)).toEqual(['maybe-moved', 'maybe-renamed']);
      expect(stage.writes()).toEqual(before);
      await stage.resolve(THIRD, { kind: 'adopt', mediaId: second });
      await stage.publish([MOVED, THIRD]);
      expect([MOVED, THIRD].map((path) => stage.entry(path)?.mediaId)).toEqual([first, second]);
      expect([stage.entry(A), stage.sandbox.drafts().length]).toEqual([null, 2]);
      await expectAtRest(stage, MOVED);
      await expectAtRest(stage, THIRD);
    }),
  );

  test.each<[string, (text: string) => string]>([
    ['in another language', (text) => text.replace('---\n', '---\nlang: en\n')],
    ['without a flag', (text) => text.replace(/wechat_synced: .*\n/, '').replace('First', 'Other')],
    ['that is hidden', (text) => unflag(text).replace('---\n', '---\ndraft: true\n')],
  ])('is no post of that title %s', async (_, edit) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId } = stage.entry(A) ?? {};
      displace(stage, edit);
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
    })();
  });

  test(
    'on another branch keeps its draft here under the name that it has here',
    onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId } = stage.entry(A) ?? {};
      const [text, old] = [stage.text(A), printEntry(stage.entry(A) ?? expect.unreachable())];
      stage.write(A, unflag);
      stage.move(A, MOVED);
      await stage.publish(MOVED);
      // Back on the branch where it was never renamed.
      stage.move(MOVED, A);
      rmSync(join(stage.site, '.wxsync'), { recursive: true });
      putReceipt(stage, A, old);
      stage.write(A, newcomer(text));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
      expect(stage.sandbox.drafts().length).toBe(1);
    }),
  );

  test(
    'keeps it too when its title is its name',
    onStage(async (stage) => {
      stage.write(A, (text) => text.replace(/title: .*\n/, ''));
      await stage.publish(A);
      const { mediaId } = stage.entry(A) ?? {};
      stage.write(A, unflag);
      stage.move(A, MOVED);
      await stage.publish(MOVED);
      expect(stage.entry(MOVED)).toMatchObject({ mediaId, renamedFrom: [A] });
      expect(stage.sandbox.drafts().length).toBe(1);
    }),
  );

  test.each<[string, (stage: Stage, old: string) => void]>([
    ['whose run was killed before it took the old receipt away', (stage, old) => putReceipt(stage, A, old)],
    [
      'whose run died, and whose branch still has the old receipt',
      (stage, old) => {
        rmSync(join(stage.site, '.wxsync'), { recursive: true });
        putReceipt(stage, A, old);
      },
    ],
  ])('%s', async (_, spoil) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId = null } = stage.entry(A) ?? {};
      const old = printEntry(stage.entry(A) ?? expect.unreachable());
      const text = stage.text(A);
      stage.write(A, unflag);
      stage.move(A, MOVED);
      await stage.publish(MOVED);
      spoil(stage, old);
      stage.write(A, newcomer(text));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      stage.write(MOVED, unflag);
      expect((await stage.publish(MOVED)).results).toMatchObject([{ status: 'unchanged', mediaId, error: null }]);
      expect([idOf(stage, 'Post A'), idOf(stage, 'Newcomer')]).toEqual([mediaId, stage.entry(A)?.mediaId]);
      await expectAtRest(stage, A);
      await expectAtRest(stage, MOVED);
    })();
  });

  test(
    'leaves no draft behind that was given up under its new name',
    onStage(async (stage) => {
      await stage.publish(A);
      const { mediaId = '' } = stage.entry(A) ?? {};
      const text = stage.text(A);
      stage.write(A, (words) => unflag(words).replace('First words', 'Second words'));
      stage.move(A, MOVED);
      await stage.resolve(MOVED, { kind: 'adopt', mediaId: mediaId ?? '' });
      await stage.resolve(MOVED, { kind: 'recreate' });
      stage.write(A, newcomer(text));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'created', error: null }]);
      expect(stage.entry(A)?.mediaId).not.toBe(mediaId);
    }),
  );

  test(
    'a standing post keeps its draft, whatever a person says of another',
    onStage(async (stage) => {
      await stage.publish([A, B]);
      const entry = stage.entry(B);
      await expect(stage.resolve(A, { kind: 'adopt', mediaId: entry?.mediaId ?? '' })).rejects.toMatchObject({
        code: 'draft-of-other',
        args: { other: B },
      });
      expect(stage.entry(B)).toEqual(entry);
    }),
  );
});

describe.concurrent('what a person said is not a post’s', () => {
  test.each<[what: string, isThere: boolean]>([
    ['a draft', true],
    ['a cover', false],
  ])('%s is not that of the next post of its name either', async (_, isThere) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      const given = stage.entry(A)?.mediaId;
      if (!isThere) await stage.call('draft/delete', { media_id: given });
      await stage.resolve(A, { kind: 'recreate' });
      stage.write(A, unflag);
      await stage.publish(A);
      stage.write(A, unflag);
      stage.move(A, 'posts/moved.md');
      await stage.publish('posts/moved.md');
      stage.write(A, unflag(stage.text(PLAIN)).replace('"Plain"', '"Another"'));
      expect((await stage.publish(A, { wait: false })).results).toMatchObject([{ status: 'created', error: null }]);
      expect(stage.entry(A)?.mediaId).not.toBe(given);
    })();
  });
});

describe.concurrent('many posts without a receipt', () => {
  test(
    'one look through the account serves all of them',
    onStage(async (stage) => {
      await stage.publish('posts');
      expect(stage.sandbox.drafts().length).toBe(3);
      expect([count(stage, 'material/batchget_material'), count(stage, 'draft/batchget')]).toEqual([1, 1]);
    }),
  );

  test(
    'a post that was leased later is looked for again',
    onStage(async (stage) => {
      const key = sha256([stage.sandbox.appId, 'story', PLAIN].join('\n')).slice(0, 20);
      const lease = await openMachineLeases(join(stage.home, 'leases')).acquire(key, { waitMs: 0, onWait: () => {} });
      const waits = stage.heard(/waiting for another run/);
      const run = stage.publish('posts');
      await waits;
      await lease.release();
      expect((await run).exitCode).toBe(0);
      expect([count(stage, 'material/batchget_material'), count(stage, 'draft/batchget')]).toEqual([2, 2]);
    }),
  );
});

describe.concurrent('a draft that a firewall will not update', () => {
  const firewalled = async (stage: Stage) => {
    await stage.publish(A);
    stage.write(A, (text) => text.replace('First words', 'Other words'));
    stage.sandbox.addFault(parseFault('draft/update:501@1'));
  };

  test.each([
    ['a true flag', { update: true }],
    ['a false flag', {}],
  ])('is replaced by a new one: %s', async (_, flags) => {
    await onStage(async (stage) => {
      await firewalled(stage);
      if (!('update' in flags)) stage.write(A, unflag);
      const old = stage.entry(A)?.mediaId;
      expect((await stage.publish(A, flags)).results).toMatchObject([{ status: 'updated', error: null }]);
      expect(stage.entry(A)).not.toHaveProperty('replacing');
      expect(stage.sandbox.drafts().map(({ mediaId }) => mediaId)).toEqual([stage.entry(A)?.mediaId]);
      expect(stage.entry(A)?.mediaId).not.toBe(old);
      expect(count(stage, 'draft/delete')).toBe(1);
    })();
  });

  test.each(['material/add_material', 'draft/add', 'draft/get', 'draft/delete'])(
    'is kept until the new one is there: no answer from %s',
    async (path) => {
      await onStage(async (stage) => {
        await firewalled(stage);
        stage.gate.at('draft/update', () => {
          stage.gate.at(path, () => LOSE);
          return undefined;
        });
        await stage.publish(A, { update: true });
        expect(stage.sandbox.drafts().length).toBeGreaterThanOrEqual(1);
        await stage.publish(A, { update: true });
        expect(stage.sandbox.drafts().map(({ mediaId }) => mediaId)).toEqual([stage.entry(A)?.mediaId]);
        expect(stage.entry(A)).toMatchObject({ state: 'verified' });
        expect(stage.entry(A)).not.toHaveProperty('replacing');
      })();
    },
  );

  test(
    'is kept when somebody works in it meanwhile, and both are told',
    onStage(async (stage) => {
      await firewalled(stage);
      const old = stage.entry(A)?.mediaId;
      stage.gate.at('draft/add', async ({ forward }) => {
        const { news_item } = await stage.call('draft/get', { media_id: old });
        const [article] = news_item as object[];
        await stage.call('draft/update', { media_id: old, index: 0, articles: { ...article, title: 'By hand' } });
        await forward();
        return undefined;
      });
      const { exitCode, results } = await stage.publish(A, { update: true });
      expect({ exitCode, results }).toMatchObject({ exitCode: 8, results: [{ error: { code: 'duplicate-drafts' } }] });
      expect(stage.sandbox.drafts().length).toBe(2);
      expect(stage.entry(A)?.duplicates).toEqual([old]);
    }),
  );
});
