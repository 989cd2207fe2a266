import { composeFeatures } from '../../src/compose/index.js';
import type { Config } from '../../src/config.js';
import type { JobContext } from '../../src/features/jobs/index.js';
import type { Role } from '../../src/kernel/actor.js';
import type { Id } from '../../src/kernel/ids.js';
import { type DatabaseKind, openTestDatabase } from '../support/database.js';
import { startTestServer } from '../support/server.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-06-15T09:00:00Z');
export const INSIGHT = `id accountId type category severity origin confidence topic summary status raisedAt updatedAt
  actionId resolvedBy resolvedAt reason evidence { interactionId field quote start end at }`;

/** A server whose clock the test sets, with what a test of insights needs at hand. */
export async function startInsightServer(kind: DatabaseKind, config: Partial<Config> = {}) {
  const database = await openTestDatabase(kind);
  const clock = { time: START, now: () => new Date(clock.time) };
  const server = await startTestServer({ database, clock, config });
  const features = composeFeatures({ database, tokens: server.app.tokens, clock, approvalHours: 1 });
  // Good for as long as a test may let pass.
  const expiresAt = new Date(START + 400 * DAY_MS);
  const issue = (user: string, roles: readonly Role[]) =>
    server.app.tokens.issue({ tenant: 'demo', user, roles, expiresAt });
  const [boss, agent] = await Promise.all([issue('manager-one', ['manager', 'admin']), issue('agent-one', ['agent'])]);
  const { tenantId } = (await features.identity.authenticate(`Bearer ${boss}`)).actor();
  let names = 0;
  const at = (daysAgo: number) => new Date(clock.time - daysAgo * DAY_MS).toISOString();
  const mutate = async (field: string, input: object, selection: string) => {
    const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${field}(input: $input) { ${selection} } }`;
    return (await server.data(boss, document, { input }))[field];
  };
  return {
    server,
    database,
    clock,
    features,
    boss,
    agent,
    tenantId,
    at,
    mutate,
    laterBy: (days: number) => {
      clock.time += days * DAY_MS;
    },
    async account(given: object = {}): Promise<Id> {
      names += 1;
      const input = { name: `Company ${names}`, domain: `company-${names}.example`, ...given };
      return (await mutate('upsertAccount', input, 'account { id }')).account.id;
    },
    async said(accountId: Id, content: string, given: object = {}): Promise<Id> {
      const input = { accountId, channel: 'EMAIL', direction: 'INBOUND', occurredAt: at(1), content, ...given };
      return (await mutate('recordInteraction', input, 'interaction { id }')).interaction.id;
    },
    deal: (accountId: Id, stage: string, given: object = {}) =>
      mutate('upsertDeal', { accountId, name: 'A deal', stage, ...given }, 'deal { id }'),
    scan: (accountId: Id) => features.patternScan.scanAccount(tenantId, accountId, clock.now()),
    scanAll: (given: Partial<JobContext> = {}) =>
      features.patternScan.run({
        tenantId,
        now: clock.now(),
        signal: new AbortController().signal,
        progress: () => {},
        ...given,
      }),
    // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
    async insights(filter = ''): Promise<any[]> {
      const args = filter === '' ? '' : `(${filter})`;
      const { insights } = await server.data(agent, `{ insights${args} { totalCount edges { node { ${INSIGHT} } } } }`);
      return insights.edges.map(({ node }: { node: unknown }) => node);
    },
    async close() {
      await server.close();
      await database.close();
    },
  };
}
export type InsightServer = Awaited<ReturnType<typeof startInsightServer>>;
