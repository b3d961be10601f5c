// Posts that change places: whose a receipt is when titles, ends of lines, languages or Unicode forms say nothing of it.
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PublishReport } from '../../src/report/publish-report.ts';
import { A, B, expectAtRest, forget, onStage, PLAIN, type Stage, unflag } from './stage.ts';

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
const toWeekly = (word: string) => `---\ntitle: Weekly\nwechat_synced: false\n---\n\n${word} words of it.\n`;
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

  test(
    'keeps its draft when it was edited and its flag left true, as its title is known',
    onStage(async (stage) => {
      await stage.publish(A);
      const mediaId = idOf(stage, A);
      const text = stage.text(A);
      stage.move(A, MOVED);
      stage.write(MOVED, text.replace('First words', 'Other words'));
      stage.write(A, newcomer(text));
      const before = stage.writes();
      expect((await stage.publish(A)).results).toMatchObject([
        { error: { code: 'maybe-moved', args: { other: MOVED, mediaId } } },
      ]);
      expect(stage.writes()).toEqual(before);
      await stage.resolve(MOVED, { kind: 'adopt', mediaId });
      const { results } = await stage.publish([A, MOVED], { update: true });
      expect(results).toMatchObject([{ status: 'created' }, { status: 'updated', mediaId }]);
      expect([A, MOVED].map((path) => wordsOf(stage, idOf(stage, path)))).toEqual(['New words of', 'Other words of']);
    }),
  );

  test.each<[string, readonly string[]]>([
    ['before it', [A, MOVED]],
    ['alone', [A]],
  ])(
    'keeps its draft when it got another title, as its text is known: the newcomer is published %s',
    async (_, paths) => {
      await onStage(async (stage) => {
        await stage.publish(A);
        const mediaId = idOf(stage, A);
        const text = stage.text(A);
        stage.move(A, MOVED);
        stage.write(MOVED, unflag(text).replace('"Post A"', '"A better title"'));
        stage.write(A, newcomer(text));
        const before = stage.writes();
        expect((await stage.publish(paths)).results[0]).toMatchObject({
          error: { code: 'maybe-moved', args: { other: MOVED, mediaId } },
        });
        expect(stage.writes()).toEqual(before);
        await stage.resolve(MOVED, { kind: 'adopt', mediaId });
        expect((await stage.publish([A, MOVED])).results).toMatchObject([
          { status: 'created' },
          { status: 'updated', mediaId },
        ]);
        expect([A, MOVED].map((path) => wordsOf(stage, idOf(stage, path)))).toEqual(['New words of', 'First words of']);
      })();
    },
  );

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
        {
          error: {
            code: 'maybe-renamed',
            args: { others: A, mediaId: old, word: `--adopt ${other}`, title: 'Post B' },
          },
        },
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
      stage.move(PLAIN, one);
      stage.write(two, stage.text(one).replace('First words', 'Second words'));
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

