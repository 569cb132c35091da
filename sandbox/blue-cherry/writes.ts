/** Write operations of the interface: queued and answered 202, or done at once and answered 200 or 201 (facts 3.4). */
import { Refusal } from '../core/index.js';
import type { Reply, Route, SystemRequest } from '../core/index.js';
import { acceptAdjustment } from './adjustments.js';
import { acceptCreditMemo } from './credit-memos.js';
import { acceptJournal } from './ledger-journals.js';
import type { State, Stored } from './model.js';
import { acceptSalesOrder, cancelOrder } from './orders.js';
import { acceptReceipt } from './po-receipts.js';
import { changeReceiving } from './purchasing.js';

const post = (path: string, operation: string, handle: (request: SystemRequest) => Reply): Route => ({
  method: 'POST',
  path,
  operation,
  writes: true,
  handle,
});

const accepted = ({ wire }: Stored, more: Record<string, unknown> = {}): Reply => ({
  status: 202,
  stored: true,
  body: {
    transactionNo: wire.transactionNo,
    status: wire.status,
    externalRef: wire.externalRef,
    ...more,
  },
});

const revisionOf = (body: unknown): unknown => (body as { revision?: unknown } | null)?.revision;

/** All writes. */
export function writeRoutes(state: State): Route[] {
  const receiving = (open: boolean) => (request: SystemRequest) => {
    const order = changeReceiving(state, request.params['no'] ?? '', revisionOf(request.body), open);
    const { poNo, status, revision } = order;
    return { status: 200, stored: true, body: { poNo, status, revision } };
  };
  return [
    post('/sales-orders', 'sales-order', ({ body }) => {
      const { order } = acceptSalesOrder(state, body);
      const { orderNo, status, revision } = order;
      return { status: 201, stored: true, body: { orderNo, status, revision } };
    }),
    post('/sales-orders/:no/cancel', 'cancel-sales-order', ({ params }) => {
      const order = state.orders.get(params['no'] ?? '');
      if (order === undefined) throw new Refusal(404, 'NOT_FOUND', `sales order "${params['no']}" is not known`);
      const before = order.status;
      const { orderNo, status, revision } = cancelOrder(state, order);
      return { status: 200, stored: before !== status, body: { orderNo, status, revision } };
    }),
    post('/credit-memos', 'credit-memo', ({ body }) => accepted(acceptCreditMemo(state, body))),
    post('/inventory-adjustments', 'inventory-adjustment', ({ body }) => {
      const { stored, lineResults } = acceptAdjustment(state, body);
      const whole = lineResults.every((line) => line.accepted);
      return accepted(stored, whole ? {} : { lineResults });
    }),
    post('/po-receipts', 'po-receipt', ({ body }) => accepted(acceptReceipt(state, body))),
    post('/gl-journals', 'gl-journal', ({ body }) => accepted(acceptJournal(state, body))),
    post('/purchase-orders/:no/close-receiving', 'close-receiving', receiving(false)),
    post('/purchase-orders/:no/reopen', 'reopen-purchase-order', receiving(true)),
  ];
}
