/** Purchase orders as the ERP last showed them, and what their suppliers billed: what payables read. */
import { sql, type Kysely } from 'kysely';

/** Prices and rates are exact decimals. `invoices_of`: invoiced units by line when the invoices were last read. */
const ORDERS = `
  create table purchase_order (
    po_no text primary key,
    supplier text not null,
    division text not null,
    warehouse text not null,
    currency text not null,
    rate numeric not null,
    status text not null check (status in ('open', 'closed-for-receiving', 'closed', 'cancelled')),
    revision integer not null,
    ordered_at timestamptz not null,
    modified_at timestamptz not null,
    read_at timestamptz not null default clock_timestamp(),
    invoices_of text not null default '',
    invoices_read_at timestamptz
  );
  create index purchase_order_of_supplier on purchase_order (supplier);
  create table purchase_order_line (
    po_no text not null references purchase_order,
    po_line integer not null,
    item text not null,
    ordered integer not null,
    received integer not null,
    open integer not null,
    cancelled integer not null,
    returned integer not null,
    invoiced integer not null,
    unit_cost numeric not null,
    primary key (po_no, po_line)
  );
`;

/** `place`: the order in which the ERP lists them, which is that of their booking. */
const INVOICES = `
  create table supplier_invoice (
    po_no text not null references purchase_order,
    supplier text not null,
    invoice_no text not null,
    invoice_date date not null,
    currency text not null,
    place integer not null,
    primary key (po_no, place)
  );
  create table supplier_invoice_line (
    po_no text not null,
    place integer not null,
    line integer not null,
    po_line integer not null,
    units integer not null,
    unit_price numeric not null,
    primary key (po_no, place, line),
    foreign key (po_no, place) references supplier_invoice
  );
`;

/** What a feed had taken in before this table was there. */
const TAKEN_IN = `
  create temporary view newest_order as
    select distinct on (source_id) payload as p from event
    where source = 'blue-cherry' and kind = 'purchase-order' and state in ('new', 'started', 'ignored')
    order by source_id, version desc;
  insert into purchase_order (po_no, supplier, division, warehouse, currency, rate, status, revision, ordered_at, modified_at)
    select p ->> 'poNo', p ->> 'supplier', p ->> 'division', p ->> 'warehouse', p ->> 'currency', (p ->> 'rate')::numeric,
      replace(replace(lower(p ->> 'status'), '_', '-'), 'closed-receiving', 'closed-for-receiving'),
      (p ->> 'revision')::int, (p ->> 'orderedAt')::timestamptz, (p ->> 'modifiedAt')::timestamptz
    from newest_order;
  insert into purchase_order_line
    select p ->> 'poNo', (l ->> 'poLine')::int, l ->> 'sku', (l ->> 'ordered')::int, (l ->> 'received')::int,
      (l ->> 'open')::int, (l ->> 'cancelled')::int, (l ->> 'returned')::int, (l ->> 'invoiced')::int,
      (l ->> 'unitCost')::numeric
    from newest_order, jsonb_array_elements(p -> 'lines') l;
  drop view newest_order;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [ORDERS, INVOICES, TAKEN_IN]) await sql.raw(statements).execute(db);
}
