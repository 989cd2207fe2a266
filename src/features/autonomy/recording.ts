import { notFound } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Tx } from '../../kernel/transaction.js';
import type { ActionStore, ApprovalStore, Recording } from './ports.js';

/** An action as it stands, with the request for it if there ever was one. @throws NOT_FOUND */
export async function recordingOf(
  tx: Tx,
  { actions, approvals }: { readonly actions: Pick<ActionStore, 'find'>; readonly approvals: ApprovalStore },
  actionId: Id,
): Promise<Recording> {
  const action = await actions.find(tx, actionId);
  if (!action) throw notFound('action', actionId);
  return { action, approval: (await approvals.ofAction(tx, actionId)) ?? null };
}
