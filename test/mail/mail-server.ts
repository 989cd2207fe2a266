import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Delivery {
  readonly mail: ParsedMail;
  readonly raw: string;
  readonly to: readonly string[];
  readonly from: string;
}

/** A mail server on a free port of this machine that keeps what it is given. */
export async function startMailServer(options: SMTPServerOptions = {}) {
  const deliveries: Delivery[] = [];
  let toBreak = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        deliveries.push({
          mail: await simpleParser(raw),
          raw: raw.toString('utf8'),
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
        });
        if (toBreak === 0) return done();
        toBreak -= 1;
        for (const connection of server.connections) connection.close();
      });
    },
    ...options,
  });
  // Connections that a test breaks are no failures of the server.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: new URL(`smtp://127.0.0.1:${port}`),
    port,
    deliveries,
    /** Ends the connection instead of answering, for so many emails that it has read and kept. */
    breakOff(count: number): void {
      toBreak = count;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
