/** Where and as whom requests are sent. */
export interface Caller {
  readonly url: string;
  readonly token: string;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
export async function ask({ url, token }: Caller, query: string, variables: object = {}): Promise<any> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  return response.json();
}

const PROPOSE = 'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }';

/** Proposes as a good agent does: until it is answered, always with the same key. */
export class Agent {
  /** What the server refused in between, as clients see it. */
  readonly failures: { code: string; message: string }[] = [];
  private keys = 0;

  constructor(
    private readonly servers: () => readonly Caller[],
    private readonly name: string,
  ) {}

  /** The id of the action, once it is acknowledged. */
  async propose(): Promise<string> {
    this.keys += 1;
    const input = {
      actionType: 'send_proposal',
      payload: { text: 'Hello' },
      idempotencyKey: `${this.name}-${this.keys}`,
    };
    for (let attempt = 0; ; attempt += 1) {
      const servers = this.servers();
      const server = servers[attempt % servers.length];
      const answer = server && (await ask(server, PROPOSE, { input }).catch(() => undefined));
      if (answer?.data) return answer.data.proposeAction.action.id;
      for (const { message, extensions } of answer?.errors ?? [])
        this.failures.push({ message, code: extensions.code });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
