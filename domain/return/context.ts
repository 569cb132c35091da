/** A return with everything a plan looks at, joined once. Internal to domain/return. */
import type { ReturnAnswer, ReturnQuestion } from './answers.js';
import type { Grant, MappedLine } from './facts.js';
import { isUndispatched, tieLines, type TiedLine } from './lines.js';
import type { PlanInput } from './plan-types.js';

export interface PlannedLine extends TiedLine {
  mapped: MappedLine;
  /** There when the line has an original; then it is never null. */
  grant: Grant | null;
}

export interface Context extends PlanInput {
  lines: PlannedLine[];
  /** The last answer to each question. */
  answered: Partial<Record<ReturnQuestion, ReturnAnswer>>;
}

/**
 * Joins a return with its sale, mapping and grants. Throws Error when a line that has an original has no grant, or a
 * line has no mapping: then the facts were read for other answers and must be read again.
 */
export function contextOf(input: PlanInput): Context {
  const { document, sold, facts, answers } = input;
  const mappedOf = new Map(facts.lines.map((line) => [line.lineNo, line]));
  const grantOf = new Map(facts.grants.map((grant) => [grant.lineNo, grant]));
  const tied = tieLines(document, sold, answers, (lineNo) => mappedOf.get(lineNo)?.item ?? null);
  const lines = tied.map((each) => {
    const { lineNo } = each.line;
    const mapped = mappedOf.get(lineNo);
    const grant = grantOf.get(lineNo) ?? null;
    const lacking = mapped === undefined ? 'mapping' : each.sold !== null && grant === null ? 'grant' : null;
    if (mapped === undefined || lacking !== null) {
      throw new Error(
        `line ${lineNo} of return ${document.returnNo} has no ${lacking}: claim the return again with these answers`,
      );
    }
    return { ...each, mapped, grant: each.sold === null ? null : grant };
  });
  return { ...input, lines, answered: Object.fromEntries(answers.map((answer) => [answer.question, answer])) };
}

export const choiceOf = (context: Context, question: ReturnQuestion): string | null =>
  context.answered[question]?.choice ?? null;

/** A parcel that came back undelivered is credited only when a person says so; anything else is. */
export const isCredited = (context: Context): boolean =>
  context.document.state !== 'undelivered' || choiceOf(context, 'undelivered') === 'credit';

/** Lines whose order the ERP has not dispatched, and lines returned within the lead time of their order. */
export function beforeDispatchOrders(context: Context): { unproven: string[]; withinLead: string[] } {
  const { document, policy } = context;
  const leadMs = policy.dispatchLeadMinutes * 60_000;
  const unproven = new Set<string>();
  const withinLead = new Set<string>();
  for (const { line, order } of context.lines) {
    if (line.kind !== 'goods' || order === null) continue;
    const age = Date.parse(document.processedAt) - Date.parse(order.placedAt);
    if (isUndispatched(order)) unproven.add(order.orderNo);
    else if (order.status !== 'cancelled' && leadMs > 0 && age <= leadMs) withinLead.add(order.orderNo);
  }
  return { unproven: [...unproven], withinLead: [...withinLead] };
}

/**
 * The customer whose day a return counts in: the one its invoices credit, whatever the return itself says, or a
 * wrong number would get round the limit. Without an invoice the one it names. Of several the return's own, if it is
 * one of them, else the first by number.
 */
export function creditedCustomer({ document, sold }: Pick<Context, 'document' | 'sold'>): string {
  const invoiced = [...new Set(sold.invoices.map(({ customer }) => customer))].sort();
  return invoiced.includes(document.customer) ? document.customer : (invoiced[0] ?? document.customer);
}
