import { defineConfig } from 'vitest/config';

/** The feature whose code is changed; all where none is named. */
const { MUTATION_FEATURE: feature = '*' } = process.env;

/**
 * The tests of decisions alone: no server, no database, no set-up, so that they can be run for every mutant. Those
 * that try hundreds of thousands of cases are left out.
 */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    setupFiles: ['test/support/mutation-setup.ts'],
    include: [
      `test/${feature}/domain/*.test.ts`,
      `test/${feature}/{action-type,check,likeness,demands,parse,edit-content}.test.ts`,
    ],
    exclude: ['test/policy/check.test.ts'],
    // One worker for all files of a run; each run has a worker of its own.
    isolate: false,
    testTimeout: 60_000,
  },
});
