/**
 * What holds a return without asking anyone: a mapping that is not there (design.md 6, R-041). Adding the row releases
 * every return it holds. Whether the credit may go ahead meanwhile is the policy's (`creditAheadOfMapping`, R-129).
 *
 * A charge without an account holds the whole return: it is the credit that lacks something. A charge without an
 * order does not: it asks X-09, and its approval names the account of returns without an order.
 */
import { chargeRule } from './credits.js';
import type { Context } from './context.js';
import type { MappedLine } from './facts.js';
import type { HeldCause } from './plan-types.js';
import { itemKeyDivision } from '../sku.js';

type Half = HeldCause['half'];

function articleCause(sku: string, mapped: MappedLine, context: Context, half: Half): HeldCause | null {
  const { document, facts } = context;
  if (mapped.problem === 'ambiguous-sku') {
    const title = `Article code ${sku} fits two items of the ERP: add an alias row that names the right one.`;
    return { code: 'X-08', cause: `sku ${sku}`, title, half };
  }
  if (mapped.problem === 'unknown-sku' || mapped.item === null) {
    const title = `Article code ${sku} fits no item of the ERP: correct the item master or add an alias row.`;
    return { code: 'X-02', cause: `sku ${sku}`, title, half };
  }
  const division = mapped.division ?? itemKeyDivision(mapped.item);
  const served = facts.location === null || facts.location.divisions.includes(division);
  if (served && mapped.problem !== 'division-not-served') return null;
  const cause = `division ${division} at ${document.location}`;
  const title = `Location ${document.location} may not serve division ${division}: add it to the location's row.`;
  return { code: 'X-03', cause, title, half };
}

/** Every cause that holds a return, each once. */
export function causesOf(context: Context): HeldCause[] {
  const { document, facts, policy } = context;
  const half: Half = policy.creditAheadOfMapping ? 'restock' : 'whole';
  const goods = context.lines.filter(({ line }) => line.kind === 'goods');
  const found: (HeldCause | null)[] = [];
  if (facts.location === null && (goods.length > 0 || half === 'whole')) {
    const title = `Location ${document.location} has no warehouse and division on ${document.businessDate}: add a row to the location map.`;
    found.push({ code: 'X-03', cause: `location ${document.location}`, title, half });
  }
  for (const { line, mapped } of goods) {
    if (line.disposition !== 'none') found.push(articleCause(line.sku, mapped, context, half));
  }
  for (const [index, line] of (document.exchange?.lines ?? []).entries()) {
    const mapped = facts.exchangeItems[index];
    if (mapped !== undefined) found.push(articleCause(line.sku, mapped, context, half));
  }
  for (const tied of context.lines) {
    if (tied.sold?.kind !== 'charge' || chargeRule(context, tied) !== null) continue;
    const code = tied.sold.chargeCode ?? tied.line.sku;
    const title = `Charge ${code} has no account: add it to the charge codes.`;
    found.push({ code: 'X-02', cause: `charge ${code}`, title, half: 'whole' });
  }
  const seen = new Set<string>();
  return found.filter((each): each is HeldCause => {
    if (each === null || seen.has(`${each.code} ${each.cause}`)) return false;
    seen.add(`${each.code} ${each.cause}`);
    return true;
  });
}
