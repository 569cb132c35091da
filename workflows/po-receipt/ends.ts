/** How a delivery ends: its order closed when nothing is to come, an earlier version reversed or kept. */
import { condition } from '@temporalio/workflow';
import type { ReceivingState } from '../../activities/blue-cherry/contract.js';
import { sum, type Money } from '../../domain/money.js';
import { raise } from '../cases.js';
import { takeOver } from '../posted-before.js';
import type { PostedStep } from '../postings.js';
import { Cancelled, type Run } from '../saga/run.js';
import type { Both } from '../saga/together.js';
import { blueCherry, claims, tell } from '../systems.js';
import type { Assessment } from './assess.js';
import type { ReceiptResult } from './contract.js';
import { behind, isOfVersion, isSentBack, isSupplierReturn, stakesOf, unitsOf } from './documents.js';
import { closingQuestion, correctedQuestion, unfinishedQuestion } from './questions.js';
import type { TakenBack } from './taken-back.js';

const CLOSED = 'received to closed';

/** A part was refused for good and the other stands: a person keeps or reverses it. */
export async function settleRefused(run: Run, assessment: Assessment, both: Both): Promise<ReceiptResult | undefined> {
  const refused = [both.first, both.second].find((outcome) => outcome.state === 'declined');
  run.check();
  if (refused?.state !== 'declined') return undefined;
  if (run.posted.length === 0) return run.decline(refused.why);
  const { document, plan } = assessment;
  const answer = await run.ask(unfinishedQuestion(document, stakesOf(document, plan), run.posted));
  if (answer.choice === 'keep') return undefined;
  const { kept } = await reverse(run, assessment, [...run.posted], answer.why);
  return kept ? undefined : run.decline(answer.why);
}

/**
 * Closes the order as soon as a receipt is posted and nothing is to come on it, judged by the ERP's own figures,
 * while `body` goes on: what is disputed about a delivery keeps no order open that is received.
 */
export async function closingAlongside<T>(run: Run, assessment: Assessment, body: () => Promise<T>): Promise<T> {
  let over = false;
  const closing = condition(() => over || run.posted.length > 0).then(async () => {
    if (run.posted.length === 0) return;
    run.clocks.start(CLOSED, 'T-09', async (level) => {
      const { poNo } = assessment;
      if (level === 'due')
        await raise(run, 'X-19', `Purchase order ${poNo} is received and still open`, 'closed for receiving', 'open');
    });
    if ((await tryToClose(assessment)).state !== 'refused') run.clocks.end(CLOSED);
  });
  try {
    return await body();
  } finally {
    over = true;
    await closing;
  }
}

async function tryToClose({ poNo }: Assessment): Promise<ReceivingState> {
  const { givenUp } = await tell('Look what of the order never arrives', claims.givenUp, { poNo });
  const title = `Close purchase order ${poNo} for receiving if nothing is to come`;
  return tell(title, blueCherry.closeForReceiving, { poNo, givenUp });
}

/** Closes the order at the end of a delivery, or answers why it stays open; one that cannot be closed is somebody's. */
export async function closeOrder(run: Run, assessment: Assessment): Promise<ReceiptResult['order']> {
  const { poNo, plan, document } = assessment;
  for (let asked = 1; ; asked++) {
    run.check();
    const closed = await tryToClose(assessment);
    if (closed.state !== 'refused') {
      run.clocks.end(CLOSED);
      return closed.state;
    }
    const stakes = stakesOf(document, plan);
    const answer = await run.ask(closingQuestion(document, { poNo, why: closed.why, stakes, asked }));
    if (answer.choice === 'leave') return 'open';
  }
}

