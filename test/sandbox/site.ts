/** A small site of the stand-in ERP and a caller that speaks to it over its socket. */
import { createBlueCherry, DEVELOPMENT_PROFILE } from '../../sandbox/blue-cherry/index.js';
import type { BlueCherry, BlueCherryProfile } from '../../sandbox/blue-cherry/index.js';
import { createCallLog, createClock, createFaultBoard, createRandom } from '../../sandbox/core/index.js';
import type { CallLog, Clock, FaultBoard } from '../../sandbox/core/index.js';

export const SHIRT = 'D1|SHIRT|BLUE|||M';
export const HAT = 'D1|HAT|RED|||ONE';
export const OLD = 'D1|OLD|GREY|||S';
export const ODD = 'D1|ODD|PINK|||S';

export interface Answer {
  /** 0 when there was no answer. */
  status: number;
  // The shape is what each test asserts on.
  body: Record<string, unknown>;
  text: string;
  headers: Headers;
}
export interface Site {
  erp: BlueCherry;
  faults: FaultBoard;
  calls: CallLog;
  clock: Clock;
  url: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

const KEY = 'test-key';

/** Sends one request; silence and a cut connection both come back as status 0. */
async function call(url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(1500) });
    const text = await response.text();
    const json = response.headers.get('content-type') === 'application/json';
    const body = json ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, body, text, headers: response.headers };
  } catch {
    return { status: 0, body: {}, text: '', headers: new Headers() };
  }
}

/** Divisions D1 (GBP) and D2, warehouses 01 and 02, two good items, one inactive, one with an unknown unit. */
export function fill(erp: BlueCherry): void {
  const { books } = erp;
  books.addDivision({ code: 'D1', name: 'Women', currency: 'GBP' });
  books.addDivision({ code: 'D2', name: 'Men', currency: 'GBP' });
  books.addWarehouse({ code: '01', name: 'Main', divisions: ['D1', 'D2'] });
  books.addWarehouse({ code: '02', name: 'Men only', divisions: ['D2'] });
  books.addReasonCode({ code: 'RETURN', name: 'Customer return', glAccount: '5000' });
  books.addReasonCode({ code: 'COUNT', name: 'Count', glAccount: '5900' });
  books.addGlAccount({ account: '4200', name: 'Postage' });
  books.addGlAccount({ account: '5900', name: 'Shrinkage' });
  books.addItem({ sku: SHIRT, code: 'SHIRT-BLUE-M', standardCost: '8.00' });
  books.addItem({ sku: HAT, code: 'HAT-RED', standardCost: '3.50' });
  books.addItem({ sku: OLD, code: 'OLD-GREY', standardCost: '1.00', active: false });
  books.addItem({ sku: ODD, code: 'ODD-PINK', standardCost: '1.00', uom: 'XX' });
  for (const sku of [SHIRT, HAT]) books.addStock({ sku, warehouse: '01', quantity: 100 });
  books.bookShippedOrder({
    orderNo: 'W-1',
    division: 'D1',
    warehouse: '01',
    customer: 'C-1',
    placedAt: '2026-03-01T10:00:00.000Z',
    shippedAt: '2026-03-02T10:00:00.000Z',
    currency: 'GBP',
    lines: [
      {
        orderLine: 1,
        sku: SHIRT,
        kind: 'GOODS',
        chargeCode: null,
        quantity: 4,
        unitPrice: '20.00',
        discount: '8.00',
        taxCode: 'S20',
        taxRate: '0.20',
        unitCost: '8.00',
      },
    ],
  });
}

/** A filled site on a free port, its cycles run by the test alone. */
export async function openSite(profile: Partial<BlueCherryProfile> = {}): Promise<Site> {
  const random = createRandom(5);
  const clock = createClock();
  const faults = createFaultBoard(random);
  const calls = createCallLog();
  const erp = createBlueCherry({
    clock,
    random,
    faults,
    calls,
    profile: { ...DEVELOPMENT_PROFILE, apiKey: KEY, rate: null, concurrent: null, ...profile },
  });
  fill(erp);
  const url = await erp.listen();
  const common = { 'x-api-key': KEY, 'content-type': 'application/json' };
  return {
    erp,
    faults,
    calls,
    clock,
    url,
    get: (path, headers = {}) => call(url + path, { headers: { ...common, ...headers } }),
    post: (path, body, headers = {}) =>
      call(url + path, {
        method: 'POST',
        headers: { ...common, ...headers },
        body: JSON.stringify(body),
      }),
    close: () => erp.close(),
  };
}

/** Credits `quantity` of the four shirts of order W-1, sold at 18.00 net each plus 20 % tax. */
export function memo(reference: string, quantity = 1, more: Record<string, unknown> = {}) {
  const net = (18 * quantity).toFixed(2);
  const tax = (3.6 * quantity).toFixed(2);
  return {
    externalRef: reference,
    originalOrderNo: 'W-1',
    originalInvoiceNo: 'IV-W-1',
    division: 'D1',
    customer: 'C-1',
    postingDate: '2026-03-10',
    reasonCode: 'RETURN',
    restock: 'none',
    lines: [
      {
        orderLine: 1,
        sku: SHIRT,
        quantity,
        unitPrice: '20.00',
        net,
        taxCode: 'S20',
        taxRate: '0.20',
        taxAmount: tax,
      },
    ],
    charges: [] as Record<string, unknown>[],
    currency: 'GBP',
    total: (21.6 * quantity).toFixed(2),
    ...more,
  };
}

/** Puts `quantity` of one item back in warehouse 01. */
export function adjustment(reference: string, quantity = 1, more: Record<string, unknown> = {}) {
  return {
    externalRef: reference,
    division: 'D1',
    warehouse: '01',
    postingDate: '2026-03-10',
    reasonCode: 'RETURN',
    lines: [{ sku: SHIRT, quantity }] as Record<string, unknown>[],
    ...more,
  };
}

/** On hand of an item in warehouse 01, from the books. */
export function onHandOf(erp: BlueCherry, sku: string): number {
  const row = erp.dump().stock.find((one) => one['sku'] === sku && one['warehouse'] === '01');
  return Number(row?.['qoh'] ?? '0');
}

/** Documents of the books under a reference, as `status` words. */
export const statesOf = (erp: BlueCherry, reference: string): string[] =>
  erp
    .dump()
    .documents.filter((one) => one.externalRef === reference)
    .map((one) => one.status);

/** Polls a fact until it holds; fails with its name after the deadline. */
export async function until(fact: () => boolean, name: string, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!fact()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
