import { deepStrictEqual, equal } from 'node:assert';
import { askCell, startCell } from '../cell.js';
import type { Postgres } from '../postgres.js';
import type { Measured } from '../report.js';
import { type Contestant, measureInTurn } from '../rounds.js';
import type { Times } from '../suite.js';
import type { DriverAnswer, DriverInput } from './driver.js';
import { BODY, type Fixture, ROWS } from './fixture.js';

interface Served {
  readonly url: string;
  readonly token?: string;
}

const SERVER_CORE = 0;
const DRIVER_CORE = 1;
/** A driver busier than this measures itself. */
const DRIVER_LIMIT = 0.9;
/** Rounds of the one that is measured for the record, without a peer. */
const RECORD_ROUNDS = 3;

/** Bench 1: the list that every approver's screen asks for, over HTTP. */
export async function measureApprovals(
  times: Times,
  postgres: Postgres,
  told: (text: string) => void,
): Promise<readonly Measured[]> {
  const fixture = await askCell<Fixture>('approvals/describe', null);
  const drivers: number[] = [];
  const contestant = (name: string, title: string, goal?: number): Contestant => ({
    name,
    title,
    ...(goal !== undefined && { goal }),
    async measure() {
      const { perSecond, driverBusy } = await measureServer(name, fixture, times, (data) =>
        deepStrictEqual(data, fixture.data, `${name} answers something else`),
      );
      drivers.push(driverBusy);
      return perSecond;
    },
  });
  const contestants = [
    contestant('countersign', 'Countersign'),
    contestant('mercurius', 'mercurius + jit', 1),
    contestant('yoga', 'GraphQL Yoga', 4),
    contestant('apollo-stock', 'Apollo Server as it comes'),
    contestant('apollo-our-schema', 'our schema, Apollo Server as it comes'),
    contestant('raw-http', 'node:http, JSON only', 0.45),
  ];
  const rates = await measureInTurn(contestants, times.rounds, told);
  const layer: Measured = {
    title: 'Pending approvals over HTTP: the GraphQL layer',
    unit: 'requests',
    ours: 'countersign',
    contestants,
    rates,
    notes: [
      `one query, ${ROWS} rows of 9 fields, the same rows in memory for all; every answer compared byte by byte with one that was checked`,
      'ours checks token, roles, depth and cost as in production; the peers check nothing',
      `closed loop over 32 connections; the driver was at most ${Math.round(Math.max(...drivers) * 100)} % busy${Math.max(...drivers) > DRIVER_LIMIT ? ' and **is the limit**' : ''}`,
    ],
  };
  return [layer, await measureForTheRecord(times, postgres, told)];
}

/** The same query against the whole server over PostgreSQL. */
async function measureForTheRecord(times: Times, postgres: Postgres, told: (text: string) => void): Promise<Measured> {
  const databaseUrl = await postgres.freshDatabase();
  const whole: Contestant = {
    name: 'countersign-postgres',
    title: 'Countersign over PostgreSQL',
    async measure() {
      const answer = await measureServer('countersign-postgres', { databaseUrl }, times, (data) =>
        equal((data as Fixture['data']).approvals.edges.length, ROWS),
      );
      return answer.perSecond;
    },
  };
  const rates = await measureInTurn([whole], Math.min(RECORD_ROUNDS, times.rounds), told);
  await postgres.drop(databaseUrl);
  return {
    title: 'Pending approvals over HTTP: the whole server, for the record',
    unit: 'requests',
    ours: whole.name,
    contestants: [whole],
    rates,
    notes: [`the same query, read from PostgreSQL for every request; PostgreSQL shares the two cores`],
  };
}

async function measureServer(
  name: string,
  input: unknown,
  { warmUpSeconds, seconds }: Times,
  check: (data: unknown) => void,
): Promise<DriverAnswer> {
  const server = await startCell<Served>(`approvals/${name}`, input, SERVER_CORE);
  try {
    const { url, token } = server.answer;
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(url, { method: 'POST', headers, body: BODY });
    const answer = await response.text();
    const { data, errors } = JSON.parse(answer);
    if (errors) throw new Error(`${name}: ${answer}`);
    check(data);
    const driven: DriverInput = { url, token, answer, warmUpSeconds, seconds };
    return await askCell<DriverAnswer>('approvals/driver', driven, DRIVER_CORE);
  } finally {
    await server.stop();
  }
}
