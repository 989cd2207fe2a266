import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES } from '../support/database.js';
import type { Reply } from '../support/server.js';
import {
  type Document,
  documentFor,
  idPlaces,
  type Position,
  requiredArguments,
  type Site,
  switchesOf,
  withValue,
} from './api-walk.js';
import { columnOf, fillingFor, valuesFor } from './fillers.js';
import { answerOf, tracesIn, twinOf, withoutSent } from './traces.js';
import { belongings, furnish, openTwoTenants, type Tenant, type TwoTenants } from './two-tenants.js';

type Values = Readonly<Record<string, unknown>>;

/** Places where one's own value is answered like one that names nothing: nothing is looked up, or nothing shown. */
const NOT_LOOKED_UP: readonly string[] = [
  'SetUserInput.owner',
  'DelegateApprovalsInput.to',
  // Asked about only where the request itself can still be decided.
  'ApproveActionInput.digest',
  'RejectActionInput.digest',
  'EditActionInput.digest',
  'DecisionInput.digest',
  // The answer tells what became of the record, not whose it was found to be.
  'Mutation.importRecords input.interactions.0.participants.0',
];

/** What the server itself moves on while nobody writes. */
const RESTLESS = ['Query.auditHead', 'Query.verifyAudit'];

describe.each(DATABASES)('between two tenants on %s', (kind) => {
  let two: TwoTenants;
  let ours: Tenant;
  let theirs: Tenant;
  let token: string;
  /** What our tenant saw of everything before the other had anything. */
  let before: ReadonlyMap<string, string>;

  beforeAll(async () => {
    two = await openTwoTenants(kind);
    ({ ours, theirs } = two);
    token = await ours.token('walker');
    await furnish(ours);
    await two.settle(ours);
    const { time } = two.clock;
    before = await lookAround();
    await furnish(theirs);
    await two.settle(theirs);
    two.clock.time = time;
  });
  afterAll(() => two.close());

  const others = (tenant: Tenant): Tenant => (tenant === ours ? theirs : ours);
  const fill = (tenant: Tenant) => fillingFor(tenant, others(tenant));
  /** The arguments on the way to a site, as far as they must be given, with what belongs to a tenant. */
  const wayTo = (site: Site, tenant: Tenant): Values[] =>
    site.fields.map((field, depth) => requiredArguments(ownerOf(site, depth), field, fill(tenant)));
  const ask = ({ query, variables }: Document, by = token): Promise<Reply> => two.server.request(by, query, variables);
  const documentWith = (site: Site, position: Position, value: string): Document => {
    const way = wayTo(site, ours);
    const last = site.fields.at(-1);
    if (!last) throw new Error(`${site.name} has no field`);
    return documentFor(site, [...way.slice(0, -1), withValue(last, way.at(-1) ?? {}, position, value, fill(ours))]);
  };

  async function lookAround(): Promise<ReadonlyMap<string, string>> {
    const seen = new Map<string, string>();
    for (const site of two.sites.filter(({ operation }) => operation === 'query')) {
      for (const values of [{}, ...switchesOf(site)]) {
        const way = wayTo(site, ours);
        const document = documentFor(site, [...way.slice(0, -1), { ...way.at(-1), ...values }]);
        const name = `${site.name} ${JSON.stringify(values)}`;
        if (!RESTLESS.includes(site.name)) seen.set(name, JSON.stringify(await ask(document)));
      }
    }
    return seen;
  }

  test('nothing that one sees, counts or computes changes when the other fills up', async () => {
    const after = await lookAround();
    expect(after.size).toBeGreaterThan(60);
    for (const [name, answer] of after) {
      expect([name, answer]).toEqual([name, before.get(name)]);
      expect([name, JSON.parse(answer).errors]).toEqual([name, undefined]);
      expect([name, tracesIn(answer, theirs.mark, belongings(theirs, ours))]).toEqual([name, []]);
    }
  });

  /** Cursors that a list gives out. */
  const cursorsOf = async (site: Site, tenant: Tenant): Promise<string[]> => {
    const { data, errors } = await ask(documentFor(site, wayTo(site, tenant)), await tenant.token('walker'));
    const list = site.fields.reduce((object, { name }) => object?.[name], data);
    if (!list?.edges?.length) throw new Error(`${site.name} gave no cursor: ${JSON.stringify(errors)}`);
    return [list.edges[0].cursor, list.edges.at(-1).cursor];
  };
  const valuesAt = (site: Site, position: Position, tenant: Tenant): Promise<string[]> | string[] =>
    position.kind === 'cursor' ? cursorsOf(site, tenant) : valuesFor(position, tenant, others(tenant));

  test('what belongs to another is answered like what does not exist, wherever it is named', async () => {
    const wrongs: string[] = [];
    const exercised = new Set<string>();
    const stored = await two.read(theirs);
    const secret = belongings(theirs, ours);
    const sites = two.sites.filter(({ operation }) => operation !== 'subscription');
    for (const site of sites) {
      for (const position of site.positions) {
        if (position.kind === 'text' && columnOf(position) === undefined) continue;
        const place = `${site.name} ${position.path.join('.')}`;
        const answers: string[] = [];
        for (const foreign of await valuesAt(site, position, theirs)) {
          const twin = twinOf(foreign);
          const [unknown, answer] = [
            await ask(documentWith(site, position, twin)),
            await ask(documentWith(site, position, foreign)),
          ];
          const expected = answerOf(unknown, twin);
          answers.push(expected);
          if (answerOf(answer, foreign) !== expected)
            wrongs.push(`${place}: expected ${expected}, got ${answerOf(answer, foreign)}`);
          if (expected.includes('"INTERNAL"')) wrongs.push(`${place}: fails with ${JSON.stringify(unknown)}`);
          const traces = tracesIn(withoutSent(JSON.stringify(answer), foreign), theirs.mark, secret);
          if (traces.length > 0) wrongs.push(`${place}: shows ${traces}`);
        }
        if (answers.length > 0) exercised.add(position.key);
        // The place must matter: what is one's own is answered otherwise.
        if (site.operation === 'mutation') await two.tidy(ours);
        const isSeen = await anyAnswered(site, position, answers);
        if (isSeen === [position.key, place].some((name) => NOT_LOOKED_UP.includes(name)))
          wrongs.push(`${place}: one's own makes ${isSeen ? 'a' : 'no'} difference`);
        if (site.operation === 'mutation') await two.tidy(ours);
      }
    }
    expect(wrongs).toEqual([]);
    const subscribed = two.sites
      .filter(({ operation }) => operation === 'subscription')
      .flatMap(({ positions }) => positions);
    expect([...exercised, ...subscribed.map(({ key }) => key)]).toEqual(expect.arrayContaining(idPlaces(two.schema)));
    expect(await two.read(theirs)).toEqual(stored);
  }, 120_000);

  const anyAnswered = async (site: Site, position: Position, answers: readonly string[]): Promise<boolean> => {
    const values = await valuesAt(site, position, ours);
    // A list continued behind its first row, or before its last, is shorter by one.
    const own = position.name === 'before' ? values.reverse() : values;
    for (const value of own) {
      if (!answers.includes(answerOf(await ask(documentWith(site, position, value)), value))) return true;
    }
    return false;
  };

  test('the other’s people are not locked out by what we say about people of their names', async () => {
    for (const user of ['boss', 'agent', 'user-1']) {
      const { viewer } = await two.server.data(await theirs.token(user, ['agent']), '{ viewer { name roles tenant } }');
      expect(viewer).toEqual({ name: `${theirs.mark}-${user}`, roles: ['AGENT'], tenant: theirs.mark });
    }
  });

  test('the wrong door shows nothing either: queries and changes by WebSocket, subscriptions by HTTP', async () => {
    const secret = belongings(theirs, ours);
    for (const site of two.sites) {
      const position = site.positions.find(({ kind: given }) => given === 'id');
      if (!position) continue;
      const [foreign = ''] = await valuesAt(site, position, theirs);
      const { query, variables } = documentWith(site, position, foreign);
      let answer: unknown;
      if (site.operation === 'subscription') {
        answer = await two.server.request(token, query, variables);
        expect(answer).toMatchObject({ data: undefined, errors: [expect.anything()] });
      } else {
        const live = two.server.subscribe(token, query, variables);
        answer = await live.next().catch((error: unknown) => error);
        expect(JSON.stringify(answer)).toContain('Only subscriptions');
        await live.close();
      }
      expect([site.name, tracesIn(withoutSent(JSON.stringify(answer), foreign), theirs.mark, secret)]).toEqual([
        site.name,
        [],
      ]);
    }
  });
});

/** The type that a field on the way to a site is of. */
const ownerOf = (site: Site, depth: number): string =>
  depth === 0 ? (site.name.split('.')[0] ?? '') : String(site.fields[depth - 1]?.type).replace(/[[\]!]/g, '');
