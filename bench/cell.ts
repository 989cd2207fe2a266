import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Whether processes can be told which core to run on. */
export const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** A fresh process that does one thing, answers once, and stays until it is stopped. */
export interface Cell<Answer> {
  readonly answer: Answer;
  stop(): Promise<void>;
}

/**
 * Starts the module of that name (relative to this folder) in a process of its own: its default export is called
 * with `input`, and what it resolves to is the answer.
 *
 * @param core the only core it may run on; undefined for any
 */
export async function startCell<Answer>(name: string, input: unknown, core?: number): Promise<Cell<Answer>> {
  const node = [process.execPath, '--no-warnings', MAIN, 'cell', name, JSON.stringify(input)];
  const [command = '', ...parameters] = core === undefined || !canPin ? node : ['taskset', '-c', String(core), ...node];
  const child = spawn(command, parameters, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const ended = once(child, 'exit');
  const answered = once(child, 'message').then(([message]) => message as Answer);
  const failed = ended.then(([code]) => {
    throw new Error(`${name}: ended with ${code} before it answered`);
  });
  failed.catch(() => {});
  const answer = await Promise.race([answered, failed]);
  return {
    answer,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Starts a cell, takes its answer, and stops it. */
export async function askCell<Answer>(name: string, input: unknown, core?: number): Promise<Answer> {
  const cell = await startCell<Answer>(name, input, core);
  await cell.stop();
  return cell.answer;
}

/** The other side: what runs inside the fresh process. */
export async function runCell(name: string, input: unknown, loaded: () => void): Promise<void> {
  process.once('disconnect', () => process.exit(0));
  const module: { default: (input: unknown) => Promise<unknown> } = await import(`./${name}.js`);
  loaded();
  const answer = await module.default(input);
  process.send?.(answer);
}
