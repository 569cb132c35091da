/** Purchase orders for the feed: each call takes its turn among all calls to the tenant. */
import type { BlueCherryClient } from '../../clients/blue-cherry/client.js';
import type { PurchaseOrderReads } from '../intake/sources/index.js';
import { readForSaga, type CallDeps } from '../posting/calls.js';
import { asTrouble } from './find-sold.js';

/** Builds the reads. They throw trouble, or NotYet when no call is free within two seconds. */
export const purchaseOrderReads = (
  deps: CallDeps,
  client: Pick<BlueCherryClient, 'listPurchaseOrders' | 'readPurchaseOrder' | 'findSupplierInvoices'>,
): PurchaseOrderReads => ({
  list: (query) => asTrouble(() => readForSaga(deps, () => client.listPurchaseOrders(query))),
  find: async (poNo) => (await asTrouble(() => readForSaga(deps, () => client.readPurchaseOrder(poNo)))) ?? undefined,
  invoices: (poNo) => asTrouble(() => readForSaga(deps, () => client.findSupplierInvoices(poNo))),
});
