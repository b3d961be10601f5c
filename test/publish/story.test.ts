// The story of one post from the first run to the fixpoint, and what each later state of flag, entry and box leads to.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Entry, printEntry, toEntryName } from '../../src/publish/entry.ts';
import {
  A,
  B,
  draftsOf,
  type Edit,
  editInWechat,
  expectAtRest,
  expectHealed,
  onStage,
  PLAIN,
  reword,
  type Stage,
  unflag,
} from './stage.ts';

function swapImages(content: string): string {
  const [one = '', other = ''] = [...content.matchAll(/data-src="([^"]+)"/g)].map((match) => match[1] ?? '');
  return content.replace(one, 'X').replace(other, one).replace('X', other);
}

const deleteInWechat = (stage: Stage, path: string) =>
  stage.call('draft/delete', { media_id: stage.entry(path)?.mediaId });

describe.concurrent('the first run', () => {
  test(
    'makes one draft, a receipt and the flag, in this order',
    onStage(async (stage) => {
      const { results, exitCode, target } = await stage.publish(A);
      expect({ exitCode, target }).toEqual({ exitCode: 0, target: 'wechat' });
      expect(results).toMatchObject([
        { file: A, status: 'created', title: 'Post A', flag: { before: false, after: true }, error: null },
      ]);
      expect(results[0]?.images.map(({ src, kind, reused }) => [src, kind, reused])).toEqual([
        ['/red.png', 'body', false],
        ['/blue.png', 'body', false],
        ['/red.png', 'cover', false],
      ]);
      expect(stage.calls()).toEqual([
        'material/batchget_material',
        'draft/batchget',
        'media/uploadimg',
        'media/uploadimg',
        'material/add_material',
        'draft/add',
        'draft/get',
      ]);
      const entry = stage.entry(A);
      expect(entry).toMatchObject({ rev: 1, title: 'Post A', mediaId: results[0]?.mediaId });
      expect(draftsOf(stage, A)).toMatchObject([
        { articles: [{ digest: 'About Post A', thumbMediaId: entry?.coverIds[0] }] },
      ]);
      expect(stage.text(A)).toContain('wechat_synced: true # the flag\n');
      await expectAtRest(stage, A);
    }),
  );

  test(
    'draws a cover for a post without a picture',
    onStage(async (stage) => {
      expect((await stage.publish(PLAIN)).results).toMatchObject([
        { status: 'created', images: [{ src: '', kind: 'cover' }] },
      ]);
      await expectAtRest(stage, PLAIN);
    }),
  );

  test(
    'takes the sample post',
    onStage(
      async (stage) => {
        const path = 'content/zh/2026-trade.md';
        const { results } = await stage.publish(path);
        expect(results).toMatchObject([{ status: 'created' }]);
        expect(results[0]?.images.map(({ kind }) => kind)).toEqual(['body', 'body', 'body', 'cover']);
        await expectAtRest(stage, path);
      },
      { site: 'sample' },
    ),
  );

  test(
    'of a folder takes the posts that wait, and uploads a shared picture once',
    onStage(async (stage) => {
      stage.write('posts/c.md', stage.text(B).replaceAll('Post B', 'Post C'));
      const { results, exitCode } = await stage.publish('posts');
      expect(exitCode).toBe(0);
      expect(results.map(({ file, status }) => [file, status])).toEqual(
        [A, B, 'posts/c.md', PLAIN].map((file) => [file, 'created']),
      );
      const shared = results[2]?.images.map(({ kind, reused }) => [kind, reused]);
      expect(shared).toEqual([
        ['body', true],
        ['cover', false],
      ]);
      expect(new Set(stage.sandbox.drafts().map(({ articles }) => articles[0]?.thumbMediaId)).size).toBe(4);
    }),
  );
});

