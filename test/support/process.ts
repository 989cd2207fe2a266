import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server that runs as a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** All it printed, once it has ended. */
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
  /** The address it printed. Rejects, with what it printed, when it ends before. */
  readonly ready: Promise<string>;
  /** A token that it printed for a role. */
  token(role: 'agent' | 'approver' | 'admin'): Promise<string>;
  /** What it has printed so far. */
  printed(): string;
  /** As by a power cut; resolves when it is gone. */
  kill(): Promise<void>;
}

/** The server compiled as it is shipped, in a temporary folder. */
export interface CompiledServer {
  readonly folder: string;
  start(settings?: Record<string, string>): ServerProcess;
  killAll(): Promise<void>;
  /** Kills what runs and removes the folder. */
  remove(): Promise<void>;
}

/** Compiles the sources as they are. Types are not checked; that is another gate's work. */
export function compileServer(): CompiledServer {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-process-'));
  symlinkSync(join(compileOnce(), 'dist'), join(folder, 'dist'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  cpSync('package.json', join(folder, 'package.json'));
  const started = new Set<ServerProcess>();

  const killAll = async (): Promise<void> => {
    await Promise.all([...started].map((server) => server.kill()));
    started.clear();
  };
  return {
    folder,
    start(settings = {}) {
      const environment = {
        PATH: process.env.PATH,
        COUNTERSIGN_DATA_DIR: join(folder, 'data'),
        PORT: '0',
        ...settings,
      };
      const server = watch(
        spawn(process.execPath, [join(folder, 'dist', 'main.js')], { cwd: folder, env: environment }),
      );
      started.add(server);
      return server;
    },
    killAll,
    async remove() {
      await killAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Test files that run one after the other share what was compiled from the same sources. */
function compileOnce(): string {
  const sources = ['tsconfig.json', 'tsconfig.build.json', 'package.json', ...globSync('src/**/*.*')].sort();
  const hash = createHash('sha256');
  for (const path of sources) hash.update(path).update(readFileSync(path));
  const cache = join(process.cwd(), 'node_modules', '.cache', 'countersign-compiled');
  const kept = join(cache, hash.digest('hex'));
  if (existsSync(kept)) return kept;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'under-way-'));
  const options = ['-p', 'tsconfig.build.json', '--outDir', join(fresh, 'dist'), '--incremental', 'false', '--noCheck'];
  execFileSync('node_modules/.bin/tsc', options);
  cpSync('package.json', join(fresh, 'package.json'));
  try {
    renameSync(fresh, kept);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(kept)) throw error;
    rmSync(fresh, { recursive: true });
  }
  return kept;
}

function watch(child: ChildProcess): ServerProcess {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
  const find = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(out)?.[1];
        if (found) resolve(found);
      };
      child.stdout?.on('data', look);
      look();
      void ended.then(() => reject(new Error(`ended without printing ${pattern}:\n${out}${err}`)));
    });
  const ready = find(/GraphQL +(http\S+)\/graphql/);
  // A test may look at how it ended instead.
  ready.catch(() => {});
  return {
    child,
    ended,
    ready,
    token: (role) => find(new RegExp(`^ {2}${role}\\n {2}(\\S+)$`, 'm')),
    printed: () => out + err,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
