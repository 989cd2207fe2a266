import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/kernel/actor.js';
import { DomainError } from '../../src/kernel/errors.js';
import { DATABASES } from '../support/database.js';
import { LEASE_SECONDS, openBody, openInstances } from './instances.js';

const HOUR = 3_600_000;
const NOTHING = { counts: {} };

describe.each(DATABASES)('jobs of several instances on %s', (kind) => {
  let cluster: Awaited<ReturnType<typeof openInstances>>;
  let ours: Actor;
  beforeAll(async () => {
    cluster = await openInstances(kind);
  });
  afterAll(() => cluster.close());
  // A tenant of its own for each test; tenants of the tests before would be due too.
  beforeEach(async () => {
    await cluster.shared.asServer(async (sql) => {
      for (const table of ['job_run', 'job_schedule', 'event', 'tenant']) await sql(`delete from ${table}`);
    });
    ours = await cluster.addTenant('ours');
  });
  const pass = (ms: number) => {
    cluster.clock.time += ms;
  };
  /** Lets every instance look for work once. */
  const wakeAll = async (instances: readonly Awaited<ReturnType<typeof cluster.addInstance>>[]) => {
    const started = await Promise.all(instances.map(({ runner }) => runner.wake()));
    await Promise.all(instances.map(({ runner }) => runner.idle()));
    return started.reduce((sum, count) => sum + count, 0);
  };

  test('a new tenant’s jobs are first due after an interval; then any number of instances runs each once per interval', async () => {
    const ran: string[] = [];
    const bodies = {
      proactive_outreach_check: async () => {
        ran.push('outreach');
        return NOTHING;
      },
      pattern_scan: async () => {
        ran.push('scan');
        return NOTHING;
      },
    };
    const instances = await Promise.all([1, 2, 3, 4].map(() => cluster.addInstance(bodies)));
    expect(await wakeAll(instances)).toBe(0);
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      pass(HOUR / 6);
      await wakeAll(instances);
    }
    expect(ran.filter((job) => job === 'outreach')).toHaveLength(24);
    expect(ran.filter((job) => job === 'scan')).toHaveLength(4);
    const runs = await cluster.runsOf(ours);
    expect(runs).toHaveLength(28);
    for (const run of runs)
      expect(run).toMatchObject({ status: 'completed', trigger: 'schedule', started_by: 'system:jobs', attempt: 1 });
    for (const { kill } of instances) await kill();
  }, 60_000);

  test('a job that was missed while everything was down runs once on return, not once for each time', async () => {
    const before = await cluster.addInstance({ proactive_outreach_check: async () => NOTHING });
    await before.runner.wake();
    await before.kill();
    pass(50 * HOUR);
    const instances = await Promise.all(
      [1, 2].map(() => cluster.addInstance({ proactive_outreach_check: async () => NOTHING })),
    );
    expect(await wakeAll(instances)).toBe(1);
    pass(HOUR - 1);
    expect(await wakeAll(instances)).toBe(0);
    pass(1);
    expect(await wakeAll(instances)).toBe(1);
    for (const { kill } of instances) await kill();
  });

  test('each tenant has runs of its own; one whose run fails does not stop the others, nor its own next run', async () => {
    const theirs = await cluster.addTenant('theirs');
    const seen: string[] = [];
    const { runner, kill } = await cluster.addInstance({
      pattern_scan: async ({ tenantId }) => {
        seen.push(tenantId);
        if (tenantId === ours.tenantId) throw new Error('password of somebody');
        return { counts: { accounts: 3 } };
      },
      proactive_outreach_check: async () => {
        throw new DomainError('NOT_AVAILABLE', 'The model is switched off.');
      },
    });
    await runner.wake();
    for (let round = 1; round <= 2; round++) {
      pass(6 * HOUR);
      while ((await runner.wake()) > 0) await runner.idle();
    }
    const scans = (await cluster.runsOf(ours)).filter(({ job }) => job === 'pattern_scan');
    expect(scans.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(scans[0]?.error).toMatch(
      /^Something failed that should not have\. Tell the operator this id: [0-9a-f-]{36}$/,
    );
    expect(cluster.troubles.join()).toContain('password of somebody');
    expect((await cluster.runsOf(theirs)).filter(({ job }) => job === 'pattern_scan')).toMatchObject([
      { status: 'completed', error: null },
      { status: 'completed' },
    ]);
    const [outreach] = (await cluster.runsOf(ours)).filter(({ job }) => job === 'proactive_outreach_check');
    expect(outreach).toMatchObject({ status: 'failed', error: 'The model is switched off.' });
    expect(seen.filter((id) => id === theirs.tenantId)).toHaveLength(2);
    await kill();
  });

  test('a second start by hand, anywhere, answers with the run under way', async () => {
    const { body, begun } = openBody();
    const [a, b] = await Promise.all([1, 2].map(() => cluster.addInstance({ pattern_scan: body })));
    if (!a || !b) throw new Error('no instances');
    const starts = await Promise.all([a, b, a, b].map(({ runner }) => runner.start(ours, 'pattern_scan')));
    expect(new Set(starts.map(({ run }) => run.id)).size).toBe(1);
    expect(starts.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(starts[0]?.run).toMatchObject({ trigger: 'hand', startedBy: 'mia', status: 'running' });
    begun[0]?.finish({ counts: { accounts: 2 } });
    await Promise.all([a.runner.idle(), b.runner.idle()]);
    expect(begun).toHaveLength(1);
    const again = await b.runner.start(ours, 'pattern_scan');
    expect(again).toMatchObject({ isNew: true, run: { status: 'running', attempt: 1 } });
    begun[1]?.finish(NOTHING);
    await b.runner.idle();
    await Promise.all([a.kill(), b.kill()]);
  });

  test('what one has started by hand does not move when the schedule is due, and is not run twice when it is', async () => {
    const { body, begun } = openBody();
    const a = await cluster.addInstance({ pattern_scan: body });
    await a.runner.wake();
    pass(HOUR);
    await a.runner.start(ours, 'pattern_scan');
    // Due while the run by hand is still under way: it waits for its end.
    for (let beats = 0; beats < 10; beats++) {
      pass(HOUR / 2);
      await a.runner.beat();
    }
    expect(await a.runner.wake()).toBe(0);
    begun[0]?.finish(NOTHING);
    await a.runner.idle();
    expect(await a.runner.wake()).toBe(1);
    begun[1]?.finish(NOTHING);
    await a.runner.idle();
    expect((await cluster.runsOf(ours)).map(({ trigger }) => trigger)).toEqual(['hand', 'schedule']);
    await a.kill();
  });

  test('a run whose instance was killed is taken over when its lease is over, and not before', async () => {
    const [doomed, heir] = [openBody(), openBody()];
    const a = await cluster.addInstance({ pattern_scan: doomed.body });
    const b = await cluster.addInstance({ pattern_scan: heir.body });
    await a.runner.start(ours, 'pattern_scan');
    pass(30_000);
    await a.runner.beat();
    await a.kill();
    pass(LEASE_SECONDS * 1_000 - 1);
    expect(await b.runner.wake()).toBe(0);
    expect(await b.runner.start(ours, 'pattern_scan')).toMatchObject({ isNew: false });
    pass(1);
    expect(await b.runner.wake()).toBe(1);
    expect(heir.begun).toHaveLength(1);
    expect(await cluster.runsOf(ours)).toMatchObject([
      { status: 'lost', trigger: 'hand', attempt: 1, error: expect.stringContaining('has not been heard of') },
      { status: 'running', trigger: 'hand', started_by: 'mia', attempt: 2 },
    ]);
    heir.begun[0]?.finish({ counts: { accounts: 1 } });
    await b.runner.idle();
    expect((await cluster.runsOf(ours)).map(({ status }) => status)).toEqual(['lost', 'completed']);
    await b.kill();
  });

  test('an instance that was only asleep learns that its run was taken over, and its late end changes nothing', async () => {
    const [sleeper, heir] = [openBody(), openBody()];
    const a = await cluster.addInstance({ pattern_scan: sleeper.body });
    const b = await cluster.addInstance({ pattern_scan: heir.body });
    await a.runner.start(ours, 'pattern_scan');
    pass(LEASE_SECONDS * 1_000);
    expect(await b.runner.wake()).toBe(1);
    const stored = await cluster.runsOf(ours);
    expect(sleeper.begun[0]?.context.signal.aborted).toBe(false);
    await a.runner.beat();
    expect(sleeper.begun[0]?.context.signal.aborted).toBe(true);
    await a.runner.idle();
    expect(await cluster.runsOf(ours)).toEqual(stored);
    heir.begun[0]?.finish(NOTHING);
    await b.runner.idle();
    await Promise.all([a.kill(), b.kill()]);
  });

  test('of many who want to take a lost run over, one does', async () => {
    const a = await cluster.addInstance({ pattern_scan: openBody().body });
    await a.runner.start(ours, 'pattern_scan');
    await a.kill();
    pass(LEASE_SECONDS * 1_000);
    const ran: string[] = [];
    const heirs = await Promise.all(
      ['b', 'c', 'd', 'e'].map((name) =>
        cluster.addInstance({
          pattern_scan: async () => {
            ran.push(name);
            return NOTHING;
          },
        }),
      ),
    );
    expect(await wakeAll(heirs)).toBe(1);
    expect(ran).toHaveLength(1);
    for (const { kill } of heirs) await kill();
  });

  test('a run that takes its instance down each time is given up until it is next due', async () => {
    const a = await cluster.addInstance({ pattern_scan: openBody().body });
    await a.runner.wake();
    pass(6 * HOUR);
    for (const attempt of [1, 2, 3]) {
      const next = await cluster.addInstance({ pattern_scan: openBody().body });
      expect(await next.runner.wake()).toBe(1);
      expect((await cluster.runsOf(ours)).at(-1)).toMatchObject({ attempt, trigger: 'schedule', status: 'running' });
      await next.kill();
      pass(LEASE_SECONDS * 1_000);
    }
    const b = await cluster.addInstance({ pattern_scan: async () => NOTHING });
    expect(await wakeAll([b])).toBe(0);
    expect((await cluster.runsOf(ours)).map(({ status }) => status)).toEqual(['lost', 'lost', 'lost']);
    pass(6 * HOUR);
    expect(await wakeAll([b])).toBe(1);
    await Promise.all([a.kill(), b.kill()]);
  });

  test('a stop aborts what is under way and gives it back: another instance runs it at once', async () => {
    const stopped = openBody();
    const a = await cluster.addInstance({ pattern_scan: stopped.body });
    await a.runner.wake();
    pass(6 * HOUR);
    expect(await a.runner.wake()).toBe(1);
    await a.runner.stop();
    await a.runner.stop();
    expect(stopped.begun[0]?.context.signal.aborted).toBe(true);
    expect(await cluster.runsOf(ours)).toMatchObject([{ status: 'aborted', error: null }]);
    expect(await a.runner.wake()).toBe(0);
    await expect(a.runner.start(ours, 'pattern_scan')).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });
    const b = await cluster.addInstance({ pattern_scan: async () => NOTHING });
    // Ids go by the millisecond.
    pass(1);
    expect(await wakeAll([b])).toBe(1);
    expect((await cluster.runsOf(ours)).map(({ status }) => status)).toEqual(['aborted', 'completed']);
    await Promise.all([a.kill(), b.kill()]);
  });

  test('a shortened interval counts at once', async () => {
    const a = await cluster.addInstance({ goal_progress_update: async () => NOTHING });
    await a.runner.wake();
    const due = async () =>
      (await a.queries.jobs(ours)).find(({ name }) => name === 'goal_progress_update')?.nextDue?.getTime();
    expect(await due()).toBe(cluster.clock.time + 24 * HOUR);
    await cluster.shared.asServer((sql) => sql(`update job_schedule set next_due = next_due + interval '9 days'`));
    await a.runner.wake();
    expect(await due()).toBe(cluster.clock.time + 24 * HOUR);
    await a.kill();
  });

  test('the log tells of start, steps and end, with who and how far, and is not flooded', async () => {
    const { body, begun } = openBody();
    const a = await cluster.addInstance({ pattern_scan: body });
    await a.runner.start(ours, 'pattern_scan');
    for (let done = 1; done <= 1_000; done++) {
      begun[0]?.context.progress(done, 1_000);
      if (done % 10 === 0) {
        pass(1_000);
        await a.runner.beat();
      }
    }
    expect((await a.queries.jobs(ours)).find(({ name }) => name === 'pattern_scan')?.running).toMatchObject({
      done: 1_000,
      total: 1_000,
      status: 'running',
    });
    begun[0]?.finish({
      counts: { accounts: 1_000 },
      failed: 2,
      failures: [{ subjectId: 'x', error: new Error('odd') }],
    });
    await a.runner.idle();
    const events = await cluster.eventsOf(ours);
    expect(events.map(({ type }) => type)).toEqual([
      'job.started',
      ...Array.from({ length: 20 }, () => 'job.progressed'),
      'job.finished',
    ]);
    expect(events[0]).toMatchObject({ actor: 'mia', data: { job: 'pattern_scan', trigger: 'hand' } });
    expect(events[1]).toMatchObject({ actor: 'system:jobs', data: { done: 50, total: 1_000 } });
    expect(events.at(-1)?.data).toMatchObject({ status: 'completed', counts: { accounts: 1_000 }, failed: 2 });
    await a.kill();
  });

  test('of the runs of a job, the newest thousand are kept', async () => {
    const a = await cluster.addInstance({ pattern_scan: async () => NOTHING });
    await a.runner.start(ours, 'pattern_scan');
    await a.runner.idle();
    await cluster.shared.asServer((sql) =>
      sql(`insert into job_run select tenant_id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, job, trigger, 'old', instance, attempt, status,
             started_at, finished_at, done, total, counts, failed, failures, error
           from job_run cross join generate_series(1, 1005) as n`),
    );
    pass(1_000);
    await a.runner.start(ours, 'pattern_scan');
    await a.runner.idle();
    expect(await cluster.runsOf(ours)).toHaveLength(1_000);
    await a.kill();
  });
});
