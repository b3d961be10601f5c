// Which text is which post: pairs of random rearrangements between publishes, and an author who answers truly.
import { expect, test } from 'vitest';
import { onStage } from '../publish/stage.ts';
import { createAuthor, type Titles } from './author.ts';
import { createDice, inLanes } from './dice.ts';

const rounds = Number(process.env['WXSYNC_RUNS'] ?? 120);
const seed = Number(process.env['WXSYNC_SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 4;
const TITLES: readonly [Titles, ...Titles[]] = ['own', 'own', 'own', 'shared', 'none'];

test(`${rounds} rounds of posts that move, seed ${seed}: no draft gets the text of another post, none a second draft`, async () => {
  const seeds = Array.from({ length: rounds }, (_, index) => seed + index);
  const broken: string[] = [];
  await inLanes(seeds, AT_ONCE, async (each) => {
    const dice = createDice(each);
    const diary: (readonly string[])[] = [];
    await onStage(async (stage) => {
      const author = createAuthor(stage, dice, dice.pick(TITLES));
      diary.push(author.diary);
      await author.settle();
      for (const isLast of [false, true]) {
        author.rearrange();
        if (isLast || dice.chance(60)) await author.settle();
        else await author.try();
      }
    })().catch((error: unknown) => {
      const what = error instanceof Error ? error.message : String(error);
      broken.push(`WXSYNC_RUNS=1 WXSYNC_SEED=${each}: ${what}\n${diary.flat().join('\n')}`);
    });
  });
  expect(broken.join('\n\n')).toBe('');
});
