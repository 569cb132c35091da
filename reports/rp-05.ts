/** RP-05: purchase orders line by line for payables, and goods received, not invoiced. */
import { sql } from 'kysely';
import { sentenceFor } from '../store/desk-read.js';
import type { Queryable } from '../store/database.js';
import type { OrderStatus } from '../store/purchase-orders.js';
import { ageMs } from './age.js';
import { payableOf, type BilledLine } from './payable.js';
import { receivedNotInvoiced } from './received-not-invoiced.js';
import {
  amount,
  duration,
  partOf,
  text,
  units,
  type Part,
  type ReportBody,
  type ReportOptions,
  type Row,
} from './report.js';

const COLUMNS = [
  ...[text('po', 'purchase order'), units('line'), text('supplier'), text('article')],
  ...[units('ordered'), units('received'), units('returned'), units('invoiced'), units('open')],
  ...[units('givenUp', 'never arrives'), amount('payable', 'payable now'), amount('blocked')],
  ...[text('why', 'blocked why'), text('receiving', 'for receiving'), text('invoice', 'for invoice')],
  ...[duration('since', 'received, still open for'), text('cases', 'open discrepancies')],
];

interface LineRow {
  po_no: string;
  po_line: number;
  supplier: string;
  status: OrderStatus;
  currency: string;
  unit_cost: string;
  article: string;
  ordered: number;
  received: number;
  returned: number;
  invoiced: number;
  open: number;
  given_up: number;
  given_up_by: string | null;
  first_receipt: string | null;
  modified_at: string;
  billed: BilledLine[];
  cases: { id: string; code: string }[];
}

/**
 * Orders not done with (open for receiving or for invoice), those changed since `from`, and the one asked for by number.
 * Deliveries of an order: those that name it, and those a person gave to it.
 */
const lines = ({ about, from, owner, limit }: ReportOptions) => sql<LineRow>`
  select o.po_no, l.po_line, o.supplier, o.status, o.currency, l.unit_cost, coalesce(i.code, l.item) as article,
    l.ordered, l.received, l.returned, l.invoiced, l.open, o.modified_at,
    coalesce(g.units, 0)::int as given_up, g.people as given_up_by, r.first_receipt,
    coalesce((select jsonb_agg(jsonb_build_object('invoiceNo', v.invoice_no, 'currency', v.currency, 'units', b.units,
        'unitPrice', b.unit_price::text) order by v.place, b.line)
      from supplier_invoice v join supplier_invoice_line b using (po_no, place)
      where v.po_no = o.po_no and b.po_line = l.po_line), '[]') as billed,
    coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'code', c.code) order by c.opened_at, c.id)
      from "case" c where c.state in ('open', 'acknowledged', 'investigating', 'waiting')
        and (${owner}::text is null or c.owner = ${owner})
        and (c.business_key = o.po_no or c.business_key in (
          select e.source_id from event e where e.kind = 'goods-in' and e.document_id = 'PURCHASE_ORDER/' || o.po_no
          union select k.goods_in_no from receipt_claim k where k.po_no = o.po_no and k.given_back_at is null))), '[]') as cases
  from purchase_order o join purchase_order_line l using (po_no)
    left join item i on i.item_key = l.item
    left join lateral (select sum(u.units) as units, string_agg(distinct u."by", ', ') as people from receipt_given_up u
      where u.po_no = o.po_no and u.po_line = l.po_line and u.withdrawn_at is null) g on true
    left join lateral (select min(p.settled_at) as first_receipt from posting p
      where p.kind = 'po-receipt' and p.operation = 'create' and p.state = 'posted'
        and p.content -> 'document' ->> 'poNo' = o.po_no) r on true
  where (o.status in ('open', 'closed-for-receiving') or o.modified_at >= ${from}::date or o.po_no = ${about})
    and (${about}::text is null or o.po_no = ${about} or o.supplier = ${about})
  order by o.supplier, o.po_no, l.po_line limit ${limit + 1}`;

