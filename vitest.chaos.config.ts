/** `npm run chaos`: the fault tests at full length, which take too long for `npm test`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['chaos/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: 600_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
