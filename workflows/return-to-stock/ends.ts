/** How a return ends when its halves differ, or when an earlier version of it is already posted. */
import { sum, zero, type Money } from '../../domain/money.js';
import type { Policy } from '../../domain/policy.js';
import { needsTwo, toBase } from '../../domain/limits.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { ReturnPlan } from '../../domain/return/plan-types.js';
import type { PostedStep, Posting, Stakes } from '../postings.js';
import type { Answer } from '../saga/questions.js';
import type { Run } from '../saga/run.js';
import type { Both } from '../saga/together.js';
import { takeOver } from '../posted-before.js';
import { claims } from '../systems.js';
import type { Assessment } from './assess.js';
import type { ReturnResult } from './contract.js';
import { creditPostings, quarantinePostings, stakesOf } from './documents.js';
import { changedQuestion, creditedOnlyQuestion, restockedOnlyQuestion } from './questions.js';

/** One half was refused and the other is posted: a person says what becomes of it. */
export async function settleLoneHalf(run: Run, assessment: Assessment, both: Both, asked = 1): Promise<ReturnResult> {
  const { document } = assessment;
  const refused = both.first.state === 'declined' ? both.first : both.second.state === 'declined' ? both.second : null;
  run.check();
  if (refused === null) return result(assessment, outcomeOf(run, assessment), run.posted);
  if (run.posted.length === 0) return run.decline(refused.why);

  const stakes = stakesOf(document, assessment.plan);
  const kinds = new Set(run.posted.map(({ posting }) => posting.document.kind));
  if (!kinds.has('stock-adjustment') || (kinds.has('credit-memo') && both.second.state === 'declined')) {
    const answer = await run.ask(creditedOnlyQuestion(document, stakes, run.posted));
    if (answer.choice === 'write-off') {
      run.board.status = 'completed with write-off';
      return result(assessment, 'posted-with-write-off', run.posted);
    }
    await run.reverse([...run.posted], document.businessDate, answer.why);
    return run.decline(answer.why);
  }
  const nonSellable = assessment.facts.location?.nonSellable ?? null;
  const kept = assessment.planIfKept();
  const question = restockedOnlyQuestion(document, keptStakes(document, kept, run.policy), run.posted, {
    credits: kept.credits,
    canQuarantine: nonSellable !== null,
    asked,
  });
  const answer = await run.ask(question);
  if (answer.choice === 'send-back') {
    await run.reverse([...run.posted], document.businessDate, answer.why);
    return run.decline(refused.why);
  }
  const moved = answer.choice === 'quarantine' && nonSellable !== null ? nonSellable : null;
  const why = await postAfterAll(run, await wantedAfter(run, assessment, moved, answer), answer.by);
  if (why !== null) return settleLoneHalf(run, assessment, { ...both, first: { state: 'declined', why } }, asked + 1);
  return result(assessment, moved === null ? 'posted' : 'kept', run.posted);
}

/** What keeping the goods costs is at stake: the credit that was declined, not the nothing that a declined plan credits. */
const keptStakes = (document: ReturnDocument, kept: ReturnPlan, policy: Policy): Stakes => ({
  ...stakesOf(document, kept),
  twoPeople: needsTwo({ policy }, kept.totals.baseCredit),
});

/** The credit after all, or the moves into quarantine; or why the credit was declined once more. */
async function wantedAfter(
  run: Run,
  assessment: Assessment,
  quarantine: string | null,
  answer: Answer,
): Promise<Posting[] | string> {
  const { document } = assessment;
  if (quarantine !== null) return quarantinePostings(document, assessment.plan, quarantine, [...run.posted]);
  const plan = await assessment.creditAfterAll(answer);
  return plan.declined?.why ?? creditPostings(document, plan, assessment.sold);
}

/** Posts what a person wants posted after all; answers why it stopped when one of them was refused for good. */
async function postAfterAll(run: Run, wanted: readonly Posting[] | string, by: string): Promise<string | null> {
  if (typeof wanted === 'string') return wanted;
  for (const posting of wanted) {
    if (run.posted.some((done) => done.posting.step === posting.step)) continue;
    await run.allowAgain(posting, by);
    const outcome = await run.post(posting);
    run.check();
    if (outcome.state !== 'posted')
      return outcome.state === 'declined' ? outcome.why : `${posting.title} may not be sent`;
  }
  return null;
}

/** What an earlier version posted is reversed or kept by decision; `undefined` means: go on with this version. */
export async function settleEarlierVersions(run: Run, assessment: Assessment): Promise<ReturnResult | undefined> {
  const { document } = assessment;
  const workflowIds = [...assessment.earlier, run.workflowId];
  const { processedBy, customer, businessDate } = document;
  const earlier = await takeOver(run, workflowIds, { requesters: [processedBy], customer, businessDate });
  if (earlier.length === 0) return undefined;
  const answer = await run.ask(changedQuestion(document, postedStakes(document, earlier, run.policy), earlier));
  if (answer.choice === 'keep') return result(assessment, 'kept', earlier);
  await run.reverse(earlier, document.businessDate, answer.why);
  await claims.giveBack.executeWithOptions({ summary: 'Give the quantities back' }, [
    { source: document.source, returnNo: document.returnNo, why: answer.why },
  ]);
  return undefined;
}

/**
 * What is at stake is what was posted. The new version is not assessed before the answer: to claim its quantities would
 * give back those of documents that may be kept.
 */
function postedStakes(document: ReturnDocument, posted: readonly PostedStep[], policy: Policy): Stakes {
  const totals = posted.flatMap(({ posting }) => ('total' in posting.document ? [posting.document.total] : []));
  const units = posted.flatMap(({ posting }) =>
    posting.document.kind === 'stock-adjustment' ? posting.document.lines.map((line) => line.quantity) : [],
  );
  const [first] = totals;
  const inOne = (amounts: Money[], currency: string): Money =>
    sum(
      amounts.filter((each) => each.currency === currency),
      currency,
    );
  const bases = totals.map((total) => toBase(total, policy)).filter((base) => base !== null);
  return {
    amount: first === undefined ? null : inOne(totals, first.currency),
    baseAmount: bases.length < totals.length ? null : inOne(bases, policy.baseCurrency),
    units: units.reduce((all, each) => all + each, 0),
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
    replacementOrders: numbers('sales-order'),
    credit: plan?.totals.credit ?? zero(assessment.document.currency),
    restockUnits: plan?.totals.restockUnits ?? 0,
  };
}
