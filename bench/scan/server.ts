import 'reflect-metadata';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';

/** One run of a job, and what the server's process needed meanwhile. */
export interface JobFigures {
  readonly title: string;
  readonly seconds: number;
  /** Largest resident set, in MiB, sampled while it ran. */
  readonly rssMiB: number;
  /** Largest heap in use, in MiB, likewise. */
  readonly heapMiB: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly failed: number;
}

export interface ScanFigures {
  /** Resident set before any job ran, in MiB. */
  readonly idleMiB: number;
  readonly jobs: readonly JobFigures[];
  /** How long a customer's view took, in milliseconds, sorted. */
  readonly viewMs: readonly number[];
}

interface ScanInput {
  readonly databaseUrl: string;
  /** Accounts of which the view is asked for. */
  readonly accountIds: readonly string[];
}

const RUN_JOB = 'mutation ($name: JobName!) { runJob(input: { name: $name }) { run { id } } }';
const LAST_RUN = `query ($job: JobName!) { jobRuns(job: $job, first: 1) { edges { node {
  id status failed error done startedAt finishedAt counts { name count } } } } }`;
const VIEW = `query ($id: ID!) { customerView(accountId: $id) { account { name } signals { type }
  earlier { start } timeline(first: 50) { edges { node { text } } } } }`;

const MIB = 2 ** 20;
const SAMPLE_MS = 50;
const POLL_MS = 250;
const TELL_EVERY = 5_000;

/** The whole server as it runs in production: runs the jobs by its own runner, and samples its memory meanwhile. */
export default async function runScan(input: unknown): Promise<ScanFigures> {
  const { databaseUrl, accountIds } = input as ScanInput;
  const app = await createApp({
    ...readConfig({ DATABASE_URL: databaseUrl, COUNTERSIGN_JWT_SECRET: 'a secret that only this measurement uses' }),
    port: 0,
    logLevel: 'error',
    // By hand only: what is due must not run beside what is measured.
    runsJobs: false,
  });
  const expiresAt = new Date(Date.now() + 12 * 3_600_000);
  const token = await app.tokens.issue({ tenant: 'demo', user: 'ana', roles: ['manager', 'admin'], expiresAt });
  const ask = async (query: string, variables: object) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of several shapes
    const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
    if (errors) throw new Error(`expected an answer, got ${JSON.stringify(errors)}`);
    return data;
  };
  const runJob = async (name: string, title: string): Promise<JobFigures> => {
    const most = { rss: 0, heap: 0 };
    const sampling = setInterval(() => {
      const { rss, heapUsed } = process.memoryUsage();
      most.rss = Math.max(most.rss, rss);
      most.heap = Math.max(most.heap, heapUsed);
    }, SAMPLE_MS);
    const { runJob } = await ask(RUN_JOB, { name });
    let told = 0;
    for (;;) {
      const [{ node }] = (await ask(LAST_RUN, { job: name })).jobRuns.edges;
      if (node.id !== runJob.run.id) throw new Error(`${name}: expected the run that was started, got another`);
      // How memory goes along with progress shows even where a run takes longer than anybody waits.
      if (node.done >= told + TELL_EVERY) {
        told = node.done;
        const { rss, heapUsed } = process.memoryUsage();
        console.log(
          `${title}: ${node.done} done after ${Math.round((Date.now() - Date.parse(node.startedAt)) / 1_000)} s, ` +
            `resident ${Math.round(rss / MIB)} MiB, heap ${Math.round(heapUsed / MIB)} MiB`,
        );
      }
      if (node.status === 'RUNNING') {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        continue;
      }
      clearInterval(sampling);
      if (node.status !== 'COMPLETED') throw new Error(`${name}: ${node.status}: ${node.error}`);
      return {
        title,
        seconds: (Date.parse(node.finishedAt) - Date.parse(node.startedAt)) / 1_000,
        rssMiB: Math.round(most.rss / MIB),
        heapMiB: Math.round(most.heap / MIB),
        counts: Object.fromEntries(node.counts.map((one: { name: string; count: number }) => [one.name, one.count])),
        failed: node.failed,
      };
    }
  };

  const idleMiB = Math.round(process.memoryUsage().rss / MIB);
  const jobs = [
    await runJob('PATTERN_SCAN', 'first scan'),
    await runJob('PATTERN_SCAN', 'second scan, nothing new'),
    await runJob('PROACTIVE_OUTREACH_CHECK', 'planner'),
    await runJob('PROACTIVE_OUTREACH_CHECK', 'planner again'),
  ];
  const viewMs: number[] = [];
  for (const id of accountIds) {
    const before = performance.now();
    await ask(VIEW, { id });
    viewMs.push(performance.now() - before);
  }
  await app.close();
  return { idleMiB, jobs, viewMs: viewMs.sort((a, b) => a - b) };
}
