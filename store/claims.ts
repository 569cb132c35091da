/**
 * Claims on the quantities of order lines and on a customer's day. Quantities go out in source order
 * whichever saga runs first; a grant once written never changes, and a saga run again finds its own.
 */
import { sql, type Generated } from 'kysely';
import type { Queryable } from './database.js';
import { parts } from './parts.js';

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
  for (const part of parts(inOrder))
    await q
      .insertInto('wish')
      .values(
        part.map((wish) => ({
          source: wish.source,
          return_no: wish.returnNo,
          version: wish.version,
          line_no: wish.lineNo,
          order_no: wish.orderNo,
          order_line: wish.orderLine,
          quantity: wish.quantity,
          source_time: wish.sourceTime,
          seq: String(wish.seq),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['source', 'return_no', 'version', 'line_no']).doUpdateSet((row) => ({
          order_no: row.ref('excluded.order_no'),
          order_line: row.ref('excluded.order_line'),
          quantity: row.ref('excluded.quantity'),
        })),
      )
      .execute();
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
        .where((row) =>
          row.or([row('grant.order_no', '!=', grant.orderNo), row('grant.order_line', '!=', grant.orderLine)]),
        ),
    )
    .execute();
}

/** The grants written for one version of a return: asked again, they are the answer. */
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

/** Forgets what a version was granted and gave back: it claims anew, when others may have the units. */
export async function forgetGivenBack(q: Queryable, source: string, returnNo: string, version: number): Promise<void> {
  await q
    .deleteFrom('grant')
    .where('source', '=', source)
    .where('return_no', '=', returnNo)
    .where('version', '=', version)
    .where('given_back_at', 'is not', null)
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
