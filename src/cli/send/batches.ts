import type { Draft, Refusal } from '../import/index.js';

/** Records of one kind that go to the server in one request. */
export interface Batch {
  /** What was read, in its order: the records, and between them the rows that are refused already. */
  readonly items: readonly (Draft | Refusal)[];
  /** The records among the items. */
  readonly drafts: readonly Draft[];
}

/** Most items in one batch; the server takes as many records of one kind in a request. */
export const MAX_BATCH = 500;
/** Most JSON in one request, in bytes: half of what the server takes, since a draft and its input differ a little. */
const MAX_BYTES = 1024 * 1024;

/** Groups what is read, in its order, into batches with records of one kind each. One batch is in memory. */
export async function* batchesOf(read: AsyncIterable<Draft | Refusal>): AsyncGenerator<Batch> {
  let items: (Draft | Refusal)[] = [];
  let kind: Draft['kind'] | undefined;
  let bytes = 0;
  for await (const item of read) {
    const size = Buffer.byteLength(JSON.stringify(item));
    const isOther = kind !== undefined && item.kind !== 'refusal' && item.kind !== kind;
    if (isOther || items.length === MAX_BATCH || (items.length > 0 && bytes + size > MAX_BYTES)) {
      yield toBatch(items);
      items = [];
      kind = undefined;
      bytes = 0;
    }
    items.push(item);
    bytes += size;
    if (item.kind !== 'refusal') kind = item.kind;
  }
  if (items.length > 0) yield toBatch(items);
}

const toBatch = (items: readonly (Draft | Refusal)[]): Batch => ({
  items,
  drafts: items.filter((item) => item.kind !== 'refusal'),
});
