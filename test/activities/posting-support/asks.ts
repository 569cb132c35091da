/** Requests as a saga would make them, and a retry loop as Temporal would run it. */
import { ApplicationFailure } from '@temporalio/common';
import type { CreditMemo, StockAdjustment } from '../../../domain/documents.js';
import type { PostingRequest, RejectionDetails } from '../../../activities/posting/contract.js';
import { externalRefOf } from '../../../activities/posting/reference.js';
import { item, orderNo, type Rig } from './rig.js';

export const TODAY = new Date().toISOString().slice(0, 10);

export function creditMemo(n: number, quantity = 1): CreditMemo {
  const minor = (amount: number) => ({ minor: String(amount), currency: 'GBP' });
  return {
    kind: 'credit-memo',
    orderNo: orderNo(n),
    invoiceNo: `IV-${orderNo(n)}`,
    division: 'D1',
    customer: 'C1',
    businessDate: TODAY,
    reasonCode: 'RETURN',
    lines: [
      {
        orderLine: 1,
        item: item(n % 60),
        quantity,
        unitPrice: '20.00',
        net: minor(2000 * quantity),
        taxCode: 'S20',
        taxRate: '0.20',
        tax: minor(400 * quantity),
      },
    ],
    charges: [],
    total: minor(2400 * quantity),
    memo: `RTN-${n}`,
    settlement: { kind: 'refunded', reference: 'card' },
  };
}

export const adjustment = (items: number[], quantity = 1): StockAdjustment => ({
  kind: 'stock-adjustment',
  division: 'D1',
  warehouse: '01',
  businessDate: TODAY,
  reasonCode: 'RET',
  lines: items.map((n) => ({ item: item(n), quantity })),
  memo: 'a return',
});

export const ask = <D extends CreditMemo | StockAdjustment>(
  key: string,
  step: string,
  document: D,
  seq = 1,
): PostingRequest<D> => ({
  reference: `return-to-stock:archean:${key}/${step}`,
  document,
  seq,
  links: [{ system: 'archean', kind: 'return', number: key }],
});

export const memoAsk = (n: number, quantity = 1) => ask(`RTN-${n}`, 'credit-memo', creditMemo(n, quantity), n);
export const stockAsk = (n: number, items: number[], quantity = 1) =>
  ask(`RTN-${n}`, 'restock', adjustment(items, quantity), n);

export const failureOf = async (work: Promise<unknown>): Promise<ApplicationFailure> => {
  const thrown: unknown = await work.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
  if (!(thrown instanceof ApplicationFailure)) throw thrown;
  return thrown;
};
export const detailsOf = (failure: ApplicationFailure): RejectionDetails => failure.details?.[0] as RejectionDetails;

/** Tries again as Temporal would, until it answers or throws a final failure; delays are cut to `longestMs`. */
export async function retried<T>(work: () => Promise<T>, withinMs = 20_000, longestMs = 100): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable === true) throw error;
      if (Date.now() > deadline) throw new Error(`still ${error.type ?? ''}: ${error.message}`, { cause: error });
      // The wait that the activity itself asked Temporal for, cut short.
      const delay = typeof error.nextRetryDelay === 'number' ? error.nextRetryDelay : 50;
      await new Promise((done) => setTimeout(done, Math.min(delay, longestMs)));
    }
  }
}

/** Runs settle rounds until stopped, as the standing workflow does. Two of them side by side must be safe. */
export function settling(rig: Pick<Rig, 'settle'>): { stop(): Promise<void> } {
  let on = true;
  const loop = (async () => {
    while (on) {
      const { sleepMs } = await rig.settle.round();
      // The pace the round itself asked for, cut short.
      await new Promise((done) => setTimeout(done, Math.min(sleepMs, 60)));
    }
  })();
  return {
    stop: async () => {
      on = false;
      await loop;
    },
  };
}

/** Live documents of the ERP's books that bear a posting's reference (any revision up to three). */
export function documentsOf(rig: Pick<Rig, 'erp'>, reference: string) {
  const refs = new Set([1, 2, 3].map((revision) => externalRefOf(reference, revision)));
  return rig.erp.dump().documents.filter((one) => refs.has(one.externalRef) && one.status !== 'REJECTED');
}
