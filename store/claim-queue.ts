/** Who stands in line for the units of an order line, in source order. */
import { sql } from 'kysely';
import type { Queryable } from './database.js';

/** One wish as it stands in the queue for an order line, with its grant if one is written. */
export interface StandingWish {
  source: string;
  returnNo: string;
  version: number;
  lineNo: number;
  quantity: number;
  /** The place its return took with the first version that asked for this order line. */
  sourceTime: string;
  seq: number;
  granted: { quantity: number; netMinor: string; taxMinor: string; currency: string } | null;
}

interface QueueRow {
  source: string;
  returnNo: string;
  version: number;
  lineNo: number;
  quantity: number;
  sourceTime: string;
  seq: string;
  granted: number | null;
  net: string | null;
  tax: string | null;
  currency: string | null;
}

/**
 * The queue for one order line: for each return its standing grants, or where it has none the wishes of its newest
 * version (unless that version's were given back). The return that asks is there with the version it asks for: its
 * saga may not have seen a newer one yet. Call it under the lock of the order line.
 */
export async function wishesFor(
  q: Queryable,
  { orderNo, orderLine }: { orderNo: string; orderLine: number },
  asking: { source: string; returnNo: string; version: number },
): Promise<StandingWish[]> {
  const { rows } = await sql<QueueRow>`
    with place as (
      select source, return_no, min(source_time) as source_time, min(seq) as seq from wish
      where order_no = ${orderNo} and order_line = ${orderLine} group by source, return_no),
    standing as (
      select * from "grant" where order_no = ${orderNo} and order_line = ${orderLine} and given_back_at is null),
    asking as (
      select w.source, w.return_no, w.version, w.line_no, w.quantity from wish w
      where w.order_no = ${orderNo} and w.order_line = ${orderLine} and w.quantity > 0
        and case when w.source = ${asking.source} and w.return_no = ${asking.returnNo}
          then w.version = ${asking.version}
          else w.version = (select max(n.version) from wish n
                            where n.source = w.source and n.return_no = w.return_no) end
        and not exists (select from standing s where s.source = w.source and s.return_no = w.return_no
                          and (s.version = w.version or s.return_no <> ${asking.returnNo}))
        and not exists (select from "grant" g where g.source = w.source and g.return_no = w.return_no
                          and g.version = w.version and g.line_no = w.line_no and g.given_back_at is not null)),
    queue as (
      select source, return_no, version, line_no, asked as quantity, granted, net_minor, tax_minor, currency
      from standing
      union all
      select source, return_no, version, line_no, quantity, null, null, null, null from asking)
    select queue.source, queue.return_no as "returnNo", queue.version, queue.line_no as "lineNo", queue.quantity,
      place.source_time as "sourceTime", place.seq, queue.granted, queue.net_minor as net, queue.tax_minor as tax,
      queue.currency
    from queue join place using (source, return_no)
    order by place.source_time, place.seq, queue.return_no, queue.line_no`.execute(q);
  return rows.map(toStanding);
}

const toStanding = ({ granted, net, tax, currency, ...row }: QueueRow): StandingWish => ({
  ...row,
  seq: Number(row.seq),
  granted:
    granted === null
      ? null
      : { quantity: granted, netMinor: net ?? '0', taxMinor: tax ?? '0', currency: currency ?? '' },
});
