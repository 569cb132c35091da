/** The questions a delivery asks once something is posted. Those before it come with the plan (domain/receipt). */
import type { Choice, Question } from '../../activities/desk/contract.js';
import { EXCEPTIONS } from '../../domain/failures.js';
import type { GoodsIn } from '../../domain/receipt/document.js';
import type { PostedStep, Stakes } from '../postings.js';

const documents = (posted: readonly PostedStep[]): string =>
  posted.map((p) => `${p.posting.title} (${p.result.documents.map((d) => d.number).join(', ')})`).join('; ');

const REVERSE: Choice = {
  choice: 'reverse',
  label: 'Reverse what is posted by contra documents and open the purchase order again',
  proof: true,
};

function afterPosting(posted: readonly PostedStep[], what: string): Pick<Question, 'expected' | 'actual' | 'shown'> {
  return {
    expected: what,
    actual: `Posted: ${documents(posted)}`,
    shown: { what, posted: posted.map((p) => ({ reference: p.reference, documents: p.result.documents })) },
  };
}

/** A cancel request after the pivot (design.md 6): nothing posted is undone by itself. */
export const cancelQuestion = (document: GoodsIn, stakes: Stakes, posted: readonly PostedStep[]): Question => ({
  ...stakes,
  ...afterPosting(posted, 'Cancellation was requested'),
  question: 'cancel-after-posting',
  code: 'X-16',
  owner: 'finance',
  title: `Delivery ${document.goodsInNo} was to be cancelled, but is posted: ${documents(posted)}`,
  steps: ['Decide whether the delivery goes on, or what is posted is reversed.'],
  choices: [{ choice: 'go-on', label: 'Go on and post what is missing', proof: true }, REVERSE],
});

/** A delivery corrected at its source after it was posted. */
export const correctedQuestion = (document: GoodsIn, stakes: Stakes, posted: readonly PostedStep[]): Question => ({
  ...stakes,
  ...afterPosting(posted, `Delivery ${document.goodsInNo} was corrected (version ${document.version})`),
  question: 'changed-after-posting',
  code: 'X-16',
  owner: EXCEPTIONS['X-16'].owner,
  title: `Delivery ${document.goodsInNo} was corrected (version ${document.version}) after it was posted: ${documents(posted)}`,
  steps: [
    'Look whether the supplier has invoiced it or the goods were sold (R-816).',
    'Reverse and post anew as corrected, or keep what is posted.',
  ],
  choices: [REVERSE, { choice: 'keep', label: 'Keep what is posted', proof: true }],
});

/** One part was refused for good and the other stands. */
export const unfinishedQuestion = (document: GoodsIn, stakes: Stakes, posted: readonly PostedStep[]): Question => ({
  ...stakes,
  ...afterPosting(posted, 'All of the delivery posted'),
  question: 'posted-in-part',
  code: 'X-06',
  owner: 'finance',
  title: `Delivery ${document.goodsInNo} is posted only in part: ${documents(posted)}`,
  steps: ['Keep what is posted, or reverse it so that nothing of the delivery stands.'],
  choices: [{ choice: 'keep', label: 'Keep what is posted', proof: true }, REVERSE],
});

/** The ERP does not close an order on which nothing is to come. */
export const closingQuestion = (
  document: GoodsIn,
  { poNo, why, stakes, asked }: { poNo: string; why: string; stakes: Stakes; asked: number },
): Question => ({
  ...stakes,
  question: 'close-order',
  code: 'X-19',
  owner: EXCEPTIONS['X-19'].owner,
  title: `Purchase order ${poNo} is received and could not be closed for receiving: ${why}`.slice(0, 300),
  expected: 'Closed for receiving',
  actual: why,
  steps: ['Mend the cause in the ERP and try again, or close it there by hand and leave it.'],
  choices: [
    { choice: 'retry', label: 'Try to close it again', proof: false },
    { choice: 'leave', label: 'Leave the purchase order as it is', proof: true },
  ],
  shown: { delivery: document.goodsInNo, poNo, why, asked },
});
