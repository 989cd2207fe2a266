import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/db/database.js';
import { DATABASES, openTestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';
import {
  administration,
  CREATE_KEY,
  REINSTATE,
  SET_USER,
  SUSPEND,
  USER_FIELDS,
  untilRefused,
  VIEWER,
} from './access.js';

const APPROVE_NOTHING = 'mutation { approveAction(input: { approvalId: "x", digest: "x" }) { id } }';

describe.each(DATABASES)('users on %s', (kind) => {
  let server: TestServer;
  let admin: string;
  let access: ReturnType<typeof administration>;
  beforeAll(async () => {
    server = await startTestServer({ kind });
    admin = await server.token('admin', 'adam');
    access = administration(server, admin);
  });
  afterAll(() => server.close());

  const refusal = async (token: string, query: string, input?: object) => {
    const { errors } = await server.request(token, query, { input });
    return errors?.[0].extensions;
  };
  const logged = async (userId: string) =>
    (
      await server.data(admin, `{ auditTrail(subjectId: "${userId}") { edges { node { type data actor } } } }`)
    ).auditTrail.edges.map(({ node }: { node: object }) => node);

  test('who has no record is what the token says', async () => {
    const viewer = async (roles: Parameters<TestServer['token']>[0]) =>
      (await server.data(await server.token(roles, 'unknown'), VIEWER)).viewer;
    expect(await viewer(['approver', 'manager'])).toEqual({
      name: 'unknown',
      root: 'unknown',
      tenant: 'demo',
      roles: ['APPROVER', 'MANAGER'],
    });
  });

  test('a record takes roles away from a token and never adds one', async () => {
    await access.setUser({ name: 'mia', roles: ['MANAGER', 'AGENT'] });
    const both = await server.token(['approver', 'manager'], 'mia');
    expect((await server.data(both, VIEWER)).viewer.roles).toEqual(['MANAGER']);
    const none = await server.token('approver', 'mia');
    expect((await server.data(await server.token('manager', 'mia'), VIEWER)).viewer.roles).toEqual(['MANAGER']);
    expect(await refusal(none, APPROVE_NOTHING)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(none, VIEWER)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('another case of a name is not another principal', async () => {
    const made = await access.setUser({ name: 'Zoe', roles: ['AGENT'] });
    expect((await access.setUser({ name: 'zOE', roles: ['AGENT', 'APPROVER'] })).id).toBe(made.id);
    await access.suspend('ZOE');
    for (const name of ['Zoe', 'zoe', 'ZOE']) {
      expect(await refusal(await server.token('approver', name), VIEWER)).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  test('whoever is suspended is FORBIDDEN, with every token, until reinstated', async () => {
    const [one, two] = await Promise.all([server.token('approver', 'sam'), server.token('manager', 'sam')]);
    await server.data(one, VIEWER);
    const suspended = await access.suspend('sam');
    expect(suspended).toMatchObject({ name: 'sam', roles: null, suspendedBy: 'adam', suspendReason: 'left' });
    const refused = { code: 'FORBIDDEN', suspendedAt: suspended.suspendedAt };
    expect(await untilRefused(server, one)).toEqual(refused);
    expect(await refusal(two, VIEWER)).toEqual(refused);
    expect(await refusal(admin, SUSPEND, { name: 'sam', reason: 'again' })).toEqual({
      code: 'CONFLICT',
      name: 'sam',
      suspendedBy: 'adam',
      suspendedAt: suspended.suspendedAt,
    });
    // A change of roles does not let anybody in again.
    expect(await access.setUser({ name: 'sam', roles: ['APPROVER'] })).toMatchObject({
      suspendedAt: suspended.suspendedAt,
    });
    expect(await access.reinstate('sam')).toMatchObject({ suspendedAt: null, suspendedBy: null, suspendReason: null });
    const fresh = await server.token('approver', 'SAM');
    expect((await server.data(fresh, VIEWER)).viewer.roles).toEqual(['APPROVER']);
    expect(await refusal(admin, REINSTATE, { name: 'sam' })).toEqual({ code: 'CONFLICT', name: 'sam' });
    expect(await refusal(admin, REINSTATE, { name: 'nobody' })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('each change stands in the log, once, and what changes nothing does not', async () => {
    const { id } = await access.setUser({ name: 'lou', roles: ['AGENT', 'APPROVER'], owner: 'ana' });
    await access.setUser({ name: 'LOU', roles: ['APPROVER', 'AGENT', 'AGENT'], owner: 'ANA' });
    await access.suspend('lou');
    await access.reinstate('lou');
    await access.setUser({ name: 'lou', roles: ['AGENT'] });
    const by = (type: string, data: object) => ({ type, actor: 'adam', data: { name: 'lou', ...data } });
    expect(await logged(id)).toEqual([
      by('USER_CHANGED', { roles: ['agent', 'approver'], owner: 'ana' }),
      by('USER_SUSPENDED', { reason: 'left' }),
      by('USER_REINSTATED', {}),
      by('USER_CHANGED', { roles: ['agent'], owner: 'ana' }),
    ]);
  });

  test('what belongs to an agent belongs to its owner; left out keeps the owner, the own name ends it', async () => {
    expect(await access.setUser({ name: 'bot-a', roles: ['AGENT'], owner: 'ana' })).toMatchObject({ owner: 'ana' });
    expect(await access.setUser({ name: 'bot-b', roles: ['AGENT'], owner: 'Bot-A' })).toMatchObject({ owner: 'ana' });
    expect(await access.setUser({ name: 'bot-b', roles: ['AGENT', 'APPROVER'] })).toMatchObject({ owner: 'ana' });
    expect(await access.setUser({ name: 'bot-b', roles: ['AGENT'], owner: 'BOT-B' })).toMatchObject({ owner: null });
    const belongs = await refusal(admin, SET_USER, { name: 'ana', roles: ['APPROVER'], owner: 'ben' });
    expect(belongs).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: ['input', 'owner'] }] });
    const circle = await refusal(admin, SET_USER, { name: 'ana', roles: ['APPROVER'], owner: 'bot-a' });
    expect(circle).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: ['input', 'owner'] }] });
  });

  test('names and roles that tokens could not carry are refused', async () => {
    for (const input of [
      { name: 'an a', roles: ['AGENT'] },
      { name: 'system:expiry', roles: ['AGENT'] },
      { name: 'аna', roles: ['AGENT'] },
      { name: 'ana', roles: [] },
      { name: 'ana', roles: ['AGENT'], owner: '' },
    ]) {
      expect(await refusal(admin, SET_USER, input), JSON.stringify(input)).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });

  test('users are listed by name, in pages', async () => {
    const list = async (args: string) =>
      (
        await server.data(
          admin,
          `{ users(${args}) { totalCount pageInfo { endCursor hasNextPage } edges { node { ${USER_FIELDS} } } } }`,
        )
      ).users;
    await access.setUser({ name: 'B-second', roles: ['AGENT'] });
    await access.setUser({ name: 'a-first', roles: ['AGENT'] });
    const names: string[] = [];
    let page = await list('first: 2');
    for (;;) {
      names.push(...page.edges.map(({ node }: { node: { name: string } }) => node.name));
      if (!page.pageInfo.hasNextPage) break;
      page = await list(`first: 2, after: "${page.pageInfo.endCursor}"`);
    }
    expect(names).toHaveLength(page.totalCount);
    const folded = names.map((name) => name.toLowerCase());
    expect(folded).toContain('a-first');
    expect(folded.indexOf('a-first')).toBeLessThan(folded.indexOf('b-second'));
    expect(new Set(folded).size).toBe(names.length);
  });
});

describe.each(DATABASES)('administrators on %s', (kind) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ kind });
  });
  afterAll(() => server.close());

  test('nobody suspends themselves or gives up their own role as admin, in whatever case', async () => {
    const admin = await server.token('admin', 'adam');
    for (const name of ['adam', 'ADAM']) {
      for (const [query, input] of [
        [SUSPEND, { name, reason: 'bored' }],
        [SET_USER, { name, roles: ['MANAGER', 'APPROVER'] }],
        [CREATE_KEY, { name: 'a key', agent: name, owner: 'ana' }],
      ] as const) {
        const { errors } = await server.request(admin, query, { input });
        expect(errors?.[0].extensions).toEqual({ code: 'FORBIDDEN', name });
      }
    }
    await administration(server, admin).setUser({ name: 'adam', roles: ['ADMIN'] });
    expect((await server.data(admin, VIEWER)).viewer.roles).toEqual(['ADMIN']);
  });

  test.each([
    ['suspend', SUSPEND, (name: string) => ({ name, reason: 'first' })],
    ['demote', SET_USER, (name: string) => ({ name, roles: ['AGENT'] })],
  ])('of two admins who %s each other at once, one stays', async (verb, query, inputFor) => {
    const names = [`one-${verb}`, `two-${verb}`] as const;
    const [one, two] = await Promise.all(names.map((name) => server.token('admin', name)));
    if (!one || !two) throw new Error('two tokens');
    await Promise.all([server.data(one, VIEWER), server.data(two, VIEWER)]);
    const replies = await Promise.all([
      server.request(one, query, { input: inputFor(names[1]) }),
      server.request(two, query, { input: inputFor(names[0]) }),
    ]);
    const refused = replies.filter(({ errors }) => errors);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.errors?.[0].extensions.code).toBe('FORBIDDEN');
    const [winner, loser] = replies[0]?.errors ? [two, one] : [one, two];
    await server.data(winner, '{ users { totalCount } }');
    const users = async () => (await server.request(loser, '{ users { totalCount } }')).errors?.[0].extensions.code;
    expect(await users()).toBe('FORBIDDEN');
  });
});