describe.concurrent('a later run', () => {
  test.each<[string, (stage: Stage) => unknown, object, object]>([
    ['of what the author reworded brings the draft along', (s) => s.write(A, reword), {}, { status: 'updated' }],
    ['--update of what is the same asks nobody', () => null, { update: true }, { status: 'unchanged' }],
    [
      '--update of what was reworded under a true flag',
      (s) => s.write(A, (text) => text.replace('First words', 'Other words')),
      { update: true },
      { status: 'updated' },
    ],
    ['--force of what is the same only looks', () => null, { force: true }, { status: 'unchanged' }],
    [
      '--force of what was reworded',
      (s) => s.write(A, (t) => t.replace('words', 'w')),
      { force: true },
      { status: 'updated' },
    ],
    [
      'of a new title and digest',
      (s) => s.write(A, (text) => unflag(text).replace('"Post A"', '"Post A2"').replace('About', 'On')),
      {},
      { status: 'updated', title: 'Post A2' },
    ],
    [
      'of another cover uploads it',
      (s) => s.write(A, (text) => unflag(text).replace('---\n', '---\nimage: /green.png\n')),
      {},
      { status: 'updated' },
    ],
  ])('%s', async (_, change, flags, result) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      await change(stage);
      const before = stage.calls().length;
      expect((await stage.publish(A, flags)).results).toMatchObject([{ ...result, error: null }]);
      const isUpdate = 'status' in result && result.status === 'updated';
      expect(stage.entry(A)?.rev).toBe(isUpdate ? 2 : 1);
      const calls = stage.calls().slice(before);
      expect(calls.filter((call) => call === 'draft/update').length).toBe(isUpdate ? 1 : 0);
      if ('update' in flags && !isUpdate) expect(calls).toEqual([]);
      await expectAtRest(stage, A);
    })();
  });

  test.each<[string, Edit, string]>([
    ['the text', () => ({ content: '<p>Mine now.</p>' }), 'text, images'],
    ['a picture for another', (content) => ({ content: swapImages(content) }), 'images'],
    ['the title', () => ({ title: 'Mine now' }), 'title'],
    ['the author', () => ({ author: 'Me' }), 'author'],
    ['the digest', () => ({ digest: 'Mine' }), 'digest'],
    ['comments', () => ({ need_open_comment: 1 }), 'comments'],
  ])('meets an edit in WeChat: %s', async (_, change, detail) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      await editInWechat(stage, A, change);
      stage.write(A, reword);
      const before = stage.writes().length;
      const { results, exitCode } = await stage.publish(A);
      expect(exitCode).toBe(8);
      expect(results).toMatchObject([{ status: 'failed', flag: { after: false }, error: { code: 'conflict' } }]);
      expect(results[0]?.error?.args).toEqual({ file: A, detail });
      expect(stage.writes().length).toBe(before);
      expect((await stage.publish(A, { overwrite: true })).results).toMatchObject([{ status: 'updated', error: null }]);
      await expectAtRest(stage, A);
    })();
  });

  test(
    'takes a draft that was only opened and saved as it was',
    onStage(async (stage) => {
      await stage.publish(A);
      await editInWechat(stage, A, () => ({}));
      stage.write(A, reword);
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated' }]);
      await expectAtRest(stage, A);
    }),
  );

  test(
    'never makes a second draft of one that is gone',
    onStage(async (stage) => {
      await stage.publish(A);
      await deleteInWechat(stage, A);
      stage.write(A, (text) => text.replace('First words', 'Other words'));
      const updated = await stage.publish(A, { update: true });
      expect(updated).toMatchObject({ exitCode: 0, results: [{ status: 'skipped', reason: 'not-in-box' }] });
      expect(updated.results[0]?.findings.map(({ code }) => code)).toContain('not-in-box');
      stage.write(A, unflag);
      const before = stage.writes();
      expect(await stage.publish(A)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'blocked' } }] });
      expect(stage.writes()).toEqual(before);
    }),
  );

  test.each<[string, (text: string) => string, object]>([
    ['a true flag without a receipt', (text) => text.replace(': false', ': true'), { update: true }],
  ])('%s is for a person', async (_, change, flags) => {
    await onStage(async (stage) => {
      stage.write(A, change);
      expect(await stage.publish(A, flags)).toMatchObject({ exitCode: 8, results: [{ error: { code: 'no-entry' } }] });
      expect(stage.writes()).toEqual([]);
    })();
  });

  test(
    'in another account asks the author first, or takes --force',
    onStage(async (stage) => {
      await stage.publish(B);
      const elsewhere = { ...(stage.entry(B) as Entry), path: A, appId: 'wxfedcba9876543210' };
      writeFileSync(join(stage.site, '.wxsync/posts', toEntryName(A, elsewhere.appId)), printEntry(elsewhere));
      const before = stage.calls();
      const { exitCode, results } = await stage.publish(A);
      expect({ exitCode, results }).toMatchObject({
        exitCode: 8,
        results: [{ error: { code: 'other-account', args: { other: elsewhere.appId } } }],
      });
      expect(stage.calls()).toEqual(before);
      await expectHealed(stage, A, { force: true });
    }),
  );
});
