import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a TCP server, and can be as bad as a network. */
export interface TcpProxy {
  readonly port: number;
  /**
   * From now on nothing gets through the connections that are open, in either direction, and nobody is told: they look
   * open for ever. New ones work.
   */
  freeze(): number;
  close(): Promise<void>;
}

export async function startProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<[Socket, Socket]>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const pair: [Socket, Socket] = [client, upstream];
    open.add(pair);
    client.pipe(upstream);
    upstream.pipe(client);
    const end = (): void => {
      open.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    freeze() {
      const frozen = [...open];
      for (const [client, upstream] of frozen) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
      return frozen.length;
    },
    async close() {
      for (const pair of open) for (const socket of pair) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
