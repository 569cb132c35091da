import { equal, negated, sum } from '../decimal.js';
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
export function balanceOf({ payment, entities }: Remittance): Balance {
  const lines = entities.flatMap((entity) => entity.lines);
  const paid = sum(lines.map(({ line }) => line.paid?.value ?? '0'));
  const gross = sum(lines.map(({ line }) => (line.gross ?? line.paid)?.value ?? '0'));
  const discounts = sum(lines.map(({ line }) => line.discount?.value ?? '0'));
  const lineAdjustments = sum(
    lines.flatMap(({ line, adjustments }) => [
      line.adjustment?.value ?? '0',
      ...adjustments.map(({ adjustment }) => adjustment.amount.value),
    ]),
  );
  const entityAdjustments = sum(
    entities.flatMap(({ adjustments }) => adjustments.map(({ adjustment }) => adjustment.amount.value)),
  );
  const sums: Readonly<Record<Convention, string>> = {
    paid,
    'paid-and-line-adjustments': sum([paid, lineAdjustments]),
    'paid-and-entity-adjustments': sum([paid, entityAdjustments]),
    'paid-and-all-adjustments': sum([paid, lineAdjustments, entityAdjustments]),
    'gross-less-discounts': sum([gross, negated(discounts), lineAdjustments, entityAdjustments]),
  };
  const total = payment.total.value;
  const convention = CONVENTIONS.find((one) => equal(sums[one], total)) ?? null;
  const difference = convention === null ? sum([total, negated(paid)]) : '0';
  return { convention, total, paid, lineAdjustments, entityAdjustments, difference };
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
