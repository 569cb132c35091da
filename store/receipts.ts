/**
 * What deliveries were granted of their purchase orders and what of an order never arrives. Read and
 * written under the lock of the order.
 */
import { sql, type Generated } from 'kysely';
import type { Queryable } from './database.js';
import { lockFor } from './locks.js';

export interface ReceiptTables {
  receipt_grant: {
    source: string;
    goods_in_no: string;
    version: number;
    line_no: number;
    po_no: string;
    po_line: number;
    item: string;
    quality: 'first' | 'irregular';
    units: number;
    granted_at: Generated<string>;
    given_back_at: string | null;
    given_back_why: string | null;
  };
  receipt_given_up: {
    source: string;
    goods_in_no: string;
    version: number;
    po_no: string;
    po_line: number;
    units: number;
    by: string;
    why: string;
    at: Generated<string>;
    withdrawn_at: string | null;
  };
}

/** One version of a delivery. */
export interface DeliveryKey {
  source: string;
  goodsInNo: string;
  version: number;
}
export interface StoredGrant {
  lineNo: number;
  poLine: number;
  item: string;
  quality: 'first' | 'irregular';
  units: number;
}

/** The lock of an order's quantities, until the transaction ends. */
export const lockOrder = (tx: Queryable, poNo: string): Promise<void> => lockFor(tx, 'purchase-order', [poNo]);

/** Standing grants on an order, by delivery: `source/number`. */
export async function grantsOnOrder(
  q: Queryable,
  poNo: string,
): Promise<Map<string, { version: number; grants: StoredGrant[] }>> {
  const rows = await q
    .selectFrom('receipt_grant')
    .selectAll()
    .where('po_no', '=', poNo)
    .where('given_back_at', 'is', null)
    .orderBy('line_no')
    .orderBy('po_line')
    .execute();
  const found = new Map<string, { version: number; grants: StoredGrant[] }>();
  for (const row of rows) {
    const key = `${row.source}/${row.goods_in_no}`;
    const { line_no: lineNo, po_line: poLine, item, quality, units } = row;
    const entry = found.get(key) ?? { version: row.version, grants: [] };
    entry.grants.push({ lineNo, poLine, item, quality, units });
    found.set(key, entry);
  }
  return found;
}

/** Replaces what a delivery holds on an order by these grants: what is the same stays as it was written. */
export async function writeGrants(
  tx: Queryable,
  { source, goodsInNo, version }: DeliveryKey,
  poNo: string,
  grants: readonly StoredGrant[],
): Promise<void> {
  const standing = (await grantsOnOrder(tx, poNo)).get(`${source}/${goodsInNo}`);
  const same = (a: StoredGrant, b: StoredGrant): boolean =>
    a.lineNo === b.lineNo && a.poLine === b.poLine && a.item === b.item && a.units === b.units;
  if (
    standing?.version === version &&
    standing.grants.length === grants.length &&
    grants.every((grant) => standing.grants.some((each) => same(each, grant)))
  )
    return;
  await giveBackReceipt(tx, { source, goodsInNo, why: `version ${version} claims anew`, poNo });
  if (grants.length === 0) return;
  await tx
    .insertInto('receipt_grant')
    .values(
      grants.map(({ lineNo, poLine, item, quality, units }) => ({
        ...{ source, goods_in_no: goodsInNo, version, line_no: lineNo, po_no: poNo, po_line: poLine },
        ...{ item, quality, units, given_back_at: null, given_back_why: null },
      })),
    )
    .execute();
}

/** Gives back what a delivery holds, on one order or on all. */
export async function giveBackReceipt(
  q: Queryable,
  { source, goodsInNo, why, poNo }: { source: string; goodsInNo: string; why: string; poNo?: string },
): Promise<void> {
  await q
    .updateTable('receipt_grant')
    .set({ given_back_at: sql<string>`clock_timestamp()`, given_back_why: why })
    .where('source', '=', source)
    .where('goods_in_no', '=', goodsInNo)
    .where('given_back_at', 'is', null)
    .$if(poNo !== undefined, (query) => query.where('po_no', '=', poNo ?? ''))
    .execute();
}

/** What of an order never arrives, by line, over all its deliveries. */
export async function givenUpOn(q: Queryable, poNo: string): Promise<{ poLine: number; units: number }[]> {
  const rows = await q
    .selectFrom('receipt_given_up')
    .select(['po_line as poLine', (eb) => eb.fn.sum<string>('units').as('units')])
    .where('po_no', '=', poNo)
    .where('withdrawn_at', 'is', null)
    .groupBy('po_line')
    .orderBy('po_line')
    .execute();
  return rows.map(({ poLine, units }) => ({ poLine, units: Number(units) }));
}

/** Writes what a delivery's decision gave up of an order; said again it changes nothing. */
export async function giveUp(
  q: Queryable,
  { source, goodsInNo, version }: DeliveryKey,
  poNo: string,
  { lines, by, why }: { lines: readonly { poLine: number; units: number }[]; by: string; why: string },
): Promise<void> {
  if (lines.length === 0) return;
  await q
    .insertInto('receipt_given_up')
    .values(
      lines.map(({ poLine, units }) => ({
        ...{ source, goods_in_no: goodsInNo, version, po_no: poNo, po_line: poLine },
        ...{ units, by, why, withdrawn_at: null },
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** A reversed or corrected delivery gives nothing up any more. */
export async function withdrawGivenUp(q: Queryable, source: string, goodsInNo: string): Promise<void> {
  await q
    .updateTable('receipt_given_up')
    .set({ withdrawn_at: sql<string>`clock_timestamp()` })
    .where('source', '=', source)
    .where('goods_in_no', '=', goodsInNo)
    .where('withdrawn_at', 'is', null)
    .execute();
}
