import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPostgresDatabase } from '../support/database.js';
import { type CompiledServer, compileServer, type ServerProcess } from '../support/process.js';
import { ask, type Caller } from './agent.js';

const EVENTS = 1_500;
/** Of the text that an approver has to see: a long e-mail. It comes twice, as payload and as canonical text. */
const PAYLOAD = 8_000;
const STALLED = 20;
/** What each may cost, in MB. If nobody held back, all its events would wait in memory. */
const ALLOWED = 8;
const WITHOUT_LIMIT = (EVENTS * 2 * PAYLOAD) / 1e6;

/** A subscriber on a raw socket, which can stop reading it. It comes back behind its last cursor when it is closed. */
class Reader {
  readonly cursors: string[] = [];
  private socket: WebSocket | undefined;
  private tell = (): void => {};
  private wanted = true;

  constructor(
    private readonly caller: Caller,
    private readonly after: string,
    private readonly fields: string,
  ) {}

  /** Resolves when the subscription is on its way. */
  async open(): Promise<void> {
    const socket = new WebSocket(`${this.caller.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
    this.socket = socket;
    const send = (message: object): void => socket.send(JSON.stringify(message));
    socket.on('open', () =>
      send({ type: 'connection_init', payload: { authorization: `Bearer ${this.caller.token}` } }),
    );
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.wanted) void this.open();
    });
    await new Promise<void>((resolve) => {
      socket.on('message', (text) => {
        const message = JSON.parse(String(text));
        if (message.type === 'ping') send({ type: 'pong' });
        if (message.type === 'connection_ack') {
          const query = `subscription ($after: String) { actionChanged(after: $after) { cursor ${this.fields} } }`;
          const variables = { after: this.cursors.at(-1) ?? this.after };
          send({ id: '1', type: 'subscribe', payload: { query, variables } });
          resolve();
        }
        if (message.type !== 'next') return;
        this.cursors.push(message.payload.data.actionChanged.cursor);
        this.tell();
      });
    });
  }

  stall(): void {
    this.socket?.pause();
  }

  goOn(): void {
    this.socket?.resume();
  }

  async until(count: number): Promise<void> {
    while (this.cursors.length < count) {
      await new Promise<void>((resolve) => {
        this.tell = resolve;
      });
    }
  }

  close(): void {
    this.wanted = false;
    this.socket?.terminate();
  }
}

describe('subscribers that stop reading', () => {
  let compiled: CompiledServer;
  let server: ServerProcess;
  let operator: pg.Client;
  beforeAll(async () => {
    compiled = compileServer();
    const database = await createPostgresDatabase();
    operator = new pg.Client(database);
    await operator.connect();
    const settings = { DATABASE_URL: database, COUNTERSIGN_JWT_SECRET: 's'.repeat(40), LOG_LEVEL: 'fatal' };
    server = compiled.start(settings);
    await server.ready;
  }, 120_000);
  afterAll(async () => {
    await operator.end();
    await compiled.remove();
  });

  const memoryMb = (): number =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.child.pid)], { encoding: 'utf8' })) / 1024;

  test('cost little memory and harm nobody; when they read again they have missed nothing', {
    timeout: 240_000,
  }, async () => {
    const url = await server.ready;
    const [agent, approver] = await Promise.all([server.token('agent'), server.token('approver')]);
    const { data } = await ask(
      { url, token: agent },
      'mutation ($input: ProposeActionInput!) { proposeAction(input: $input) { action { id } } }',
      {
        input: {
          actionType: 'send_follow_up_email',
          payload: { text: 'x'.repeat(PAYLOAD) },
          idempotencyKey: 'long',
        },
      },
    );
    const write = async (count: number): Promise<void> => {
      await operator.query(
        `insert into event (tenant_id, type, subject_id, data, actor, at)
         select tenant_id, 'action.claimed', id,
           jsonb_build_object('actionType', action_type, 'digest', digest, 'leaseEpoch', n), 'agent-one', now()
         from action, generate_series(1, $2::int) as n where id = $1`,
        [data.proposeAction.action.id, count],
      );
    };
    const reading = { url, token: approver };
    const newest = async (): Promise<string> =>
      (await ask(reading, '{ events(last: 1) { pageInfo { endCursor } } }')).data.events.pageInfo.endCursor;
    const healthy = new Reader(reading, await newest(), '');
    await healthy.open();
    // What this much work takes by itself, before anybody stalls.
    await write(EVENTS);
    await healthy.until(EVENTS);

    const after = await newest();
    const readers = Array.from(
      { length: STALLED },
      () => new Reader(reading, after, 'action { id payload canonical }'),
    );
    await Promise.all(readers.map((reader) => reader.open()));
    for (const reader of readers) reader.stall();
    const before = memoryMb();
    let most = before;
    const sampling = setInterval(() => {
      most = Math.max(most, memoryMb());
    }, 100);
    await write(EVENTS);
    await healthy.until(2 * EVENTS);
    clearInterval(sampling);
    console.log(
      `${STALLED} stalled subscribers: from ${before.toFixed(0)} to at most ${most.toFixed(0)} MB; ` +
        `without a limit ${WITHOUT_LIMIT * STALLED} MB more`,
    );
    expect(most - before).toBeLessThan(ALLOWED * STALLED);

    const [first, ...others] = readers;
    for (const reader of others) reader.close();
    first?.goOn();
    await first?.until(EVENTS);
    expect(first?.cursors).toEqual(healthy.cursors.slice(EVENTS));
    expect(new Set(healthy.cursors).size).toBe(2 * EVENTS);
    first?.close();
    healthy.close();
    expect(server.child.exitCode).toBeNull();
  });
});
