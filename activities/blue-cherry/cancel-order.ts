/** Cancelling an order that was never dispatched. Natural to repeat: a cancelled order stays cancelled. */
import { tenantOf } from '../../store/call-tenants.js';
import { readForSaga } from '../posting/calls.js';
import type { PostingDeps } from '../posting/deps.js';
import { refusalOf, rejected, rejection, trouble, waiting } from '../posting/failures.js';
import type { BlueCherry } from './contract.js';
import type { BlueCherryDeps } from './erp.js';
import { asTrouble } from './find-sold.js';

const GONE = new Set(['ALREADY_SHIPPED', 'ORDER_PICKED']);
const WAIT_MS = 500;

/** Builds the verb. Throws a rejection when there is no such order, trouble when the outcome is not known. */
export function cancelSalesOrderWith(deps: BlueCherryDeps, posting: PostingDeps): BlueCherry['cancelSalesOrder'] {
  return async ({ reference, orderNo }) => {
    const order = await asTrouble(() => readForSaga(posting, () => deps.client.readSalesOrder(orderNo)));
    if (order === null) {
      throw rejection(rejected('Refused', `The ERP has no order ${orderNo} to cancel`, { reference }));
    }
    if (order.status === 'CANCELLED') return { status: 'cancelled' };
    if (order.status !== 'OPEN' && order.status !== 'ALLOCATED') return { status: 'already-shipped' };
    const tenant = await tenantOf(deps.store.db, deps.config.tenant);
    if (tenant !== undefined && tenant.held_by !== null)
      throw waiting('Held', `Writes are held: ${tenant.held_why ?? ''}`, 5_000);
    const reply = await readForSaga(posting, () => deps.client.cancelSalesOrder(orderNo));
    switch (reply.outcome) {
      case 'stored':
        return { status: 'cancelled' };
      case 'refused':
        if (GONE.has(reply.code)) return { status: 'already-shipped' };
        throw rejection(refusalOf(reply.code, reply.message, { reference }));
      case 'not-stored':
        throw trouble('Busy', reply.message, reply.retryAfterMs ?? WAIT_MS);
      case 'duplicate':
      case 'unknown':
        throw trouble('NoReply', `Whether order ${orderNo} was cancelled is looked up next`, WAIT_MS);
    }
  };
}
