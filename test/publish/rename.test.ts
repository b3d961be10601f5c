// Posts that change places: whose a receipt is when titles, ends of lines, languages or Unicode forms say nothing of it.
import { describe, expect, test } from 'vitest';
import { A, B, expectAtRest, onStage, PLAIN, type Stage, unflag } from './stage.ts';

const MOVED = 'posts/moved.md';

/** The drafts' first words, by media id. */
const wordsOf = (stage: Stage, mediaId: string): string | undefined => {
  const draft = stage.sandbox.drafts().find((each) => each.mediaId === mediaId);
  return /\w+ words of/.exec(draft?.articles[0]?.content ?? '')?.[0];
};
const idOf = (stage: Stage, path: string): string => stage.entry(path)?.mediaId ?? '';
const untitled = (text: string) => text.replace(/title: .*\n/, '');
const toCrlf = (text: string) => text.replace(/\r?\n/g, '\r\n');
const toLf = (text: string) => text.replace(/\r\n/g, '\n');
const newcomer = (text: string) => unflag(text).replace('"Post A"', '"Newcomer"').replace('First words', 'New words');

describe.concurrent('a post in whose place another one stands', () => {
  interface Move {
    readonly to?: string;
    /** What the author's text is before the first run. */
    readonly begin?: (text: string) => string;
    /** What becomes of it on the way. */
    readonly carry?: (text: string) => string;
  }

  test.each<[string, Move]>([
    ['both without a title', { begin: untitled }],
    ['in the folder of a language', { to: 'posts/zh/a.md' }],
    ['in a checkout with other ends of lines', { begin: toCrlf, carry: toLf }],
  ])('keeps its draft: %s', async (_, { to = MOVED, begin = (text) => text, carry = (text) => text }) => {
    await onStage(async (stage) => {
      stage.write(A, begin);
      await stage.publish(A);
      const mediaId = idOf(stage, A);
      const text = stage.text(A);
      stage.move(A, to);
      stage.write(to, carry);
      stage.write(A, newcomer(text));
      const before = stage.writes();
      expect(await stage.publish(A)).toMatchObject({
        exitCode: 8,
        results: [{ error: { code: 'maybe-moved', args: { other: to, mediaId } } }],
      });
      stage.write(to, unflag);
      expect(await stage.publish(to)).toMatchObject({ results: [{ error: { code: 'maybe-renamed' } }] });
      expect(stage.writes()).toEqual(before);

      await stage.resolve(to, { kind: 'adopt', mediaId });
      expect((await stage.publish([A, to])).results).toMatchObject([{ status: 'created' }, { mediaId, error: null }]);
      expect([A, to].map((path) => wordsOf(stage, idOf(stage, path)))).toEqual(['New words of', 'First words of']);
      expect(stage.sandbox.drafts().length).toBe(2);
    })();
  });

  test.each<[string, (text: string) => string]>([
    ['with another title', (text) => text],
    ['without a title', untitled],
  ])('did not move when a person says so, %s; that lasts while the text goes on changing', async (_, begin) => {
    await onStage(async (stage) => {
      stage.write(A, begin);
      await stage.publish(A);
      const mediaId = idOf(stage, A);
      stage.write(MOVED, stage.text(A));
      stage.write(A, newcomer);
      await stage.resolve(A, { kind: 'adopt', mediaId });
      stage.write(A, (text) => text.replace('"Newcomer"', '"Newcomer 2"').replace('New words', 'Newer words'));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
      expect(wordsOf(stage, mediaId)).toBe('Newer words of');
    })();
  });
});

describe.concurrent('a renamed post', () => {
  test(
    'without a title keeps its draft in a checkout with other ends of lines',
    onStage(async (stage) => {
      stage.write(A, (text) => toCrlf(untitled(text)));
      await stage.publish(A);
      const mediaId = idOf(stage, A);
      stage.move(A, MOVED);
      stage.write(MOVED, (text) => toLf(unflag(text)));
      expect((await stage.publish(MOVED)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
      expect(stage.sandbox.drafts().length).toBe(1);
    }),
  );

  test.each<[string, 'adopt' | 'rewritten', number]>([
    ['keeps its own draft', 'adopt', 2],
    ['may also be an edit of what stood there', 'rewritten', 2],
  ])('in the place of one that was deleted: %s', async (_, word, drafts) => {
    await onStage(async (stage) => {
      await stage.publish([A, B]);
      const [old, other] = [idOf(stage, A), idOf(stage, B)];
      stage.write(A, unflag);
      stage.move(A, B);
      const before = stage.writes();
      expect((await stage.publish(B)).results).toMatchObject([
        { error: { code: 'maybe-renamed', args: { others: A, mediaId: old } } },
      ]);
      expect(stage.writes()).toEqual(before);
      const mediaId = word === 'adopt' ? old : other;
      await stage.resolve(B, { kind: 'adopt', mediaId });
      stage.write(B, (text) => text.replace('First words', 'Other words'));
      expect((await stage.publish(B)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
      expect(wordsOf(stage, mediaId)).toBe('Other words of');
      expect(stage.sandbox.drafts().length).toBe(drafts);
      await expectAtRest(stage, B);
    })();
  });

  test(
    'in the place of another one of its title, which was renamed too: nothing changes hands unasked',
    onStage(async (stage) => {
      const [one, two, three] = ['posts/01.md', 'posts/02.md', 'posts/03.md'];
      stage.write(one, stage.text(PLAIN));
      stage.write(two, stage.text(PLAIN).replace('First words', 'Second words'));
      await stage.publish([one, two]);
      const [first, second] = [idOf(stage, one), idOf(stage, two)];
      for (const path of [one, two]) stage.write(path, unflag);
      stage.move(two, three);
      stage.move(one, two);
      const before = stage.writes();
      expect((await stage.publish([two, three])).results).toMatchObject([
        { error: { code: 'maybe-moved', args: { other: three, mediaId: second } } },
        { error: { code: 'maybe-renamed', args: { others: two, mediaId: second } } },
      ]);
      expect(stage.writes()).toEqual(before);
      await stage.resolve(three, { kind: 'adopt', mediaId: second });
      expect((await stage.publish([two, three])).results).toMatchObject([
        { status: 'unchanged', mediaId: first },
        { status: 'unchanged', mediaId: second },
      ]);
    }),
  );
});

test.concurrent(
  'a copy takes nothing from a post whose name the disk spells otherwise',
  onStage(async (stage) => {
    // e and an accent, as a Mac may write it; the receipt has the composed form.
    const [spelt, path] = ['posts/e\u0301.md', 'posts/\u00e9.md'];
    stage.move(A, spelt);
    await stage.publish(spelt);
    const mediaId = idOf(stage, path);
    stage.write(MOVED, unflag(stage.text(spelt)));
    expect((await stage.publish(MOVED)).results).toMatchObject([{ status: 'created', error: null }]);
    expect([idOf(stage, path), stage.sandbox.drafts().length]).toEqual([mediaId, 2]);
  }),
);
