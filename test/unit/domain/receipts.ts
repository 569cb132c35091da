/** Deliveries, orders and facts for tests of the receipt's plan: plain ones, each with what its test is about replaced. */
import type { FiscalPeriod } from '../../../domain/business-date.js';
import type { ReceiptAnswer, ReceiptQuestion } from '../../../domain/receipt/answers.js';
import { broughtBy, wantedSince } from '../../../domain/receipt/brought.js';
import type { GoodsIn, GoodsInLine } from '../../../domain/receipt/document.js';
import type { Content, ReceiptFacts } from '../../../domain/receipt/facts.js';
import { grantInOrder } from '../../../domain/receipt/grants.js';
import { planReceipt, type ReceiptPlan, type ReceiptPlanInput } from '../../../domain/receipt/plan.js';
import type { PurchaseOrder, PurchaseOrderLine } from '../../../domain/receipt/purchase-order.js';
import { POLICY } from '../../activities/return-samples.js';

export const A = 'WOM|00123|NVY|||M';
export const B = 'WOM|00123|NVY|||L';
export const C = 'WOM|00417|BLK|||M';

export const OPEN: FiscalPeriod[] = [
  { code: '2026-01', firstDay: '2026-01-01', lastDay: '2026-01-31', state: 'open' },
  { code: '2026-02', firstDay: '2026-02-01', lastDay: '2026-02-28', state: 'open' },
];
export const JANUARY_CLOSED: FiscalPeriod[] = OPEN.map((period, index) =>
  index === 0 ? { ...period, state: 'closed' } : period,
);

export const lineOf = (lineNo: number, received: number, over: Partial<GoodsInLine> = {}): GoodsInLine => ({
  ...{ lineNo, sku: A, uom: 'EA', quality: 'first', expected: received, received, damagedUnits: 0 },
  ...over,
});

export const delivery = (lines: GoodsInLine[], over: Partial<GoodsIn> = {}): GoodsIn => ({
  ...{ source: 'archean', goodsInNo: 'GIN-1', version: 1, seq: 1, state: 'completed', poNo: 'PO-1' },
  ...{ location: 'FC-UK-1', receivedBy: 'clerk-1', completedAt: '2026-01-31T10:00:00Z', businessDate: '2026-01-31' },
  ...{ moreToCome: false, lines },
  ...over,
});

type Line = Partial<PurchaseOrderLine> & { ordered: number };

/** The order of the worked example: USD 8.00 at 0.80, duty 0.768 and freight 0.332 a unit, so GBP 7.50 landed. */
export const order = (lines: Line[], over: Partial<PurchaseOrder> = {}): PurchaseOrder => ({
  ...{ poNo: 'PO-1', supplier: 'SUP-7', division: 'WOM', warehouse: '01', currency: 'USD', rate: '0.80' },
  ...{ status: 'open', revision: 1 },
  landed: [
    { element: 'DUTY', perUnit: '0.768' },
    { element: 'FREIGHT', perUnit: '0.332' },
  ],
  lines: lines.map((line, index) => {
    const { ordered, received = 0, cancelled = 0 } = line;
    return {
      ...{ poLine: index + 1, item: A, unitCost: '8.00', received, cancelled, returned: 0, invoiced: 0 },
      open: Math.max(0, ordered - received - cancelled),
      ...line,
    };
  }),
  ...over,
});

/** What one unit of each line holds: the article its `sku` names, in eaches unless told otherwise. */
export const mappedOf = (document: GoodsIn, contents: Record<number, Content[]> = {}): ReceiptFacts['lines'] =>
  document.lines.map(({ lineNo, sku }) => ({
    lineNo,
    problem: 'none',
    contents: contents[lineNo] ?? [{ item: sku, division: 'WOM', units: 1 }],
  }));

/** The facts of a delivery that comes alone to its order, with what it takes since `asItWas` as extra. */
export function factsOf(
  document: GoodsIn,
  now: PurchaseOrder | null,
  given: { answers?: ReceiptAnswer[]; contents?: Record<number, Content[]>; asItWas?: PurchaseOrder } = {},
): ReceiptFacts {
  const lines = mappedOf(document, given.contents);
  const key = document.goodsInNo;
  const served = (at: PurchaseOrder): ReceiptFacts['grants'] =>
    grantInOrder(at, [{ goodsInNo: key, brought: broughtBy(document, lines), granted: null }]).get(key) ?? [];
  const grants = now === null ? [] : served(given.asItWas ?? now);
  const wanted = wantedSince(document, { lines, grants, extra: [] }, given.answers ?? []);
  const queue = [
    { goodsInNo: key, brought: [], granted: grants },
    { goodsInNo: 'more', brought: wanted, granted: null },
  ];
  return {
    location: { warehouse: '01', divisions: ['WOM'] },
    claimed: (given.asItWas ?? now)?.status === 'open',
    ...{ lines, grants, givenUp: [], writeOffReason: 'DAMAGE', mappedBy: [] },
    extra: now === null ? [] : (grantInOrder(now, queue).get('more') ?? []),
  };
}

export const said = (question: ReceiptQuestion, choice: string, over: Partial<ReceiptAnswer> = {}): ReceiptAnswer => ({
  ...{ question, choice, why: 'looked at', by: 'wh-2' },
  ...over,
});

type Planned = Parameters<typeof factsOf>[2] & Partial<Omit<ReceiptPlanInput, 'document' | 'order'>>;

/** Plans a delivery of its order with these answers. */
export function planned(document: GoodsIn, now: PurchaseOrder | null, given: Planned = {}): ReceiptPlan {
  const { answers = [], periods = OPEN, policy = POLICY } = given;
  const facts = given.facts ?? factsOf(document, now, { ...given, answers: [...answers] });
  return planReceipt({ document, order: now, periods, facts, answers, policy });
}

export const unitsOf = (posted: { lines: { quantity: number }[] } | null): number =>
  (posted?.lines ?? []).reduce((units, { quantity }) => units + quantity, 0);
