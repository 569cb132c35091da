/** A business's past as it lies in a folder: orders, returns and movements, read and put together. */
import type { ArcheanMovement, ArcheanReturn } from '../../clients/archean/schema.js';
import { decimalOf, divideRounded, micro } from '../core/index.js';
import { HISTORY_RULES, type ItemFacts, type SoldOrderFacts } from '../reckoning/index.js';
import { localTimes } from './local-time.js';
import { readRows, type LoadFault, type Row } from './rows.js';

/** The one division of a history; its articles have a code and nothing else. */
export const HISTORY_DIVISION = { code: 'ACC', name: 'Gifts and accessories', currency: 'GBP' } as const;
const ZONE = 'Europe/London';
const DAY = 86_400_000;

/** The ERP's key and spelling of an article: codes in lower case are the same article as in upper case. */
const codeOf = (printed: string): string => printed.trim().toUpperCase();
const keyOf = (code: string): string => `${HISTORY_DIVISION.code}|${code}||||`;

export type PastReturn = Omit<ArcheanReturn, 'seq'>;
export type PastMovement = Omit<ArcheanMovement, 'seq'>;
export interface PastItem extends ItemFacts {
  cost: string;
}
export interface Business {
  items: PastItem[];
  orders: SoldOrderFacts[];
  /** In order of their times. */
  returns: PastReturn[];
  movements: PastMovement[];
  orderLines: number;
  faults: LoadFault[];
}

/** Which part of the past: from a day (`yyyy-mm-dd`, its first instant local time) on, for so many days. */
export interface Span {
  from?: string | undefined;
  days?: number | undefined;
}

function boundsOf({ from, days }: Span): { first: number; end: number } {
  if (from !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(from))
    throw new RangeError(`from must be a day such as 2010-12-01; found "${from}"`);
  if (days !== undefined && (!Number.isInteger(days) || days < 1))
    throw new RangeError(`days must be a whole number from 1; found ${days}`);
  const first = from === undefined ? -Infinity : Date.parse(localTimes(ZONE)(`${from}T00:00:00`));
  return { first, end: days === undefined ? Infinity : first + days * DAY };
}

class Reader {
  readonly items = new Map<string, PastItem>();
  readonly orders = new Map<string, SoldOrderFacts>();
  readonly returns = new Map<string, PastReturn>();
  readonly movements: PastMovement[] = [];
  orderLines = 0;
  readonly #instant = localTimes(ZONE);
  readonly #warehouses: Readonly<Record<string, string>> = HISTORY_RULES.open.locations;

