export { CancelService } from './cancel.js';
export { CheckService } from './check.js';
export { Deadlines } from './deadlines.js';
export { DecideService } from './decide.js';
export { DelegateService } from './delegate.js';
export { DispatchService } from './dispatch.js';
export { type Action, isDue } from './domain/action.js';
export { payloadOf } from './domain/canonical.js';
export { hardStopMatter } from './domain/edit-content.js';
export type { ReachedFacts, References } from './domain/proposal.js';
export { EditService } from './edit.js';
export { CheckResolver } from './graphql/check-resolver.js';
export { ClaimResolver } from './graphql/claim-resolver.js';
export { DecidingResolver } from './graphql/deciding-resolver.js';
export { DelegationResolver } from './graphql/delegation-resolver.js';
export { ActionHistoryResolver, ApprovalVotesResolver } from './graphql/history-resolver.js';
export { AutonomyLiveResolver } from './graphql/live-resolver.js';
export { AutonomyResolver } from './graphql/resolver.js';
export { ActionType, toAction } from './graphql/types.js';
export { Ground } from './ground.js';
export { Hearing } from './hearing.js';
export type {
  ActionStore,
  AttemptReader,
  AuthorityReader,
  ExecutionQueue,
  LaidDown,
  Named,
  PayloadRules,
  ReferenceReader,
  ReplyReader,
} from './ports.js';
export { ProposeService } from './propose.js';
export { ActionQueries } from './queries.js';
export { Readiness } from './readiness.js';
export { ReconcileService } from './reconcile.js';
export { RunService } from './run.js';
export { Signatures } from './signatures.js';
