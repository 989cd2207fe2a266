// Runs the tests in two halves side by side, each with a PostgreSQL of its own: in one cluster, a transaction that a
// test of one file holds open would hold back what another file reads of the log.
// With a file or a filter named, it is plain `vitest run`.
import { spawn } from 'node:child_process';

const HALVES = 2;
const options = process.argv.slice(2);
const isWhole = options.every((option) => option.startsWith('--reporter') || option.startsWith('--outputFile'));

const run = (extra) =>
  new Promise((resolve) => {
    const child = spawn('vitest', ['run', ...extra], { stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', (error) => {
      console.error(error);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });

/** Each half reports into a file of its own. */
const half = (number) => [
  ...options.map((option) => option.replace(/^(--outputFile\S*)\.json$/, `$1-${number}.json`)),
  `--shard=${number}/${HALVES}`,
];

const codes = isWhole ? await Promise.all([1, 2].map((number) => run(half(number)))) : [await run(options)];
process.exitCode = Math.max(...codes);
