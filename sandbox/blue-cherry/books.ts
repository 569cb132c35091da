/** The books as scenarios and histories fill them. */
import { z } from 'zod';
import type { SupplierInvoice, WorkOrder } from '../../clients/blue-cherry/schema.js';
import { amountOf, decimalOf, micro } from '../core/index.js';
import type { Stored } from './model.js';
import type {
  Account,
  Accounts,
  Division,
  Order,
  PurchaseOrder,
  Reason,
  State,
  StoredItem,
  Warehouse,
} from './model.js';
import { STANDARD_ACCOUNTS } from './journals.js';
import { Edit, edit, typeInByHand } from './edits.js';
import type { TypedIn } from './edits.js';
import { cancelOrder, placeOrder } from './orders.js';
import type { OrderGiven } from './orders.js';
import { addPurchaseOrder, amendPurchaseOrder, cancelPurchaseOrder } from './purchasing.js';
import type { Amendment, PurchaseOrderGiven } from './purchasing.js';
import { queueShipment, shipNow } from './shipping.js';
import { bookSupplierInvoice } from './supplier-invoices.js';
import type { SupplierInvoiceGiven } from './supplier-invoices.js';

export interface ItemGiven {
  /** Six parts joined by `|`. */
  sku: string;
  /** As this ERP spells it for people. */
  code: string;
  active?: boolean;
  uom?: string;
  unitsPerCase?: number;
  sizeRange?: string;
  upc?: string;
  /** Decimal text in base currency. */
  standardCost?: string;
}

/** What may be done to the books from outside the interface. Every `add` of what is already there replaces it. */
export interface BlueCherryBooks {
  addDivision(given: { code: string; name: string; currency: string; accounts?: Partial<Accounts> }): void;
  addWarehouse(
    given: Omit<Warehouse, 'valuationMethod' | 'physical'> & Partial<Pick<Warehouse, 'valuationMethod' | 'physical'>>,
  ): void;
  addReasonCode(given: Reason): void;
  addGlAccount(given: Account): void;
  addItem(given: ItemGiven): StoredItem;
  /** The item of this exact spelling, or undefined. */
  findItem(code: string): StoredItem | undefined;
  /** Opening stock at a unit cost in decimal text of base currency. A quantity may be negative or zero. */
  addStock(row: { sku: string; warehouse: string; quantity: number; unitCost?: string }): void;
  /** An order, shipped and invoiced at once when `shippedAt` is set. */
  bookShippedOrder(given: OrderGiven): Order;
  /** Ships and invoices an order that was placed before: now, or `queued` with the next cycle. */
  shipOrder(orderNo: string, options?: { shippedAt?: string; queued?: boolean }): void;
  cancelOrder(orderNo: string, by?: string): void;
  findOrder(orderNo: string): Order | undefined;
  addPurchaseOrder(given: PurchaseOrderGiven): PurchaseOrder;
  amendPurchaseOrder(poNo: string, change: Amendment): PurchaseOrder;
  /** Open quantities become cancelled. */
  cancelPurchaseOrder(poNo: string): PurchaseOrder;
  findPurchaseOrder(poNo: string): PurchaseOrder | undefined;
  purchaseOrders(): Iterable<PurchaseOrder>;
  bookSupplierInvoice(given: SupplierInvoiceGiven): SupplierInvoice;
  /** Opens a work order: its quantity inflates the open-to-sell figure with WIP, and nothing else. */
  addWorkOrder(given: WorkOrder): void;
  closePeriod(period: string): void;
  openPeriod(period: string): void;
  /** The close window refuses all writes with 503 BATCH_WINDOW while it is on. */
  setCloseWindow(on: boolean): void;
  /** A person types a document in, without any reference of ours. */
  typeInByHand(given: TypedIn): Stored['wire'];
  /** A person changes a document; answers it as it is then. */
  edit(number: string, set: Edit): unknown;
  orders(): Iterable<Order>;
  /** An order as it was given, with what has become of it. */
  factsOf(order: Order): OrderGiven & { lines: (OrderGiven['lines'][number] & { discount: string })[] };
  findSku(sku: string): StoredItem | undefined;
  /** A physical warehouse that serves the division, with the division's currency; null when none does. */
  placeFor(division: string): { warehouse: string; currency: string } | null;
  items(): Iterable<StoredItem>;
}

const ACCOUNT_NAMES: Record<keyof Accounts, string> = {
  sales: 'Sales',
  salesReturns: 'Sales returns',
  tax: 'Tax on sales',
  receivable: 'Accounts receivable',
  stock: 'Stock',
  costOfSales: 'Cost of sales',
  received: 'Goods received, not invoiced',
  duty: 'Accrued duty',
  freight: 'Accrued freight',
  landed: 'Accrued landed cost',
  payable: 'Owed to suppliers',
  priceVariance: 'Purchase price variance',
};

const Period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a fiscal period as yyyy-mm');

function orderIn(state: State, orderNo: string): Order {
  const order = state.orders.get(orderNo);
  if (order === undefined) throw new RangeError(`order "${orderNo}" is not known`);
  return order;
}

