/**
 * What holds a return without asking anyone: a mapping that is not there (design.md 6, R-041). Adding the row releases
 * every return it holds. Whether the credit may go ahead meanwhile is the policy's (`creditAheadOfMapping`, R-129).
 *
 * A charge without an account holds the whole return: it is the credit that lacks something. A charge without an
 * order does not: it asks X-09, and its approval names the account of returns without an order.
 */
import { articleCause, divisionCause, eachOnce, locationCause, type Cause } from '../cause.js';
import { chargeRule } from './credits.js';
import type { Context } from './context.js';
import type { MappedLine } from './facts.js';
import type { HeldCause } from './plan-types.js';
import { itemKeyDivision } from '../sku.js';

type Half = HeldCause['half'];

function goodsCause(sku: string, mapped: MappedLine, { document, facts }: Context): Cause | null {
  if (mapped.problem === 'ambiguous-sku') return articleCause(sku, 'ambiguous');
  if (mapped.problem === 'unknown-sku' || mapped.item === null) return articleCause(sku, 'unknown');
  const division = mapped.division ?? itemKeyDivision(mapped.item);
  const served = facts.location === null || facts.location.divisions.includes(division);
  return served && mapped.problem !== 'division-not-served' ? null : divisionCause(division, document.location);
}

/** Every cause that holds a return, each once. */
export function causesOf(context: Context): HeldCause[] {
  const { document, facts, policy } = context;
  const half: Half = policy.creditAheadOfMapping ? 'restock' : 'whole';
  const goods = context.lines.filter(({ line }) => line.kind === 'goods');
  const found: HeldCause[] = [];
  const hold = (cause: Cause | null, holds = half): void => {
    if (cause !== null) found.push({ ...cause, half: holds });
  };
  if (facts.location === null && (goods.length > 0 || half === 'whole')) {
    hold(locationCause(document.location, document.businessDate));
  }
  for (const { line, mapped } of goods) {
    if (line.disposition !== 'none') hold(goodsCause(line.sku, mapped, context));
  }
  for (const [index, line] of (document.exchange?.lines ?? []).entries()) {
    const mapped = facts.exchangeItems[index];
    if (mapped !== undefined) hold(goodsCause(line.sku, mapped, context));
  }
  for (const tied of context.lines) {
    if (tied.sold?.kind !== 'charge' || chargeRule(context, tied) !== null) continue;
    const code = tied.sold.chargeCode ?? tied.line.sku;
    const title = `Charge ${code} has no account: add it to the charge codes.`;
    hold({ code: 'X-02', cause: `charge ${code}`, title }, 'whole');
  }
  return eachOnce(found);
}
