/** What may be done to a request, by whom; times in hours. */
export type Command =
  | { readonly do: 'approve' | 'approveOld' | 'reject' | 'edit'; readonly who: number }
  | { readonly do: 'pass'; readonly hours: number }
  | { readonly do: 'policy' | 'cancel' | 'claim' | 'sweep' };

export const PEOPLE = ['ana', 'ben', 'cleo'];
/** Approvals that a request needs. */
export const QUORUM = 2;

/** The request as it ought to be, in the fewest words. */
export interface Model {
  approval: string;
  action: string;
  /** Who has approved the text as it is. */
  voters: Set<number>;
  /** How often the text or its ground was changed and taken note of. */
  revision: number;
  /** Whether the policy has changed and nobody has noticed yet. */
  moved: boolean;
  age: number;
  escalated: boolean;
  /** Age at which the approval goes stale. */
  staleAt: number | null;
}

/** As it is when it has just been asked for. */
export const newModel = (): Model => ({
  approval: 'PENDING',
  action: 'PENDING_APPROVAL',
  voters: new Set(),
  revision: 0,
  moved: false,
  age: 0,
  escalated: false,
  staleAt: null,
});

/** What the command does to the model; gives the code of the refusal, if it is one. */
export function expectOf(model: Model, command: Command): string | undefined {
  const end = (approval: string, action = approval) => Object.assign(model, { approval, action });
  const isOver = model.age >= 24;
  switch (command.do) {
    case 'pass':
      model.age += command.hours;
      return undefined;
    case 'policy':
      model.moved = true;
      return undefined;
    case 'sweep':
      if (model.approval === 'PENDING' && isOver) end('EXPIRED');
      if (model.approval === 'PENDING' && model.age >= 12) model.escalated = true;
      if (model.action === 'APPROVED' && model.staleAt !== null && model.age >= model.staleAt) end('EXPIRED');
      return undefined;
    case 'cancel':
      if (model.approval !== 'PENDING') return 'CONFLICT';
      end('CANCELLED');
      return undefined;
    case 'claim':
      if (model.action !== 'APPROVED') return 'CONFLICT';
      if (model.moved) {
        end('INVALIDATED');
        return 'CONFLICT';
      }
      if (model.staleAt !== null && model.age >= model.staleAt) {
        end('EXPIRED');
        return 'EXPIRED';
      }
      model.action = 'EXECUTING';
      return undefined;
  }
  if (model.approval !== 'PENDING') return model.approval === 'EXPIRED' ? 'EXPIRED' : 'CONFLICT';
  if (isOver) {
    end('EXPIRED');
    return 'EXPIRED';
  }
  if (command.do === 'approveOld') return 'DIGEST_MISMATCH';
  if (command.do === 'reject') {
    end('REJECTED');
    return undefined;
  }
  if (command.do === 'edit' || model.moved) {
    Object.assign(model, { revision: model.revision + 1, voters: new Set(), moved: false });
    return command.do === 'edit' ? undefined : 'DIGEST_MISMATCH';
  }
  if (model.voters.has(command.who)) return 'CONFLICT';
  model.voters.add(command.who);
  if (model.voters.size >= QUORUM) {
    end('APPROVED');
    model.staleAt = model.age + 24;
  }
  return undefined;
}
