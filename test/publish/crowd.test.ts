// Several processes at once over the same posts, some of them killed: each post has one draft and its flag.
import { test } from 'vitest';
import { expectCrowdToFinish } from './crowd.ts';

test('four processes, twelve posts, four kills', async () => {
  await expectCrowdToFinish({ processes: 4, posts: 12, kills: 4, killEveryMs: 500, maxRuns: 60 });
}, 60_000);