function receivingOf({ status, given_up, given_up_by }: LineRow): string {
  if (status === 'open') return 'open';
  if (status === 'cancelled') return 'cancelled';
  return given_up === 0 ? 'closed' : `closed by decision of ${given_up_by ?? ''}: ${given_up} never arrive`;
}

const INVOICE: Record<OrderStatus, string> = {
  open: 'open',
  'closed-for-receiving': 'open',
  closed: 'closed',
  cancelled: 'cancelled',
};

function toRow(row: LineRow, now: Date): Row {
  const { payable, blocked, why } = payableOf({ ...row, unitCost: row.unit_cost }, row.billed);
  const stillOpen = row.status === 'open' && row.received > 0;
  return {
    ...{ po: row.po_no, line: row.po_line, supplier: row.supplier, article: row.article, ordered: row.ordered },
    ...{ received: row.received, returned: row.returned, invoiced: row.invoiced, open: row.open },
    ...{ givenUp: row.given_up, payable, blocked, why, receiving: receivingOf(row), invoice: INVOICE[row.status] },
    since: stillOpen ? ageMs(row.first_receipt ?? row.modified_at, now) : null,
    cases: row.cases.map(({ id, code }) => `${id} ${sentenceFor(code)} (${code})`).join('; '),
  };
}

/** Lines of the orders asked for, as payables read them. */
export async function orderLines(q: Queryable, options: ReportOptions): Promise<Part> {
  const { rows } = await lines(options).execute(q);
  return partOf(
    { name: 'lines', title: 'Purchase orders by line: what may be paid now', columns: COLUMNS },
    rows.map((row) => toRow(row, options.now)),
    options.limit,
    ['line'],
  );
}

const MOST_NAMED = 10;
/** One sentence that names the first ten orders; nothing where there is none. */
const named = (what: string, rows: readonly { po_no: string }[]): string[] =>
  rows.length === 0
    ? []
    : [
        `${what}: ${rows
          .slice(0, MOST_NAMED)
          .map(({ po_no }) => po_no)
          .join(', ')}${rows.length > MOST_NAMED ? ' and more' : ''}.`,
      ];

/** How fresh the ERP's own figures are, and what is missing of them. */
async function freshness(q: Queryable): Promise<string[]> {
  const { rows } = await sql<{ state: string; last: string | null }>`
    select state, last_read_ok_at as last from feed_cursor where feed = 'blue-cherry.purchase-orders'`.execute(q);
  const [feed] = rows;
  const { rows: unknown } = await sql<{ po_no: string }>`
    select distinct c.po_no from receipt_claim c where c.given_back_at is null
      and not exists (select from purchase_order o where o.po_no = c.po_no) order by 1 limit 11`.execute(q);
  const { rows: older } = await sql<{ po_no: string }>`
    select distinct o.po_no from purchase_order o join posting p on p.content -> 'document' ->> 'poNo' = o.po_no
    where p.kind = 'po-receipt' and p.state in ('posted', 'reversed') and p.settled_at > o.read_at
    order by 1 limit 11`.execute(q);
  return [
    feed?.state === 'running' && feed.last !== null
      ? `The ERP's figures are those of the feed blue-cherry.purchase-orders, last read ${feed.last}.`
      : "The ERP's figures are old or not there: the feed blue-cherry.purchase-orders does not read. See selvedge feed.",
    ...named("Received here, and the ERP's order was not read yet", unknown),
    ...named('A receipt was posted after the order was last read, which shows it within minutes', older),
  ];
}

/** Reads the report. */
export async function receiptStatus(q: Queryable, options: ReportOptions): Promise<ReportBody> {
  const accrued = await receivedNotInvoiced(q, options);
  return { parts: [await orderLines(q, options), accrued.part], notes: [...(await freshness(q)), ...accrued.notes] };
}
