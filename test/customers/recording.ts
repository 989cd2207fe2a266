import type { Reply, TestServer } from '../support/server.js';

const ACCOUNT = 'id externalId name domain sector employees annualRevenue location parentName createdAt updatedAt';
const DEAL =
  'id externalId accountId cloneId name product owner ownerManager ownerRegion stage value valueIsEstimate openedAt closedAt updatedAt';
const INTERACTION =
  'id externalId accountId contactId cloneId contactName channel direction status occurredAt subject content';

/** The documents that the tests send. */
export const UPSERT_ACCOUNT = `mutation ($input: UpsertAccountInput!) { upsertAccount(input: $input) { outcome account { ${ACCOUNT} } } }`;
export const UPSERT_CONTACT =
  'mutation ($input: UpsertContactInput!) { upsertContact(input: $input) { outcome contact { id externalId accountId name email title } } }';
export const UPSERT_DEAL = `mutation ($input: UpsertDealInput!) { upsertDeal(input: $input) { outcome deal { ${DEAL} } } }`;
export const RECORD_INTERACTION = `mutation ($input: RecordInteractionInput!) { recordInteraction(input: $input) { outcome interaction { ${INTERACTION} } } }`;
export const IMPORT_RECORDS =
  'mutation ($input: ImportRecordsInput!) { importRecords(input: $input) { records { kind index outcome id issues { path message } } } }';

/** Sends records as one caller and gives what came back. */
export function recorder(server: TestServer, token: string) {
  const send = async (document: string, input: object): Promise<AnyRecord> => {
    const [answer] = Object.values<AnyRecord>(await server.data(token, document, { input }));
    if (!answer) throw new Error('the document asks for one mutation');
    return answer;
  };
  return {
    account: (input: object) => send(UPSERT_ACCOUNT, input),
    contact: (input: object) => send(UPSERT_CONTACT, input),
    deal: (input: object) => send(UPSERT_DEAL, input),
    interaction: (input: object) => send(RECORD_INTERACTION, input),
    import: async (input: object): Promise<ImportedRecord[]> => (await send(IMPORT_RECORDS, input)).records,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
export type AnyRecord = Record<string, any>;

export interface ImportedRecord {
  readonly kind: string;
  readonly index: number;
  readonly outcome: string;
  readonly id: string | null;
  readonly issues: readonly { readonly path: readonly string[]; readonly message: string }[];
}

/** How many rows the tenant's log has, and the last of them. */
export async function logOf(server: TestServer, token: string): Promise<{ count: number; last: AnyRecord }> {
  const { events } = await server.data(
    token,
    '{ events(last: 1) { totalCount edges { node { type subjectId actor data } } } }',
  );
  return { count: events.totalCount, last: events.edges[0]?.node };
}

/** The one error of a refused request: its code and the paths of its issues. */
export function refusalOf({ errors }: Reply): { code: string; paths: string[] } {
  const { code, issues = [] } = errors?.[0]?.extensions ?? {};
  return { code, paths: issues.map(({ path }: { path: (string | number)[] }) => path.join('.')) };
}
