// Updates: what a person allowed is used up by one edit, what he does meanwhile stays, and what was not applied is sent again.
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/index.ts';
import type { Verdict } from './gate.ts';
import {
  A,
  draftsOf,
  editInWechat,
  expectAtRest,
  expectHealed,
  onStage,
  PLAIN,
  reword,
  type Stage,
  unflag,
} from './stage.ts';

const append = (words: string) => (content: string) => ({ content: `${content}<p>${words}</p>` });
const contentOf = (stage: Stage, path: string) => draftsOf(stage, path)[0]?.articles[0]?.content;
const conflict = { exitCode: 8, results: [{ status: 'failed', error: { code: 'conflict' } }] };
/** WeChat, or something on the way to it, says that all is well. */
const DONE: Verdict = (socket) => {
  const body = '{"errcode":0,"errmsg":"ok"}';
  socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
};

/** A post that was published, then edited by hand, and a run that may replace that edit and gets no good answer. */
async function replace(stage: Stage, how: How, fault: string): Promise<void> {
  await stage.publish(PLAIN);
  await editInWechat(stage, PLAIN, append('The first edit.'));
  stage.write(PLAIN, unflag);
  if (how === 'resolve') expect(await stage.resolve(PLAIN, { kind: 'overwrite' })).toBe(0);
  stage.sandbox.addFault(parseFault(`draft/update:${fault}@1`));
  const { exitCode } = await stage.publish(PLAIN, { overwrite: how === '--overwrite' });
  expect(exitCode).toBe(['501', '40007'].includes(fault) ? 0 : 6);
}

type How = 'resolve' | '--overwrite';

describe.concurrent('an edit that may be replaced', () => {
  test.each<[how: How, fault: string]>([
    ['resolve', '307'],
    ['resolve', '307:after'],
    ['resolve', '501'],
    ['--overwrite', '307'],
  ])('is the one that was seen, by %s, update met by %s: another one is a conflict', async (how, fault) => {
    await onStage(async (stage) => {
      await replace(stage, how, fault);
      expect(stage.entry(PLAIN)).not.toHaveProperty('overwrite');
      await editInWechat(stage, PLAIN, append('The second edit.'));
      stage.write(PLAIN, reword);
      expect(await stage.publish(PLAIN)).toMatchObject(conflict);
      expect(contentOf(stage, PLAIN)).toContain('The second edit.');
    })();
  });

  test.each<[how: How, fault: string]>([
    ['resolve', '307:after'],
    ['resolve', '40007'],
    ['--overwrite', '307'],
  ])('by %s, update met by %s: is replaced, at the latest by a rerun', async (how, fault) => {
    await onStage(async (stage) => {
      await replace(stage, how, fault);
      expect(await stage.publish(PLAIN)).toMatchObject({ exitCode: 0, results: [{ flag: { after: true } }] });
      expect(contentOf(stage, PLAIN)).not.toContain('The first edit.');
    })();
  });

  test(
    'is not that of a draft that was made anew',
    onStage(
      async (stage) => {
        await stage.publish(PLAIN);
        stage.write(PLAIN, unflag);
        expect(await stage.resolve(PLAIN, { kind: 'overwrite' })).toBe(0);
        await stage.call('draft/delete', { media_id: stage.entry(PLAIN)?.mediaId });
        expect(await stage.publish(PLAIN)).toMatchObject({ exitCode: 0, results: [{ status: 'created' }] });
        await editInWechat(stage, PLAIN, append('The second edit.'));
        stage.write(PLAIN, reword);
        expect(await stage.publish(PLAIN)).toMatchObject(conflict);
      },
      { profile: 'verified' },
    ),
  );
});

describe.concurrent('an edit between look and update', () => {
  const newCover = (text: string) => reword(text).replace('---\n', '---\nimage: /green.png\n');
  const newPicture = (text: string) => reword(text).replace('/blue.png', '/green.png');

  test.each<[when: string, change: (text: string) => string, path: string, faults: readonly string[]]>([
    ['while a picture is uploaded', newPicture, 'media/uploadimg', []],
    ['while a cover is uploaded', newCover, 'material/add_material', []],
    ['while a cover is not known yet', newCover, 'draft/update', ['draft/update:40007@2']],
  ])('%s is a conflict', async (_, change, path, faults) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, change);
      for (const fault of faults) stage.sandbox.addFault(parseFault(fault));
      stage.gate.at(path, () => editInWechat(stage, A, append('By hand.')).then(() => undefined));
      for (const _again of [1, 2]) expect(await stage.publish(A)).toMatchObject(conflict);
      expect(contentOf(stage, A)).toContain('By hand.');
      expect(stage.entry(A)).not.toHaveProperty('updating');
    })();
  });

  test(
    'is replaced by a run with --overwrite',
    onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, newPicture);
      stage.gate.at('media/uploadimg', () => editInWechat(stage, A, append('By hand.')).then(() => undefined));
      await expectHealed(stage, A, { overwrite: true });
      expect(contentOf(stage, A)).not.toContain('By hand.');
    }),
  );

  test(
    'a draft that is deleted while a picture is uploaded is gone',
    onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, newPicture);
      stage.gate.at('media/uploadimg', async () => {
        await stage.call('draft/delete', { media_id: stage.entry(A)?.mediaId });
      });
      expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'blocked' } }] });
      expect(stage.calls()).not.toContain('draft/update');
    }),
  );

  test(
    'costs no call where nothing is uploaded',
    onStage(async (stage) => {
      await stage.publish(A);
      const before = stage.calls().length;
      stage.write(A, reword);
      await stage.publish(A);
      expect(stage.calls().slice(before)).toEqual(['draft/get', 'draft/update', 'draft/get']);
    }),
  );
});

