import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Where a running server can be found, for commands that would otherwise open the same folder. */
export interface RunningServer {
  readonly pid: number;
  readonly url: string;
}

export interface FolderLock {
  /** Tells other processes where the holder can be reached. */
  announce(server: RunningServer): void;
  release(): void;
}

const RUNNING = 'server.json';

/**
 * Takes the data folder for this process alone; undefined when another process has it. The lock is the operating
 * system's own, held through SQLite, so it falls at the instant its holder dies, however it dies. Without it two
 * processes on one folder would silently lose rows.
 */
export function lockDataFolder(folder: string): FolderLock | undefined {
  makeFolder(resolve(folder));
  const file = new DatabaseSync(join(folder, 'lock'));
  try {
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) return undefined;
    throw error;
  }
  return {
    announce: (server) => writeFileSync(join(folder, RUNNING), JSON.stringify(server)),
    release() {
      if (!file.isOpen) return;
      rmSync(join(folder, RUNNING), { force: true });
      file.close();
    },
  };
}

/** The server that holds the folder, as it announced itself; undefined when none does. */
export function findRunningServer(folder: string): RunningServer | undefined {
  const free = lockDataFolder(folder);
  if (free) {
    free.release();
    return undefined;
  }
  const text = readIfThere(join(folder, RUNNING));
  return text === undefined ? undefined : (JSON.parse(text) as RunningServer);
}

/** The secret that signs this folder's tokens; made on first use, readable by the owner only. */
export function secretOf(folder: string): string {
  const path = join(folder, 'jwt-secret');
  const known = readIfThere(path);
  if (known !== undefined) return known;
  makeFolder(resolve(folder));
  const secret = randomBytes(48).toString('base64url');
  writeFileSync(path, secret, { mode: 0o600, flag: 'wx' });
  return secret;
}

/** What `mkdir -p` does. Node's own never returns below /proc, where the parent is there and the folder cannot be made. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
