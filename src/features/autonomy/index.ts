export { DecideService } from './decide.js';
export type { AccountFacts, References } from './domain/proposal.js';
export { AutonomyLiveResolver } from './graphql/live-resolver.js';
export { AutonomyResolver } from './graphql/resolver.js';
export type { AuthorityReader, LaidDown, Named, ReferenceReader, ReplyReader } from './ports.js';
export { ProposeService } from './propose.js';
export { ActionQueries } from './queries.js';
export { Readiness } from './readiness.js';
export { RunService } from './run.js';
