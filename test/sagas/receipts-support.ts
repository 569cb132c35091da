/** What tests of deliveries share: orders to receive against, deliveries, and the books by purchase order. */
import { sql } from 'kysely';
import { externalRefOf } from '../../activities/posting/reference.js';
import { eventually } from '../support/eventually.js';
import type { Rig } from '../support/rig.js';
import { writesOf, type Held } from './support.js';

export interface Ordered {
  poNo: string;
  item: string;
  code: string;
}

/** Cases run side by side, on a machine that may be busy. */
export const WITHIN = 180_000;
let made = 0;

/** An article of its own with cartons of twelve, and a purchase order over `ordered` of it at USD 8.00. */
export async function order(rig: Rig, ordered: number, more: object = {}): Promise<Ordered> {
  made += 1;
  const style = String(70_000 + made);
  const item = `WOM|${style}|NVY|||OS`;
  const code = `${style}-NVY-OS`;
  const poNo = `PO-${style}`;
  await rig.emit('blue-cherry', 'item.added', { sku: item, code, unitsPerCase: 12, standardCost: '7.50' });
  await rig.emit('blue-cherry', 'purchase-order.raised', {
    ...{ poNo, supplier: 'SUP-7', division: 'WOM', warehouse: '01', currency: 'USD', rate: '0.80' },
    lines: [{ sku: item, ordered, unitCost: '8.00' }],
    landed: [
      { element: 'DUTY', perUnit: '0.768' },
      { element: 'FREIGHT', perUnit: '0.332' },
    ],
    ...more,
  });
  return { poNo, item, code };
}

export interface Delivered {
  id: string;
  workflowId: string;
}

/** A delivery is counted in (or corrected, or reversed) at its source. */
export async function deliver(rig: Rig, payload: object, type = 'goods-in.completed'): Promise<Delivered> {
  const { goodsIn } = (await rig.emit('archean', type, { location: 'FC-UK-1', ...payload })) as unknown as {
    goodsIn: { id: string };
  };
  return { id: goodsIn.id, workflowId: `po-receipt:archean:${goodsIn.id}` };
}

/** One line of a delivery that nobody announced. */
export const line = (sku: string, received: number, more: object = {}): object => ({
  ...{ lineNo: 1, sku, uom: 'EA', expected: received, received, quality: 'FIRST', damagedUnits: 0 },
  ...more,
});

type Receipt = Held & { poNo: string | null };

/** Documents the books hold of a purchase order: `PO receipt POSTED 480`, in order of number. */
export async function receivedOn(rig: Rig, poNo: string): Promise<string[]> {
  const { documents } = (await rig.books()) as unknown as { documents: Receipt[] };
  return documents
    .filter((one) => one.poNo === poNo && one.kind === 'PO receipt')
    .map((one) => `${one.kind} ${one.status} ${one.lines.reduce((sum, each) => sum + Number(each.quantity), 0)}`);
}

/** Debit less credit by account over the documents of a purchase order. */
export async function ledgerOf(rig: Rig, poNo: string): Promise<Record<string, string>> {
  const { documents, journals } = (await rig.books()) as unknown as {
    documents: Receipt[];
    journals: { document: string; account: string; debit: string; credit: string }[];
  };
  const numbers = new Set(documents.filter((one) => one.poNo === poNo).map(({ number }) => number));
  const sums: Record<string, number> = {};
  for (const row of journals.filter(({ document }) => numbers.has(document)))
    sums[row.account] = (sums[row.account] ?? 0) + Math.round((Number(row.debit) - Number(row.credit)) * 100);
  return Object.fromEntries(Object.entries(sums).map(([account, sum]) => [account, (sum / 100).toFixed(2)]));
}

type OrderedLine = Record<'ordered' | 'open' | 'received' | 'returned' | 'invoiced', number>;
async function readOrder(rig: Rig, poNo: string): Promise<{ status: string; lines: OrderedLine[] }> {
  const response = await fetch(new URL(`/purchase-orders/${poNo}`, rig.sandbox.systems['blue-cherry']), {
    headers: { 'x-api-key': rig.env['SELVEDGE_BLUE_CHERRY_KEY'] ?? '' },
  });
  return (await response.json()) as { status: string; lines: OrderedLine[] };
}

