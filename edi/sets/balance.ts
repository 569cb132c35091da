import { equal, negated, sum, Total } from '../decimal.js';
import type { Source } from '../schema/source.js';
import type { Remittance } from './820.js';
import { tellTotal } from './totals.js';

/**
 * Ways in which remittances add up to their payment (facts/amazon-vendor.md 4.12.2): what is paid of each line; that and
 * the adjustments of lines; that and the adjustments of entities; that and both; or gross amounts less discounts, with all
 * adjustments.
 */
export const CONVENTIONS = [
  'paid',
  'paid-and-line-adjustments',
  'paid-and-entity-adjustments',
  'paid-and-all-adjustments',
  'gross-less-discounts',
] as const;
/** How a sender counts: what is paid against what is owed. */
export type Convention = (typeof CONVENTIONS)[number];

/** Whether a remittance adds up to its payment. Amounts are exact decimals, in the currency of the payment. */
export interface Balance {
  /** first convention that fits; null if none does */
  readonly convention: Convention | null;
  readonly total: string;
  readonly paid: string;
  readonly lineAdjustments: string;
  readonly entityAdjustments: string;
  /** what is missing of the total: zero if a convention fits, else the total less what is paid */
  readonly difference: string;
}

/** Tries the conventions in their order; adjustments that sum to zero leave the first one. */
export function balanceOf(remittance: Remittance): Balance {
  const [payments, ofLines, ofEntities] = [new Total(), new Total(), new Total()];
  for (const { lines, adjustments } of remittance.entities) {
    for (const { line, adjustments: ofLine } of lines) {
      if (line.paid !== undefined) payments.add(line.paid.value);
      if (line.adjustment !== undefined) ofLines.add(line.adjustment.value);
      for (const { adjustment } of ofLine) ofLines.add(adjustment.amount.value);
    }
    for (const { adjustment } of adjustments) ofEntities.add(adjustment.amount.value);
  }
  const [paid, lineAdjustments, entityAdjustments] = [payments.value, ofLines.value, ofEntities.value];
  const parts: Readonly<Record<Convention, () => string[]>> = {
    paid: () => [paid],
    'paid-and-line-adjustments': () => [paid, lineAdjustments],
    'paid-and-entity-adjustments': () => [paid, entityAdjustments],
    'paid-and-all-adjustments': () => [paid, lineAdjustments, entityAdjustments],
    'gross-less-discounts': () => [netOf(remittance), lineAdjustments, entityAdjustments],
  };
  const total = remittance.payment.total.value;
  const convention = CONVENTIONS.find((one) => equal(sum(parts[one]()), total)) ?? null;
  const difference = convention === null ? sum([total, negated(paid)]) : '0';
  return { convention, total, paid, lineAdjustments, entityAdjustments, difference };
}

/** Gross amounts less discounts; a line without a gross amount counts with what is paid of it. */
function netOf({ entities }: Remittance): string {
  const [gross, discounts] = [new Total(), new Total()];
  for (const { lines } of entities)
    for (const { line } of lines) {
      gross.add((line.gross ?? line.paid)?.value ?? '0');
      discounts.add(line.discount?.value ?? '0');
    }
  return sum([gross.value, negated(discounts.value)]);
}

/** Tells a remittance whose lines do not add up to its payment, unless it pays by other loops than lines. */
export function checkRemittance(remittance: Remittance, source: Source): void {
  const { entities, taxPayments, deductions, plans, payroll, royalties } = remittance;
  const lines = entities.reduce((count, entity) => count + entity.lines.length + entity.adjustments.length, 0);
  const others = taxPayments.length + deductions.length + plans.length + royalties.length;
  if (lines === 0 || others > 0 || payroll !== undefined) return;
  const { convention, total, paid, difference } = balanceOf(remittance);
  if (convention !== null) return;
  const message = `BPR02 is ${total}; the lines pay ${paid}, and no way to count adjustments explains the other ${difference}`;
  tellTotal(source, 'BPR', 2, message, 'warning');
}