/** What an earlier version posted is reversed when the delivery was; kept or reversed by decision when it was corrected. */
export async function settleEarlierVersions(run: Run, assessment: Assessment): Promise<ReceiptResult | undefined> {
  const { document } = assessment;
  const workflowIds = [...assessment.earlier, run.workflowId];
  const wanted = (step: string): boolean => isSupplierReturn(step) || !isOfVersion(step, document);
  const standing = await takeOver(run, workflowIds, behind(document), wanted);
  if (standing.length === 0) return undefined;
  if (document.state === 'reversed') {
    const taken = await reverse(run, assessment, standing, `delivery ${document.goodsInNo} was reversed at its source`);
    const { billed, returns } = taken;
    const order = assessment.order?.status ?? 'unknown';
    if (taken.kept) return result(assessment, 'kept', billed, order);
    if (billed.length > 0) return result(assessment, 'returned-to-supplier', [...billed, ...returns], order);
    return result(assessment, 'reversed', [], 'open');
  }
  const earlier = notSentBack(run, standing);
  if (earlier.length === 0) return undefined;
  const units = earlier.reduce((sum, { posting }) => sum + unitsOf(posting.document), 0);
  const stakes = { amount: null, baseAmount: null, units, twoPeople: false, ...behind(document) };
  const answer = await run.ask(correctedQuestion(document, stakes, earlier));
  if (answer.choice === 'keep') return result(assessment, 'kept', earlier, 'unknown');
  const { kept } = await reverse(run, assessment, earlier, answer.why);
  return kept ? result(assessment, 'kept', earlier, 'unknown') : undefined;
}

/** What went back to its supplier is settled: it stands, and is neither reversed nor kept any more. */
function notSentBack(run: Run, standing: readonly PostedStep[]): PostedStep[] {
  const names = standing.map(({ posting }) => posting.step);
  const settled = ({ posting: { step } }: PostedStep): boolean => isSupplierReturn(step) || isSentBack(step, names);
  run.posted.splice(0, run.posted.length, ...run.posted.filter((step) => !settled(step)));
  return standing.filter((step) => !settled(step));
}

/**
 * Contra documents, newest first; the units go back to the order, which takes them again. What the supplier has
 * billed stays received on it, whether its goods went back or a person kept them.
 */
async function reverse(
  run: Run,
  assessment: Assessment,
  steps: readonly PostedStep[],
  why: string,
): Promise<TakenBack> {
  const { source, goodsInNo, businessDate } = assessment.document;
  await run.reverse(steps, businessDate, why);
  const taken = takenOf(assessment);
  if (!taken.reversed.some(({ posting }) => posting.document.kind === 'po-receipt')) return taken;
  await tell('Give the units back', claims.giveBackReceipt, { source, goodsInNo, why });
  await openAgain(taken.reversed);
  return taken;
}

function takenOf({ taken }: Assessment): TakenBack {
  if (taken === undefined) throw new Error('nothing was taken back yet');
  return taken;
}

/** A delivery that was cancelled and reversed by decision: its orders take the units again, whoever had closed them. */
export async function afterReversal(error: unknown, { taken }: Assessment): Promise<never> {
  if (error instanceof Cancelled && taken !== undefined) await openAgain(taken.reversed);
  throw error;
}

async function openAgain(steps: readonly PostedStep[]): Promise<void> {
  const orders = steps.flatMap(({ posting: { document } }) => (document.kind === 'po-receipt' ? [document.poNo] : []));
  for (const poNo of new Set(orders))
    await tell(`Open purchase order ${poNo} again`, blueCherry.reopenForReceiving, { poNo });
}

/** What stands posted, with its own units and value: a part that was refused is none of it. */
export function result(
  assessment: Assessment,
  outcome: ReceiptResult['outcome'],
  posted: readonly PostedStep[],
  order: ReceiptResult['order'],
): ReceiptResult {
  const numbers = (kind: string): string[] =>
    posted.filter((p) => p.posting.document.kind === kind).flatMap((p) => p.result.documents.map((d) => d.number));
  const currency = assessment.baseCurrency;
  const received = posted.flatMap(receivedBy);
  const total = (amounts: Money[]): Money => sum(amounts, currency);
  return {
    outcome,
    poNo: assessment.poNo,
    receipts: numbers('po-receipt'),
    adjustments: numbers('stock-adjustment'),
    units: received.reduce((all, { units }) => all + units, 0),
    goods: total(received.map(({ goods }) => goods)),
    landed: total(received.map(({ landed }) => landed)),
    order,
  };
}

type Received = Pick<ReceiptResult, 'units' | 'goods' | 'landed'>;

/** What a step came into the books at. One posted by an earlier release does not say: its own lines do. */
function receivedBy({ posting: { document }, result: { documents } }: PostedStep): Received[] {
  if (document.kind !== 'po-receipt') return [];
  const told = documents.flatMap(({ received }) => received ?? []);
  if (told.length > 0) return told;
  return document.lines.map(({ quantity: units, goods, landed }) => ({ units, goods, landed }));
}
