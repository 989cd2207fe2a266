// Compiles on every change and restarts the server on every compile. Ctrl-C stops both.
import { spawn } from 'node:child_process';

const children = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  ['--watch', '--watch-preserve-output', 'dist/main.js'],
].map((args) => spawn(process.execPath, args, { stdio: 'inherit' }));

const stop = () => {
  for (const child of children) child.kill();
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
// One without the other would look alive and do nothing.
for (const child of children) child.on('exit', stop);
