import { defineConfig } from 'vitest/config';

/** The tests that `npm run mutation` runs against every change to src/access. */
export default defineConfig({
  test: {
    include: ['src/access/**/*.test.ts'],
    globalSetup: ['tests/kit/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
