import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver does with a message: answers a status, or breaks the connection with the message read. */
export type Reaction = number | 'reset' | 'silent' | { readonly redirect: string };

/** A webhook receiver on a free port; does what `react` says, and keeps every message it read. */
export async function startReceiver(react: (message: Received, count: number) => Reaction = () => 204) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(message);
      const reaction = react(message, received.length);
      if (reaction === 'reset') request.socket.destroy();
      else if (reaction === 'silent') return;
      else if (typeof reaction === 'number') response.writeHead(reaction).end();
      else response.writeHead(307, { location: reaction.redirect }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