/** Figures of an order's first line: received, returned, invoiced. */
export async function figuresOf(rig: Rig, { poNo }: Ordered): Promise<number[]> {
  const { lines } = await readOrder(rig, poNo);
  return lines.slice(0, 1).flatMap(({ received, returned, invoiced }) => [received, returned, invoiced]);
}

/** Units of an article on hand where its deliveries go. */
export async function onHandOf(rig: Rig, { item }: Pick<Ordered, 'item'>): Promise<number> {
  const { stock } = (await rig.books()) as unknown as { stock: { sku: string; warehouse: string; qoh: string }[] };
  return Number(stock.find((row) => row.sku === item && row.warehouse === '01')?.qoh ?? 0);
}

/** What the ERP says of an order: `OPEN 228 of 720 open`. */
export async function orderState(rig: Rig, poNo: string): Promise<string> {
  const { status, lines } = await readOrder(rig, poNo);
  const sum = (of: 'open' | 'ordered'): number => lines.reduce((all, each) => all + each[of], 0);
  return `${status} ${sum('open')} of ${sum('ordered')} open`;
}

/** Units of an item that adjustments in the books moved, in order of number. */
export async function adjustedOf(rig: Rig, item: string): Promise<string[]> {
  const { documents } = await rig.books();
  return documents
    .filter(({ kind, status }) => kind === 'inventory adjustment' && status === 'POSTED')
    .flatMap(({ lines }) => lines.filter(({ sku }) => sku === item).map(({ quantity }) => quantity));
}

/** State of the newest revision of a step; null when nothing was ever asked. */
export async function postingState(rig: Rig, workflowId: string, step: string): Promise<string | null> {
  const { rows } = await sql<{ state: string }>`select state from posting
    where reference = ${`${workflowId}/${step}`} order by revision desc limit 1`.execute(rig.store.db);
  return rows[0]?.state ?? null;
}

/** Waits until a step stands in one of these states. */
export const untilPosting = (rig: Rig, workflowId: string, step: string, ...states: string[]): Promise<unknown> =>
  eventually(
    async () => {
      const state = await postingState(rig, workflowId, step);
      if (state !== null && states.includes(state)) return true;
      throw new Error(`${workflowId}/${step} is ${state ?? 'not asked'}, not ${states.join(' or ')}`);
    },
    { within: WITHIN, every: 30 },
  );

/** Lays a fault on receipts of an order, once unless told; answers its id. */
export async function faultOnReceipt(rig: Rig, poNo: string, kind: string, more: object = {}): Promise<string> {
  const fault = { system: 'blue-cherry', operation: 'po-receipt', kind, match: { poNo }, ...more };
  return ((await rig.fault(fault)) as { id: string }).id;
}
/** From now on the ERP answers receipts of this order with a lock, until it is released: they wait in our queue. */
export const lockReceipts = (rig: Rig, poNo: string): Promise<string> =>
  faultOnReceipt(rig, poNo, 'table-lock', { form: '409', times: 1_000 });
export const unlock = (rig: Rig, fault: string): Promise<unknown> => rig.control('DELETE', `/_sandbox/faults/${fault}`);

/** Whether each sending of a delivery's first receipt was stored, oldest first. */
export async function sentFor(rig: Rig, workflowId: string, revision = 1): Promise<boolean[]> {
  const ref = externalRefOf(`${workflowId}/receipt-v1`, revision);
  return (await writesOf(rig)).filter((call) => call.externalRef === ref).map(({ stored }) => stored);
}

/** How often an order was closed for receiving or opened again: what changed it, or what was tried. */
export async function changesOf(
  rig: Rig,
  poNo: string,
  what: 'close-receiving' | 'reopen',
  how: 'stored' | 'tried' = 'stored',
): Promise<number> {
  const { calls } = (await rig.control('GET', '/_sandbox/calls/blue-cherry')) as {
    calls: { path: string; stored: boolean }[];
  };
  return calls.filter((call) => call.path === `/purchase-orders/${poNo}/${what}` && (how === 'tried' || call.stored))
    .length;
}
