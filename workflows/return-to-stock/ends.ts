/** How a return ends when its halves differ, or when an earlier version of it is already posted. */
import type { ExceptionCode } from '../../domain/failures.js';
import { sum, zero } from '../../domain/money.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { PostedStep, Stakes } from '../postings.js';
import type { Run } from '../saga/run.js';
import type { Both } from '../saga/together.js';
import { claims, desk, postings } from '../systems.js';
import type { Assessment } from './assess.js';
import { returnToStockId, type ReturnResult } from './contract.js';
import { creditPostings, postedBefore, quarantinePostings, stakesOf } from './documents.js';
import { changedQuestion, creditedOnlyQuestion, restockedOnlyQuestion } from './questions.js';

/** One half was refused and the other is posted: a person says what becomes of it. */
export async function settleLoneHalf(run: Run, assessment: Assessment, both: Both): Promise<ReturnResult> {
  const { document } = assessment;
  const refused = both.first.state === 'declined' ? both.first : both.second.state === 'declined' ? both.second : null;
  run.check();
  if (refused === null) return result(assessment, outcomeOf(run, assessment), run.posted);
  if (run.posted.length === 0) return run.decline(refused.why);

  const stakes = stakesOf(document, assessment.plan);
  if (both.second.state === 'declined') {
    const answer = await run.ask(creditedOnlyQuestion(document, stakes, run.posted));
    if (answer.choice === 'write-off') {
      run.board.status = 'completed with write-off';
      return result(assessment, 'posted-with-write-off', run.posted);
    }
    await run.reverse([...run.posted], document.businessDate, answer.why);
    return run.decline(answer.why);
  }
  const nonSellable = assessment.facts.location?.nonSellable ?? null;
  const answer = await run.ask(restockedOnlyQuestion(document, stakes, run.posted, nonSellable !== null));
  if (answer.choice === 'send-back') {
    await run.reverse([...run.posted], document.businessDate, answer.why);
    return run.decline(refused.why);
  }
  if (answer.choice === 'quarantine' && nonSellable !== null) {
    for (const move of quarantinePostings(document, assessment.plan, nonSellable, [...run.posted]))
      await run.post(move);
    return result(assessment, 'kept', run.posted);
  }
  const plan = await assessment.creditAfterAll(answer);
  for (const memo of creditPostings(document, plan, assessment.sold)) {
    await run.allowAgain(memo, answer.by);
    await run.post(memo);
  }
  return result(assessment, 'posted', run.posted);
}

/** What an earlier version posted is reversed or kept by decision; `undefined` means: go on with this version. */
export async function settleEarlierVersions(run: Run, assessment: Assessment): Promise<ReturnResult | undefined> {
  const { document } = assessment;
  const base = returnToStockId({ source: 'archean', returnNo: document.returnNo });
  const workflowIds = [...new Set([base, run.workflowId])];
  const earlier = postedBefore(
    document,
    await run.read('Look what earlier versions posted', postings.postedUnder, { workflowIds }),
  );
  if (earlier.length === 0) return undefined;
  run.posted.splice(0, run.posted.length, ...earlier);
  run.passPivot(earlier);
  const plan = document.state === 'withdrawn' ? undefined : await assessment.look();
  const stakes = plan === undefined ? withdrawnStakes(document, earlier) : stakesOf(document, plan);
  const answer = await run.ask(changedQuestion(document, stakes, earlier));
  if (answer.choice === 'keep') return result(assessment, 'kept', earlier);
  await run.reverse(earlier, document.businessDate, answer.why);
  await claims.giveBack.executeWithOptions({ summary: 'Give the quantities back' }, [
    { source: document.source, returnNo: document.returnNo, why: answer.why },
  ]);
  return undefined;
}

/** A withdrawal is not assessed anew: what is at stake is what was posted. */
function withdrawnStakes(document: ReturnDocument, posted: readonly PostedStep[]): Stakes {
  const totals = posted.flatMap(({ posting }) =>
    posting.document.kind === 'stock-adjustment' ? [] : [posting.document.total],
  );
  const [first] = totals;
  const amount =
    first === undefined
      ? null
      : sum(
          totals.filter((t) => t.currency === first.currency),
          first.currency,
        );
  return {
    amount,
    baseAmount: amount,
    units: 0,
    requesters: [document.processedBy],
    customer: document.customer,
    businessDate: document.businessDate,
    twoPeople: false,
  };
}

function outcomeOf(run: Run, assessment: Assessment): ReturnResult['outcome'] {
  if (run.posted.length > 0) return 'posted';
  return assessment.plan.cancelOrders.length > 0 ? 'order-cancelled' : 'nothing-to-post';
}

export function result(
  assessment: Assessment,
  outcome: ReturnResult['outcome'],
  posted: readonly PostedStep[],
): ReturnResult {
  const numbers = (kind: string): string[] =>
    posted.filter((p) => p.posting.document.kind === kind).flatMap((p) => p.result.documents.map((d) => d.number));
  const plan = assessment.lastPlan;
  return {
    outcome,
    kind: plan?.outcome ?? assessment.document.state,
    creditMemos: numbers('credit-memo'),
    adjustments: numbers('stock-adjustment'),
    replacementOrder: numbers('sales-order')[0] ?? null,
    credit: plan?.totals.credit ?? zero(assessment.document.currency),
    restockUnits: plan?.totals.restockUnits ?? 0,
  };
}

/** Raises a case that asks nothing: somebody should look. */
export async function raise(
  run: Run,
  code: ExceptionCode,
  title: string,
  expected: string,
  actual: string,
): Promise<void> {
  await desk.raise.executeWithOptions({ summary: title.slice(0, 180) }, [
    {
      workflowId: run.workflowId,
      process: run.process,
      businessKey: run.businessKey,
      code,
      title,
      expected,
      actual,
      amount: null,
      units: 0,
    },
  ]);
}
