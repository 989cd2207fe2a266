import type { NewEvent } from '../../../kernel/events.js';
import type { Action } from './action.js';

/** What happened to an action, with what subscribers filter by. `data` comes on top of that. */
export function actionEvent(
  {
    id,
    actionType,
    digest,
    accountId,
    cloneId,
  }: Pick<Action, 'id' | 'actionType' | 'digest' | 'accountId' | 'cloneId'>,
  { type, actor, at, data }: Omit<NewEvent, 'subjectId'>,
): NewEvent {
  return { type, subjectId: id, actor, at, data: { actionType, digest, accountId, cloneId, ...data } };
}
