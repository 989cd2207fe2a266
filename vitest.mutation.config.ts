import { defineConfig } from 'vitest/config';

/** The tests of decisions alone: no server, no database, no set-up, so that they can be run for every mutant. */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    setupFiles: ['test/support/setup.ts'],
    include: ['test/guardrails/{action-type,check,likeness}.test.ts'],
    testTimeout: 60_000,
  },
});
