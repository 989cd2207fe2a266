import pg from 'pg';
import { TENANT } from '../postgres.js';

/** How much is stored of customers. */
export interface Size {
  readonly accounts: number;
  readonly interactions: number;
}

/** One account in a hundred is a large one, with so many interactions; the others share the rest evenly. */
const LARGE_EVERY = 100;
const LARGE = 200;

const ORDINARY = [
  'Thank you for the walk-through yesterday, the part about reporting was what we had been waiting for.',
  'Please find attached the minutes; two points are still open on our side.',
  'I will talk to the people in the warehouse and come back to you.',
  'The trial is running on three machines, so far without complaints.',
  'Could you send me the data sheet for the larger model once more?',
  'We moved the workshop to the second floor, the rest stays as agreed.',
  'Our holidays begin next month, so do not wonder if answers take a little longer.',
  'The invoice arrived, accounting has it.',
  'Is there a way to export the list by region?',
  'We had a look at the figures together and they seem plausible.',
  'The training went well; the participants asked for a second one in autumn.',
  'Let us know when the new version is out, we would like to try it.',
  'I could not reach you by phone, please call back when it suits you.',
  'The connection to our warehouse system works since this morning.',
  'Nothing new from here.',
  'As discussed we keep the current number of seats.',
];

const SIGNALS = [
  'Good news: our budget has been approved.',
  'We need this urgently, the deadline is Friday.',
  'We are also evaluating two other vendors.',
  'Please include our head of purchasing in the next call.',
  'Our budget is frozen until June.',
  'I am leaving the company at the end of the month.',
  'To be honest, we are leaning towards a competitor.',
];

/** One interaction in so many carries a signal. */
const SIGNAL_EVERY = 50;

/** A number that looks drawn at random, and is the same in every run. */
const drawn = (what: string, seed: number): string => `(hashint8extended(${what}, ${seed}) & 2147483647)`;
const idOf = (kind: number, number: string): string =>
  `('01900000-0000-7000-${8000 + kind}-' || lpad((${number})::text, 12, '0'))::uuid`;

/**
 * Fills the tenant of a copy of the template: accounts with two contacts each, an open deal with half of them, and
 * interactions over the last 120 days. Ends with up-to-date statistics, as autovacuum would leave them.
 */
export async function fill(url: string, { accounts, interactions }: Size): Promise<void> {
  const large = Math.floor(accounts / LARGE_EVERY);
  const ofOthers = interactions - large * LARGE;
  const others = accounts - large;
  // Which account the interaction of that number belongs to: the large ones first, then the others in turn.
  const accountOf = `case when i <= ${large * LARGE} then ((i - 1) / ${LARGE} + 1) * ${LARGE_EVERY}
    else (((i - 1) % ${others}) / ${LARGE_EVERY - 1}) * ${LARGE_EVERY} + ((i - 1) % ${others}) % ${LARGE_EVERY - 1} + 1 end`;
  const sentence = (seed: number) => `($3::text[])[1 + ${drawn('i', seed)} % ${ORDINARY.length}]`;
  const statements: [string, readonly unknown[]][] = [
    [
      `insert into account (tenant_id, id, name, domain, created_at, updated_at)
       select $1, ${idOf(2, 'a')}, 'Company ' || a, 'company-' || a || '.example', now() - interval '1 year', now() - interval '1 year'
       from generate_series(1, $2::int) as a`,
      [TENANT, accounts],
    ],
    [
      `insert into contact (tenant_id, id, account_id, name, email, created_at, updated_at)
       select $1, ${idOf(3, 'c')}, ${idOf(2, '(c + 1) / 2')}, 'Person ' || c, 'person-' || c || '@company-' || (c + 1) / 2 || '.example',
         now() - interval '1 year', now() - interval '1 year'
       from generate_series(1, 2 * $2::int) as c`,
      [TENANT, accounts],
    ],
    [
      `insert into deal (tenant_id, id, account_id, name, stage, value, opened_at, created_at, updated_at)
       select $1, ${idOf(4, 'd')}, ${idOf(2, '2 * d')}, 'A deal',
         (array['prospecting', 'qualification', 'discovery', 'evaluation', 'negotiation'])[1 + ${drawn('d', 1)} % 5],
         1000 + ${drawn('d', 2)} % 90000, now() - interval '100 days', now() - interval '100 days', now() - interval '100 days'
       from generate_series(1, $2::int / 2) as d`,
      [TENANT, accounts],
    ],
    [
      `insert into interaction (tenant_id, id, account_id, contact_id, contact_name, channel, direction, status, occurred_at,
         subject, content, created_at, updated_at)
       select $1, ${idOf(5, 'i')}, ${idOf(2, 'a')}, ${idOf(3, `2 * a - ${drawn('i', 3)} % 2`)}, null, channel,
         case when channel = 'meeting' then null when ${drawn('i', 4)} % 2 = 0 then 'inbound' else 'outbound' end, 'completed',
         at, 'Our project', ${sentence(5)} || ' ' || ${sentence(6)} || case when ${drawn('i', 7)} % ${SIGNAL_EVERY} = 0
           then ' ' || ($4::text[])[1 + ${drawn('i', 8)} % ${SIGNALS.length}] else '' end || ' ' || ${sentence(9)}, at, at
       from (
         select i, ${accountOf} as a, now() - (${drawn('i', 1)} % (120 * 1440)) * interval '1 minute' as at,
           (array['email', 'email', 'email', 'chat', 'meeting'])[1 + ${drawn('i', 2)} % 5] as channel
         from generate_series(1, $2::bigint) as i) as drawn`,
      [TENANT, large * LARGE + ofOthers, ORDINARY, SIGNALS],
    ],
    ['vacuum analyze', []],
    ['checkpoint', []],
  ];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // What is generated refers to what is there; checking each of a million rows would only take time.
  await client.query('set session_replication_role = replica');
  for (const [statement, parameters] of statements) await client.query(statement, [...parameters]);
  await client.end();
}
