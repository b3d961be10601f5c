// The test projects: unit and processes (both are npm test), quick (a ten-second subset), browser (needs Chromium), soak (long).
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What a change most often breaks, and what needs no process, no picture and no server. */
const quick = [
  'test/house.test.ts',
  'test/{article,check,facts,local,report}/**/*.test.ts',
  'test/publish/{decide,entry,merge}.test.ts',
  'test/render/{cjk-emphasis,golden,style,visible}.test.ts',
];
/** Tests that start git, the command or the picture decoder many times. */
const processes = [
  'test/cli/{action,ci,init,output,publish,start}.test.ts',
  'test/images/{hostile,jail,limits}.test.ts',
  'test/publish/{crowd,disk,git-*,kills,reruns,unrecorded}.test.ts',
];
// A worker takes many files: starting one for each, and loading the same modules in it, was a fifth of the whole time.
const shared = {
  pool: 'forks' as const,
  isolate: false,
  testTimeout: 30_000,
  hookTimeout: 30_000,
  globalSetup: 'test/temporary.ts',
};

export default defineConfig({
  test: {
    // More than cores: many tests wait for a process, a socket or a quiet period.
    maxWorkers: 2 * availableParallelism(),
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/soak/**', ...processes],
        },
      },
      // A worker of their own for each: to start a process costs by the memory of the one that starts it, and a worker
      // that has taken many files has grown to six hundred megabytes.
      {
        test: {
          ...shared,
          ...{ name: 'processes', include: processes, isolate: true },
          ...{ testTimeout: 120_000, hookTimeout: 120_000 },
        },
      },
      {
        test: {
          ...shared,
          name: 'quick',
          include: quick,
          exclude: ['test/**/*.property.test.ts'],
        },
      },
      { test: { ...shared, name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 120_000 } },
      { test: { ...shared, name: 'soak', include: ['test/soak/**/*.test.ts'], testTimeout: 1_200_000 } },
    ],
  },
});
