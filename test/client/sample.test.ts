import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent } from '../../src/client/index.js';
import { freePort } from '../support/free-port.js';
import { type CompiledServer, compileServer } from '../support/process.js';

const SAMPLE = readFileSync('samples/agent/first-agent.mjs', 'utf8').trim();
const PENDING = '{ approvals(last: 1) { edges { node { id digest } } } }';
const APPROVE = 'mutation ($input: ApproveActionInput!) { approveAction(input: $input) { status } }';

let compiled: CompiledServer;
beforeAll(() => {
  compiled = compileServer();
  cpSync('samples/agent', join(compiled.folder, 'samples'), { recursive: true });
});
afterAll(() => compiled.remove());

const ask = async (url: string, token: string, query: string, variables?: object) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as { data: Record<string, never> }).data;
};

const approveTheNext = async (url: string, token: string): Promise<void> => {
  for (;;) {
    const { approvals } = (await ask(url, token, PENDING)) as unknown as {
      approvals: { edges: { node: { id: string; digest: string } }[] };
    };
    const node = approvals.edges[0]?.node;
    if (!node) continue;
    await ask(url, token, APPROVE, { input: { approvalId: node.id, digest: node.digest } });
    return;
  }
};

test('the documentation shows the sample as it is', () => {
  expect(readFileSync('docs/CLIENT.md', 'utf8')).toContain(`\`\`\`js\n${SAMPLE}\n\`\`\``);
});

test('the sample, by the package’s own entry, runs what a person approves', async () => {
  const server = compiled.start();
  const url = await server.ready;
  const env = { PATH: process.env.PATH, COUNTERSIGN_URL: url, COUNTERSIGN_TOKEN: await server.token('agent') };
  const child = spawn(process.execPath, [join(compiled.folder, 'samples', 'first-agent.mjs')], { env });
  const printed = new Promise<string>((resolve) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += String(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      out += String(chunk);
    });
    child.on('close', () => resolve(out));
  });
  await approveTheNext(url, await server.token('approver'));
  expect(await printed).toContain("EXECUTED { sentTo: 'kim@example.com' }");
  await server.kill();
});

test('whoever waits is served after the server was killed and started again', async () => {
  const PORT = String(await freePort());
  const first = compiled.start({ PORT });
  const url = await first.ready;
  const agent = createAgent({ url, token: await first.token('agent') });
  const guarded = agent.guard(
    { actionType: 'send_proposal', payload: { text: 'Dear Kim' }, idempotencyKey: 'across-a-restart' },
    async ({ payload }) => ({ ran: payload.text }),
  );
  const approver = await first.token('approver');
  await expect
    .poll(() => ask(url, approver, PENDING), { timeout: 20_000 })
    .toMatchObject({
      approvals: { edges: [{}] },
    });
  await first.kill();
  const second = compiled.start({ PORT });
  await second.ready;
  await approveTheNext(url, await second.token('approver'));
  expect(await guarded).toMatchObject({ status: 'EXECUTED', result: { ran: 'Dear Kim' } });
  await agent.close();
  await second.kill();
});
