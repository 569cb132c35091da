/** SG-04, the way out: a purchase order becomes an expected goods-in, so that each delivery can name it. */
import type { ExpectedOrder } from '../../domain/expected/order.js';
import { CAPTURED, type Run } from '../saga/run.js';
import { saga, type Mine } from '../saga/saga.js';
import {
  EXPECTED_RECEIPT,
  EXPECTED_RECEIPT_REVERSAL,
  OrderChanged,
  OrderRaised,
  type ExpectedResult,
} from './contract.js';
import { shared } from './definition.js';
import { Telling } from './telling.js';

/** An order: announced once, amended as the ERP revises it, taken back when it is cancelled. */
export const expectedReceipt = saga(
  { ...shared, process: EXPECTED_RECEIPT, input: OrderRaised, version: () => 1 },
  tellWarehouse,
);

/** A revision that came after the order's own saga had ended. */
export const expectedReceiptReversal = saga(
  {
    ...shared,
    process: EXPECTED_RECEIPT_REVERSAL,
    input: OrderChanged,
    version: (input: OrderChanged) => input.version,
  },
  tellWarehouse,
);

async function tellWarehouse(run: Run, mine: Mine<ExpectedOrder>): Promise<ExpectedResult> {
  const { poNo, version: revision } = mine.document;
  const telling = new Telling(run, mine);
  const plan = await telling.plan();
  const { units } = plan;
  const nothing = { poNo, revision, goodsIn: '', location: '', units, note: '' };

  let tooLate = plan.tooLate ? 'the goods were counted in before' : '';
  let cancelled = 0;
  for (const goodsInNo of plan.cancel) {
    const told = await telling.cancel(goodsInNo);
    if (told.state === 'done') cancelled += 1;
    else tooLate = told.why;
  }
  if (plan.announce !== null) {
    const { goodsInNo: goodsIn } = await telling.announce(plan.announce, units);
    run.clocks.end(CAPTURED);
    return { ...nothing, outcome: 'announced', goodsIn, location: plan.announce.location };
  }
  const told = plan.amend === null ? null : await telling.amend(plan.amend, units);
  run.clocks.end(CAPTURED);
  if (told?.state === 'too-late') tooLate = told.why;
  if (tooLate !== '') return { ...nothing, outcome: 'too-late', note: tooLate };
  if (plan.standing !== null) {
    const { goodsInNo: goodsIn, location } = plan.standing;
    return { ...nothing, outcome: told === null ? 'announced' : 'amended', goodsIn, location };
  }
  return { ...nothing, outcome: cancelled > 0 ? 'cancelled' : 'nothing-expected' };
}
