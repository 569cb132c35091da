/**
 * The credit memos of a return: one per original order, division and currency. Goods at what they were sold
 * for; charges, deductions, goodwill and goods without an order as lines of their own.
 */
import type { ChargeLine, CreditLine, CreditMemo } from '../documents.js';
import { add, isPositive, isZero, negate, subtract, sum, zero, type Money } from '../money.js';
import { taxOn } from '../tax.js';
import { deductionsOf, refundedFor, taxLike } from './classify.js';
import { isCredited, type Context, type PlannedLine } from './context.js';
import { divisionOf } from './lines.js';
import type { CreditStep } from './plan-types.js';
import type { Stance } from './stance.js';

/** The ERP takes this many charge lines on one memo (clients/blue-cherry/schema.ts); more go on a further one. */
const CHARGES_PER_MEMO = 200;
/** Goods without an invoice carry no tax: R-805 takes tax from an invoice line, and no rate is made up. */
const WITHOUT_INVOICE = { taxCode: 'NONE', taxRate: '0' };

interface Draft {
  orderNo: string;
  invoiceNo: string;
  division: string;
  customer: string;
  currency: string;
  lines: CreditLine[];
  charges: ChargeLine[];
  /** Net by which the refund was above (or below) what was sold, by the tax of the lines it came from. */
  gaps: ChargeLine[];
}

const clip = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

type DraftKey = Pick<Draft, 'orderNo' | 'invoiceNo' | 'division' | 'currency'>;

function draftOf(drafts: Draft[], key: DraftKey, customer: string): Draft {
  const same = drafts.find(
    (draft) =>
      draft.orderNo === key.orderNo &&
      draft.invoiceNo === key.invoiceNo &&
      draft.division === key.division &&
      draft.currency === key.currency,
  );
  if (same) return same;
  const draft: Draft = { ...key, customer, lines: [], charges: [], gaps: [] };
  drafts.push(draft);
  return draft;
}

/** The memo for what no invoice covers: the ERP lets the memos of an order never credit more than it invoiced. */
const draftWithoutOrder = (drafts: Draft[], { document }: Context, division: string): Draft =>
  draftOf(drafts, { orderNo: '', invoiceNo: '', division, currency: document.currency }, document.customer);

/** Account and tax of a charge: by the code it was sold under, else by the code the return prints. */
export function chargeRule(context: Context, tied: PlannedLine) {
  const { charges } = context.facts;
  const code = tied.sold?.chargeCode ?? '';
  return charges[code] ?? charges[tied.line.sku] ?? charges[tied.line.sku.trim().toUpperCase()] ?? null;
}

/** What of a line the invoice does not cover: a refund above its price, units beyond what was left; or less than it. */
function addBeside(drafts: Draft[], draft: Draft, context: Context, tied: PlannedLine, stance: Stance): void {
  const { sold, grant, line } = tied;
  if (sold === null || grant === null || draft.currency !== context.document.currency) return;
  const account = context.policy.site.accounts.goodwill;
  const beside = (description: string, net: Money): ChargeLine => {
    const { taxCode, taxRate } = sold;
    const tax = taxLike(net, sold.net, sold.tax);
    return { account, description: clip(description), net, taxCode, taxRate, tax };
  };
  const withoutOrder = (): Draft => draftWithoutOrder(drafts, context, draft.division);
  const off = subtract(refundedFor(tied, grant.granted, context.document), grant.net);
  if (stance.refund === 'refunded' && isPositive(off)) {
    withoutOrder().gaps.push(beside('Refunded beyond what was sold', off));
  } else if (stance.refund === 'refunded' && !isZero(off)) {
    draft.gaps.push(beside('Refunded less than was sold', off));
  }
  const excess = grant.asked - grant.granted;
  if (stance.units === 'all' && excess > 0) {
    const text = `${excess} × ${line.sku} more than was left of order ${tied.orderNo}`;
    withoutOrder().charges.push(beside(text, refundedFor(tied, excess, context.document)));
  }
}

function addWithOriginal(drafts: Draft[], context: Context, tied: PlannedLine, stance: Stance): void {
  const { sold, grant, invoice, line, orderNo } = tied;
  if (sold === null || grant === null || invoice === null) return;
  const { invoiceNo, division, currency, customer } = invoice;
  const draft = draftOf(drafts, { orderNo, invoiceNo, division, currency }, customer);
  const { taxCode, taxRate, orderLine, item, unitPrice } = sold;
  const amounts = { net: grant.net, taxCode, taxRate, tax: grant.tax };
  if (grant.granted > 0 && sold.kind === 'goods') {
    draft.lines.push({ orderLine, item, quantity: grant.granted, unitPrice, ...amounts });
  } else if (grant.granted > 0) {
    const account = chargeRule(context, tied)?.account ?? '';
    draft.charges.push({ account, description: clip(`${line.sku} of order ${orderNo}`), ...amounts });
  }
  addBeside(drafts, draft, context, tied, stance);
}

