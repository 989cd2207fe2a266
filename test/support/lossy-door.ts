import { createServer } from 'node:http';

/** Stands in front of a server, and loses one answer: the server has done what was asked, and nobody is told. */
export interface LossyDoor {
  readonly url: string;
  /** How many answers were lost so far. */
  lost(): number;
  close(): Promise<void>;
}

/** @param word the answer to the first request whose body has it in it is lost */
export async function startLossyDoor(target: string, word: string): Promise<LossyDoor> {
  let lost = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
      const headers = { authorization, 'content-type': type };
      const answer = await fetch(`${target}${request.url}`, { method: 'POST', headers, body });
      const text = await answer.text();
      if (lost === 0 && body.includes(word)) {
        lost += 1;
        response.destroy();
      } else {
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    lost: () => lost,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
