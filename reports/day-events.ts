/** What came in on a day and what became of each of it: the rows under the daily control sheet (RP-23). */
import { sql } from 'kysely';
import type { Queryable } from '../store/database.js';
import type { Span } from './days.js';

/** The five ways of what was received; every row of the inbox is in exactly one. */
export type Outcome = 'posted' | 'held' | 'waiting' | 'no effect' | 'adopted';

/** One row of the inbox with its saga, what that posted, and who is asked. Amounts are decimal text, null where none is stated. */
export interface DayEvent {
  source: string;
  kind: string;
  key: string;
  version: number;
  state: 'new' | 'started' | 'ignored' | 'malformed';
  units: string | null;
  /** As its source states it, net of tax. */
  net: string | null;
  currency: string | null;
  /** Of the units granted, minor units. */
  tax: string | null;
  newest: number;
  finished_version: number | null;
  outcome: string | null;
  workflow_id: string | null;
  adopted: boolean;
  documents: number;
  posted_units: string | null;
  posted_net: string | null;
  posted_tax: string | null;
  posted_currency: string | null;
  /** Somebody was told of a row that cannot be read. */
  told: boolean;
  /** The case somebody is asked in, if any: `C-12 finance`. */
  asked: string | null;
  decided: string | null;
}

/** Eaches of a delivery; a carton's are the item master's, a prepack's those of its row. Null: nobody has stated them. */
const EACHES = sql`(select case when count(*) = count(x.each) then sum((l ->> 'received')::numeric * x.each) end
  from jsonb_array_elements(e.payload -> 'lines') l cross join lateral (select case l ->> 'uom' when 'EA' then 1
    when 'PPK' then (select sum(split_part(c, '=', 2)::int) from prepack_mapping m, unnest(m.contents) c
      where m.source = e.source and m.prepack = l ->> 'sku' and m.state = 'confirmed'
        and daterange(m.valid_from, m.valid_to, '[]') @> coalesce(e.source_time, e.received_at)::date)
    else (select max(i.units_per_case) from item i where i.code = l ->> 'sku') end as each) x)`;

/** Units and money of a row as its source states them. */
export const MEASURES = sql`
  case when e.state = 'malformed' then null
    when e.kind = 'return' then (select coalesce(sum((l ->> 'quantity')::numeric) filter (where l ->> 'kind' = 'GOODS'), 0)
      from jsonb_array_elements(e.payload -> 'lines') l)
    when e.kind = 'goods-in' then ${EACHES}
    when e.kind = 'purchase-order' then (select sum((l ->> 'ordered')::numeric - (l ->> 'cancelled')::numeric)
      from jsonb_array_elements(e.payload -> 'lines') l)
    when e.kind = 'movement' then (e.payload ->> 'quantity')::numeric end as units,
  case when e.kind = 'return' and e.state <> 'malformed' then
    (select sum((l ->> 'quantity')::numeric * (l ->> 'refundUnitPrice')::numeric) from jsonb_array_elements(e.payload -> 'lines') l)
    - coalesce((select sum((d ->> 'amount')::numeric) from jsonb_array_elements(e.payload -> 'deductions') d), 0) end as net,
  case when e.kind = 'return' and e.state <> 'malformed' then e.payload ->> 'currency' end as currency,
  (select sum(g.tax_minor) from "grant" g where e.kind = 'return' and g.source = e.source and g.return_no = e.source_id
    and g.version = e.version) as tax`;

/** Rows received in the span. */
export const RECEIVED = ({ since, until }: Span) => sql`
  event e where e.received_at >= ${since}::timestamptz and e.received_at < ${until}::timestamptz`;

