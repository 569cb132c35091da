/** From a plan to the postings of a delivery. */
import type { GoodsIn } from '../../domain/receipt/document.js';
import type { ReceiptPlan } from '../../domain/receipt/plan.js';
import type { PoReceipt, StockAdjustment } from '../../domain/documents.js';
import { add, format, sum, type Money } from '../../domain/money.js';
import { counted } from '../../domain/wording.js';
import { intoOpenPeriod, posting, type PostedStep, type Posting, type Stakes } from '../postings.js';
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

/** The most lines of one document; more of them make further steps in their order (facts/blue-cherry.md 3.4). */
const MOST_LINES = 100;

/** A document in parts of at most so many lines, with the step each of them is posted by: `receipt`, `receipt-2`. */
function inParts<D extends PoReceipt | StockAdjustment>(step: string, document: D): [string, D][] {
  const count = Math.ceil(document.lines.length / MOST_LINES);
  return Array.from({ length: count }, (_, part) => [
    part === 0 ? step : `${step}-${part + 1}`,
    { ...document, lines: document.lines.slice(part * MOST_LINES, (part + 1) * MOST_LINES) },
  ]);
}

const receiptPostings = (assessment: Assessment, step: string, receipt: PoReceipt | null): Posting[] =>
  receipt === null ? [] : inParts(step, receipt).map(([name, part]) => receiptPosting(assessment, name, part));

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

/** What nobody disputes. */
export const soundPostings = (assessment: Assessment): Posting[] =>
  receiptPostings(assessment, 'receipt', assessment.plan.receipt);

/** What the answers to the differences add: units the order was raised for, units we damaged, and their write-off. */
export function settledPostings(assessment: Assessment): Posting[] {
  const { extraReceipt, damagedReceipt, writeOff } = assessment.plan;
  return [
    ...receiptPostings(assessment, 'receipt-extra', extraReceipt),
    ...receiptPostings(assessment, 'receipt-damaged', damagedReceipt),
    ...(writeOff === null ? [] : inParts('write-off', writeOff).map(([step, part]) => lossOf(assessment, step, part))),
  ];
}

const lossOf = ({ document, plan, periods, poNo }: Assessment, step: string, loss: StockAdjustment): Posting =>
  posting({
    step: named(step, document),
    title: `Write-off of ${counted(-unitsOf(loss), 'unit')} damaged by us`,
    seq: document.seq,
    stakes: stakesOf(document, plan),
    post: blueCherry.postStockAdjustment,
    with: loss,
    reversal: blueCherry.reverseStockAdjustment,
    links: links(document, poNo),
    corrections: intoOpenPeriod(loss, periods),
  });

export const isSupplierReturn = (step: string): boolean => step.startsWith('supplier-return');
const versionOf = (step: string): number => Number(/-v(\d+)$/.exec(step)?.[1] ?? 0);

/** Whether a supplier return has settled a receipt: the newest version it sent back is part of its name. */
export const isSentBack = (receipt: string, returns: readonly string[]): boolean =>
  returns.some((step) => versionOf(receipt) <= Number(/^supplier-return-of-(\d+)/.exec(step)?.[1] ?? 0));

/** What sends billed goods back to their supplier; after `before` parts of it that stand already. */
export function supplierReturnPostings(
  { document, periods }: Assessment,
  wanted: StockAdjustment | null,
  { billed, before }: { billed: readonly PostedStep[]; before: number },
): Posting[] {
  if (wanted === null) return [];
  const newest = Math.max(...billed.map(({ posting: { step } }) => versionOf(step)));
  const { poNo = '' } = wanted;
  const stakes = { amount: null, baseAmount: null, twoPeople: false, ...behind(document) };
  return inParts(`supplier-return-of-${newest}`, wanted).map(([, part], index) =>
    posting({
      step: named(
        [`supplier-return-of-${newest}`, ...(before + index === 0 ? [] : [before + index + 1])].join('-'),
        document,
      ),
      title: `Supplier return of ${counted(-unitsOf(part), 'unit')} of ${poNo}`,
      seq: document.seq,
      stakes: { ...stakes, units: -unitsOf(part) },
      post: blueCherry.postStockAdjustment,
      with: part,
      reversal: blueCherry.reverseStockAdjustment,
      links: links(document, poNo),
      corrections: intoOpenPeriod(part, periods),
    }),
  );
}