describe.concurrent('posts that are numbered anew', () => {
  const pathOf = (index: number) => `posts/0${index + 1}.md`;
  const own = (word: string) => `On ${word.replace(/\d/, '')}`;
  const shared = () => 'Weekly';
  const none = () => null;
  const toPost = (title: string | null, word: string) =>
    `---\n${title === null ? '' : `title: ${title}\n`}wechat_synced: false\n---\n\n${word} words of it.\n`;
  const wordOf = (stage: Stage, path: string) => /[a-z]+(?=\d? words of)/.exec(stage.text(path))?.[0] ?? '';

  /** Answers the first question as the author knows it to be. */
  const answer = async (stage: Stage, asked: PublishReport, known: ReadonlyMap<string, string>) => {
    const { file, error } = asked.results.find((each) => each.error !== null) ?? expect.unreachable();
    const { other, mediaId } = error?.args ?? {};
    const isOf = (path: unknown) => known.get(wordOf(stage, String(path))) === mediaId;
    const path = [other, file].find((each) => each !== undefined && isOf(each));
    if (path !== undefined) return stage.resolve(String(path), { kind: 'adopt', mediaId: String(mediaId) });
    const own = known.get(wordOf(stage, file));
    expect(error?.args['word']).toBe(own === undefined ? '--none' : `--adopt ${own}`);
    return stage.resolve(file, own === undefined ? { kind: 'none' } : { kind: 'adopt', mediaId: own });
  };

  test.each<
    [what: string, title: (word: string) => string | null, before: readonly string[], after: readonly string[]]
  >([
    ['one came before them', own, ['one', 'two'], ['new', 'one', 'two']],
    ['one came before them, and all have one title', shared, ['one', 'two'], ['new', 'one', 'two']],
    ['two changed places', own, ['one', 'two'], ['two', 'one']],
    ['two of one title changed places', shared, ['one', 'two'], ['two', 'one']],
    ['three changed places in a ring', own, ['one', 'two', 'three'], ['three', 'one', 'two']],
    ['the first was deleted', own, ['one', 'two', 'three'], ['two', 'three']],
    ['the first was deleted and the next one edited', own, ['one', 'two'], ['two2']],
    ['the first of one title was deleted and the next one edited', shared, ['one', 'two'], ['two2']],
    ['the next of one title was deleted and the first one edited', shared, ['one', 'two'], ['one2']],
    ['three of one title in a ring, one of them edited', shared, ['one', 'two', 'three'], ['three', 'one2', 'two']],
    ['two of one title changed places, one edited', shared, ['one', 'two'], ['two', 'one2']],
    ['two without a title changed places, one edited', none, ['one', 'two'], ['two', 'one2']],
    ['one of one title took the place of another', shared, ['one', 'two', 'three'], ['two', 'new', 'three']],
  ])('keep their drafts, and a person is asked: %s', async (_, title, before, after) => {
    await onStage(async (stage) => {
      const put = (words: readonly string[]) => {
        for (const [index, word] of words.entries()) stage.write(pathOf(index), toPost(title(word), word));
        return words.map((_word, index) => pathOf(index));
      };
      const old = put(before);
      await stage.publish(old);
      const known = new Map(before.map((word, index) => [word, idOf(stage, pathOf(index))]));
      const now = put(after);
      for (const path of old.slice(now.length)) stage.move(path, `${path}.bak`);
      const written = stage.writes();
      let report = await stage.publish(pathOf(0));
      expect(report.exitCode).toBe(8);
      expect(stage.writes()).toEqual(written);
      for (let asked = 0; report.exitCode === 8 && asked < 6; asked++) {
        await answer(stage, report, known);
        report = await stage.publish(now);
      }
      expect(report.results.map(({ error }) => error?.code ?? null)).toEqual(now.map(() => null));
      for (const [index, word] of after.entries()) {
        const mediaId = idOf(stage, pathOf(index));
        expect(mediaId).toBe(known.get(word.replace(/\d/, '')) ?? mediaId);
        expect(wordsOf(stage, mediaId)).toBe(`${word} words of`);
      }
      expect(stage.sandbox.drafts().length).toBe(new Set([...before, ...after].map(own)).size);
    })();
  });
});

test.concurrent(
  'a synced post that moved and was edited gets its edit into its draft, when its receipt waits where a new post stands',
  onStage(async (stage) => {
    const [one, two, three] = ['posts/01.md', 'posts/02.md', 'posts/03.md'];
    const toPost = (title: string, words: string) =>
      `---\ntitle: ${title}\nwechat_synced: false\n---\n\n${words} words of it.\n`;
    stage.write(one, toPost('One', 'First'));
    stage.write(two, toPost('Two', 'Second'));
    await stage.publish([one, two]);
    const [first, second] = [idOf(stage, one), idOf(stage, two)];
    stage.write(three, toPost('One', 'Edited').replace('false', 'true'));
    stage.write(one, toPost('Two', 'Second'));
    stage.write(two, toPost('New', 'New'));
    await stage.resolve(one, { kind: 'adopt', mediaId: second });
    expect((await stage.publish([one, two])).results).toMatchObject([
      { status: 'unchanged', mediaId: second },
      { error: { code: 'maybe-moved', args: { other: three, mediaId: first } } },
    ]);
    await stage.resolve(three, { kind: 'adopt', mediaId: first });
    expect((await stage.publish([two, three], { update: true })).results).toMatchObject([
      { status: 'created', error: null },
      { status: 'updated', mediaId: first },
    ]);
    expect([wordsOf(stage, first), wordsOf(stage, second)]).toEqual(['Edited words of', 'Second words of']);
  }),
);

