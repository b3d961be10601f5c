// Eight processes over a hundred posts, forty of them killed: a hundred drafts, a hundred flags.
import { test } from 'vitest';
import { expectCrowdToFinish } from '../publish/crowd.ts';

test('eight processes, a hundred posts, forty kills', async () => {
  const counted = await expectCrowdToFinish({
    ...{ processes: 8, posts: 100, kills: 40, killEveryMs: 400, maxRuns: 600 },
  });
  console.info(counted);
});