  /** One item per case-folded code. The data holds no cost; half the first price stands in for it. */
  #item(printed: string, price: string | null): PastItem {
    const code = codeOf(printed);
    const known = this.items.get(code);
    if (known !== undefined) return known;
    const cost = price === null ? '1.00' : decimalOf(divideRounded(micro(price), 2_000n) * 1_000n);
    const made = { sku: keyOf(code), code, division: HISTORY_DIVISION.code, cost };
    this.items.set(code, made);
    return made;
  }

  order(row: Row): void {
    const orderNo = row.text('order_no');
    const placedAt = this.#instant(row.text('placed_at'));
    const printed = row.text('sku');
    const unitPrice = row.decimal('unit_price');
    const quantity = row.whole('quantity');
    const charge = row.oneOf('kind', ['goods', 'charge']) === 'charge';
    const orderLine = row.whole('line_no');
    const location = row.text('location');
    const order = this.orders.get(orderNo) ?? {
      orderNo,
      division: HISTORY_DIVISION.code,
      // An unmapped location has no warehouse of its own; what was sold from it left the first one.
      warehouse: this.#warehouses[location] ?? '01',
      customer: row.text('customer', { empty: true }),
      placedAt,
      shippedAt: placedAt,
      currency: row.currency('currency'),
      lines: [],
    };
    if (order.lines.some((line) => line.orderLine === orderLine))
      throw new RangeError(`order ${orderNo} has a line ${orderLine} already`);
    const item = charge ? null : this.#item(printed, unitPrice);
    order.lines.push({
      orderLine,
      sku: item?.sku ?? keyOf(codeOf(printed)),
      kind: charge ? 'CHARGE' : 'GOODS',
      chargeCode: charge ? codeOf(printed) : null,
      quantity,
      unitPrice,
      discount: '0.00',
      taxCode: 'Z0',
      taxRate: '0.00',
      unitCost: item?.cost ?? '0.00',
    });
    this.orders.set(orderNo, order);
    this.orderLines += 1;
  }

  return(row: Row): void {
    const returnNo = row.text('return_no');
    const charge = row.oneOf('kind', ['goods', 'charge']) === 'charge';
    const restocked = row.oneOf('disposition', ['sellable', 'none']) === 'sellable';
    const orderNo = row.text('order_no', { empty: true });
    const sku = row.text('sku');
    const line = {
      lineNo: row.whole('line_no'),
      orderNo,
      orderLine: orderNo === '' ? null : row.whole('order_line'),
      sku,
      quantity: row.whole('quantity'),
      refundUnitPrice: row.decimal('refund_unit_price'),
      condition: restocked ? ('NEW' as const) : ('UNKNOWN' as const),
      disposition: restocked ? ('SELLABLE' as const) : ('NONE' as const),
      kind: charge ? ('CHARGE' as const) : ('GOODS' as const),
      reasonCode: 'CANCELLED',
    };
    const document = this.returns.get(returnNo) ?? {
      returnNo,
      version: 1,
      state: 'PROCESSED',
      customer: row.text('customer', { empty: true }),
      location: row.text('location'),
      currency: row.currency('currency'),
      processedBy: 'till',
      processedAt: this.#instant(row.text('returned_at')),
      refund: { state: 'REFUNDED', reference: `PAY-${returnNo}` },
      restockState: 'NONE',
      lines: [],
      deductions: [],
      exchange: null,
    };
    if (!charge) this.#item(sku, null);
    document.lines.push(line);
    if (restocked) document.restockState = 'RESTOCKED';
    this.returns.set(returnNo, document);
  }

  movement(row: Row): void {
    const at = this.#instant(row.text('recorded_at'));
    const reasonCode = row.text('reason', { empty: true });
    const sku = row.text('sku');
    const movement: PastMovement = {
      id: row.text('movement_id'),
      type: reasonCode === '' ? 'COUNT' : 'ADJUSTMENT',
      sku,
      location: row.text('location'),
      quantity: row.whole('quantity', { signed: true }),
      occurredAt: at,
      recordedAt: at,
      reasonCode,
      documentType: 'NONE',
      documentId: '',
      documentLine: null,
      correlationId: '',
      condition: 'NEW',
    };
    this.#item(sku, null);
    this.movements.push(movement);
  }
}

/**
 * Reads a folder. Orders up to the end of the span are read whole, however old, since returns of the span name them;
 * returns and movements only within it. Bad rows are in `faults`. Throws RangeError for a folder without orders.
 */
export async function readBusiness(dir: string, span: Span = {}): Promise<Business> {
  const { first, end } = boundsOf(span);
  const reader = new Reader();
  const faults: LoadFault[] = [];
  const rows = await readRows(dir, 'orders', (row) => reader.order(row), faults);
  await readRows(dir, 'returns', (row) => reader.return(row), faults);
  await readRows(dir, 'movements', (row) => reader.movement(row), faults);
  if (rows === 0)
    throw new RangeError(`${dir} holds no orders-yyyy-mm.csv or .csv.gz with rows; name the history's folder`);
  const within = (instant: string): boolean => Date.parse(instant) >= first && Date.parse(instant) < end;
  const byTime = <T>(rows: Iterable<T>, at: (row: T) => string): T[] =>
    [...rows].filter((row) => within(at(row))).sort((a, b) => Date.parse(at(a)) - Date.parse(at(b)));
  return {
    items: [...reader.items.values()],
    orders: [...reader.orders.values()].filter((order) => Date.parse(order.placedAt) < end),
    returns: byTime(reader.returns.values(), (row) => row.processedAt),
    movements: byTime(reader.movements, (row) => row.recordedAt),
    orderLines: reader.orderLines,
    faults,
  };
}
