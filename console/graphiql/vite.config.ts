import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the GraphiQL page into `dist/graphiql`; the server serves that folder at `/graphiql/`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/graphiql/',
  plugins: [react()],
  // Monaco's language services load their parsers on demand, which a worker can only do as an ES module.
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('../../dist/graphiql', import.meta.url)),
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    // The Monaco editor alone is larger than the default limit of 500 kB.
    chunkSizeWarningLimit: 4_000,
  },
});
