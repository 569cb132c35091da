/** Builders for return tests: a sale, a return of it, and the facts that the claims would find. */
import { decimalOf, money, parseMoney, zero } from '../../../domain/money.js';
import type { Policy } from '../../../domain/policy.js';
import type { ReturnAnswer } from '../../../domain/return/answers.js';
import type { ReturnDocument, ReturnLine } from '../../../domain/return/document.js';
import type { MappedLine, ReturnFacts } from '../../../domain/return/facts.js';
import { foldGrants, type Wish } from '../../../domain/return/grants.js';
import { tieLines } from '../../../domain/return/lines.js';
import type { PlanInput } from '../../../domain/return/plan-types.js';
import { planReturn } from '../../../domain/return/plan.js';
import type { Sold, SoldInvoice, SoldLine, SoldOrder } from '../../../domain/return/sold.js';
import { taxOn } from '../../../domain/tax.js';

export const gbp = (text: string) => parseMoney(text, 'GBP');
export const itemOf = (sku: string, division = '10'): string => `${division}|${sku.toUpperCase()}|BLK|||M`;

export function policyWith(change: Omit<Partial<Policy>, 'site'> & { site?: Partial<Policy['site']> } = {}): Policy {
  const { site, ...rest } = change;
  return {
    name: 'test',
    baseCurrency: 'GBP',
    zone: 'Europe/London',
    limits: {
      creditPerReturn: gbp('500.00'),
      creditPerCustomerDay: gbp('1500.00'),
      adjustmentAtCost: gbp('1000.00'),
      twoPeopleFrom: gbp('5000.00'),
      roundingPerLine: gbp('0.01'),
      roundingPerDocument: gbp('0.05'),
    },
    dispatchLeadMinutes: 0,
    creditAheadOfMapping: true,
    rates: { EUR: '0.86' },
    timers: {},
    identity: 'proven',
    ...rest,
    site: {
      creditMemoRestocks: false,
      valuationMethod: 'standard',
      journalReadable: true,
      lookupBounded: true,
      accounts: { goodwill: '4950', returnsWithoutOrder: '4960' },
      returnReason: 'RET',
      creditReason: 'CRET',
      ...site,
    },
  };
}

export const OPEN_LIMITS: Policy['limits'] = {
  creditPerReturn: null,
  creditPerCustomerDay: null,
  adjustmentAtCost: null,
  twoPeopleFrom: null,
  roundingPerLine: gbp('0.01'),
  roundingPerDocument: gbp('0.05'),
};

export interface SaleLine {
  sku: string;
  quantity: number;
  unitPrice: string;
  discount?: string;
  taxRate?: string;
  kind?: 'goods' | 'charge';
  unitCost?: string;
  division?: string;
}

export interface Sale {
  order: SoldOrder;
  invoice: SoldInvoice;
}

export function sale(orderNo: string, lines: SaleLine[], change: Partial<SoldInvoice & SoldOrder> = {}): Sale {
  const currency = change.currency ?? 'GBP';
  const soldLines = lines.map((line, index): SoldLine => {
    const discount = parseMoney(line.discount ?? '0', currency);
    const gross = parseMoney((Number(line.unitPrice) * line.quantity).toFixed(2), currency);
    const net = money(BigInt(gross.minor) - BigInt(discount.minor), currency);
    const taxRate = line.taxRate ?? '0.2';
    return {
      orderLine: index + 1,
      item: itemOf(line.sku, line.division ?? change.division ?? '10'),
      kind: line.kind ?? 'goods',
      chargeCode: line.kind === 'charge' ? line.sku : null,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount,
      net,
      taxCode: `S${Number(taxRate) * 100}`,
      taxRate,
      tax: taxOn(net, taxRate),
      unitCost: line.unitCost ?? '1',
    };
  });
  const invoice: SoldInvoice = {
    invoiceNo: `I${orderNo}`,
    orderNo,
    division: change.division ?? '10',
    customer: 'C1',
    invoiceDate: '2026-03-02',
    currency,
    lines: soldLines,
  };
  const order: SoldOrder = {
    orderNo,
    status: change.status ?? 'invoiced',
    placedAt: change.placedAt ?? '2026-03-01T09:00:00Z',
    shippedAt: change.shippedAt === undefined ? '2026-03-02T09:00:00Z' : change.shippedAt,
  };
  return { order, invoice };
}

export const soldOf = (sales: Sale[], periods: Sold['periods'] = []): Sold => ({
  orders: sales.map(({ order }) => order),
  invoices: sales.filter(({ order }) => order.shippedAt !== null).map(({ invoice }) => invoice),
  periods,
});

export type BackLine = Partial<ReturnLine> & { sku: string; quantity: number; refundUnitPrice: string };

