/** From a plan to the postings of a delivery. */
import type { GoodsIn } from '../../domain/receipt/document.js';
import type { ReceiptPlan } from '../../domain/receipt/plan.js';
import type { PoReceipt } from '../../domain/documents.js';
import { add, format, sum, type Money } from '../../domain/money.js';
import { counted } from '../../domain/wording.js';
import { intoOpenPeriod, posting, type Posting, type Stakes } from '../postings.js';
import { blueCherry } from '../systems.js';
import type { Assessment } from './assess.js';

/** A step's name within its version, so that a corrected version posts under references of its own. */
const named = (step: string, { version }: GoodsIn): string => `${step}-v${version}`;
/** Whether a posted step is one of this version. */
export const isOfVersion = (step: string, { version }: GoodsIn): boolean => step.endsWith(`-v${version}`);

export const unitsOf = ({ lines }: { lines: readonly { quantity: number }[] }): number =>
  lines.reduce((units, { quantity }) => units + quantity, 0);

function worthOf({ lines }: PoReceipt, currency: string): Money {
  return sum(
    lines.map(({ goods, landed }) => add(goods, landed)),
    currency,
  );
}

/** Who stands behind a delivery, for every question about it. */
export const behind = ({
  receivedBy,
  businessDate,
}: GoodsIn): Pick<Stakes, 'requesters' | 'customer' | 'businessDate'> => ({
  requesters: receivedBy === '' ? [] : [receivedBy],
  customer: '',
  businessDate,
});

export function stakesOf(document: GoodsIn, { totals }: ReceiptPlan): Stakes {
  const amount = add(totals.goods, totals.landed);
  return { amount, baseAmount: amount, units: totals.units, twoPeople: false, ...behind(document) };
}

const links = (document: GoodsIn, poNo: string): { system: string; kind: string; number: string }[] => [
  { system: document.source, kind: 'goods-in', number: document.goodsInNo },
  { system: 'blue-cherry', kind: 'purchase order', number: poNo },
];

function receiptPosting({ document, plan, periods, poNo }: Assessment, step: string, receipt: PoReceipt): Posting {
  const worth = worthOf(receipt, plan.totals.goods.currency);
  return posting({
    step: named(step, document),
    title: `Receipt of ${counted(unitsOf(receipt), 'unit')} on ${poNo}, ${format(worth)}`,
    seq: document.seq,
    stakes: stakesOf(document, plan),
    post: blueCherry.postReceipt,
    with: receipt,
    reversal: blueCherry.reverseReceipt,
    links: links(document, poNo),
    corrections: intoOpenPeriod(receipt, periods),
  });
}

/** What nobody disputes: at most one receipt. */
export const soundPostings = (assessment: Assessment): Posting[] =>
  assessment.plan.receipt === null ? [] : [receiptPosting(assessment, 'receipt', assessment.plan.receipt)];

/** What the answers to the differences add: units the order was raised for, units we damaged, and their write-off. */
export function settledPostings(assessment: Assessment): Posting[] {
  const { document, plan, periods, poNo } = assessment;
  const later = { 'receipt-extra': plan.extraReceipt, 'receipt-damaged': plan.damagedReceipt };
  const received = Object.entries(later).flatMap(([step, receipt]) =>
    receipt === null ? [] : [receiptPosting(assessment, step, receipt)],
  );
  if (plan.writeOff === null) return received;
  return [
    ...received,
    posting({
      step: named('write-off', document),
      title: `Write-off of ${counted(-unitsOf(plan.writeOff), 'unit')} damaged by us`,
      seq: document.seq,
      stakes: stakesOf(document, plan),
      post: blueCherry.postStockAdjustment,
      with: plan.writeOff,
      reversal: blueCherry.reverseStockAdjustment,
      links: links(document, poNo),
      corrections: intoOpenPeriod(plan.writeOff, periods),
    }),
  ];
}
