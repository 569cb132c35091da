/**
 * What deliveries were granted of their purchase orders and what of an order never arrives. Read and
 * written under the lock of the order.
 */
import { sql, type Generated } from 'kysely';
import type { Queryable } from './database.js';
import { lockFor } from './locks.js';
import { parts } from './parts.js';

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
  await withdrawGivenUp(tx, source, goodsInNo);
  await tx
    .insertInto('receipt_claim')
    .values({ source, goods_in_no: goodsInNo, version, po_no: poNo, given_back_at: null, given_back_why: null })
    .execute();
  await insertGrants(tx, key, poNo, grants, false);
}

/**
 * Which of these nobody claims for: a delivery that holds units of some order (a person may have named another one), or
 * that gave back what this very version was granted. Answered as `source/number`.
 */
export async function settledAmong(tx: Queryable, deliveries: readonly DeliveryKey[]): Promise<Set<string>> {
  if (deliveries.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    select distinct c.source || '/' || c.goods_in_no as key from receipt_claim c
      join unnest(${deliveries.map(({ source }) => source)}::text[],
                  ${deliveries.map(({ goodsInNo }) => goodsInNo)}::text[],
                  ${deliveries.map(({ version }) => version)}::int[]) as d (source, goods_in_no, version)
        on d.source = c.source and d.goods_in_no = c.goods_in_no
    where c.given_back_at is null or c.version = d.version`.execute(tx);
  return new Set(rows.map(({ key }) => key));
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
  for (const part of parts(grants))
    await tx
      .insertInto('receipt_grant')
      .values(
        part.map(({ lineNo, poLine, item, quality, units }) => ({
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
  if (refused.length === 0) return;
  const column = <K extends keyof StoredGrant>(key: K): StoredGrant[K][] => refused.map((grant) => grant[key]);
  await sql`
    update receipt_grant g set released = r.units
    from unnest(${column('lineNo')}::int[], ${column('poLine')}::int[], ${column('item')}::text[],
                ${column('units')}::int[]) as r (line_no, po_line, item, units)
    where g.source = ${source} and g.goods_in_no = ${goodsInNo} and g.po_no = ${poNo} and g.line_no = r.line_no
      and g.po_line = r.po_line and g.item = r.item and not g.extra and g.given_back_at is null`.execute(tx);
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

/** Writes what a delivery's decision gave up of an order; said again it changes nothing, unless it was withdrawn meanwhile. */
export async function giveUp(
  q: Queryable,
  { source, goodsInNo, version }: DeliveryKey,
  poNo: string,
  { lines, by, why }: { lines: readonly { poLine: number; units: number }[]; by: string; why: string },
): Promise<void> {
  for (const part of parts(lines))
    await q
      .insertInto('receipt_given_up')
      .values(
        part.map(({ poLine, units }) => ({
          ...{ source, goods_in_no: goodsInNo, version, po_no: poNo, po_line: poLine },
          ...{ units, by, why, withdrawn_at: null },
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['source', 'goods_in_no', 'version', 'po_no', 'po_line'])
          .doUpdateSet({ units: sql<number>`excluded.units`, by, why, withdrawn_at: null })
          .where('receipt_given_up.withdrawn_at', 'is not', null),
      )
      .execute();
}

/** Units that came although they were given up: so many are not given up any more, those said last first. */
export async function cameAfterAll(
  tx: Queryable,
  poNo: string,
  lines: readonly { poLine: number; units: number }[],
): Promise<void> {
  for (const { poLine, units } of lines) {
    const rows = await tx
      .selectFrom('receipt_given_up')
      .select(['source', 'goods_in_no', 'version', 'units'])
      .where('po_no', '=', poNo)
      .where('po_line', '=', poLine)
      .where('withdrawn_at', 'is', null)
      .orderBy('at', 'desc')
      .execute();
    let left = units;
    for (const row of rows) {
      const taken = Math.min(left, row.units);
      left -= taken;
      if (taken === 0) break;
      const rest = row.units - taken;
      await tx
        .updateTable('receipt_given_up')
        .set(rest > 0 ? { units: rest } : { withdrawn_at: sql<string>`clock_timestamp()` })
        .where('source', '=', row.source)
        .where('goods_in_no', '=', row.goods_in_no)
        .where('version', '=', row.version)
        .where('po_no', '=', poNo)
        .where('po_line', '=', poLine)
        .execute();
    }
  }
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

/** Orders of which a delivery ever gave units up. */
export async function ordersGivenUpBy(q: Queryable, source: string, goodsInNo: string): Promise<string[]> {
  const said = q.selectFrom('receipt_given_up').select('po_no').distinct().where('source', '=', source);
  const rows = await said.where('goods_in_no', '=', goodsInNo).orderBy('po_no').execute();
  return rows.map(({ po_no }) => po_no);
}