export function returnOf(lines: BackLine[], change: Partial<ReturnDocument> = {}): ReturnDocument {
  return {
    source: 'archean',
    returnNo: 'R1',
    version: 1,
    seq: 10,
    state: 'processed',
    customer: 'C1',
    location: 'FC-UK-1',
    currency: 'GBP',
    processedBy: 'clerk-7',
    processedAt: '2026-03-10T10:00:00Z',
    businessDate: '2026-03-10',
    refund: { kind: 'refunded', reference: 'PAY-1' },
    restocked: true,
    lines: lines.map((line, index) => ({
      lineNo: index + 1,
      orderNo: 'A1',
      orderLine: line.orderNo === '' ? null : index + 1,
      disposition: 'sellable',
      kind: 'goods',
      reasonCode: 'TOO-SMALL',
      ...line,
    })),
    deductions: [],
    exchange: null,
    ...change,
  };
}

export interface Earlier {
  returnNo: string;
  orderNo: string;
  orderLine: number;
  quantity: number;
}

const mapped = (lineNo: number, sku: string, division: string): MappedLine => ({
  lineNo,
  item: itemOf(sku, division),
  division,
  problem: 'none',
  unitCost: '2.5',
});

/** What the claims activity would answer: mapped by the sku itself, granted after `earlier` returns. */
export function factsFor(
  document: ReturnDocument,
  sold: Sold,
  answers: readonly ReturnAnswer[] = [],
  earlier: Earlier[] = [],
): ReturnFacts {
  const divisionFor = (orderNo: string): string =>
    sold.invoices.find((invoice) => invoice.orderNo === orderNo)?.division ?? '10';
  const lines = document.lines.map((line) =>
    line.kind === 'charge'
      ? { ...mapped(line.lineNo, line.sku, '10'), item: null, division: null }
      : mapped(line.lineNo, line.sku, divisionFor(line.orderNo)),
  );
  const tied = tieLines(document, sold, answers, (lineNo) => lines[lineNo - 1]?.item ?? null);
  const grants = tied.flatMap(({ line, sold: soldLine, orderNo }) => {
    if (soldLine === null) return [];
    const before = earlier
      .filter((each) => each.orderNo === orderNo && each.orderLine === soldLine.orderLine)
      .map((each, index): Wish => {
        const { returnNo, quantity } = each;
        return { returnNo, quantity, lineNo: 1, sourceTime: '2026-03-05T00:00:00Z', seq: index, state: 'active' };
      });
    const own = tied
      .filter((each) => each.orderNo === orderNo && each.sold?.orderLine === soldLine.orderLine)
      .map((each): Wish => {
        const { lineNo, quantity } = each.line;
        const { returnNo, processedAt, seq } = document;
        return { returnNo, lineNo, quantity, sourceTime: processedAt, seq, state: 'active' };
      });
    const folded = foldGrants({ ...soldLine, orderNo }, [...before, ...own]);
    return folded.filter((grant) => grant.returnNo === document.returnNo && grant.lineNo === line.lineNo);
  });
  return {
    location: { warehouse: '01', nonSellable: '09', divisions: ['10', '20'] },
    lines,
    exchangeItems: (document.exchange?.lines ?? []).map((line, index) => mapped(index + 1, line.sku, '10')),
    grants,
    charges: { POST: { account: '4200', taxCode: 'S20', taxRate: '0.2' } },
    deductions: { 'RESTOCK-FEE': { account: '4910', taxCode: 'S20', taxRate: '0.2' } },
    mappedBy: [],
    customerDay: zero('GBP'),
  };
}

export const answer = (
  question: ReturnAnswer['question'],
  choice: string,
  more: Partial<ReturnAnswer> = {},
): ReturnAnswer => ({ question, choice, why: 'because', by: 'fin-1', shown: 'digest', ...more });

export interface Setting {
  document: ReturnDocument;
  sales: Sale[];
  periods?: Sold['periods'];
  answers?: ReturnAnswer[];
  earlier?: Earlier[];
  policy?: Policy;
  facts?: Partial<ReturnFacts>;
}

export function inputOf({ document, sales, periods, answers = [], earlier, policy, facts }: Setting): PlanInput {
  const sold = soldOf(sales, periods);
  return {
    document,
    sold,
    answers,
    policy: policy ?? policyWith(),
    facts: { ...factsFor(document, sold, answers, earlier), ...facts },
  };
}

export const plan = (setting: Setting) => planReturn(inputOf(setting));

/** A document's amounts as text: `goods 1 × A 10.00+2.00`, `charge 4910 -5.00-1.00`. */
export const amounts = (net: { minor: string; currency: string }): string => decimalOf(net);
