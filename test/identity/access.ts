import type { LiveReplies, TestServer } from '../support/server.js';

export const KEY_FIELDS = 'id publicId name agent root cloneId createdBy createdAt expiresAt revokedAt revokedBy';
export const USER_FIELDS = 'id name roles owner suspendedAt suspendedBy suspendReason createdAt updatedAt';

export const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { ${KEY_FIELDS} } } }`;
export const REVOKE_KEY = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { ${KEY_FIELDS} } }`;
export const SET_USER = `mutation ($input: SetUserInput!) { setUser(input: $input) { ${USER_FIELDS} } }`;
export const SUSPEND = `mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { ${USER_FIELDS} } }`;
export const REINSTATE = `mutation ($input: ReinstateUserInput!) { reinstateUser(input: $input) { ${USER_FIELDS} } }`;
export const VIEWER = '{ viewer { name root tenant roles } }';

/** What an admin does, in one word each. */
export const administration = (server: TestServer, admin: string) => ({
  key: async (input: object): Promise<{ secret: string; apiKey: Record<string, unknown> & { id: string } }> =>
    (await server.data(admin, CREATE_KEY, { input: { name: 'a key', ...input } })).createApiKey,
  revoke: (apiKeyId: string) => server.data(admin, REVOKE_KEY, { input: { apiKeyId } }),
  setUser: async (input: object) => (await server.data(admin, SET_USER, { input })).setUser,
  suspend: async (name: string) => (await server.data(admin, SUSPEND, { input: { name, reason: 'left' } })).suspendUser,
  reinstate: async (name: string) => (await server.data(admin, REINSTATE, { input: { name } })).reinstateUser,
});

/** Asks who one is, again and again, until the answer fits. The test's own time limit ends what never comes. */
export async function untilRefused(server: TestServer, token: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { errors } = await server.request(token, VIEWER);
    if (errors) return errors[0].extensions;
  }
}

/** The errors of a subscription that is refused, which come as its one answer or instead of any. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
export async function errorsOf(live: LiveReplies): Promise<any[] | undefined> {
  const reply = await live.next().catch((errors: unknown) => ({ errors }));
  await live.close();
  return reply.errors;
}
