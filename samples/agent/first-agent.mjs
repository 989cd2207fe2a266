import { createAgent } from 'countersign/client';

const { COUNTERSIGN_URL: url = 'http://127.0.0.1:4000', COUNTERSIGN_TOKEN: token } = process.env;
const agent = createAgent({ url, token });
const proposal = { to: 'kim@example.com', subject: 'Our offer', text: 'Dear Kim, …' };
const outcome = await agent.guard(
  { actionType: 'send_proposal', payload: proposal, idempotencyKey: 'offer-kim-1', rationale: 'Kim asked on Tuesday.' },
  async ({ payload }) => ({ sentTo: payload.to }), // Send it here: a person signed exactly this payload.
);
console.log(outcome.status, outcome.result ?? outcome.reason ?? outcome.error);
await agent.close();
