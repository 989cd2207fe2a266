import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { DATABASES } from '../support/database.js';
import { type Asked, type Desk, HOUR, MINUTE, openDesk } from './desk.js';

const DAY = 24 * HOUR;
const RULES = 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { decision { allowed reason } } }';

describe.each(DATABASES)('whom an action reaches, whatever account it names, on %s', (kind) => {
  let desk: Desk;
  let agent: string;
  let manager: string;
  let ana: string;
  let names = 0;
  beforeAll(async () => {
    desk = await openDesk(kind);
    agent = await desk.token('agent', 'agent-one');
    manager = await desk.token('manager', 'mia');
    ana = await desk.token('approver', 'ana');
  });
  afterAll(() => desk.close());

  /** An account with a domain of its own, and a contact in it. */
  const customer = async () => {
    names += 1;
    const domain = `customer-${names}.example`;
    const accountId: string = (await desk.done(manager, 'upsertAccount', { name: domain, domain })).account.id;
    const kim = { accountId, name: 'Kim', email: `kim@${domain}` };
    const contactId: string = (await desk.done(manager, 'upsertContact', kim)).contact.id;
    return { accountId, contactId, domain, email: kim.email };
  };
  const another = async (): Promise<string> =>
    (await desk.done(agent, 'upsertAccount', { name: 'Another' })).account.id;
  const sign = async (more: object): Promise<Asked> => {
    const asked = await desk.propose(more);
    desk.pass(MINUTE);
    await desk.done(ana, 'approveAction', { approvalId: asked.approvalId, digest: asked.digest });
    desk.pass(MINUTE);
    return asked;
  };
  const letter = (more: object) =>
    desk.done(manager, 'recordInteraction', {
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: desk.now(),
      content: 'No, thank you.',
      ...more,
    });
  const claim = ({ actionId }: Asked) => desk.call(agent, 'claimAction', { actionId });
  const REPLIED = { errors: [{ extensions: { reason: 'account_replied' } }] };

  test.each(['its own', 'another', 'no'])('a reply is seen where %s account is named', async (which) => {
    const { accountId, email } = await customer();
    const named = { 'its own': accountId, another: await another(), no: null }[which];
    const asked = await sign({ payload: { to: email, text: 'Our offer' }, accountId: named });
    await letter({ participants: [email] });
    expect(await claim(asked)).toMatchObject(REPLIED);
  });

  test('so is one from somebody in the domain, or about the contact it names', async () => {
    const { domain, contactId, accountId } = await customer();
    const toDomain = await sign({ payload: { to: `new@${domain}` } });
    const toContact = await sign({ contactId, payload: { text: 'Hello' } });
    await letter({ accountId });
    expect(await claim(toDomain)).toMatchObject(REPLIED);
    expect(await claim(toContact)).toMatchObject(REPLIED);
  });

  test('nobody else’s reply stands in its way', async () => {
    const { email } = await customer();
    const asked = await sign({ payload: { to: email } });
    await letter({ participants: [(await customer()).email] });
    expect((await claim(asked)).data.claimAction).toMatchObject({ status: 'EXECUTING' });
  });

  test('one that came in before the proposal and is recorded late is seen, an old one is not', async () => {
    const { accountId } = await customer();
    const before = desk.now();
    desk.pass(MINUTE);
    const old = await sign({ accountId });
    const late = await sign({ accountId });
    await letter({ accountId, occurredAt: new Date(before.getTime() - 8 * DAY) });
    expect((await claim(old)).data.claimAction).toMatchObject({ status: 'EXECUTING' });
    await letter({ accountId, occurredAt: before });
    expect(await claim(late)).toMatchObject(REPLIED);
  });

  test.runIf(kind === 'postgres')(
    'one that commits behind the vote is seen, though its clock says before',
    async () => {
      const { accountId } = await customer();
      const asked = await desk.propose({ accountId });
      desk.pass(MINUTE);
      const at = desk.now().toISOString();
      const other = new pg.Client(desk.database.direct);
      await other.connect();
      try {
        await other.query('begin');
        await other.query(
          `insert into interaction (tenant_id, id, account_id, channel, direction, status, occurred_at, content, created_at, updated_at)
         select tenant_id, $2, id, 'email', 'inbound', 'completed', $3, 'No.', $3, $3 from account where id = $1`,
          [accountId, newId(desk.now()), at],
        );
        desk.pass(MINUTE);
        await desk.done(ana, 'approveAction', { approvalId: asked.approvalId, digest: asked.digest });
        await other.query('commit');
      } finally {
        await other.end();
      }
      expect(await claim(asked)).toMatchObject(REPLIED);
    },
  );

  test('what was recorded before the vote is seen by it, whatever the clock says', async () => {
    const { accountId } = await customer();
    const asked = await desk.propose({ accountId });
    await letter({ accountId, occurredAt: new Date(desk.now().getTime() + 1000) });
    await desk.done(ana, 'approveAction', { approvalId: asked.approvalId, digest: asked.digest });
    expect((await claim(asked)).data.claimAction).toMatchObject({ status: 'EXECUTING' });
  });

  test('what was signed for a contact does not run once the contact has another address', async () => {
    const { contactId } = await customer();
    const asked = await sign({ contactId, payload: { text: 'An offer for you' } });
    const same = await sign({ contactId, payload: { text: 'Another offer' } });
    await desk.done(manager, 'upsertContact', { id: contactId, name: 'Kim B.' });
    expect((await claim(same)).data.claimAction).toMatchObject({ status: 'EXECUTING' });
    const waiting = await desk.propose({ contactId });
    await desk.done(manager, 'upsertContact', { id: contactId, email: `somebody@elsewhere-${names}.example` });
    expect(await claim(asked)).toMatchObject({ errors: [{ extensions: { reason: 'contact_changed' } }] });
    const shown = { approvalId: waiting.approvalId, digest: waiting.digest };
    expect(await desk.refused(ana, 'approveAction', shown)).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  test('a budget of an account counts what reaches it under another name, and under none', async () => {
    await desk.enact({ budgets: [{ name: 'b', scope: 'account', period: 'day', limit: 1 }] });
    const ask = async (more: object) => {
      names += 1;
      const input = { actionType: 'send_follow_up_email', idempotencyKey: `budget-${names}`, ...more };
      return (await desk.server.data(agent, RULES, { input })).proposeAction.decision;
    };
    const FULL = { allowed: false, reason: 'OVER_BUDGET' };
    for (const first of ['own', 'another', 'none'] as const) {
      const { accountId, email } = await customer();
      const named = { own: accountId, another: await another(), none: null };
      const payload = { to: email };
      expect(await ask({ payload, accountId: named[first] })).toMatchObject({ allowed: true });
      for (const next of ['own', 'another', 'none'] as const) {
        expect(await ask({ payload, accountId: named[next] })).toEqual(FULL);
      }
    }
    await desk.enact({});
  });
});
