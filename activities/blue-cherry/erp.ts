/** Blue Cherry as posting sees it: the one implementation of the port in activities/posting/erp.ts. */
import type { ErpDocument } from '../../domain/documents.js';
import type { BlueCherryClient } from '../../clients/blue-cherry/client.js';
import type { WriteReply } from '../../clients/blue-cherry/replies.js';
import type { AcceptedReply, SalesOrderReply } from '../../clients/blue-cherry/schema.js';
import type { PostingContent } from '../../store/postings.js';
import type { PostingDeps, PostingSettings } from '../posting/deps.js';
import type { Erp, Held, Lookup, SendOutcome } from '../posting/erp.js';
import {
  adjustmentWrite,
  batchClock,
  creditMemoWrite,
  heldOrder,
  heldTransaction,
  receiptWrite,
  salesOrderWrite,
  TYPES,
} from './map.js';

export interface BlueCherrySettings extends PostingSettings {
  lockScope: 'style-colour' | 'style';
}

/** What a worker has for Blue Cherry's queue. */
export interface BlueCherryDeps extends Omit<PostingDeps, 'erp' | 'config'> {
  client: BlueCherryClient;
  config: BlueCherrySettings;
}

/** Most lines of one stock adjustment (facts/blue-cherry.md 3.4). */
const MOST_LINES = 100;
/** Pages of look-alikes read at most: what is older than the intent does not matter. */
const MOST_PAGES = 10;

/** Builds the port over a client. */
export function blueCherryErp({ client, config }: Pick<BlueCherryDeps, 'client' | 'config'>): Erp {
  return {
    lanesOf: (content) => lanesOf(content.document, config.lockScope),
    prepare: (content, externalRef) => prepare(client, content, externalRef),
    find: (lookup) => find(client, lookup),
    read: async (kind, number) => {
      if (kind === 'sales-order') return orNull(await client.readSalesOrder(number), heldOrder);
      return orNull(await client.readTransaction(number), heldTransaction);
    },
    similar: (content, since) => similar(client, content, since),
    changed: async (since, cursor) => {
      const page = await client.listTransactions({
        modifiedSince: since,
        ...(cursor === null ? {} : { cursor }),
      });
      return { held: page.transactions.map(heldTransaction), cursor: page.cursor ?? null };
    },
    clock: async () => batchClock(await client.readBatchStatus()),
  };
}

const orNull = <T>(wire: T | null, map: (wire: T) => Held): Held | null => (wire === null ? null : map(wire));

/** Division + style-colour + warehouse, as the site locks; a credit has no warehouse. */
function lanesOf(document: ErpDocument, scope: BlueCherrySettings['lockScope']): string[] {
  const warehouse = document.kind === 'credit-memo' ? '-' : document.warehouse;
  const lanes = document.lines.map((line) => {
    const [, style = '', color = ''] = line.item.split('|');
    return `${document.division}/${style}${scope === 'style' ? '' : `-${color}`}/${warehouse}`;
  });
  return [...new Set(lanes)].sort();
}

function prepare(
  client: BlueCherryClient,
  { document, operation, undoes }: PostingContent,
  externalRef: string,
): () => Promise<SendOutcome> {
  if (operation === 'cancel') {
    if (undoes === null) throw new RangeError('a cancellation names no order');
    return async () => orderOutcome(await client.cancelSalesOrder(undoes), undoes);
  }
  switch (document.kind) {
    case 'credit-memo': {
      if (document.lines.length + document.charges.length === 0) throw new RangeError('a credit memo without lines');
      const write = creditMemoWrite(document, externalRef, undoes);
      return async () => queuedOutcome(await client.createCreditMemo(write));
    }
    case 'stock-adjustment': {
      const count = document.lines.length;
      if (count === 0 || count > MOST_LINES) {
        throw new RangeError(`a stock adjustment has 1 to ${MOST_LINES} lines, this one ${count}`);
      }
      const write = adjustmentWrite(document, externalRef, undoes);
      return async () => queuedOutcome(await client.createAdjustment(write));
    }
    case 'po-receipt': {
      if (document.lines.length === 0) throw new RangeError('a receipt without lines');
      const write = receiptWrite(document, externalRef, undoes);
      return async () => queuedOutcome(await client.createReceipt(write));
    }
    case 'sales-order': {
      const write = salesOrderWrite(document, externalRef);
      return async () => orderOutcome(await client.createSalesOrder(write), null);
    }
  }
}

function queuedOutcome(reply: WriteReply<AcceptedReply>): SendOutcome {
  if (reply.outcome === 'stored') {
    const refusedLines = (reply.value.lineResults ?? []).flatMap((result) =>
      result.accepted
        ? []
        : [
            {
              line: result.line,
              code: result.error?.code ?? 'REFUSED',
              message: result.error?.message ?? 'refused',
            },
          ],
    );
    return { outcome: 'accepted', number: reply.value.transactionNo, refusedLines };
  }
  // These documents have no duplicate check; a claim of one says nothing about ours, so it is looked up.
  if (reply.outcome === 'duplicate') return { outcome: 'unknown', why: 'the ERP speaks of a duplicate' };
  return reply;
}

function orderOutcome(reply: WriteReply<SalesOrderReply>, orderNo: string | null): SendOutcome {
  if (reply.outcome === 'stored') return { outcome: 'posted', number: orderNo ?? reply.value.orderNo };
  if (reply.outcome !== 'duplicate') return reply;
  return reply.number === null
    ? { outcome: 'unknown', why: 'a duplicate whose first order is not named' }
    : { outcome: 'posted', number: reply.number };
}

async function find(client: BlueCherryClient, lookup: Lookup): Promise<Held[]> {
  if (lookup.operation === 'cancel') {
    const order = lookup.undoes === null ? null : await client.readSalesOrder(lookup.undoes);
    return order?.status === 'CANCELLED' ? [heldOrder(order)] : [];
  }
  if (lookup.kind === 'sales-order') return (await client.findSalesOrders(lookup.externalRef)).map(heldOrder);
  return (await client.findTransactions(lookup.externalRef)).map(heldTransaction);
}

async function similar(client: BlueCherryClient, { document }: PostingContent, since: string | null): Promise<Held[]> {
  if (document.kind === 'sales-order') return [];
  const type = TYPES[document.kind];
  const byOrder = document.kind === 'credit-memo' && document.orderNo !== '';
  const query = {
    type,
    ...(byOrder ? { orderNo: document.orderNo } : since === null ? {} : { modifiedSince: since }),
  };
  const found: Held[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const read = await client.listTransactions(cursor === undefined ? query : { ...query, cursor });
    found.push(...read.transactions.map(heldTransaction));
    cursor = read.cursor;
    if (cursor === undefined) break;
  }
  return found;
}
