// The four test projects: unit (all of npm test), quick (a ten-second subset), browser (needs Chromium), soak (long).
import { defineConfig } from 'vitest/config';

const slow = [
  'test/cli/**',
  'test/docs.test.ts',
  'test/publish/**',
  'test/**/*.property.test.ts',
  'test/wechat/**',
  'test/images/{fit,limits,cover}.test.ts',
  'test/sandbox/wechat-api.test.ts',
];
const shared = { pool: 'forks' as const, testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    // The default leaves a core free, which on two cores means one file at a time.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/soak/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/soak/**', ...slow],
        },
      },
      { test: { ...shared, name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 120_000 } },
      { test: { ...shared, name: 'soak', include: ['test/soak/**/*.test.ts'], testTimeout: 1_200_000 } },
    ],
  },
});
