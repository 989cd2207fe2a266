import 'reflect-metadata';
import { createApp } from './app.js';
import { readConfig, StartupError } from './config.js';
import { systemClock } from './kernel/clock.js';
import { endOnSignals } from './platform/end-on-signals.js';
import { hideSecrets } from './platform/telemetry/logger.js';
import { demoTokens } from './tokens.js';

try {
  const config = readConfig();
  const app = await createApp(config);
  endOnSignals(app, { seconds: config.shutdownSeconds, say: (line) => console.error(hideSecrets(line)) });

  const socket = app.url.replace(/^http/, 'ws');
  const lines = [
    '',
    `Countersign is ready on ${config.databaseUrl === undefined ? `the embedded database in ${config.dataDir}` : 'PostgreSQL'}.`,
    '',
    `  GraphQL   ${app.url}/graphql   (subscriptions: ${socket}/graphql)`,
    `  GraphiQL  ${app.url}/graphiql/`,
    `  Health    ${app.url}/health/ready`,
    `  Metrics   ${app.url}/metrics`,
  ];
  if (config.development && app.tokens.canIssue) {
    const tokens = await demoTokens(app.tokens, systemClock);
    lines.push('', '  Tokens of the tenant "demo", good for a day:');
    for (const [role, token] of Object.entries(tokens)) lines.push('', `  ${role}`, `  ${token}`);
  }
  console.log(`${lines.join('\n')}\n`);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
