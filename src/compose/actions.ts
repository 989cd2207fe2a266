import {
  ActionHistoryResolver,
  ActionQueries,
  ApprovalVotesResolver,
  AutonomyLiveResolver,
  AutonomyResolver,
  CancelService,
  CheckResolver,
  CheckService,
  ClaimResolver,
  Deadlines,
  DecideService,
  DecidingResolver,
  DelegateService,
  DelegationResolver,
  DispatchService,
  EditService,
  Ground,
  Hearing,
  ProposeService,
  Readiness,
  ReconcileService,
  RunService,
  Signatures,
} from '../features/autonomy/index.js';
import { delegationStore } from '../features/autonomy/store/delegations.js';
import { actionStore, approvalStore, revisionStore, voteStore } from '../features/autonomy/store/stores.js';
import { RecordService } from '../features/customers/index.js';
import { recipientReader } from '../features/customers/store/recipients.js';
import { referenceReader, replyReader } from '../features/customers/store/references.js';
import {
  AttemptQueries,
  BuiltInHandlers,
  ConnectorService,
  type EmailSender,
  ExecutionResolver,
  ExecutionRunner,
  emailExecutor,
  LostExecutions,
  type Poster,
  payloadRules,
  type Sealer,
  webhookExecutor,
} from '../features/execution/index.js';
import { executionJobs, executionQueue } from '../features/execution/store/queue.js';
import { attemptStore, connectorStore } from '../features/execution/store/stores.js';
import { cloneStore, userStore } from '../features/identity/store/stores.js';
import {
  BudgetUseService,
  GuardrailsResolver,
  PauseResolver,
  PauseService,
  PolicyResolver,
  PolicyService,
  RulesService,
  SimulationResolver,
  SimulationService,
} from '../features/policy/index.js';
import { budgetStore } from '../features/policy/store/budgets.js';
import { controlStore } from '../features/policy/store/control.js';
import { proposalHistory } from '../features/policy/store/history.js';
import { policyStore } from '../features/policy/store/versions.js';
import type { Clock } from '../kernel/clock.js';
import type { ReportUnexpected } from '../kernel/errors.js';
import type { Database } from '../platform/db/database.js';
import { createPoster } from '../platform/outbound/post.js';
import { eventWriter } from '../platform/realtime/event-log.js';
import { createSealer } from '../platform/sealing.js';

const HOUR_MS = 3_600_000;

export interface ActionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly approvalHours: number;
  /** Built-in handlers and sent emails record what they did. */
  readonly records: RecordService;
  readonly outside: OutsideSettings;
  readonly reportUnexpected: ReportUnexpected;
}

/** How connectors reach the outside. */
export interface OutsideSettings {
  readonly sealer: Sealer;
  readonly poster: Poster;
  /** Undefined: this server sends no emails. */
  readonly emails: EmailSender | undefined;
  /** Host in the ids of emails. */
  readonly mailHost: string;
  /** How long to wait after a first attempt that did nothing, in milliseconds. */
  readonly firstDelayMs: number;
}

export const NO_OUTSIDE: OutsideSettings = {
  sealer: createSealer('seals nothing'),
  poster: createPoster({ allowPrivate: false }),
  emails: undefined,
  mailHost: 'localhost',
  firstDelayMs: 5_000,
};

/** Rules, proposals, decisions and what runs. */
export function composeActions(parts: ActionParts) {
  const { database, clock, approvalHours, records, outside, reportUnexpected } = parts;
  let hasEnqueued = false;
  const noteEnqueued = (): void => {
    hasEnqueued = true;
  };
  const queue = executionQueue(noteEnqueued);
  const waiting = executionJobs(database, noteEnqueued);
  const shared = {
    transactor: database,
    actions: actionStore(database),
    approvals: approvalStore(database),
    votes: voteStore,
    revisions: revisionStore,
    delegations: delegationStore,
    roots: userStore,
    authority: userStore,
    queue,
    attempts: attemptStore,
    payloads: payloadRules,
    events: eventWriter,
    clock,
  };
  const queries = new ActionQueries(shared);
  const control = controlStore();
  const checking = {
    ...shared,
    references: referenceReader,
    control,
    budgets: budgetStore,
    approvalMs: approvalHours * HOUR_MS,
  };
  const propose = new ProposeService(checking);
  const check = new CheckService(checking);
  const hearing = new Hearing(shared);
  const signatures = new Signatures({ ...shared, replies: replyReader });
  const ground = new Ground({ ...checking, hearing, signatures });
  const decide = new DecideService({ ...shared, hearing, ground, signatures, reportUnexpected });
  const edit = new EditService({ ...checking, hearing, ground });
  const deadlines = new Deadlines({ ...shared, hearing });
  const cancel = new CancelService(shared);
  const readiness = new Readiness({ ...checking, signatures });
  const run = new RunService({ ...checking, readiness });
  const reconcile = new ReconcileService(shared);
  const dispatch = new DispatchService(shared);
  const { sealer, poster, emails, mailHost, firstDelayMs } = outside;
  const connectorParts = { connectors: connectorStore, sealer, poster, clock };
  const connectors = new ConnectorService({ ...connectorParts, transactor: database, events: eventWriter });
  const builtIn = new BuiltInHandlers(records, clock);
  const execution = new ExecutionRunner({
    ...shared,
    run,
    outside: {
      webhook: webhookExecutor(connectorParts),
      email: emailExecutor({
        connectors: connectorStore,
        recipients: recipientReader,
        records,
        sender: emails,
        clock,
        host: mailHost,
      }),
    },
    builtIn: (tx, action) => builtIn.run(tx, action),
    firstDelayMs,
  });
  const lost = new LostExecutions({ ...shared, jobs: waiting });
  /** Whether a job was put in since it was last asked. */
  const hasNewJobs = (): boolean => {
    const had = hasEnqueued;
    hasEnqueued = false;
    return had;
  };
  return {
    propose,
    check,
    control,
    deadlines,
    reconcile,
    execution,
    lost,
    hasNewJobs,
    resolvers: [
      new GuardrailsResolver(new RulesService(checking)),
      new CheckResolver(check),
      new PauseResolver(
        new PauseService({ transactor: database, control, clones: cloneStore, waiting, events: eventWriter, clock }),
      ),
      new PolicyResolver(new PolicyService({ ...checking, policies: policyStore }), new BudgetUseService(checking)),
      new SimulationResolver(new SimulationService({ ...checking, history: proposalHistory })),
      new AutonomyResolver({ propose, run, queries }),
      new DecidingResolver({ decide, edit, cancel }),
      new DelegationResolver(new DelegateService(shared)),
      new ActionHistoryResolver(queries),
      new ApprovalVotesResolver(queries),
      new AutonomyLiveResolver(queries),
      new ClaimResolver(run, reconcile),
      new ExecutionResolver(connectors, dispatch, new AttemptQueries(database, attemptStore)),
    ],
  };
}
