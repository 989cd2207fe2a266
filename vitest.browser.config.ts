import { defineConfig } from 'vitest/config';
import ordinary from './vitest.config.js';

/** Tests that need a browser: apart from the others, because they also need the built pages in `dist`. */
export default defineConfig({
  ...ordinary,
  test: {
    ...ordinary.test,
    include: ['test/browser/**/*.browser.ts'],
    // The browser unpacks itself on its first start in a place that all processes share.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
