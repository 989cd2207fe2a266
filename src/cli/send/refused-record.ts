import type { Draft, ExportPlan, Refusal } from '../import/index.js';

/** A broken rule, as the server names it. The last part of the path is the field. */
export interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

/** Fields that stand in a file under another name than in the API. */
const ELSEWHERE: Readonly<Record<Draft['kind'], Readonly<Record<string, readonly string[]>>>> = {
  account: {},
  contact: {
    name: ['contactName', 'contactEmail'],
    email: ['contactEmail'],
    title: ['contactTitle'],
    accountExternalId: ['accountId', 'accountName'],
  },
  deal: { accountExternalId: ['accountId', 'accountName'], valueIsEstimate: ['value'] },
  interaction: { accountExternalId: ['accountId', 'accountName'], contactExternalId: ['contactName', 'contactEmail'] },
};

/** What the server would not take, as a refusal of the row it was read from. */
export function refusalOf(draft: Draft, issues: readonly Issue[], plan: ExportPlan): Refusal {
  const field = issues[0]?.path.at(-1) ?? '';
  const columns = columnsOf(draft.kind, plan);
  const names = ELSEWHERE[draft.kind][field] ?? [field];
  const column = names.map((name) => columns[name]).find((name) => typeof name === 'string') ?? null;
  const reason = issues.length > 0 ? issues.map(({ message }) => message).join('; ') : 'the server gave no reason';
  return { kind: 'refusal', ...draft.origin, column, value: null, reason: `${reason}.` };
}

/** Which column holds which field, in the file that holds such records. */
function columnsOf(kind: Draft['kind'], { files }: ExportPlan): Readonly<Record<string, string | null>> {
  const file = {
    account: files.accounts,
    deal: files.deals,
    contact: files.interactions,
    interaction: files.interactions,
  };
  return file[kind]?.columns ?? {};
}
