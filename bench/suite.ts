import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { measureApprovals } from './approvals/bench.js';
import { busyness, describeMachine } from './machine.js';
import { startPostgres } from './postgres.js';
import { measureProposing } from './propose/bench.js';
import { type Measured, plotOf, tableOf } from './report.js';
import { measureScanning } from './scan/bench.js';

/** How long and how often each contestant is measured. */
export interface Times {
  /** Not counted: compilers and caches need it. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly rounds: number;
}

const FULL: Times = { warmUpSeconds: 5, seconds: 2, rounds: 7 };
/** Shows that everything works; its figures mean nothing. */
const QUICK: Times = { warmUpSeconds: 1, seconds: 1, rounds: 1 };

/** Above this share of the cores taken by others, figures say more about the others. */
const TOO_BUSY = 0.25;

const outFile = (name: string): string => fileURLToPath(new URL(`./out/${name}`, import.meta.url));

/**
 * Measures everything, peers beside us in the same run, and writes bench/out/results.md, .json and bench.svg.
 *
 * @param args `--quick` for a smoke run; `approvals` or `propose` for one bench alone; `scan`, which takes long, only runs when it is named
 */
export async function runSuite(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick');
  const times = quick ? QUICK : FULL;
  const wanted = (name: string): boolean => !args.some((arg) => !arg.startsWith('-')) || args.includes(name);
  const told = (text: string): void => console.log(text);
  const busyBefore = busyness();
  const started = Date.now();

  const postgres = await startPostgres();
  const measured: Measured[] = [];
  const sections: string[] = [];
  try {
    if (wanted('approvals')) measured.push(...(await measureApprovals(times, postgres, told)));
    if (wanted('propose')) measured.push(await measureProposing(times, postgres, told));
    if (args.includes('scan')) sections.push(await measureScanning(quick, postgres, told));
  } finally {
    await postgres.stop();
  }

  const conditions = [
    ...describeMachine(),
    `${times.rounds} rounds, every second one in the opposite order; a fresh process for every cell, ${times.warmUpSeconds} s of warm-up not counted, ${times.seconds} s counted`,
    `load of the machine before the start: ${Math.round(busyBefore * 100)} % of the cores${busyBefore > TOO_BUSY ? ' — **busy with other things: these figures do not count**' : ''}`,
    ...(quick ? ['**a smoke run: these figures mean nothing**'] : []),
  ];
  const report = `${conditions.map((line) => `- ${line}`).join('\n')}\n\n${[...measured.map(tableOf), ...sections].join('\n')}`;
  await writeFile(outFile('results.md'), report);
  await writeFile(outFile('results.json'), JSON.stringify(measured, null, 2));
  await writeFile(outFile('bench.svg'), plotOf(measured));
  console.log(
    `\n${report}\n${Math.round((Date.now() - started) / 1_000)} s. Written: bench/out/results.md, results.json, bench.svg`,
  );
}