describe.concurrent('an update that is answered and not applied', () => {
  /** No longer than before, so that nothing is missing in what stands there. */
  const shorten = (text: string) => text.replace('First words', 'Words');

  test.each([
    ['a false flag', {}],
    ['a true flag', { update: true }],
  ])('is sent again by the next run: %s', async (_, flags) => {
    await onStage(async (stage) => {
      await stage.publish(PLAIN);
      stage.write(PLAIN, (text) => shorten('update' in flags ? text : unflag(text)));
      const { text } = stage;
      const before = text(PLAIN);
      stage.gate.at('draft/update', () => DONE);
      expect(await stage.publish(PLAIN, flags)).toMatchObject({
        exitCode: 6,
        results: [{ status: 'failed', error: { code: 'not-updated', retryable: true } }],
      });
      expect(text(PLAIN)).toBe(before);
      // By which `status` and a plain run tell that the draft is behind.
      expect(stage.entry(PLAIN)).toMatchObject({ state: 'verified', sourceHash: '', snapshot: '' });
      expect((await stage.publish(PLAIN, flags)).results).toMatchObject([{ status: 'updated', error: null }]);
      expect(contentOf(stage, PLAIN)).not.toContain('First words');
      await expectAtRest(stage, PLAIN);
    })();
  });

  test(
    'but shows after a while is taken',
    onStage(async (stage) => {
      await stage.publish(PLAIN);
      stage.write(PLAIN, (text) => shorten(unflag(text)).replace('"Plain"', '"Plainer"'));
      stage.gate.at('draft/update', ({ forward }) => {
        const late = () => forward();
        for (const act of [() => undefined, late]) stage.gate.at('draft/get', async () => void (await act()));
        return DONE;
      });
      expect((await stage.publish(PLAIN)).results).toMatchObject([{ status: 'updated', error: null }]);
      await expectAtRest(stage, PLAIN);
    }),
  );

  test(
    'is no matter when WeChat saved the draft and keeps the words it had',
    onStage(
      async (stage) => {
        await stage.publish(PLAIN);
        stage.write(PLAIN, (text) => shorten(unflag(text)));
        // The same draft with another time.
        stage.gate.at('draft/update', async () => {
          await editInWechat(stage, PLAIN, () => ({}));
          return DONE;
        });
        expect((await stage.publish(PLAIN)).results).toMatchObject([{ status: 'updated', error: null }]);
      },
      { now: ticking() },
    ),
  );

  test(
    'or may have been: the text it had is sent again when the author takes it back',
    onStage(async (stage) => {
      await stage.publish(PLAIN);
      const first = stage.text(PLAIN);
      stage.write(PLAIN, shorten);
      stage.sandbox.addFault(parseFault('draft/update:307:after@1'));
      expect(await stage.publish(PLAIN, { update: true })).toMatchObject({ exitCode: 6 });
      stage.write(PLAIN, first);
      expect((await stage.publish(PLAIN, { update: true })).results).toMatchObject([{ status: 'updated' }]);
      expect(contentOf(stage, PLAIN)).toContain('First words');
      await expectAtRest(stage, PLAIN);
    }),
  );
});

describe.concurrent('a draft with a second article', () => {
  test(
    'that cannot be updated is never deleted',
    onStage(async (stage) => {
      await stage.publish(PLAIN);
      const mediaId = stage.entry(PLAIN)?.mediaId;
      const { news_item } = await stage.call('draft/get', { media_id: mediaId });
      const [article] = news_item as object[];
      const articles = [article, { ...article, title: 'Somebody’s own' }];
      const { media_id: both } = await stage.call('draft/add', { articles });
      await stage.call('draft/delete', { media_id: mediaId });
      expect(await stage.resolve(PLAIN, { kind: 'adopt', mediaId: String(both) })).toBe(0);
      stage.write(PLAIN, reword);
      stage.sandbox.addFault(parseFault('draft/update:501@1'));
      expect(await stage.publish(PLAIN)).toMatchObject({
        exitCode: 8,
        results: [{ error: { code: 'duplicate-drafts', args: { others: both } } }],
      });
      const titles = stage.sandbox.drafts().map(({ articles }) => articles.map(({ title }) => title));
      expect(titles).toContainEqual(['Plain', 'Somebody’s own']);
    }),
  );
});

/** A clock on which each thing is a second later than the one before. */
function ticking(): () => number {
  let seconds = 0;
  return () => Date.now() + 1_000 * seconds++;
}
