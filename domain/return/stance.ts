/** How a return is to be posted: what the answers given so far say, and what an open question's yes would say. */
import { nextOpenPeriodAfter, periodOf } from '../business-date.js';
import { choiceOf, type Context, type PlannedLine } from './context.js';

export interface Stance {
  /** Lines that go on; those of orders cancelled instead are left out. */
  lines: PlannedLine[];
  /** Post what the order lines had left, or everything that came back. */
  units: 'covered' | 'all';
  /** Credit as sold, or what was refunded with the difference as a line of its own. */
  refund: 'as-sold' | 'refunded';
  /** Division of a credit without an order where neither item nor order says one; null when a person must. */
  fallbackDivision: string | null;
  businessDate: string;
  memo: string;
  cancelOrders: string[];
}

/** Divisions a line without item and order may belong to: those of the return's other lines, else the location's. */
export function divisionChoices(context: Context): string[] {
  const own = context.lines.map(({ mapped, invoice }) => mapped.division ?? invoice?.division ?? null);
  const known = [...new Set(own.filter((division) => division !== null))];
  return known.length === 1 ? known : (context.facts.location?.divisions ?? known);
}

function fallbackDivision(context: Context): string | null {
  const choices = divisionChoices(context);
  if (choices.length === 1) return choices[0] ?? null;
  const answer = choiceOf(context, 'original-order') ?? '';
  return choices.find((division) => answer === `approve-${division}`) ?? null;
}

/** Both halves bear one date: the return's own, or the first day of the period a person moved it to. */
function dating(context: Context): Pick<Stance, 'businessDate' | 'memo'> {
  const { document, sold } = context;
  const plain = { businessDate: document.businessDate, memo: `Return ${document.returnNo}` };
  const moved =
    choiceOf(context, 'closed-period') === 'open-period'
      ? nextOpenPeriodAfter(sold.periods, document.businessDate)
      : undefined;
  if (moved === undefined) return plain;
  const own = periodOf(sold.periods, document.businessDate);
  const why = own === undefined ? 'its period is closed' : `period ${own.code} is closed`;
  return {
    businessDate: moved.firstDay,
    memo: `${plain.memo} of ${document.businessDate}, posted into ${moved.code} because ${why}`,
  };
}

/**
 * The stance of the answers given. What nobody has answered yet takes the cautious yes: the covered part, the price
 * sold; nothing of it posts before the answer.
 */
export function stanceOf(context: Context, cancelOrders: readonly string[]): Stance {
  return {
    lines: context.lines.filter(({ orderNo }) => !cancelOrders.includes(orderNo)),
    units: choiceOf(context, 'quantity') === 'post-all' ? 'all' : 'covered',
    refund: choiceOf(context, 'refund') === 'approve' ? 'refunded' : 'as-sold',
    fallbackDivision: fallbackDivision(context),
    ...dating(context),
    cancelOrders: [...cancelOrders],
  };
}