describe.concurrent('a post that was renamed and is asked for first', () => {
  test(
    'is told of its own draft while one of its title, which moved too, stands in its place',
    onStage(async (stage) => {
      stage.write(A, toWeekly('First'));
      stage.write(B, toWeekly('Second'));
      await stage.publish([A, B]);
      stage.move(B, A);
      stage.write(MOVED, toWeekly('First').replace('words of it', 'words of it, and more'));
      const before = stage.writes();
      expect((await stage.publish(MOVED)).results).toMatchObject([
        { error: { code: 'maybe-renamed', args: { others: expect.stringContaining(A) } } },
      ]);
      expect(stage.writes()).toEqual(before);
    }),
  );

  test(
    'gets no second draft while another text stands in its place',
    onStage(async (stage) => {
      await stage.publish(A);
      const mediaId = idOf(stage, A);
      const text = stage.text(A);
      stage.move(A, MOVED);
      stage.write(MOVED, unflag(text).replace('First words', 'Second words'));
      stage.write(A, newcomer(text));
      const before = stage.writes();
      for (const paths of [
        [MOVED, A],
        [A, MOVED],
      ]) {
        expect((await stage.publish(paths)).results.map(({ error }) => error?.code).sort()).toEqual([
          'maybe-moved',
          'maybe-renamed',
        ]);
      }
      expect(stage.writes()).toEqual(before);
      await stage.resolve(MOVED, { kind: 'adopt', mediaId });
      await stage.publish([A, MOVED]);
      expect([A, MOVED].map((path) => wordsOf(stage, idOf(stage, path)))).toEqual(['New words of', 'Second words of']);
      expect([idOf(stage, MOVED), stage.sandbox.drafts().length]).toEqual([mediaId, 2]);
    }),
  );

  test.each<[string, 'adopt' | 'none', number]>([
    ['and got another title: its text is known', 'adopt', 1],
    ['or is a new one that shows the same text', 'none', 2],
  ])('%s', async (_, word, drafts) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      const mediaId = idOf(stage, A);
      stage.move(A, MOVED);
      stage.write(MOVED, (text) => unflag(text).replace('"Post A"', '"A better title"'));
      const before = stage.writes();
      expect((await stage.publish(MOVED)).results).toMatchObject([
        { error: { code: 'maybe-renamed', args: { others: A, mediaId, word: '--none' } } },
      ]);
      expect(stage.writes()).toEqual(before);
      await stage.resolve(MOVED, word === 'none' ? { kind: word } : { kind: word, mediaId });
      await stage.publish(MOVED);
      expect(stage.sandbox.drafts().length).toBe(drafts);
      await expectAtRest(stage, MOVED);
    })();
  });

  test(
    'leaves it to a person which of two is the copy',
    onStage(async (stage) => {
      await stage.publish(A);
      const mediaId = idOf(stage, A);
      const copy = 'posts/en/a.md';
      stage.move(A, MOVED);
      stage.move(B, copy);
      stage.write(copy, unflag(stage.text(MOVED)));
      const before = stage.writes();
      expect((await stage.publish(copy)).results).toMatchObject([
        { error: { code: 'maybe-renamed', args: { others: A, mediaId, word: '--none' } } },
      ]);
      expect(stage.writes()).toEqual(before);
      await stage.resolve(copy, { kind: 'none' });
      stage.write(MOVED, unflag);
      expect((await stage.publish([copy, MOVED])).results).toMatchObject([
        { status: 'created', error: null },
        { status: 'unchanged', mediaId, error: null },
      ]);
    }),
  );
});

