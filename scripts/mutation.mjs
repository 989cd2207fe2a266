// Changes the code that decides in every way Stryker knows, and runs the tests of decisions for each change: one
// feature at a time, against that feature's own tests. What a run of another feature's tests would notice counts as
// not noticed. Names of features as arguments run only those.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';

const FEATURES = ['guardrails', 'policy', 'autonomy', 'execution'];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !FEATURES.includes(name));
if (unknown.length > 0) throw new Error(`expected some of ${FEATURES.join(', ')}; got ${unknown.join(', ')}`);

for (const feature of named.length > 0 ? named : FEATURES) {
  const mutate = `src/features/${feature}/domain/*.ts,!src/features/${feature}/domain/index.ts`;
  const { status, error } = spawnSync('stryker', ['run', '--mutate', mutate], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, MUTATION_FEATURE: feature },
  });
  if (error) throw error;
  if (status !== 0) process.exitCode = 1;
  if (existsSync('reports/mutation.json')) renameSync('reports/mutation.json', `reports/mutation-${feature}.json`);
}
