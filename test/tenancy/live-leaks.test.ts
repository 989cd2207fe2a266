import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { positionToCursor, START_OF_LOG } from '../../src/platform/realtime/event-log.js';
import { DATABASES } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { documentFor, type Position, type Site } from './api-walk.js';
import { valuesFor } from './fillers.js';
import { tracesIn, twinOf, withoutSent } from './traces.js';
import { belongings, furnish, openTwoTenants, stir, type Tenant, type TwoTenants } from './two-tenants.js';

describe.each(DATABASES)('while two tenants write on %s', (kind) => {
  let two: TwoTenants;
  let ours: Tenant;
  let theirs: Tenant;
  /** A second instance that started when all was furnished: what came before it has only in the database. */
  let late: TestServer;
  beforeAll(async () => {
    two = await openTwoTenants(kind);
    ({ ours, theirs } = two);
    for (const tenant of [ours, theirs]) {
      await furnish(tenant);
      await two.settle(tenant);
    }
    late = await startTestServer({ database: two.database, clock: two.clock });
  });
  afterAll(async () => {
    await late.close();
    await two.close();
  });

  const newest = async (tenant: Tenant): Promise<string> => {
    const reader = await tenant.token('reader');
    const { events } = await two.server.data(reader, '{ events(last: 1) { pageInfo { endCursor } } }');
    return events.pageInfo.endCursor;
  };
  let listeners = 0;
  const open = async (tenant: Tenant, site: Site, values: Readonly<Record<string, string>>, server = two.server) => {
    const { query, variables } = documentFor(site, [values]);
    const token = await tenant.token(`listener-${listeners++}`);
    return collect(server.subscribe(token, query, variables), `${site.name} ${JSON.stringify(values)}`);
  };
  const references = ({ rows }: Tenant) => ({
    accountId: String(rows.get('account')?.[0]?.id),
    dealId: undefined,
    cloneId: String(rows.get('clone')?.[0]?.id),
  });

  test('a subscription gets what its own tenant does and nothing of another, whatever it names', async () => {
    const sites = two.sites.filter(({ operation }) => operation === 'subscription');
    expect(sites.length).toBeGreaterThan(3);
    const [ourEnd, theirEnd] = [await newest(ours), await newest(theirs)];
    /** Streams that must tell of us, and streams of the other tenant, which show that there was something to leak. */
    const [telling, control]: [Stream[], Stream[]] = [[], []];
    const pairs: Pair[] = [];
    for (const site of sites) {
      telling.push(await open(ours, site, { after: ourEnd }));
      telling.push(await open(ours, site, { after: positionToCursor(START_OF_LOG) }, late));
      control.push(await open(theirs, site, { after: theirEnd }));
      for (const position of site.positions) {
        const [foreign] = position.kind === 'cursor' ? [theirEnd] : valuesFor(position, theirs, ours);
        if (foreign === undefined) continue;
        const twin = twinOf(foreign);
        const pair = {
          position,
          foreign: { sent: foreign, stream: await open(ours, site, { after: ourEnd, [position.name]: foreign }) },
          twin: { sent: twin, stream: await open(ours, site, { after: ourEnd, [position.name]: twin }) },
        };
        pairs.push(pair);
        if (position.kind === 'cursor') telling.push(pair.foreign.stream, pair.twin.stream);
        // What is done at last is done to new actions.
        const isSettled = position.kind === 'cursor' || position.name === 'actionId';
        const [own] = isSettled ? [] : valuesFor(position, ours, theirs);
        if (own !== undefined) telling.push(await open(ours, site, { after: ourEnd, [position.name]: own }));
      }
    }
    const tried = new Set(pairs.map(({ position }) => position.key));
    for (const { key, kind: what } of sites.flatMap(({ positions }) => positions))
      if (what !== 'text') expect(tried).toContain(key);

    await stir(theirs, references(theirs), 'while others listen');
    await stir(ours, references(ours), 'at last');
    for (const stream of telling) await stream.until('at last');
    for (const stream of control) await stream.until('while others listen');
    // All tokens run out: every stream ends, behind all that it had to tell by now.
    two.clock.time += 7_200_000;
    const all = [...telling, ...control, ...pairs.flatMap(({ foreign, twin }) => [foreign.stream, twin.stream])];
    await Promise.all(all.map(({ ended }) => ended));

    theirs.rows = await two.read(theirs);
    const secret = belongings(theirs, ours);
    const requireNoTrace = ({ name, messages }: Stream, sent: string) =>
      expect([name, tracesIn(withoutSent(messages.join('\n'), sent), theirs.mark, secret)]).toEqual([name, []]);
    for (const stream of telling) requireNoTrace(stream, theirEnd);
    for (const { position, foreign, twin } of pairs) {
      requireNoTrace(foreign.stream, foreign.sent);
      const [told, expected] = [toldBy(foreign), toldBy(twin)];
      // Of two streams that tell of us, one may have been cut off an event earlier than the other.
      const common = position.kind === 'cursor' ? Math.min(told.length, expected.length) : undefined;
      expect([foreign.stream.name, ...told.slice(0, common)]).toEqual([
        foreign.stream.name,
        ...expected.slice(0, common),
      ]);
    }
  }, 60_000);
});

interface Sent {
  readonly sent: string;
  readonly stream: Stream;
}

/** The same subscription twice: with what belongs to the other tenant, and with what names nothing. */
interface Pair {
  readonly position: Position;
  readonly foreign: Sent;
  readonly twin: Sent;
}

/**
 * Which events a stream told of, and what else it said. Not the objects: they are read as they are by then, which two
 * streams may do on either side of a change.
 */
const toldBy = ({ sent, stream }: Sent): string[] =>
  stream.messages
    .filter((message) => !message.includes('"UNAUTHENTICATED"'))
    .map((message) => /"cursor":"([^"]+)"/.exec(message)?.[1] ?? withoutSent(message, sent));

interface Stream {
  readonly name: string;
  readonly messages: readonly string[];
  readonly ended: Promise<void>;
  /** Waits for a message that contains the text. */
  until(text: string): Promise<void>;
}

function collect(live: ReturnType<TestServer['subscribe']>, name: string): Stream {
  const messages: string[] = [];
  const ended = (async () => {
    try {
      for (;;) messages.push(JSON.stringify(await live.next()));
    } catch {
      await live.close();
    }
  })();
  return {
    name,
    messages,
    ended,
    until: (text) =>
      vi.waitFor(() => {
        // Names of people carry it too, with hyphens.
        if (messages.some((message) => message.replaceAll('-', ' ').includes(text))) return;
        throw new Error(`${name}: expected "${text}", got ${messages.length} messages, the last: ${messages.at(-1)}`);
      }, 20_000),
  };
}
