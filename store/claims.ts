/**
 * Claims on the quantities of order lines and on a customer's day. Quantities go out in source order
 * whichever saga runs first; a grant once written never changes, and a saga run again finds its own.
 */
import { sql, type Generated } from 'kysely';
import type { Queryable } from './database.js';

export interface ClaimTables {
  wish: {
    source: string;
    return_no: string;
    version: number;
    line_no: number;
    order_no: string;
    order_line: number;
    quantity: number;
    source_time: string;
    seq: string;
  };
  grant: {
    source: string;
    return_no: string;
    version: number;
    line_no: number;
    order_no: string;
    order_line: number;
    asked: number;
    units_left: number;
    granted: number;
    net_minor: string;
    tax_minor: string;
    currency: string;
    siblings: unknown;
    granted_at: Generated<string>;
    given_back_at: string | null;
    given_back_why: string | null;
  };
  customer_day: {
    customer: string;
    business_date: string;
    source: string;
    return_no: string;
    place: number;
    amount_minor: string;
    currency: string;
    total_minor: string;
    given_back_at: string | null;
  };
}

/** What one line of one version of a return asks of an order line. 0 units: that version takes its wish back. */
export interface Wish {
  source: string;
  returnNo: string;
  version: number;
  lineNo: number;
  orderNo: string;
  orderLine: number;
  quantity: number;
  /** When it happened at its source; earlier claims first. */
  sourceTime: string;
  seq: number;
}

/**
 * Writes wishes. One that is there already for the same line follows its order line: a person may have corrected
 * which order it belongs to.
 */
export async function insertWishes(q: Queryable, wishes: readonly Wish[]): Promise<void> {
  const inOrder = [...wishes].sort(
    (a, b) => a.returnNo.localeCompare(b.returnNo) || a.version - b.version || a.lineNo - b.lineNo,
  );
  for (const wish of inOrder)
    await q
      .insertInto('wish')
      .values({
        source: wish.source,
        return_no: wish.returnNo,
        version: wish.version,
        line_no: wish.lineNo,
        order_no: wish.orderNo,
        order_line: wish.orderLine,
        quantity: wish.quantity,
        source_time: wish.sourceTime,
        seq: String(wish.seq),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['source', 'return_no', 'version', 'line_no'])
          .doUpdateSet({ order_no: wish.orderNo, order_line: wish.orderLine, quantity: wish.quantity }),
      )
      .execute();
}

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
  const { rows } = await sql<{
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
  }>`
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
  return rows.map((row) => ({
    source: row.source,
    returnNo: row.returnNo,
    version: row.version,
    lineNo: row.lineNo,
    quantity: row.quantity,
    sourceTime: row.sourceTime,
    seq: Number(row.seq),
    granted:
      row.granted === null
        ? null
        : {
            quantity: row.granted,
            netMinor: row.net ?? '0',
            taxMinor: row.tax ?? '0',
            currency: row.currency ?? '',
          },
  }));
}

export interface WrittenGrant {
  source: string;
  returnNo: string;
  version: number;
  lineNo: number;
  orderNo: string;
  orderLine: number;
  asked: number;
  left: number;
  granted: number;
  netMinor: string;
  taxMinor: string;
  currency: string;
  siblings: { returnNo: string; quantity: number }[];
}

/** Writes a grant. One that is there for the same order line stays; a line moved to another order line gets its new one. */
export async function writeGrant(q: Queryable, grant: WrittenGrant): Promise<void> {
  const values = {
    order_no: grant.orderNo,
    order_line: grant.orderLine,
    asked: grant.asked,
    units_left: grant.left,
    granted: grant.granted,
    net_minor: grant.netMinor,
    tax_minor: grant.taxMinor,
    currency: grant.currency,
    siblings: JSON.stringify(grant.siblings),
    given_back_at: null,
    given_back_why: null,
  };
  await q
    .insertInto('grant')
    .values({
      ...values,
      source: grant.source,
      return_no: grant.returnNo,
      version: grant.version,
      line_no: grant.lineNo,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['source', 'return_no', 'version', 'line_no'])
        .doUpdateSet(values)
        .where(({ eb, or }) =>
          or([
            eb('grant.order_no', '!=', grant.orderNo),
            eb('grant.order_line', '!=', grant.orderLine),
          ]),
        ),
    )
    .execute();
}

/** The grants written for one version of a return, given back or not: asked again, they are the answer. */
export async function grantsOf(
  q: Queryable,
  source: string,
  returnNo: string,
  version: number,
): Promise<WrittenGrant[]> {
  const rows = await q
    .selectFrom('grant')
    .selectAll()
    .where('source', '=', source)
    .where('return_no', '=', returnNo)
    .where('version', '=', version)
    .orderBy('line_no')
    .execute();
  return rows.map((row) => ({
    source: row.source,
    returnNo: row.return_no,
    version: row.version,
    lineNo: row.line_no,
    orderNo: row.order_no,
    orderLine: row.order_line,
    asked: row.asked,
    left: row.units_left,
    granted: row.granted,
    netMinor: row.net_minor,
    taxMinor: row.tax_minor,
    currency: row.currency,
    siblings: row.siblings as WrittenGrant['siblings'],
  }));
}

/** Order lines on which a return holds units now. */
export async function orderLinesOf(
  q: Queryable,
  source: string,
  returnNo: string,
): Promise<{ orderNo: string; orderLine: number }[]> {
  return q
    .selectFrom('grant')
    .select(['order_no as orderNo', 'order_line as orderLine'])
    .distinct()
    .where('source', '=', source)
    .where('return_no', '=', returnNo)
    .where('given_back_at', 'is', null)
    .execute();
}

/** Gives grants of a return back: all, or those of versions before `before`. Answers how many units came free. */
export async function giveBackGrants(
  q: Queryable,
  back: { source: string; returnNo: string; why: string; before?: number },
): Promise<number> {
  const rows = await q
    .updateTable('grant')
    .set({ given_back_at: sql<string>`clock_timestamp()`, given_back_why: back.why })
    .where('source', '=', back.source)
    .where('return_no', '=', back.returnNo)
    .where('given_back_at', 'is', null)
    .where('version', '<', back.before ?? 2_000_000_000)
    .returning('granted')
    .execute();
  return rows.reduce((sum, row) => sum + row.granted, 0);
}
