/** RP-04: returns whose two halves do not stand together: one posted, none posted, refunded without goods, two periods. */
import { sql } from 'kysely';
import { maskedAbout } from '../domain/mask.js';
import { extend, type Money } from '../domain/money.js';
import type { Queryable } from '../store/database.js';
import { ageMs } from './age.js';
import { spanOf, type Span } from './days.js';
import {
  amount,
  date,
  duration,
  instant,
  moneyOf,
  partOf,
  text,
  units,
  type Part,
  type ReportBody,
  type ReportOptions,
} from './report.js';

/** How far back returns in two periods are shown unless told: into the month before. */
const DAYS_BACK = 45;
const COLUMNS = [
  ...[
    text('return'),
    text('finding'),
    text('sentence', 'what it is'),
    text('order'),
    text('location'),
    instant('processed'),
  ],
  ...[duration('age'), text('credit', 'credit memos'), date('creditDate', 'credited on'), text('goods', 'adjustments')],
  ...[date('goodsDate', 'back in stock on'), amount('revenue'), amount('tax'), amount('cost'), units('units')],
  ...[text('owner'), text('cases', 'open cases')],
];
const SUMMARY = [
  ...[
    text('finding'),
    text('sentence', 'what it is'),
    units('returns'),
    units('units'),
    amount('revenue'),
    amount('tax'),
  ],
  amount('cost'),
];

type Finding = 'half-posted' | 'not-posted' | 'refunded-without-goods' | 'two-periods';
const SENTENCES: Record<Finding, string> = {
  'half-posted': 'Only one half of the return is posted',
  'not-posted': 'Completed in the warehouse, nothing posted',
  'refunded-without-goods': 'Refunded, goods not received',
  'two-periods': 'Credit and goods are in two periods',
};
/** Who is asked when no case names anybody. */
const OWNERS: Record<Finding, string> = {
  'half-posted': 'finance',
  'not-posted': 'finance',
  'refunded-without-goods': 'warehouse',
  'two-periods': 'finance',
};

type CaseNamed = Record<'id' | 'title' | 'customer', string>;
interface FindingRow {
  return_no: string;
  finding: Finding;
  orders: string;
  location: string;
  source_time: string;
  credits: string | null;
  credit_date: string | null;
  goods: string | null;
  goods_date: string | null;
  currency: string | null;
  net: string | null;
  tax: string | null;
  cost: string | null;
  units: number;
  owner: string | null;
  cases: CaseNamed[] | null;
}

/** What is in place, and what is asked for and not there yet, of each return; amounts of the documents, posted or on their way. */
const HALVES = sql`
  halves as (
    select split_part(p.workflow_id, ':', 3) as return_no,
      count(*) filter (where credit and placed) as credits_in, count(*) filter (where credit and not placed) as credits_open,
      count(*) filter (where not credit and placed) as goods_in, count(*) filter (where not credit and not placed) as goods_open,
      string_agg(p.number, ', ' order by p.number) filter (where credit and placed) as credits,
      string_agg(p.number, ', ' order by p.number) filter (where not credit and placed) as goods,
      max(p.business_date) filter (where credit and placed) as credit_date,
      max(p.business_date) filter (where not credit and placed) as goods_date,
      array_agg(distinct left(p.business_date::text, 7)) filter (where placed) as periods,
      sum(d.net) filter (where credit) as net, sum(d.tax) filter (where credit) as tax,
      max(p.content -> 'document' -> 'total' ->> 'currency') filter (where credit) as currency,
      sum(d.cost) filter (where not credit) as cost
    from (select *, kind = 'credit-memo' as credit, state = 'posted' as placed from posting
        where operation = 'create' and kind in ('credit-memo', 'stock-adjustment') and workflow_id like 'return-to-stock%'
          and state in ('intended', 'sent', 'accepted', 'posted', 'rejected')) p
      cross join lateral (
        select sum((l -> 'net' ->> 'minor')::numeric) as net, sum((l -> 'tax' ->> 'minor')::numeric) as tax,
          sum((l ->> 'quantity')::numeric * coalesce((l ->> 'unitCost')::numeric, i.standard_cost)) as cost
        from jsonb_array_elements((p.content -> 'document' -> 'lines') || coalesce(p.content -> 'document' -> 'charges', '[]')) l
          left join item i on i.item_key = l ->> 'item') d
    group by 1
  )`;

