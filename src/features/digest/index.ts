export { Digests } from './digests.js';
export { DigestResolver } from './graphql/resolver.js';
export type { DigestPost } from './ports.js';
