/** What tests of claims on purchase orders share: deliveries as their source prints them, and claims of their units. */
import { afterAll, beforeAll, expect } from '@jest/globals';
import { createClaimsActivities } from '../../activities/claims/index.js';
import type { Claims } from '../../activities/claims/contract.js';
import { deliveryOf, goodsInEvent } from '../../activities/intake/sources/goods-in.js';
import type { ReceiptAnswer } from '../../domain/receipt/answers.js';
import type { ReceiptFacts } from '../../domain/receipt/facts.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import { insertEvents } from '../../store/inbox.js';
import { upsertItems } from '../../store/items.js';
import { seedFromCsv } from '../../store/mapping-seed.js';
import { holdingsOn } from '../../store/receipts.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { A, B, C } from '../unit/domain/receipts.js';

export const ZONE = 'Europe/London';
export const NOW = new Date('2026-06-01T00:00:00Z');
export const CODES = { [A]: '00123-NVY-M', [B]: '00123-NVY-L', [C]: '00417-BLK-M' } as Record<string, string>;

export let made: FreshDatabase;
export const claims = (): Claims => createClaimsActivities({ store: made.store });

export interface Wire {
  id: string;
  seq: number;
  version: number;
  poNo: string;
  completedAt: string;
  state: string;
  lines: object[];
}
export const line = (lineNo: number, received: number, over: object = {}): object => ({
  ...{ lineNo, sku: CODES[A], expected: received, received, uom: 'EA', quality: 'FIRST', damagedUnits: 0 },
  ...over,
});
export const wire = (id: string, poNo: string, lines: object[], over: Partial<Wire> = {}): Wire => ({
  ...{ id, seq: 1, version: 1, poNo, state: 'COMPLETED', completedAt: '2026-03-10T10:00:00Z', lines },
  ...{ externalRef: '', location: 'FC-UK-1', completedBy: 'clerk-1', followedBy: null },
  ...over,
});

export async function takenIn(...wires: Wire[]): Promise<void> {
  const events = wires.map((each) => goodsInEvent(each, ZONE, NOW));
  expect(events.map(({ reason }) => reason)).toEqual(events.map(() => null));
  await made.store.db.transaction().execute((tx) => insertEvents(tx, events));
}
export const documentOf = (each: Wire) => deliveryOf({ payload: each }, ZONE);
export const claim = (each: Wire, po: PurchaseOrder | null, answers: ReceiptAnswer[] = []): Promise<ReceiptFacts> =>
  claims().claimReceipt({ document: documentOf(each), order: po, answers, zone: ZONE });
export const sum = (grants: readonly { units: number }[]): number =>
  grants.reduce((units, each) => units + each.units, 0);
export const giveBack = (each: Wire): Promise<unknown> =>
  claims().giveBackReceipt({ source: 'archean', goodsInNo: each.id, why: 'declined' });

/** Units that all deliveries hold on an order now. */
export const held = async (poNo: string): Promise<number> =>
  sum([...(await holdingsOn(made.store.db, poNo)).values()].flatMap((each) => each.held));

export const minutes = (n: number): string => new Date(Date.parse('2026-03-10T10:00:00Z') + n * 60_000).toISOString();

/** A database of its own for the tests of one file, with the articles and mappings they speak of. */
export function onGround(): void {
  beforeAll(async () => {
    made = await freshDatabase({ connections: 20 });
    await seedFromCsv(made.store.db, 'mappings');
    const item = (itemKey: string) => ({ itemKey, code: CODES[itemKey] ?? '', active: true, standardCost: '4.60' });
    await upsertItems(made.store.db, [{ ...item(A), unitsPerCase: 12 }, item(B), item(C)]);
  });
  afterAll(() => made.drop());
}
