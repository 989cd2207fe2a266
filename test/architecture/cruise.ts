import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the check looks at, and what it needs for that. */
const CHECKED_FOLDERS = ['src', 'console'];
const CHECK_NEEDS = ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'];

/** Paths of the source files that the check has to see, relative to `folder`. */
export const sourceFiles = (folder: string): string[] =>
  CHECKED_FOLDERS.flatMap((checked) =>
    readdirSync(join(folder, checked), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, '')),
  );

/** A copy of everything the check looks at, so that planting a violation never touches the working tree. */
export interface TreeCopy {
  readonly folder: string;
  /** Writes a file into the copy, replacing one that is there. */
  plant(path: string, content: string): void;
  /** Removing twice is safe. */
  remove(): void;
}

export function copyTree(): TreeCopy {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-architecture-'));
  for (const name of [...CHECKED_FOLDERS, ...CHECK_NEEDS]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  // 'junction' matters on Windows only, where other links need an administrator.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    folder,
    plant: (path, content) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What `npm run arch` said. */
export interface CruiseResult {
  readonly exitCode: number | null;
  readonly output: string;
  /** How many modules it looked at, 0 when it does not say. */
  readonly modules: number;
}

/** Runs, in `folder`, the very command of `npm run arch`. */
export function cruise(folder: string): CruiseResult {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'arch', '--', '--no-progress'], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const output = `${stdout}${stderr}`;
  return { exitCode: status, output, modules: Number(/(\d+) modules/.exec(output)?.[1] ?? 0) };
}
