/** SG-02: one physical return becomes a credit memo and a restock adjustment. */
import { raise } from '../cases.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import { blueCherry } from '../systems.js';
import { saga, type Mine } from '../saga/saga.js';
import type { Run } from '../saga/run.js';
import { together } from '../saga/together.js';
import { Assessment } from './assess.js';
import { RETURN_REVERSAL, RETURN_TO_STOCK, ReturnChanged, ReturnReceived, type ReturnResult } from './contract.js';
import { creditPostings, restockPostings, stakesOf } from './documents.js';
import { settleEarlierVersions, settleLoneHalf } from './ends.js';
import { shared } from './definition.js';
import { cancelQuestion } from './questions.js';
import { RefundOwed } from './refund-owed.js';
import { creditOnceBack, sendAgain } from './undelivered.js';

/** The return of an order: credit and restock, each posted once, both proved. */
export const returnToStock = saga(
  { ...shared, process: RETURN_TO_STOCK, input: ReturnReceived, version: () => 1 },
  processReturn,
);

/** A change that came after the return's own saga had ended: what is posted is reversed or kept by decision. */
export const returnToStockReversal = saga(
  {
    ...shared,
    process: RETURN_REVERSAL,
    input: ReturnChanged,
    version: (input: ReturnChanged) => input.version,
  },
  processReturn,
);

async function processReturn(run: Run, mine: Mine<ReturnDocument>): Promise<ReturnResult> {
  const assessment = new Assessment(run, mine);
  const { document } = mine;
  if (document.version > 1) {
    const kept = await settleEarlierVersions(run, assessment);
    if (kept !== undefined) return kept;
  }
  if (document.state === 'withdrawn') return run.decline(`return ${document.returnNo} was withdrawn at its source`);

  const owed = new RefundOwed(run, document);
  await assessment.look();
  await settleTheWhole(run, assessment);
  await cancelOrders(run, assessment);

  const creditHalf = { name: 'credit', half: credit(assessment, owed) };
  const restockHalf = { name: 'restock', half: restock(assessment) };
  const both = await together(run, {
    ...(document.state === 'undelivered'
      ? { first: restockHalf, second: { ...creditHalf, half: creditOnceBack(run, assessment, creditHalf.half) } }
      : { first: creditHalf, second: restockHalf }),
    release: 'T-38',
    halfPosted: {
      timer: 'T-05',
      onDue: () =>
        raise(run, 'X-10', `Return ${document.returnNo} is posted only by half`, 'credit and restock', 'one of them'),
    },
    onCancel: (posted) => cancelQuestion(document, stakesOf(document, assessment.plan), posted),
    businessDate: document.businessDate,
  });
  const again = assessment.answers.findLast(({ question }) => question === 'undelivered');
  if (again?.choice === 'redispatch') return sendAgain(run, assessment, again.why);
  const result = await settleLoneHalf(run, assessment, both);
  if (result.creditMemos.length > 0) await owed.settled();
  return result;
}

/** Questions and causes that hold the return whole: nothing posts before they are settled. */
async function settleTheWhole(run: Run, assessment: Assessment): Promise<void> {
  for (let plan = assessment.plan; ;) {
    if (plan.declined) run.decline(plan.declined.why);
    const cause = plan.causes.find((c) => c.half === 'whole');
    if (cause) plan = await assessment.untilMapped(cause);
    else if (plan.wholeQuestion) plan = await assessment.ask(plan.wholeQuestion);
    else return;
  }
}

/** The credit waits for its own questions; a no ends this half only. */
const credit = (assessment: Assessment, owed: RefundOwed) => ({
  prepare: async () => {
    const plan = await assessment.settleCredit();
    if (plan.declined) return { declined: plan.declined.why };
    return owed.settledBy(creditPostings(assessment.document, plan, assessment.sold));
  },
  waitsOn: (question: string) => assessment.plan.wholeQuestion === null && !question.startsWith('restock'),
});

/** The restock waits for the mappings it needs. */
const restock = (assessment: Assessment) => ({
  prepare: async () => {
    let plan = assessment.plan;
    for (let cause = plan.causes[0]; cause; cause = plan.causes[0]) plan = await assessment.untilMapped(cause);
    return restockPostings(assessment.document, plan, assessment.sold);
  },
});

/** Orders that were never dispatched are cancelled instead; one that meanwhile was goes on as a return. */
async function cancelOrders(run: Run, assessment: Assessment): Promise<void> {
  for (const orderNo of assessment.plan.cancelOrders) {
    const reference = `${run.workflowId}/cancel-${orderNo}`;
    const title = `Cancel order ${orderNo}, which was never dispatched`;
    const { status } = await run.read(title, blueCherry.cancelSalesOrder, { reference, orderNo });
    if (status !== 'already-shipped') continue;
    await assessment.dispatchedAfterAll(orderNo);
    await settleTheWhole(run, assessment);
  }
}
