// npm 10 installs the carried Node (see optionalDependencies), then deletes its link node_modules/.bin/node while
// it removes the other platforms' packages, because they declare a command of the same name. Without the link every
// npm script would run on the machine's own Node. npm 11 keeps it; there this does nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const modules = new URL('../node_modules/', import.meta.url);
const link = process.platform === 'win32' ? '.bin/node.cmd' : '.bin/node';
const carried = existsSync(modules)
  ? readdirSync(modules).filter((name) => /^node-(bin-)?(darwin|linux|win)-(arm64|x64)$/.test(name))
  : [];

if (carried.length > 0 && !existsSync(new URL(link, modules))) {
  const npm = process.env.npm_execpath;
  const rebuilt = npm
    ? spawnSync(process.execPath, [npm, 'rebuild', '--ignore-scripts', '--loglevel=error', ...carried])
    : undefined;
  if (rebuilt?.status !== 0 || !existsSync(new URL(link, modules))) {
    console.error(
      `${carried.join(', ')} is installed, but npm made no node_modules/${link}. ` +
        'Run "npm rebuild --ignore-scripts", or use Node 24 or newer.',
    );
    process.exit(1);
  }
}
