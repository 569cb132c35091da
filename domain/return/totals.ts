/** Sums over a plan's documents. */
import { add, sum, zero, type Money } from '../money.js';
import { toBase } from '../limits.js';
import type { Context } from './context.js';
import type { CreditStep, RestockStep, ReturnPlan } from './plan-types.js';

/** What the memos credit together, in base currency; null when a rate is not recorded. */
export function baseCreditOf(credits: readonly CreditStep[], { policy }: Pick<Context, 'policy'>): Money | null {
  let total: Money | null = zero(policy.baseCurrency);
  for (const { document } of credits) {
    const base = toBase(document.total, policy);
    total = total === null || base === null ? null : add(total, base);
  }
  return total;
}

/**
 * The amount a person's limits are held against: in the return's own currency; where no rate turns all of it into base
 * currency, what is in a foreign one, so that nobody takes what cannot be compared for nothing.
 */
export function amountAtStake(credits: readonly CreditStep[], own: string, base: Money | null): Money {
  const totals = credits.map(({ document }) => document.total);
  const foreign = base === null ? totals.find(({ currency }) => currency !== own) : undefined;
  const currency = foreign?.currency ?? own;
  return sum(
    totals.filter((total) => total.currency === currency),
    currency,
  );
}

/**
 * A plan's totals. Amounts in the return's own currency leave out memos in another one (a refund in a currency other
 * than the sale's); `baseCredit` holds all.
 */
export function totalsOf(
  context: Pick<Context, 'document' | 'policy'>,
  credits: readonly CreditStep[],
  restocks: readonly RestockStep[],
): ReturnPlan['totals'] {
  const { currency } = context.document;
  const own = credits.map(({ document }) => document).filter(({ total }) => total.currency === currency);
  const net = (amounts: { net: Money }[]): Money =>
    sum(
      amounts.map((each) => each.net),
      currency,
    );
  return {
    credit: sum(
      own.map(({ total }) => total),
      currency,
    ),
    creditGoods: net(own.flatMap(({ lines }) => lines)),
    creditCharges: net(own.flatMap(({ charges }) => charges)),
    baseCredit: baseCreditOf(credits, context),
    restockUnits: restocks
      .flatMap(({ document }) => document.lines)
      .reduce((units, { quantity }) => units + quantity, 0),
  };
}
