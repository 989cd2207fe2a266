export { DecideService } from './decide.js';
export type { References } from './domain/proposal.js';
export { AutonomyLiveResolver } from './graphql/live-resolver.js';
export { AutonomyResolver } from './graphql/resolver.js';
export type { Named, ReferenceReader } from './ports.js';
export { ProposeService } from './propose.js';
export { ActionQueries } from './queries.js';
export { RunService } from './run.js';