describe.concurrent('receipts that were lost', () => {
  const text = (word: string, title = word) =>
    `---\ntitle: ${title}\nwechat_synced: false\n---\n\n${word} words of it.\n`;
  const [one, two] = ['posts/01.md', 'posts/02.md'];

  const edited = (each: string) => each.replace('words of it', 'words of it, and more');

  test.each<[what: string, edit: (text: string) => string, title: string | undefined, isBack: boolean]>([
    ['as they were', (each) => each, undefined, false],
    ['edited', edited, undefined, false],
    ['edited, of one title', edited, 'Weekly', false],
    ['and back', (each) => each, undefined, true],
    ['and back, edited', edited, undefined, true],
    ['and back, edited, of one title', edited, 'Weekly', true],
  ])('with what a person said of two that changed places: %s', async (_, edit, title, isBack) => {
    await onStage(async (stage) => {
      stage.write(one, text('one', title));
      stage.write(two, text('two', title));
      await stage.publish([one, two]);
      const [first, second] = [idOf(stage, one), idOf(stage, two)];
      const ledger = join(stage.site, '.wxsync');
      cpSync(ledger, `${ledger}.old`, { recursive: true });
      stage.write(one, text('two', title));
      stage.write(two, text('one', title));
      const answer = async ([atOne, atTwo]: readonly [string, string]) => {
        const { results } = await stage.publish([one, two]);
        const { error } = results.find((each) => each.error !== null) ?? {};
        if (error == null) return;
        expect([first, second]).toContain(error.args['mediaId']);
        const path = error.args['mediaId'] === atOne ? one : two;
        await stage.resolve(path, { kind: 'adopt', mediaId: path === one ? atOne : atTwo });
      };
      await answer([second, first]);
      rmSync(ledger, { recursive: true });
      renameSync(`${ledger}.old`, ledger);
      stage.write(one, edit(text(isBack ? 'one' : 'two', title)));
      stage.write(two, edit(text(isBack ? 'two' : 'one', title)));
      const ids = isBack ? ([first, second] as const) : ([second, first] as const);
      for (let asked = 0; asked < 4; asked++) await answer(ids);
      expect((await stage.publish([one, two])).results).toMatchObject([{ error: null }, { error: null }]);
      expect([idOf(stage, one), idOf(stage, two)]).toEqual(ids);
      expect([first, second].map((id) => wordsOf(stage, id))).toEqual(['one words of', 'two words of']);
      expect(stage.sandbox.drafts().length).toBe(2);
    })();
  });

  test.each<[string, string, readonly string[]]>([
    ['edited since, the copy first', 'other', [two, one]],
    ['edited since, and first', 'other', [one, two]],
    ['as it was, the copy first', 'one', [two, one]],
  ])('the cover says whose a draft is, not the text of a copy: the post %s', async (_, now, order) => {
    await onStage(async (stage) => {
      stage.write(one, text('one'));
      await stage.publish(one);
      const mediaId = idOf(stage, one);
      forget(stage);
      stage.write(two, unflag(stage.text(one)));
      stage.write(one, unflag(stage.text(one)).replace('one words', `${now} words`));
      for (const path of order) await stage.publish(path);
      expect([idOf(stage, one), stage.sandbox.drafts().length]).toEqual([mediaId, 2]);
      expect([one, two].map((path) => wordsOf(stage, idOf(stage, path)))).toEqual([`${now} words of`, 'one words of']);
    })();
  });
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

test.concurrent(
  'two files whose names differ by their Unicode form share a path, and neither gets the draft of the other',
  onStage(async (stage) => {
    const [spelt, path] = ['posts/e\u0301.md', 'posts/\u00e9.md'];
    stage.move(A, spelt);
    await stage.publish(spelt);
    const mediaId = idOf(stage, path);
    stage.move(B, path);
    const before = stage.writes();
    const { results } = await stage.publish(path);
    expect(results).toMatchObject([{ status: 'failed', findings: [{ code: 'path-twice' }] }]);
    expect(stage.writes()).toEqual(before);
    stage.move(path, B);
    stage.write(spelt, (text) => unflag(text).replace('First words', 'Other words'));
    expect((await stage.publish(spelt)).results).toMatchObject([{ status: 'updated', mediaId, error: null }]);
  }),
);
