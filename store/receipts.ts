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
    released: Generated<number>;
    extra: boolean;
    granted_at: Generated<string>;
    given_back_at: string | null;
  };
  receipt_claim: {
    source: string;
    goods_in_no: string;
    version: number;
    po_no: string;
    claimed_at: Generated<string>;
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
/** What a delivery holds on an order: what its first claim got, and what it took since. */
export interface Holding {
  version: number;
  first: StoredGrant[];
  extra: StoredGrant[];
  /** Both, less what was released: what others may not have. */
  held: StoredGrant[];
}

/** The lock of an order's quantities, until the transaction ends. */
export const lockOrder = (tx: Queryable, poNo: string): Promise<void> => lockFor(tx, 'purchase-order', [poNo]);

/** What deliveries hold on an order, by delivery: `source/number`. One that was granted nothing is there too. */
export async function holdingsOn(q: Queryable, poNo: string): Promise<Map<string, Holding>> {
  const { rows } = await sql<{
    key: string;
    version: number;
    grants: (StoredGrant & { released: number; extra: boolean })[];
  }>`
    select c.source || '/' || c.goods_in_no as key, c.version,
      coalesce(jsonb_agg(jsonb_build_object('lineNo', g.line_no, 'poLine', g.po_line, 'item', g.item,
        'quality', g.quality, 'units', g.units, 'released', g.released, 'extra', g.extra)
        order by g.line_no, g.po_line, g.item) filter (where g.units is not null), '[]') as grants
    from receipt_claim c
      left join receipt_grant g on g.source = c.source and g.goods_in_no = c.goods_in_no and g.po_no = c.po_no
        and g.given_back_at is null
    where c.po_no = ${poNo} and c.given_back_at is null
    group by c.source, c.goods_in_no, c.version`.execute(q);
  return new Map(rows.map(({ key, version, grants }) => [key, { version, ...holdingOf(grants) }]));
}

function holdingOf(rows: readonly (StoredGrant & { released: number; extra: boolean })[]): Omit<Holding, 'version'> {
  const grant = ({ lineNo, poLine, item, quality, units }: StoredGrant): StoredGrant => ({
    ...{ lineNo, poLine, item, quality, units },
  });
  return {
    first: rows.filter(({ extra }) => !extra).map(grant),
    extra: rows.filter(({ extra }) => extra).map(grant),
    held: rows.map((row) => ({ ...grant(row), units: row.units - row.released })).filter(({ units }) => units > 0),
  };
}

/** Writes the first claim of a version with what it was granted, be it nothing. Of another version it takes the place. */
export async function writeClaim(
  tx: Queryable,
  key: DeliveryKey,
  poNo: string,
  grants: readonly StoredGrant[],
): Promise<void> {
  const { source, goodsInNo, version } = key;
  await giveBackReceipt(tx, { source, goodsInNo, why: `version ${version} claims` });
  await tx
    .insertInto('receipt_claim')
    .values({ source, goods_in_no: goodsInNo, version, po_no: poNo, given_back_at: null, given_back_why: null })
    .execute();
  await insertGrants(tx, key, poNo, grants, false);
}

/** Adds units a delivery took since, because the order was raised. */
export async function addExtra(
  tx: Queryable,
  key: DeliveryKey,
  poNo: string,
  grants: readonly StoredGrant[],
): Promise<void> {
  await insertGrants(tx, key, poNo, grants, true);
}

async function insertGrants(
  tx: Queryable,
  { source, goodsInNo, version }: DeliveryKey,
  poNo: string,
  grants: readonly StoredGrant[],
  extra: boolean,
): Promise<void> {
  if (grants.length === 0) return;
  await tx
    .insertInto('receipt_grant')
    .values(
      grants.map(({ lineNo, poLine, item, quality, units }) => ({
        ...{ source, goods_in_no: goodsInNo, version, line_no: lineNo, po_no: poNo, po_line: poLine },
        ...{ item, quality, units, extra, given_back_at: null },
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['source', 'goods_in_no', 'line_no', 'po_no', 'po_line', 'item', 'extra'])
        .where('given_back_at', 'is', null)
        .doUpdateSet((row) => ({ units: sql<number>`${row.ref('receipt_grant.units')} + excluded.units` })),
    )
    .execute();
}

/** Lets go of units of the first claim that were refused; said again it changes nothing. */
export async function releaseUnits(
  tx: Queryable,
  { source, goodsInNo }: DeliveryKey,
  poNo: string,
  refused: readonly StoredGrant[],
): Promise<void> {
  for (const { lineNo, poLine, item, units } of refused)
    await tx
      .updateTable('receipt_grant')
      .set({ released: units })
      .where('source', '=', source)
      .where('goods_in_no', '=', goodsInNo)
      .where('po_no', '=', poNo)
      .where('line_no', '=', lineNo)
      .where('po_line', '=', poLine)
      .where('item', '=', item)
      .where('extra', '=', false)
      .where('given_back_at', 'is', null)
      .execute();
}

/** Gives back everything a delivery holds. */
export async function giveBackReceipt(
  q: Queryable,
  { source, goodsInNo, why }: { source: string; goodsInNo: string; why: string },
): Promise<void> {
  await q
    .updateTable('receipt_claim')
    .set({ given_back_at: sql<string>`clock_timestamp()`, given_back_why: why })
    .where('source', '=', source)
    .where('goods_in_no', '=', goodsInNo)
    .where('given_back_at', 'is', null)
    .execute();
  await q
    .updateTable('receipt_grant')
    .set({ given_back_at: sql<string>`clock_timestamp()` })
    .where('source', '=', source)
    .where('goods_in_no', '=', goodsInNo)
    .where('given_back_at', 'is', null)
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
