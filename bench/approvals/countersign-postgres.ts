import 'reflect-metadata';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';

/** The whole server as it runs in production, over PostgreSQL. */
export default async function countersignOnPostgres(input: unknown) {
  const { databaseUrl } = input as { readonly databaseUrl: string };
  const app = await createApp({
    ...readConfig({ DATABASE_URL: databaseUrl, COUNTERSIGN_JWT_SECRET: 'a secret that only this measurement uses' }),
    port: 0,
    logLevel: 'error',
  });
  const expiresAt = new Date(Date.now() + 3_600_000);
  const token = await app.tokens.issue({ tenant: 'demo', user: 'ana', roles: ['approver'], expiresAt });
  return { url: `${app.url}/graphql`, token };
}
