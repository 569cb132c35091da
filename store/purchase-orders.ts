/**
 * Purchase orders as the ERP last showed them, with what their suppliers billed. The ERP owns them: this is
 * a copy that reports read, the newest state wins, and no saga decides by it.
 */
import { sql, type Generated } from 'kysely';
import type { Db, Queryable } from './database.js';
import { parts } from './parts.js';

export type OrderStatus = 'open' | 'closed-for-receiving' | 'closed' | 'cancelled';

export interface PurchaseOrderTables {
  purchase_order: {
    po_no: string;
    supplier: string;
    division: string;
    warehouse: string;
    currency: string;
    rate: string;
    status: OrderStatus;
    revision: number;
    ordered_at: string;
    modified_at: string;
    read_at: Generated<string>;
    invoices_of: Generated<string>;
    invoices_read_at: string | null;
  };
  purchase_order_line: {
    po_no: string;
    po_line: number;
    item: string;
    ordered: number;
    received: number;
    open: number;
    cancelled: number;
    returned: number;
    invoiced: number;
    unit_cost: string;
  };
  supplier_invoice: {
    po_no: string;
    supplier: string;
    invoice_no: string;
    invoice_date: string;
    currency: string;
    place: number;
  };
  supplier_invoice_line: {
    po_no: string;
    place: number;
    line: number;
    po_line: number;
    units: number;
    unit_price: string;
  };
}

/** An order as the ERP shows it; prices and the rate to base currency are decimal text. */
export interface OrderSeen {
  poNo: string;
  supplier: string;
  division: string;
  warehouse: string;
  currency: string;
  rate: string;
  status: OrderStatus;
  revision: number;
  orderedAt: string;
  modifiedAt: string;
  lines: {
    poLine: number;
    item: string;
    ordered: number;
    received: number;
    open: number;
    cancelled: number;
    returned: number;
    invoiced: number;
    unitCost: string;
  }[];
}

/** Keeps what was read of orders in the caller's transaction. What is older than what is kept changes nothing. */
export async function keepOrders(tx: Queryable, seen: readonly OrderSeen[]): Promise<void> {
  // Always in one order, so that two readers never wait for each other; of one order the newest last.
  const inOrder = [...seen].sort(
    (a, b) => a.poNo.localeCompare(b.poNo) || a.modifiedAt.localeCompare(b.modifiedAt) || a.revision - b.revision,
  );
  for (const order of inOrder) await keepOrder(tx, order);
}

async function keepOrder(tx: Queryable, order: OrderSeen): Promise<void> {
  const { poNo, supplier, division, warehouse, currency, rate, status, revision, orderedAt, modifiedAt } = order;
  const { rows } = await sql`
    insert into purchase_order (po_no, supplier, division, warehouse, currency, rate, status, revision, ordered_at, modified_at)
    values (${poNo}, ${supplier}, ${division}, ${warehouse}, ${currency}, ${rate}, ${status}, ${revision}, ${orderedAt},
      ${modifiedAt})
    on conflict (po_no) do update set supplier = excluded.supplier, division = excluded.division,
      warehouse = excluded.warehouse, currency = excluded.currency, rate = excluded.rate, status = excluded.status,
      revision = excluded.revision, ordered_at = excluded.ordered_at, modified_at = excluded.modified_at,
      read_at = clock_timestamp()
    where (excluded.modified_at, excluded.revision) > (purchase_order.modified_at, purchase_order.revision)
    returning po_no`.execute(tx);
  if (rows.length === 0) return;
  await tx.deleteFrom('purchase_order_line').where('po_no', '=', poNo).execute();
  for (const part of parts(order.lines))
    await tx
      .insertInto('purchase_order_line')
      .values(
        part.map(({ poLine, unitCost, ...units }) => ({ ...units, po_no: poNo, po_line: poLine, unit_cost: unitCost })),
      )
      .execute();
}

/** Units billed of each line of an order, as one text: `1:720 2:0`. */
const BILLED = sql<string>`(select coalesce(string_agg(l.po_line || ':' || l.invoiced, ' ' order by l.po_line), '')
  from purchase_order_line l where l.po_no = o.po_no and l.invoiced <> 0)`;

/** Orders billed otherwise than when their invoices were last read, the longest changed first. */
export async function ordersToBill(q: Queryable, limit: number): Promise<{ poNo: string; billed: string }[]> {
  const { rows } = await sql<{ poNo: string; billed: string }>`
    select o.po_no as "poNo", ${BILLED} as billed from purchase_order o
    where o.invoices_of <> ${BILLED} order by o.modified_at, o.po_no limit ${limit}`.execute(q);
  return rows;
}

export interface InvoiceSeen {
  invoiceNo: string;
  supplier: string;
  invoiceDate: string;
  currency: string;
  lines: { poLine: number; units: number; unitPrice: string }[];
}

/**
 * Keeps the invoices of an order as the ERP lists them, in place of those kept before. `billed`: what `ordersToBill` said
 * of the order before they were read; was it billed again since, they are read again.
 */
export async function keepInvoices(
  db: Db,
  poNo: string,
  billed: string,
  invoices: readonly InvoiceSeen[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('purchase_order').select('po_no').where('po_no', '=', poNo).forUpdate().execute();
    await tx.deleteFrom('supplier_invoice_line').where('po_no', '=', poNo).execute();
    await tx.deleteFrom('supplier_invoice').where('po_no', '=', poNo).execute();
    for (const [place, { invoiceNo, supplier, invoiceDate, currency, lines }] of invoices.entries()) {
      const key = { po_no: poNo, place };
      await tx
        .insertInto('supplier_invoice')
        .values({ ...key, supplier, invoice_no: invoiceNo, invoice_date: invoiceDate, currency })
        .execute();
      const rows = lines.map(({ poLine, units, unitPrice }, index) => ({
        ...{ ...key, line: index + 1, po_line: poLine, units, unit_price: unitPrice },
      }));
      for (const part of parts(rows)) await tx.insertInto('supplier_invoice_line').values(part).execute();
    }
    await tx
      .updateTable('purchase_order')
      .set({ invoices_of: billed, invoices_read_at: sql<string>`clock_timestamp()` })
      .where('po_no', '=', poNo)
      .execute();
  });
}
