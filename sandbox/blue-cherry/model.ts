/** What the stand-in's books hold. Amounts are whole minor units, prices and costs decimal text. */
import type { z } from 'zod';
import type {
  Division as WireDivision,
  GlAccount,
  Item,
  JournalLine,
  PurchaseOrder as WirePurchaseOrder,
  ReasonCode,
  SupplierInvoice,
  Transaction,
  Warehouse as WireWarehouse,
  WorkOrder,
} from '../../clients/blue-cherry/schema.js';
import type { Clock, FaultBoard, Keeper, Random } from '../core/index.js';
import type { BlueCherryProfile } from './profile.js';
import type { StockBooks } from './stock.js';

export type Warehouse = z.infer<typeof WireWarehouse>;
export type Reason = z.infer<typeof ReasonCode>;
export type Account = z.infer<typeof GlAccount>;
export type StoredItem = Item & { standardCost: string };

/** The division carries the ledger accounts (facts/blue-cherry.md 1.8). */
export interface Accounts {
  sales: string;
  salesReturns: string;
  tax: string;
  receivable: string;
  stock: string;
  costOfSales: string;
  /** Goods received, not invoiced. */
  received: string;
  /** Accruals of estimated landed cost: duty and freight apart, all other elements together. */
  duty: string;
  freight: string;
  landed: string;
  /** Owed to suppliers. */
  payable: string;
  /** Where a supplier's price differs from the order's. */
  priceVariance: string;
}
export type Division = z.infer<typeof WireDivision> & { accounts: Accounts };

export interface OrderLine {
  orderLine: number;
  sku: string;
  kind: 'GOODS' | 'CHARGE';
  chargeCode: string | null;
  quantity: number;
  unitPrice: string;
  discount: number;
  net: number;
  taxCode: string;
  taxRate: string;
  tax: number;
  unitCost: string;
}
export interface Order {
  orderNo: string;
  externalRef: string;
  division: string;
  warehouse: string;
  customer: string;
  status: 'OPEN' | 'ALLOCATED' | 'PICKED' | 'SHIPPED' | 'INVOICED' | 'CANCELLED';
  revision: number;
  modifiedBy: string;
  createdAt: string;
  modifiedAt: string;
  placedAt: string;
  shippedAt: string | null;
  currency: string;
  lines: OrderLine[];
  invoiceNo: string | null;
  invoiceDate: string | null;
  /** Gross amount credited so far, in minor units. */
  credited: number;
  /** Loaded as the past of the business: without documents of its own. */
  historical: boolean;
  /** Came in through the interface. */
  ours: boolean;
  /** Number of the highest cycle begun when it was stored. */
  storedInCycle: number;
  hidden: boolean;
  memo: string | null;
}

export type Landed = WirePurchaseOrder['landed'];
export type PurchaseOrder = WirePurchaseOrder & {
  /** The supplier's invoice is booked: its receipts can no longer be reversed. */
  invoiced: boolean;
};

/** A document with what the interface does not show. */
export interface Stored {
  wire: Transaction;
  /** Operation that made it; `by-hand` when a person typed it. */
  operation: string;
  /** The payload as it was accepted, for faults to match on and for the dump. */
  payload: Record<string, unknown>;
  storedInCycle: number;
  /** Not found by a search until a whole cycle has ended since. */
  hidden: boolean;
  /** Journal even when the site leaves it out of its answers. */
  journal: JournalLine[];
  /** Tax of each charge line by code, and settlement: shown in the dump. */
  charges: { glAccount: string; amount: string; taxCode: string; taxRate: string; taxAmount: string }[];
  /** Quality of each receipt line by its line number. */
  qualities: Map<number, 'FIRST' | 'IRREGULAR'>;
  /** Landed cost a receipt was booked with: the order's may be another by the time it is reversed. */
  landed: Landed;
}

/** A supplier's invoice as booked. */
export interface BookedInvoice {
  wire: SupplierInvoice;
  journal: JournalLine[];
}

/** Everything in the books, and what they work with. */
export interface State extends Holdings {
  clock: Clock;
  random: Random;
  faults: FaultBoard;
  keeper: Keeper;
  profile: BlueCherryProfile;
  stock: StockBooks;
}

/** The books as plain data, the stock apart. */
export interface Holdings {
  divisions: Map<string, Division>;
  warehouses: Map<string, Warehouse>;
  reasons: Map<string, Reason>;
  accounts: Map<string, Account>;
  items: Map<string, StoredItem>;
  skuOfCode: Map<string, string>;
  orders: Map<string, Order>;
  /** Duplicate check of sales orders: division, customer, reference (facts 3.6). */
  orderOfReference: Map<string, string>;
  purchaseOrders: Map<string, PurchaseOrder>;
  supplierInvoices: BookedInvoice[];
  workOrders: Map<string, WorkOrder>;
  documents: Map<string, Stored>;
  documentsOfReference: Map<string, Stored[]>;
  journalRefs: Set<string>;
  closedPeriods: Set<string>;
  /** Orders shipped whose invoice comes with a later run. */
  toInvoice: string[];
  counters: Map<string, number>;
  /** The close window refuses all writes while it is on. */
  closeWindow: boolean;
  /** Number of the highest cycle begun, and of the last one completed. */
  cycleNo: number;
  completedNo: number;
}

/** The next number of a series: `CM100001`. Fixed width, so that text order is number order. */
export function nextNumber(state: State, series: string): string {
  const next = (state.counters.get(series) ?? 100_000) + 1;
  state.counters.set(series, next);
  return `${series}${next}`;
}

/** Whether a search may find what was stored in this cycle (facts 3.6, lookup lag). */
export const cycleEndedSince = (state: State, storedInCycle: number): boolean => state.completedNo > storedInCycle;

/** Division, style and colour of an item key: what a table lock takes. */
export const styleColourOf = (sku: string): string => sku.split('|').slice(0, 3).join('|');
