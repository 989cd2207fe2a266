import pg from 'pg';
import 'reflect-metadata';
import { ENTITIES } from '../src/compose/entities.js';
import { composeFeatures } from '../src/compose/index.js';
import { createTokens } from '../src/features/identity/index.js';
import type { Actor } from '../src/kernel/actor.js';
import { systemClock } from '../src/kernel/clock.js';
import { openDatabase } from '../src/platform/db/database.js';
import { ACCOUNTS, accountId, TENANT } from './postgres.js';
import { accountOf, payloadOf, readSample, type Sample } from './propose/proposal.js';

/** Proposals that are there before anything is measured: an empty table is nobody's case. */
export const HISTORY = 5_000;

const ACTOR: Actor = {
  tenantId: TENANT,
  tenant: 'demo',
  name: 'agent-one',
  root: 'agent-one',
  roles: new Set(['agent']),
};

/** The product's use case over its real store: look-up, guardrails, digest, idempotency, rows, row-level security. */
export async function openProposing(url: string) {
  const database = await openDatabase({ location: { url }, entities: ENTITIES });
  const tokens = createTokens('a secret that only this measurement uses', systemClock);
  const { propose } = composeFeatures({ database, tokens, clock: systemClock, approvalHours: 72 });
  return {
    database,
    close: () => database.close(),
    async propose(index: number): Promise<void> {
      const { approval } = await propose.propose(ACTOR, {
        actionType: 'send_proposal',
        payload: payloadOf(index),
        accountId: accountOf(index),
        dealId: null,
        cloneId: null,
        dealStage: null,
        contactId: null,
        rationale: 'They asked for an offer.',
        idempotencyKey: `key-${process.pid}-${index}`,
      });
      if (!approval) throw new Error('the proposal opened no request');
    },
  };
}

/** Migrates an empty database and fills it: a tenant, accounts, proposals that wait; statistics up to date. */
export default async function fillTemplate(url: unknown): Promise<Sample> {
  const { database, propose, close } = await openProposing(String(url));
  await database.migrate();
  await database.asServer(async (sql) => {
    await sql(`insert into tenant (id, slug, name, created_at) values ($1, 'demo', 'Demo', now())`, [TENANT]);
    await sql(
      `insert into account (tenant_id, id, name, created_at, updated_at)
       select $1, id, 'Account', now(), now() from unnest($2::uuid[]) as id`,
      [TENANT, Array.from({ length: ACCOUNTS }, (_, index) => accountId(index))],
    );
  });
  await Promise.all(Array.from({ length: HISTORY }, (_, index) => propose(index)));
  await close();
  const pool = new pg.Pool({ connectionString: String(url) });
  await pool.query('vacuum analyze');
  const sample = await readSample(pool);
  await pool.end();
  return sample;
}
