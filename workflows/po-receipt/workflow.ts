/** SG-04: one delivery of a purchase order becomes a PO receipt; the last one closes the order for receiving. */
import type { GoodsIn } from '../../domain/receipt/document.js';
import type { Run } from '../saga/run.js';
import { saga, type Mine } from '../saga/saga.js';
import { together, type Both } from '../saga/together.js';
import { Assessment } from './assess.js';
import { DeliveryChanged, GoodsReceived, PO_RECEIPT, PO_RECEIPT_REVERSAL, type ReceiptResult } from './contract.js';
import { shared } from './definition.js';
import { settledPostings, soundPostings, stakesOf } from './documents.js';
import { afterReversal, closeOrder, closingAlongside, result, settleEarlierVersions, settleRefused } from './ends.js';
import { cancelQuestion } from './questions.js';
import { takesBack } from './taking-back.js';

/** A delivery: received once against its order, what is disputed asked about. */
export const poReceipt = saga({ ...shared, process: PO_RECEIPT, input: GoodsReceived, version: () => 1 }, receive);

/** A change that came after the delivery's own saga had ended. */
export const poReceiptReversal = saga(
  {
    ...shared,
    process: PO_RECEIPT_REVERSAL,
    input: DeliveryChanged,
    version: (input: DeliveryChanged) => input.version,
  },
  receive,
);

async function receive(run: Run, mine: Mine<GoodsIn>): Promise<ReceiptResult> {
  const assessment = new Assessment(run, mine);
  const { document } = mine;
  run.takesBack = takesBack(run, assessment);
  const ended = await settleEarlierVersions(run, assessment);
  if (ended !== undefined) return ended;
  if (document.state === 'reversed') return run.decline(`delivery ${document.goodsInNo} was reversed at its source`);

  const whole = await assessment.settleWhole();
  if (whole.declined !== null) return run.decline(whole.declined.why);
  const both = await closingAlongside(run, assessment, () => receiveBoth(run, assessment));
  const refused = await settleRefused(run, assessment, both);
  if (refused !== undefined) return refused;
  const order = await closeOrder(run, assessment);
  return result(assessment, run.posted.length > 0 ? 'received' : 'nothing-received', run.posted, order);
}

/** What nobody disputes posts at once; what the answers about the rest add posts after it. */
const receiveBoth = (run: Run, assessment: Assessment): Promise<Both> => {
  const { document } = assessment;
  return together(run, {
    first: { name: 'what is undisputed', half: { prepare: () => Promise.resolve(soundPostings(assessment)) } },
    second: { name: 'what is disputed', half: disputed(assessment) },
    release: 'T-38',
    onCancel: (posted) => cancelQuestion(document, stakesOf(document, assessment.plan), posted),
    businessDate: document.businessDate,
  }).catch((error: unknown) => afterReversal(error, assessment));
};

/** Each difference is asked about while the undisputed part posts; what the answers add posts after it. */
const disputed = (assessment: Assessment) => ({
  prepare: async () => {
    const { declined } = await assessment.settleDifferences();
    return declined === null ? settledPostings(assessment) : { declined: declined.why };
  },
});
