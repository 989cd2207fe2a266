export { AuditChainResolver } from './graphql/chain.js';
export { AuditResolver } from './graphql/log.js';
export type { LogHorizon } from './ports.js';
export { SealingService } from './sealing.js';
export { VerificationService } from './verification.js';
