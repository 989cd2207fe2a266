import { GuardChangesDocument } from '../src/cli/generated/operations.js';
import { createCountersignClient } from '../src/client/index.js';

/** Somebody who follows all changes of actions by cursor, through every loss of the connection. */
export interface Follower {
  /** Cursors in the order in which they came. */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

export async function follow(url: string, token: string, onTrouble: (error: unknown) => void): Promise<Follower> {
  const client = createCountersignClient({ url, token });
  const seen: string[] = [];
  const changes = client.subscribe(GuardChangesDocument, {}, { cursorOf: ({ actionChanged }) => actionChanged.cursor });
  await changes.started;
  const reading = (async () => {
    for await (const { actionChanged } of changes) seen.push(actionChanged.cursor);
  })().catch(onTrouble);
  return {
    seen,
    async close() {
      await client.close();
      await reading;
    },
  };
}
