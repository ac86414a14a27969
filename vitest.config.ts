import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's `module` entry and Node its `main` one: two copies, and no `instanceof` between them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
