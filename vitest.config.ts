import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's `module` entry and Node its `main` one: two copies, and no `instanceof` between them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // Most tests wait for sockets, disks and clocks: one worker a core, and not one less.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
