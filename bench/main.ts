import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

// What is measured is the build that ships. Bench files name the sources, so that types hold; here those names are
// led to the build, and names of bench files to the TypeScript that Node runs as it is.
const hooks = registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || !/\/(bench|test)\//.test(context.parentURL ?? ''))
      return next(specifier, context);
    const url = new URL(specifier, context.parentURL);
    const built = new URL(url.href.replace('/src/', '/dist/'));
    if (url.href.includes('/src/')) return next(built.href, context);
    const source = new URL(url.href.replace(/\.js$/, '.ts'));
    return next(existsSync(source) ? source.href : url.href, context);
  },
});

const [role, ...rest] = process.argv.slice(2);
if (role === 'cell') {
  const { runCell } = await import('./cell.js');
  await runCell(rest[0] ?? '', JSON.parse(rest[1] ?? 'null'), () => hooks.deregister());
} else {
  const { runSuite } = await import('./suite.js');
  await runSuite(process.argv.slice(2));
}
