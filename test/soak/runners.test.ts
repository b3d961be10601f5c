// Eight runners on clones of one site, some killed, an author who pushes edits of the same posts again and again.
import { test } from 'vitest';
import { playRunners } from '../cli/ci-jobs.ts';

test('eight runners, six posts, two killed, three pushes of the author', () =>
  playRunners({ runners: 8, posts: 6, edits: 3 }));