/** Every row of the span, one each, at most `limit`. */
export async function dayEvents(q: Queryable, span: Span, limit: number): Promise<DayEvent[]> {
  const { rows } = await sql<DayEvent>`
    with came as (
      select e.id, e.source, e.kind, e.source_id as key, e.version, e.state, e.raised_at is not null as told, ${MEASURES} from ${RECEIVED(span)}
    )
    select c.source, c.kind, c.key, c.version, c.state, c.told, c.units::text, c.net::text, c.currency, c.tax::text, n.newest,
      k.finished_version, k.outcome, k.workflow_id, coalesce(p.adopted, false) as adopted, coalesce(p.documents, 0)::int as documents,
      p.units::text as posted_units, p.net::text as posted_net, p.tax::text as posted_tax, p.currency as posted_currency,
      a.asked, d.decided
    from came c
      left join lateral (select max(o.version) as newest from event o where o.source = c.source and o.kind = c.kind
        and o.source_id = c.key and o.state in ('new', 'started')) n on true
      left join lateral (select f.workflow_id, f.finished_version, f.result ->> 'outcome' as outcome from event_claim f
        where f.source = c.source and f.kind = c.kind and f.key = c.key and f.version <= c.version
          and (f.finished_at is null or c.version <= coalesce(f.finished_version, f.version))
        order by f.version desc limit 1) k on true
      left join lateral (select bool_or(p.adopted) as adopted, count(*) as documents,
          sum(m.net) as net, sum(m.tax) as tax, sum(m.units) as units,
          max(p.content -> 'document' -> 'total' ->> 'currency') as currency
        from posting p cross join lateral (
          select sum((l -> 'net' ->> 'minor')::numeric) as net, sum((l -> 'tax' ->> 'minor')::numeric) as tax,
            sum((l ->> 'quantity')::numeric) filter (where p.kind = 'po-receipt') as units
          from jsonb_array_elements(p.content -> 'document' -> 'lines' || coalesce(p.content -> 'document' -> 'charges', '[]')) l
        ) m
        where p.workflow_id = k.workflow_id and p.operation = 'create' and p.state in ('posted', 'reversed')) p on true
      left join lateral (select string_agg(x.id || ' ' || x.owner, ', ' order by x.id) as asked from "case" x
        where x.state in ('open', 'acknowledged', 'investigating', 'waiting')
          and (x.workflow_id = coalesce(k.workflow_id, 'inbox:' || c.id)
            or exists (select from case_hold h where h.case_id = x.id and h.workflow_id = k.workflow_id and h.released_at is null))) a on true
      left join lateral (select string_agg(y.question || ' ' || y.choice || ' by ' || y."by", ', ' order by y.recorded_at) as decided
        from decision y where y.workflow_id = k.workflow_id and y.state = 'accepted' and y.choice <> 'retry') d on true
    order by c.source, c.kind, c.key, c.version limit ${limit + 1}`.execute(q);
  return rows;
}

/** Ends of a saga that posted something; any other end left the ERP's books as they were. */
const POSTED = new Set(['posted', 'posted-with-write-off', 'received', 'reversed']);
/** Announcements are no postings: what the warehouse was told has had its effect. */
const ANNOUNCED = new Set(['announced', 'amended', 'cancelled']);

/** Where a row stands. A version that a later one replaced before its saga was done has no effect of its own. */
export function outcomeOf(event: DayEvent): Outcome {
  const { state, kind, version, newest, outcome, finished_version, asked } = event;
  if (state === 'malformed') return asked !== null ? 'held' : event.told ? 'no effect' : 'waiting';
  if (state === 'ignored') return 'no effect';
  if (state === 'new') return 'waiting';
  // A movement proves a document and is none of its own.
  if (kind === 'movement') return 'no effect';
  if (finished_version === null) return version < newest ? 'no effect' : asked === null ? 'waiting' : 'held';
  if (version < finished_version) return 'no effect';
  if (event.adopted) return 'adopted';
  if (kind === 'purchase-order') return ANNOUNCED.has(outcome ?? '') ? 'posted' : 'no effect';
  return POSTED.has(outcome ?? '') ? 'posted' : 'no effect';
}