/** The newest version of each return, with what its source says: goods to come back, goods that moved, money paid. */
const RETURNS = sql`
  newest as (
    select distinct on (source_id) source, source_id as return_no, version, payload, coalesce(source_time, received_at) as source_time
    from event where kind = 'return' and state in ('new', 'started') order by source_id, version desc
  ), returns as (
    select n.*, g.units, g.orders, g.units > 0 as goods_needed, n.payload ->> 'state' as source_state,
      n.payload -> 'refund' ->> 'state' = 'REFUNDED' as refunded,
      n.payload ->> 'restockState' = 'RESTOCKED' or exists (select from event m where m.kind = 'movement'
        and m.document_id = 'RETURN/' || n.return_no and m.payload ->> 'type' in ('RETURN_RESTOCK', 'RETURN_QUARANTINE')) as came_back,
      not exists (select from event_claim c where c.kind = 'return' and c.key = n.return_no and c.finished_at is not null)
        or exists (select from event_claim c where c.kind = 'return' and c.key = n.return_no and c.finished_at is null) as unfinished
    from newest n cross join lateral (
      select coalesce(sum((l ->> 'quantity')::int) filter (where l ->> 'kind' = 'GOODS' and l ->> 'disposition' <> 'NONE'), 0)::int as units,
        coalesce(string_agg(distinct nullif(l ->> 'orderNo', ''), ', '), '') as orders
      from jsonb_array_elements(n.payload -> 'lines') l) g
  )`;

const FOUND = ({ about, owner, limit }: ReportOptions, span: Span) => sql<FindingRow>`
  with ${HALVES}, ${RETURNS}, found as (
    select r.*, h.credits, h.credit_date, h.goods, h.goods_date, h.currency, h.net, h.tax, h.cost,
      coalesce(h.credits_in, 0) > 0 as credited, coalesce(h.goods_in, 0) > 0 as restocked,
      coalesce(h.credits_in, 0) = 0 or h.credits_open > 0 as credit_missing,
      (r.goods_needed and coalesce(h.goods_in, 0) = 0) or coalesce(h.goods_open, 0) > 0 as goods_missing,
      coalesce(cardinality(h.periods), 0) > 1 as two_periods
    from returns r left join halves h using (return_no)
    where ${about}::text is null or r.return_no = ${about} or r.orders = ${about}
  )
  select f.return_no, x.finding, f.orders, f.payload ->> 'location' as location, f.source_time, f.credits, f.credit_date, f.goods,
    f.goods_date, coalesce(f.currency, g.currency) as currency, coalesce(f.net, g.net)::text as net,
    coalesce(f.tax, g.tax)::text as tax, coalesce(f.cost, w.cost)::text as cost, f.units, c.owner, c.cases
  from found f cross join lateral (values
      ('half-posted', f.unfinished and (f.credited or f.restocked) and (f.credit_missing or f.goods_missing)),
      ('not-posted', f.unfinished and not f.credited and not f.restocked and f.source_state <> 'WITHDRAWN'),
      ('refunded-without-goods', (f.credited or f.refunded) and f.source_state = 'PROCESSED' and f.goods_needed and not f.came_back),
      ('two-periods', f.credited and f.restocked and f.two_periods
        and greatest(f.credit_date, f.goods_date) between ${span.from}::date and ${span.to}::date)) as x (finding, holds)
    left join lateral (select max(k.currency) as currency, sum(k.net_minor) as net, sum(k.tax_minor) as tax from "grant" k
      where k.source = f.source and k.return_no = f.return_no and k.version = f.version and k.given_back_at is null) g on true
    left join lateral (select sum((l ->> 'quantity')::numeric * i.standard_cost) as cost
      from jsonb_array_elements(f.payload -> 'lines') l join item i on i.code = l ->> 'sku'
      where l ->> 'kind' = 'GOODS' and l ->> 'disposition' <> 'NONE') w on true
    left join lateral (select min(k.owner) as owner, jsonb_agg(jsonb_build_object('id', k.id, 'title', k.title, 'customer', k.customer) order by k.opened_at) as cases
      from "case" k where k.business_key = f.return_no and k.state in ('open', 'acknowledged', 'investigating', 'waiting')) c on true
  where x.holds and (${owner}::text is null or coalesce(c.owner, case x.finding when 'refunded-without-goods' then 'warehouse' else 'finance' end) = ${owner})
  order by x.finding, f.source_time, f.return_no limit ${limit + 1}`;

