export { type Claims, isRole, isTenantName, isUserName } from './domain/claims.js';
export { IdentityResolver } from './graphql/resolver.js';
export { type AuthenticatedActor, DEMO_TENANT, IdentityService } from './service.js';
export { createTokens, type Tokens } from './tokens.js';