describe.each(DATABASES)('what stands in the tables on %s', (kind) => {
  let database: Database;
  let server: TestServer;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    server = await startTestServer({ database });
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  test('a record concerns its own tenant only', async () => {
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values (gen_random_uuid(), 'other', 'Other', now())`),
    );
    const there = await server.token('approver', 'ana', 'other');
    await server.data(there, VIEWER);
    const { secret } = await administration(server, await server.token('admin', 'zed', 'other')).key({ agent: 'bot' });
    const here = administration(server, await server.token('admin'));
    await here.suspend('ana');
    await here.suspend('bot');
    expect(await untilRefused(server, await server.token('approver', 'ana'))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await server.data(there, VIEWER)).viewer).toMatchObject({ name: 'ana', tenant: 'other' });
    expect((await server.data(secret, VIEWER)).viewer).toMatchObject({ name: 'bot', tenant: 'other' });
    const admin = await server.token('admin', 'zed', 'other');
    expect((await server.data(admin, '{ users { totalCount } }')).users.totalCount).toBe(0);
  });

  test('what is changed by hand in the database counts too', async () => {
    const token = await server.token('approver', 'hanna');
    const admin = administration(server, await server.token('admin'));
    const { id } = await admin.setUser({ name: 'hanna', roles: ['APPROVER'] });
    await server.data(token, VIEWER);
    await database.asServer((sql) => sql('update app_user set suspended_at = now() where id = $1', [id]));
    expect(await untilRefused(server, token)).toMatchObject({ code: 'FORBIDDEN' });
    await database.asServer((sql) => sql('delete from app_user where id = $1', [id]));
    const regained = async () => (await server.request(token, VIEWER)).errors === undefined;
    while (!(await regained()));
  });

  test('callers of a tenant that is removed are strangers', async () => {
    await database.asServer((sql) =>
      sql(`insert into tenant (id, slug, name, created_at) values (gen_random_uuid(), 'brief', 'Brief', now())`),
    );
    const token = await server.token('approver', 'ana', 'brief');
    await server.data(token, VIEWER);
    await database.asServer((sql) => sql(`delete from tenant where slug = 'brief'`));
    expect(await untilRefused(server, token)).toEqual({ code: 'UNAUTHENTICATED', unknownTenant: 'brief' });
  });
});

describe.each(DATABASES)('clones on %s', (kind) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ kind });
  });
  afterAll(() => server.close());

  const CREATE = 'mutation ($input: CreateCloneInput!) { createClone(input: $input) { id slug name description } }';
  const UPDATE = 'mutation ($input: UpdateCloneInput!) { updateClone(input: $input) { id slug name description } }';

  test('a manager creates and changes a clone; each change stands in the log', async () => {
    const manager = await server.token('manager', 'mia');
    const { createClone } = await server.data(manager, CREATE, {
      input: { slug: 'nora', name: ' Nora ', description: 'Renewals' },
    });
    expect(createClone).toMatchObject({ slug: 'nora', name: 'Nora', description: 'Renewals' });
    const cloneId = createClone.id;
    const update = async (change: object) =>
      (await server.data(manager, UPDATE, { input: { cloneId, ...change } })).updateClone;
    expect(await update({ name: 'Nora B.' })).toEqual({ ...createClone, name: 'Nora B.' });
    expect(await update({ description: '' })).toEqual({ ...createClone, name: 'Nora B.', description: null });
    expect(await update({})).toEqual({ ...createClone, name: 'Nora B.', description: null });
    const { auditTrail, clones } = await server.data(
      manager,
      `{ auditTrail(subjectId: "${cloneId}") { edges { node { type actor data } } } clones { slug } }`,
    );
    expect(auditTrail.edges.map(({ node }: { node: object }) => node)).toEqual(
      [
        { slug: 'nora', name: 'Nora', description: 'Renewals' },
        { slug: 'nora', name: 'Nora B.', description: 'Renewals' },
        { slug: 'nora', name: 'Nora B.', description: null },
      ].map((data) => ({ type: 'CLONE_CHANGED', actor: 'mia', data })),
    );
    expect(clones.map(({ slug }: { slug: string }) => slug)).toEqual(['clara', 'milo', 'nora']);
  });

  test('a short name is taken once, also when two ask at once', async () => {
    const manager = await server.token('manager', 'mia');
    const replies = await Promise.all(
      ['one', 'two'].map((name) => server.request(manager, CREATE, { input: { slug: 'twice', name } })),
    );
    const winner = replies.find(({ errors }) => !errors);
    const loser = replies.find(({ errors }) => errors);
    expect(loser?.errors?.[0].extensions).toEqual({ code: 'CONFLICT', cloneId: winner?.data.createClone.id });
  });

  test.each([
    [CREATE, { slug: 'Nora', name: 'Nora' }, 'VALIDATION_FAILED'],
    [CREATE, { slug: 'nora-b', name: ' ' }, 'VALIDATION_FAILED'],
    [CREATE, { slug: 'nora-b', name: 'n'.repeat(101) }, 'VALIDATION_FAILED'],
    [CREATE, { slug: 'nora-b', name: 'Nora', description: 'a\u0000b' }, 'VALIDATION_FAILED'],
    [UPDATE, { cloneId: 'nope', name: 'Nora' }, 'NOT_FOUND'],
    [UPDATE, { cloneId: '01a207e2-fcf3-702d-9e67-3fc7ed112329', name: 'Nora' }, 'NOT_FOUND'],
  ])('%s with %o is %s', async (query, input, code) => {
    const { errors } = await server.request(await server.token('admin'), query, { input });
    expect(errors?.[0].extensions.code).toBe(code);
  });
});