/** Which half is missing, in words. */
function sentenceOf({ finding, credits, goods }: FindingRow): string {
  if (finding !== 'half-posted') return SENTENCES[finding];
  if (credits !== null && goods === null) return 'Credit posted, goods not yet back in stock';
  return credits === null ? 'Goods back in stock, no credit posted' : 'Posted in part';
}

const casesText = (cases: readonly CaseNamed[]): string =>
  cases.map(({ id, title, customer }) => `${id} ${maskedAbout(title, customer)}`).join('; ');

/** Cost as the item master states it, to the minor unit. */
const costOf = (cost: string | null, base: string): Money | null =>
  cost === null ? null : extend(cost.replace(/(\.\d{6})\d+$/, '$1'), 1, base);

async function each(q: Queryable, options: ReportOptions, span: Span): Promise<Part> {
  const { rows } = await FOUND(options, span).execute(q);
  return partOf(
    { name: 'returns', title: 'Returns whose halves do not stand together', columns: COLUMNS },
    rows.map((row) => ({
      ...{ return: row.return_no, finding: row.finding, sentence: sentenceOf(row), order: row.orders },
      ...{ location: row.location, processed: row.source_time, age: ageMs(row.source_time, options.now) },
      ...{ credit: row.credits ?? '', creditDate: row.credit_date, goods: row.goods ?? '', goodsDate: row.goods_date },
      ...{ revenue: moneyOf(row.net, row.currency), tax: moneyOf(row.tax, row.currency) },
      ...{ cost: costOf(row.cost, options.baseCurrency), units: row.units },
      ...{ owner: row.owner ?? OWNERS[row.finding], cases: casesText(row.cases ?? []) },
    })),
    options.limit,
  );
}

/** The same by finding; its amounts are the totals of each, one row a currency. */
function summaryOf(part: Part): Part {
  const rows = (Object.keys(SENTENCES) as Finding[]).flatMap((finding) => {
    const mine = partOf(
      part,
      part.rows.filter((row) => row['finding'] === finding),
      part.rows.length + 1,
    );
    return mine.totals.map((total, index) => ({
      ...{
        finding,
        sentence: SENTENCES[finding],
        returns: index === 0 ? mine.rows.length : 0,
        units: total['units'] ?? null,
      },
      ...{ revenue: total['revenue'] ?? null, tax: total['tax'] ?? null, cost: total['cost'] ?? null },
    }));
  });
  return { name: 'by-finding', title: 'By finding', columns: SUMMARY, rows, totals: [], cutOff: part.cutOff };
}

/** Reads the report. */
export async function brokenReturns(q: Queryable, options: ReportOptions): Promise<ReportBody> {
  const span = spanOf(options, DAYS_BACK);
  const part = await each(q, options, span);
  return {
    parts: [summaryOf(part), part],
    notes: [
      `Returns in two periods are those whose later half is dated from ${span.from} to ${span.to}; the others are all there are.`,
      "Revenue and tax are those of the credit memo, posted or on its way, else of the units granted; cost is the adjustment's, else the item master's. What is not known yet is empty.",
    ],
  };
}