function addDivision(state: State, given: Parameters<BlueCherryBooks['addDivision']>[0]): void {
  const division: Division = { ...given, accounts: { ...STANDARD_ACCOUNTS, ...given.accounts } };
  state.divisions.set(given.code, division);
  for (const [use, account] of Object.entries(division.accounts) as [keyof Accounts, string][])
    if (!state.accounts.has(account)) state.accounts.set(account, { account, name: ACCOUNT_NAMES[use] });
}

function addItem(state: State, given: ItemGiven): StoredItem {
  const item: StoredItem = {
    sku: given.sku,
    code: given.code,
    active: given.active ?? true,
    uom: given.uom ?? 'EA',
    unitsPerCase: given.unitsPerCase ?? 1,
    sizeRange: given.sizeRange ?? 'ONE',
    upc: given.upc ?? '',
    standardCost: decimalOf(micro(given.standardCost ?? '0')),
    modifiedAt: state.clock.instant(),
  };
  state.items.set(item.sku, item);
  state.skuOfCode.set(item.code, item.sku);
  return item;
}

function shipOrder(state: State, orderNo: string, options: { shippedAt?: string; queued?: boolean }): void {
  const order = orderIn(state, orderNo);
  if (order.status !== 'OPEN' && order.status !== 'ALLOCATED' && order.status !== 'PICKED')
    throw new RangeError(`order "${orderNo}" is ${order.status} and cannot be shipped`);
  const shippedAt = options.shippedAt ?? state.clock.instant();
  if (options.queued === true) queueShipment(state, order, shippedAt);
  else shipNow(state, order, shippedAt, { at: state.clock.instant(), cycleNo: null });
}

function factsOf(order: Order): ReturnType<BlueCherryBooks['factsOf']> {
  return {
    orderNo: order.orderNo,
    division: order.division,
    warehouse: order.warehouse,
    customer: order.customer,
    placedAt: order.placedAt,
    shippedAt: order.shippedAt,
    currency: order.currency,
    lines: order.lines.map((line) => ({
      orderLine: line.orderLine,
      sku: line.sku,
      kind: line.kind,
      chargeCode: line.chargeCode,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: amountOf(line.discount, order.currency),
      taxCode: line.taxCode,
      taxRate: line.taxRate,
      unitCost: line.unitCost,
    })),
  };
}

/** The façade over one state. */
export function createBooks(state: State): BlueCherryBooks {
  return {
    addDivision: (given) => addDivision(state, given),
    addWarehouse: (given) =>
      void state.warehouses.set(given.code, { physical: true, valuationMethod: 'standard', ...given }),
    addReasonCode: (given) => void state.reasons.set(given.code, given),
    addGlAccount: (given) => void state.accounts.set(given.account, given),
    addItem: (given) => addItem(state, given),
    findItem: (code) => state.items.get(state.skuOfCode.get(code) ?? ''),
    addStock: ({ sku, warehouse, quantity, unitCost }) => {
      const cost = micro(unitCost ?? state.items.get(sku)?.standardCost ?? '0');
      state.stock.move(sku, warehouse, 'SA', quantity, cost);
    },
    bookShippedOrder: (given) => {
      const order = placeOrder(state, given);
      const at = order.historical ? (given.shippedAt ?? given.placedAt) : state.clock.instant();
      if (given.shippedAt !== null) shipNow(state, order, given.shippedAt, { at, cycleNo: null });
      return order;
    },
    shipOrder: (orderNo, options = {}) => shipOrder(state, orderNo, options),
    cancelOrder: (orderNo, by = 'erp-user') => void cancelOrder(state, orderIn(state, orderNo), by),
    findOrder: (orderNo) => state.orders.get(orderNo),
    addPurchaseOrder: (given) => addPurchaseOrder(state, given),
    amendPurchaseOrder: (poNo, change) => amendPurchaseOrder(state, poNo, change),
    cancelPurchaseOrder: (poNo) => cancelPurchaseOrder(state, poNo),
    findPurchaseOrder: (poNo) => state.purchaseOrders.get(poNo),
    purchaseOrders: () => state.purchaseOrders.values(),
    bookSupplierInvoice: (given) => bookSupplierInvoice(state, given),
    addWorkOrder: (given) => {
      state.workOrders.set(given.workOrderNo, given);
      state.stock.count(given.sku, given.shipTo, 'ST', given.quantity);
    },
    closePeriod: (period) => void state.closedPeriods.add(Period.parse(period)),
    openPeriod: (period) => void state.closedPeriods.delete(Period.parse(period)),
    setCloseWindow: (on) => {
      state.closeWindow = on;
    },
    typeInByHand: (given) => typeInByHand(state, given).wire,
    edit: (number, set) => edit(state, number, Edit.parse(set)),
    orders: () => state.orders.values(),
    factsOf,
    findSku: (sku) => state.items.get(sku),
    placeFor: (division) => {
      const found = [...state.warehouses.values()].find((one) => one.physical && one.divisions.includes(division));
      const currency = state.divisions.get(division)?.currency;
      return found === undefined || currency === undefined ? null : { warehouse: found.code, currency };
    },
    items: () => state.items.values(),
  };
}
