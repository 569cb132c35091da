/** The questions a delivery asks once something is posted. Those before it come with the plan (domain/receipt). */
import type { Choice, Question } from '../../activities/desk/contract.js';
import { EXCEPTIONS } from '../../domain/failures.js';
import { format } from '../../domain/money.js';
import type { GoodsIn } from '../../domain/receipt/document.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import type { Claim, GoingBack } from '../../domain/receipt/supplier-return.js';
import { counted } from '../../domain/wording.js';
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

type Billed = readonly PostedStep[];

/** A delivery taken back after its supplier has billed it: its goods go back to them once finance agrees. */
export function supplierReturnQuestion(
  document: GoodsIn,
  stakes: Stakes,
  {
    order,
    billed,
    lines,
    asked,
  }: { order: PurchaseOrder | null; billed: Billed; lines: readonly GoingBack[]; asked: number },
): Question {
  const supplier = order?.supplier ?? 'the supplier';
  const wanted = lines.reduce((all, { units }) => all + units, 0);
  const { units, baseAmount } = stakes;
  const worth = baseAmount === null ? '' : `, ${format(baseAmount)}`;
  const gone = units === wanted ? '' : ` Only ${units} of ${wanted} are on hand.`;
  return {
    ...stakes,
    question: 'supplier-return',
    code: 'approval',
    owner: 'finance',
    title:
      `Delivery ${document.goodsInNo} is to be taken back, and ${supplier} has invoiced it (${documents(billed)}): ` +
      `send ${counted(units, 'unit')}${worth} back to the supplier?${gone}`,
    expected: 'A receipt that can be reversed',
    actual: `${counted(wanted, 'unit')} received, invoiced and not sent back; ${counted(units, 'unit')} on hand`,
    steps: [
      'Ask the warehouse whether the goods go back to the supplier, and payables about the invoice.',
      'They go back: the receipt stands, they leave stock, and payables claims the debit.',
      'The invoice was wrong and payables has taken it back: look again, then the receipt is reversed.',
    ],
    choices: [
      ...(units === 0
        ? []
        : [
            {
              choice: 'return-to-supplier',
              label: `Send ${counted(units, 'unit')}${worth} back to ${supplier}`,
              proof: true,
            },
          ]),
      { choice: 'look-again', label: 'The invoice was taken back, or the goods are here: look again', proof: false },
      { choice: 'keep', label: 'Keep the receipt: nothing of the delivery is taken back', proof: true },
    ],
    shown: {
      ...{ delivery: document.goodsInNo, version: document.version, poNo: order?.poNo ?? '', asked, lines },
      receipts: billed.map((step) => step.result.documents),
    },
  };
}

/** What was paid for and went back: payables claims it from the supplier. */
export function debitQuestion(
  document: GoodsIn,
  stands: Pick<Stakes, 'requesters' | 'customer' | 'businessDate'>,
  { order, billed, returns, claim }: { order: PurchaseOrder; billed: Billed; returns: Billed; claim: Claim },
): Question {
  const { supplier, poNo } = order;
  return {
    ...stands,
    amount: claim.amount,
    baseAmount: claim.baseAmount,
    units: claim.units,
    twoPeople: false,
    question: 'debit-note',
    code: 'X-16',
    owner: 'payables',
    title: `${supplier} has invoiced ${counted(claim.units, 'unit')} of ${poNo} that went back: claim ${format(claim.amount)}.`,
    expected: `A debit note over ${format(claim.amount)} on ${supplier}`,
    actual: `Received: ${documents(billed)}; sent back: ${documents(returns)}`,
    steps: [
      'Claim the debit from the supplier, or have them correct their invoice, and book it against the account of supplier returns.',
      'Units that went back and are not invoiced: clear them from goods received and not invoiced, against the same account.',
      'Landed cost of what went back is nothing the supplier owes: finance takes it off that account.',
    ],
    choices: [
      { choice: 'claimed', label: 'The debit is claimed: name its number in the reason', proof: true },
      { choice: 'not-claimed', label: 'Nothing is claimed: say in the reason why', proof: true },
    ],
    shown: {
      ...{ delivery: document.goodsInNo, version: document.version, poNo, supplier, claim },
      returns: returns.map(({ result }) => result.documents),
    },
  };
}
