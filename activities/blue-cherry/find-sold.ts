/** What was sold: orders, their invoices, and the fiscal periods a return's date may fall in. Reads only. */
import { ReadFailure } from '../../clients/blue-cherry/client.js';
import type { Period } from '../../clients/blue-cherry/schema.js';
import { nextOpenPeriodAfter, periodOf } from '../../domain/business-date.js';
import type { Sold } from '../../domain/return/sold.js';
import { readForSaga } from '../posting/calls.js';
import type { PostingDeps } from '../posting/deps.js';
import { trouble } from '../posting/failures.js';
import type { BlueCherryDeps } from './erp.js';
import { soldOf } from './map.js';

/** Periods change rarely; a closing is proved again by the ERP when it posts. */
const PERIODS_KEPT_MS = 1_000;

/** Reads the periods around a day; they are kept for a moment, so that a hundred sagas read them once. */
export function periodsOf(deps: BlueCherryDeps, posting: PostingDeps) {
  let kept: { at: number; periods: Promise<Period[]> } | null = null;
  const periods = (): Promise<Period[]> => {
    if (kept === null || performance.now() - kept.at > PERIODS_KEPT_MS) {
      const read = asTrouble(() => readForSaga(posting, () => deps.client.listPeriods()));
      kept = { at: performance.now(), periods: read };
      read.catch(() => {
        kept = null;
      });
    }
    return kept.periods;
  };
  return async (businessDate?: string): Promise<Period[]> => around(await periods(), businessDate);
}

/** Builds the verb. */
export function findSoldWith(deps: BlueCherryDeps, posting: PostingDeps) {
  const periods = periodsOf(deps, posting);
  return async ({ orderNos, businessDate }: { orderNos: string[]; businessDate?: string }): Promise<Sold> => {
    const wanted = [...new Set(orderNos)].filter((no) => no !== '');
    const orders = [];
    const invoices = [];
    for (const orderNo of wanted) {
      const order = await asTrouble(() => readForSaga(posting, () => deps.client.readSalesOrder(orderNo)));
      if (order === null) continue;
      orders.push(order);
      if (order.status !== 'INVOICED' && order.status !== 'SHIPPED') continue;
      invoices.push(...(await asTrouble(() => readForSaga(posting, () => deps.client.findInvoices(orderNo)))));
    }
    return soldOf(orders, invoices, await periods(businessDate));
  };
}

/** The period of a day, and the next open one a document may go into when its own is closed. */
function around(periods: Period[], businessDate: string | undefined): Period[] {
  if (businessDate === undefined) return periods;
  const next = nextOpenPeriodAfter(periods, businessDate);
  return [periodOf(periods, businessDate), next].filter((period) => period !== undefined);
}

const WAIT_MS = 500;

/** A read that brought nothing is trouble: tried again, never a saga's business. */
export async function asTrouble<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    const type = {
      unreachable: 'Unreachable',
      'no-reply': 'NoReply',
      busy: 'Busy',
      window: 'BatchWindow',
      unauthorised: 'Unauthorised',
      fault: 'NoReply',
      malformed: 'Malformed',
    } as const;
    throw trouble(type[error.kind], error.message, error.retryAfterMs ?? WAIT_MS);
  }
}
