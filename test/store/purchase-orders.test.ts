/** Purchase orders as the ERP last showed them: the newest wins, and invoices are read when what is billed has changed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from '../../store/database.js';
import { up } from '../../store/migrations/0013-purchase-orders.js';
import { keepInvoices, keepOrders, ordersToBill, type OrderSeen } from '../../store/purchase-orders.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

let fresh: FreshDatabase;
const db = (): Db => fresh.store.db;
beforeAll(async () => {
  fresh = await freshDatabase({ connections: 12 });
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  await sql`truncate purchase_order cascade`.execute(db());
});

const LINE = {
  poLine: 1,
  item: 'WOM|1|NVY|||OS',
  ordered: 720,
  open: 720,
  cancelled: 0,
  returned: 0,
  unitCost: '8.00',
};
const seen = (revision: number, change: { received?: number; invoiced?: number; poNo?: string } = {}): OrderSeen => ({
  ...{
    poNo: change.poNo ?? 'PO-1',
    supplier: 'SUP-7',
    division: 'WOM',
    warehouse: '01',
    currency: 'USD',
    rate: '0.80',
  },
  ...{ status: 'open', revision, orderedAt: '2026-01-01T00:00:00Z' },
  modifiedAt: `2026-01-02T00:00:${String(revision).padStart(2, '0')}Z`,
  lines: [{ ...LINE, received: change.received ?? 0, invoiced: change.invoiced ?? 0 }],
});
const keep = (...orders: OrderSeen[]): Promise<void> =>
  db()
    .transaction()
    .execute((tx) => keepOrders(tx, orders));
const state = async (): Promise<unknown> =>
  (
    await sql`select o.revision, l.received, l.unit_cost, o.rate from purchase_order o join purchase_order_line l using (po_no)
      order by o.po_no`.execute(db())
  ).rows;

describe('orders', () => {
  test('the newest state stands, whatever the order they are read in, and read again it changes nothing', async () => {
    await keep(seen(3, { received: 30 }), seen(2, { received: 20 }));
    await keep(seen(1));
    await keep(seen(3, { received: 30 }));
    expect(await state()).toEqual([{ revision: 3, received: 30, unit_cost: '8.00', rate: '0.80' }]);
  });

  test('two revisions of one instant: the later revision stands', async () => {
    const at = { modifiedAt: '2026-01-02T00:00:00Z' };
    await keep({ ...seen(5, { received: 50 }), ...at });
    await keep({ ...seen(4, { received: 40 }), ...at });
    expect(await state()).toEqual([{ revision: 5, received: 50, unit_cost: '8.00', rate: '0.80' }]);
  });

  test('ten readers at once leave the newest', async () => {
    const many = Array.from({ length: 10 }, (_, n) =>
      ['PO-1', 'PO-2'].map((poNo) => seen(n + 1, { poNo, received: n + 1 })),
    );
    await Promise.all(many.map((orders, n) => keep(...(n % 2 === 0 ? orders : [...orders].reverse()))));
    expect(await state()).toEqual(
      ['PO-1', 'PO-2'].map(() => ({ revision: 10, received: 10, unit_cost: '8.00', rate: '0.80' })),
    );
  });
});

describe('what suppliers billed', () => {
  const invoice = (units: number, unitPrice = '8.00') => ({
    ...{ invoiceNo: 'SI-1', supplier: 'SUP-7', invoiceDate: '2026-02-05', currency: 'USD' },
    lines: [{ poLine: 1, units, unitPrice }],
  });

  test('is read once for each change of the billed units', async () => {
    await keep(seen(1));
    expect(await ordersToBill(db(), 10)).toEqual([]);
    await keep(seen(2, { invoiced: 720 }));
    const [due] = await ordersToBill(db(), 10);
    expect(due).toEqual({ poNo: 'PO-1', billed: '1:720' });
    await keepInvoices(db(), 'PO-1', due?.billed ?? '', [invoice(720)]);
    await keep(seen(3, { invoiced: 720, received: 30 }));
    expect(await ordersToBill(db(), 10)).toEqual([]);
  });

  test('billed again while they were read, they are read again, and what is kept is what was listed last', async () => {
    await keep(seen(2, { invoiced: 10 }));
    const [due] = await ordersToBill(db(), 10);
    await keep(seen(3, { invoiced: 20 }));
    await keepInvoices(db(), 'PO-1', due?.billed ?? '', [invoice(10)]);
    const [again] = await ordersToBill(db(), 10);
    expect(again).toEqual({ poNo: 'PO-1', billed: '1:20' });
    // One number twice in a list of the ERP's must not stop the feed.
    await keepInvoices(db(), 'PO-1', '1:20', [invoice(10), invoice(10, '8.123456')]);
    const { rows } = await sql`select units, unit_price from supplier_invoice_line order by place`.execute(db());
    expect(rows).toEqual([
      { units: 10, unit_price: '8.00' },
      { units: 10, unit_price: '8.123456' },
    ]);
  });
});

test('a store that had taken orders in before begins with their newest state', async () => {
  const wire = (revision: number) => ({
    ...{ poNo: 'PO-9', supplier: 'SUP-9', division: 'WOM', warehouse: '01', currency: 'EUR', rate: '0.86', landed: [] },
    ...{ status: revision === 2 ? 'CLOSED_RECEIVING' : 'OPEN', revision },
    ...{ orderedAt: '2026-01-01T00:00:00Z', modifiedAt: '2026-01-02T00:00:00Z' },
    lines: [
      {
        poLine: 1,
        sku: LINE.item,
        ordered: 9,
        received: revision,
        open: 0,
        cancelled: 0,
        returned: 0,
        invoiced: 0,
        unitCost: '5.00',
      },
    ],
  });
  for (const revision of [2, 1])
    await sql`insert into event (source, kind, source_id, version, payload, digest, seq, state)
      values ('blue-cherry', 'purchase-order', 'PO-9', ${revision}, ${JSON.stringify(wire(revision))}::jsonb, 'd', 1, 'ignored')`.execute(
      db(),
    );
  await sql`drop table supplier_invoice_line, supplier_invoice, purchase_order_line, purchase_order`.execute(db());
  await up(db() as never);
  const { rows } = await sql`select po_no, status, revision, currency, received, item from purchase_order
    join purchase_order_line using (po_no)`.execute(db());
  expect(rows).toEqual([
    { po_no: 'PO-9', status: 'closed-for-receiving', revision: 2, currency: 'EUR', received: 2, item: LINE.item },
  ]);
});
