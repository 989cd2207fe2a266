import { decodeCursor, encodeCursor, foreignCursor } from '../../../kernel/cursor.js';
import { isId } from '../../../kernel/ids.js';
import { pageOf, pagingOf } from '../../../kernel/page.js';
import type { Tx } from '../../../kernel/transaction.js';
import { sqlOf } from '../../../platform/db/database.js';
import { MAX_PEOPLE, type PeriodCounts, TIMELINE_CHANNELS, type TimelineEntry } from '../domain/view.js';
import type { CustomerViewReader, TimelineRange } from '../ports.js';

const TAG = 'timeline';

/** Interactions and actions of one account as rows of one form. Parameters: tenant, account, instant or null for all. */
const entriesOf = (comparison: '>=' | '<', ofInteraction = '', ofAction = '') => `
  select id, 'interaction' as kind, occurred_at as at, channel, direction, status, contact_name as person,
    subject as title, content as text, null::jsonb as outcome, null as failure ${ofInteraction}
  from interaction
  where tenant_id = $1 and account_id = $2 and ($3::timestamptz is null or occurred_at ${comparison} $3::timestamptz)
  union all
  select id, 'action', proposed_at, 'agent', null, status, null, action_type, coalesce(rationale, ''), outcome, failure
    ${ofAction}
  from action
  where tenant_id = $1 and account_id = $2 and ($3::timestamptz is null or proposed_at ${comparison} $3::timestamptz)`;

type Row = Omit<TimelineEntry, 'at'> & { readonly at: string | Date };

const parametersOf = (tx: Tx, { accountId, from }: TimelineRange) => [
  tx.tenantId,
  accountId,
  from?.toISOString() ?? null,
];

function positionOf(cursor: string | undefined, argument: 'after' | 'before'): readonly [string, string] | undefined {
  if (cursor === undefined) return undefined;
  const [at = '', id = ''] = decodeCursor(TAG, 2, cursor, argument);
  const time = new Date(at);
  if (isId(id) && !Number.isNaN(time.getTime()) && time.toISOString() === at && /^\d{4}-/.test(at)) return [at, id];
  throw foreignCursor(argument);
}

interface PeriodRow {
  readonly granularity: PeriodCounts['granularity'];
  readonly start: string | Date;
  readonly entries: number;
  readonly changedAt: string | Date | null;
  readonly inbound: number;
  readonly outbound: number;
  readonly peopleCount: number;
  readonly people: readonly string[] | null;
  readonly channels: Readonly<Record<string, number>>;
}

export const customerViewReader: CustomerViewReader = {
  async timeline(tx, range, args) {
    const { size, isLast } = pagingOf(args);
    const after = positionOf(args.after, 'after');
    const before = positionOf(args.before, 'before');
    const order = isLast ? 'desc' : 'asc';
    // One more than asked for tells whether there are more.
    const rows = await sqlOf(tx)<Row>(
      `select * from (${entriesOf('>=')}) as entry
       where ($4::timestamptz is null or (at, id) > ($4::timestamptz, $5::uuid))
         and ($6::timestamptz is null or (at, id) < ($6::timestamptz, $7::uuid))
       order by at ${order}, id ${order} limit $8`,
      [...parametersOf(tx, range), ...(after ?? [null, null]), ...(before ?? [null, null]), size + 1],
    );
    const entries = rows.map((row): TimelineEntry => ({ ...row, at: new Date(row.at) }));
    return pageOf(entries, args, ({ at, id }) => encodeCursor(TAG, [at.toISOString(), id]));
  },

  async timelineLength(tx, range) {
    const [row] = await sqlOf(tx)<{ n: number }>(
      `select count(*)::int as n from (${entriesOf('>=')}) as entry`,
      parametersOf(tx, range),
    );
    return row?.n ?? 0;
  },

  async periods(tx, accountId, { full, weekly }) {
    const rows = await sqlOf(tx)<PeriodRow>(
      `with
        entry as (
          select *, case when at >= $4::timestamptz then 'week' else 'month' end as granularity
          from (${entriesOf('<', ', updated_at as changed', ', null::timestamptz')}) as all_entries
        ),
        placed as (
          select *, date_trunc(granularity, at at time zone 'UTC') at time zone 'UTC' as start from entry
        ),
        counted as (
          select granularity, start, channel, count(*)::int as n from placed group by granularity, start, channel
        ),
        met as (
          select granularity, start, person, count(*) as n from placed where person is not null
          group by granularity, start, person
        )
      select p.granularity, p.start, count(*)::int as entries, max(p.changed) as "changedAt",
        (count(*) filter (where p.direction = 'inbound'))::int as inbound,
        (count(*) filter (where p.direction = 'outbound'))::int as outbound,
        (select count(*)::int from met m where m.granularity = p.granularity and m.start = p.start) as "peopleCount",
        (select json_agg(person) from (
           select person from met m where m.granularity = p.granularity and m.start = p.start
           order by n desc, person limit ${MAX_PEOPLE}) as most) as people,
        (select json_object_agg(channel, n) from counted c
           where c.granularity = p.granularity and c.start = p.start) as channels
      from placed p group by p.granularity, p.start order by p.start, p.granularity`,
      [tx.tenantId, accountId, full.toISOString(), weekly.toISOString()],
    );
    return rows.map(({ start, changedAt, people, channels, ...row }) => ({
      ...row,
      start: new Date(start),
      changedAt: changedAt === null ? null : new Date(changedAt),
      people: people ?? [],
      channels: TIMELINE_CHANNELS.flatMap((channel) => {
        const count = channels[channel];
        return count === undefined ? [] : [{ channel, count }];
      }),
    }));
  },
};