function addWithoutOriginal(drafts: Draft[], context: Context, tied: PlannedLine, stance: Stance): void {
  const { line } = tied;
  const division = divisionOf(tied, tied.mapped.division) ?? stance.fallbackDivision;
  if (division === null) return;
  const draft = draftWithoutOrder(drafts, context, division);
  const rule = line.kind === 'charge' ? chargeRule(context, tied) : null;
  const net = refundedFor(tied, line.quantity, context.document);
  draft.charges.push({
    account: rule?.account ?? context.policy.site.accounts.returnsWithoutOrder,
    description: clip(`${line.quantity} × ${line.sku} without an order`),
    net,
    taxCode: rule?.taxCode ?? WITHOUT_INVOICE.taxCode,
    taxRate: rule?.taxRate ?? WITHOUT_INVOICE.taxRate,
    tax: rule ? taxOn(net, rule.taxRate) : zero(net.currency),
  });
}

/** Deductions sit on the first memo in the return's currency; one without a rule only where a person agreed to it. */
function addDeductions(drafts: Draft[], context: Context, stance: Stance): void {
  const main = drafts.find(({ currency }) => currency === context.document.currency);
  if (main === undefined) return;
  const like = main.lines[0] ?? main.charges[0];
  for (const { code, amount, rule } of deductionsOf(context)) {
    const net = negate(amount);
    if (rule !== null) {
      const { account, taxCode, taxRate } = rule;
      main.charges.push({ account, description: clip(code), net, taxCode, taxRate, tax: taxOn(net, taxRate) });
    } else if (stance.refund === 'refunded' && like !== undefined) {
      main.charges.push({
        account: context.policy.site.accounts.goodwill,
        description: clip(`${code} (no rule)`),
        net,
        taxCode: like.taxCode,
        taxRate: like.taxRate,
        tax: taxLike(net, like.net, like.tax),
      });
    }
  }
}

/** One line per tax code and rate for what was refunded beyond (or below) the price sold. */
function mergedGaps(gaps: readonly ChargeLine[]): ChargeLine[] {
  const merged: ChargeLine[] = [];
  for (const gap of gaps) {
    const same = merged.find(
      (each) => each.taxCode === gap.taxCode && each.taxRate === gap.taxRate && each.description === gap.description,
    );
    if (same === undefined) merged.push({ ...gap });
    else Object.assign(same, { net: add(same.net, gap.net), tax: add(same.tax, gap.tax) });
  }
  return merged.filter(({ net, tax }) => !isZero(net) || !isZero(tax));
}

function settlementOf({ document }: Context): CreditMemo['settlement'] {
  const { kind, reference } = document.refund;
  if (document.exchange !== null) return { kind: 'applied', reference: reference || document.returnNo };
  return { kind: kind === 'none' ? 'on-account' : kind, reference };
}

function toMemos(draft: Draft, context: Context, stance: Stance): CreditMemo[] {
  const charges = [...draft.charges, ...mergedGaps(draft.gaps)];
  const pages = Math.max(1, Math.ceil(charges.length / CHARGES_PER_MEMO));
  return Array.from({ length: pages }, (_, page) => {
    const own = charges.slice(page * CHARGES_PER_MEMO, (page + 1) * CHARGES_PER_MEMO);
    const lines = page === 0 ? draft.lines : [];
    return {
      kind: 'credit-memo' as const,
      orderNo: draft.orderNo,
      invoiceNo: draft.invoiceNo,
      division: draft.division,
      customer: draft.customer,
      businessDate: stance.businessDate,
      reasonCode: context.policy.site.creditReason,
      lines,
      charges: own,
      total: sum(
        [...lines, ...own].flatMap(({ net, tax }) => [net, tax]),
        draft.currency,
      ),
      memo: stance.memo,
      settlement: settlementOf(context),
    };
  });
}

/** The memos of a return under a stance, as steps `credit-memo`, `credit-memo-2`, … in line order. */
export function creditSteps(context: Context, stance: Stance): CreditStep[] {
  if (!isCredited(context)) return [];
  const drafts: Draft[] = [];
  for (const tied of stance.lines) {
    if (tied.sold === null) addWithoutOriginal(drafts, context, tied, stance);
    else addWithOriginal(drafts, context, tied, stance);
  }
  addDeductions(drafts, context, stance);
  return drafts
    .flatMap((draft) => toMemos(draft, context, stance))
    .filter(({ lines, charges }) => lines.length + charges.length > 0)
    .map((document, index) => ({ step: index === 0 ? 'credit-memo' : `credit-memo-${index + 1}`, document }));
}
