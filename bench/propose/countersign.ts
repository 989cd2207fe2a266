import { openProposing } from '../history.js';
import { keepInFlight, type ProposeInput } from './in-flight.js';

/** The product's use case over its real store: look-up, guardrails, digest, idempotency, rows, row-level security. */
export default async function countersign(input: unknown) {
  const { databaseUrl } = input as ProposeInput;
  const { propose, close } = await openProposing(databaseUrl);
  const answer = await keepInFlight(propose, input as ProposeInput);
  await close();
  return answer;
}
