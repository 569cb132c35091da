/**
 * Purchase orders: read, closed for receiving, opened again. Closing and opening are natural to repeat: each names the
 * revision it was decided on, so a stale one is refused and decided anew (facts/blue-cherry.md 3.4).
 */
import type { WriteReply } from '../../clients/blue-cherry/replies.js';
import type { ReceivingReply } from '../../clients/blue-cherry/schema.js';
import { isReceived, type PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import { tenantOf } from '../../store/call-tenants.js';
import { readForSaga } from '../posting/calls.js';
import type { PostingDeps } from '../posting/deps.js';
import { trouble, waiting } from '../posting/failures.js';
import type { BlueCherry, ReceivingState } from './contract.js';
import type { BlueCherryDeps } from './erp.js';
import { asTrouble, periodsOf } from './find-sold.js';
import { purchaseOrderOf } from './map.js';

const WAIT_MS = 500;
const HELD_MS = 5_000;
/** Somebody else changes the order between our look and our write; more often than this is no accident. */
const MOST_LOOKS = 5;

type Verbs = Pick<BlueCherry, 'findPurchaseOrder' | 'findOnHand' | 'closeForReceiving' | 'reopenForReceiving'>;

/** Builds the verbs. They throw trouble when an outcome is not known; the next try looks first. */
export function purchaseOrderVerbs(deps: BlueCherryDeps, posting: PostingDeps): Verbs {
  const periods = periodsOf(deps, posting);
  const read = async (poNo: string): Promise<PurchaseOrder | null> => {
    if (poNo === '') return null;
    const wire = await asTrouble(() => readForSaga(posting, () => deps.client.readPurchaseOrder(poNo)));
    return wire === null ? null : purchaseOrderOf(wire);
  };
  /** Looks, and changes what is at that revision until a look shows that nothing is to be changed any more. */
  const settle = async (
    poNo: string,
    done: (order: PurchaseOrder) => boolean,
    send: (order: PurchaseOrder) => Promise<WriteReply<ReceivingReply>>,
  ): Promise<ReceivingState> => {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const order = await read(poNo);
      if (order === null) return { state: 'unknown' };
      if (done(order)) return { state: order.status };
      const refused = await change(deps, posting, poNo, () => send(order));
      if (refused !== null) return { state: 'refused', why: refused };
    }
    throw trouble('Busy', `Purchase order ${poNo} changes while it is being closed or opened`, WAIT_MS);
  };
  return {
    findPurchaseOrder: async ({ poNo, businessDate }) => ({
      order: await read(poNo),
      periods: await periods(businessDate),
    }),
    findOnHand: ({ warehouse, items }) => onHandIn(deps, posting, warehouse, items),
    closeForReceiving: ({ poNo, givenUp }) =>
      settle(
        poNo,
        (order) => order.status !== 'open' || !isReceived(order, givenUp),
        (order) => deps.client.closeReceiving(poNo, order.revision),
      ),
    reopenForReceiving: ({ poNo }) =>
      settle(
        poNo,
        (order) => order.status !== 'closed-for-receiving',
        (order) => deps.client.reopenReceiving(poNo, order.revision),
      ),
  };
}

/** Sends one change of state; what came of it is seen by the caller's next look. Answers the ERP's own no, else null. */
async function change(
  deps: BlueCherryDeps,
  posting: PostingDeps,
  poNo: string,
  send: () => Promise<WriteReply<ReceivingReply>>,
): Promise<string | null> {
  const tenant = await tenantOf(deps.store.db, deps.config.tenant);
  if (tenant !== undefined && tenant.held_by !== null)
    throw waiting('Held', `Writes are held: ${tenant.held_why ?? ''}`, HELD_MS);
  const reply = await readForSaga(posting, send);
  switch (reply.outcome) {
    case 'stored':
      return null;
    case 'refused':
      return reply.code === 'REVISION_CHANGED' ? null : `${reply.code}, ${reply.message}`;
    case 'not-stored':
      throw trouble('Busy', reply.message, reply.retryAfterMs ?? WAIT_MS);
    case 'duplicate':
    case 'unknown':
      throw trouble('NoReply', `What became of purchase order ${poNo} is looked up next`, WAIT_MS);
  }
}

/** Pages of stock read at most: a warehouse of more articles than they hold is not looked through for a few. */
const MOST_PAGES = 500;

/** The ERP lists stock by warehouse alone: its pages are read until every item was seen. */
async function onHandIn(
  deps: BlueCherryDeps,
  posting: PostingDeps,
  warehouse: string,
  items: readonly string[],
): ReturnType<BlueCherry['findOnHand']> {
  const missing = new Set(items);
  const found: { item: string; units: number }[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES && missing.size > 0; page++) {
    const query = cursor === undefined ? { warehouse } : { warehouse, cursor };
    const read = await asTrouble(() => readForSaga(posting, () => deps.client.listStock(query)));
    for (const { sku: item, qoh: units } of read.rows) if (missing.delete(item)) found.push({ item, units });
    cursor = read.cursor;
    if (cursor === undefined) break;
  }
  return found.sort((a, b) => (a.item < b.item ? -1 : 1));
}
