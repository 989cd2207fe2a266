// Fails unless the generated files in the tree are exactly what the code generates now, and git knows them all.
// What it regenerated stays in the tree, ready to be looked at and committed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const SCHEMA = 'schema.graphql';
const FOLDER = 'src/cli/generated';

/** @returns {Map<string, string>} path → content */
const generatedFiles = () => {
  const inFolder = existsSync(FOLDER) ? readdirSync(FOLDER, { recursive: true, withFileTypes: true }) : [];
  const paths = inFolder.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  if (existsSync(SCHEMA)) paths.push(SCHEMA);
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
};
const before = generatedFiles();

const npmRun = (script) => {
  const { status } = spawnSync('npm', ['run', '-s', script], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) return;
  mkdirSync(FOLDER, { recursive: true });
  for (const [path, content] of before) writeFileSync(path, content);
  console.error(`Cannot compare the generated files: "npm run ${script}" failed.`);
  process.exit(1);
};

npmRun('schema');
// Emptied first, so that a file nothing generates any more is noticed too.
rmSync(FOLDER, { recursive: true, force: true });
npmRun('codegen');
const now = generatedFiles();

const problems = [];
if (!now.has(SCHEMA)) problems.push(`${SCHEMA}: "npm run schema" did not write it.`);
if (now.size < 2) problems.push(`${FOLDER}: "npm run codegen" wrote nothing.`);
for (const [path, content] of now) {
  if (before.get(path) !== content) {
    problems.push(`${path}: ${before.has(path) ? 'was stale' : 'was missing'}; it has been regenerated: commit it.`);
  }
}
for (const path of before.keys()) {
  if (!now.has(path)) problems.push(`${path}: nothing generates it any more; it has been removed: commit that.`);
}
const tracked = new Set(
  execFileSync('git', ['ls-files', '-z', '--', SCHEMA, FOLDER], { encoding: 'utf8' }).split('\0').filter(Boolean),
);
for (const path of now.keys()) {
  if (!tracked.has(path)) problems.push(`${path}: git does not track it; run "git add ${path}".`);
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${now.size} generated files are up to date.`);
