/** What may be paid of a purchase order line now, and what may not and why. Pure. */
import { Big } from 'big.js';
import { add, extend, format, isZero, subtract, zero, type Money } from '../domain/money.js';
import { counted } from '../domain/wording.js';

/** A line as payables look at it. `unitCost` in the order's currency. */
export interface OwedLine {
  readonly currency: string;
  readonly unitCost: string;
  readonly received: number;
  readonly returned: number;
  /** As the order says; the invoices may not have been read yet. */
  readonly invoiced: number;
}
/** One billed line, in the order in which invoices were booked. */
export interface BilledLine {
  readonly invoiceNo: string;
  readonly currency: string;
  readonly units: number;
  /** One unit, decimal text in the invoice's currency. */
  readonly unitPrice: string;
}

export interface Payable {
  /** Null: not known, `why` says for what reason. */
  readonly payable: Money | null;
  readonly blocked: Money | null;
  readonly why: string;
}

const currencyOf = (line: OwedLine, billed: readonly BilledLine[]): string | null => {
  const currencies = new Set(billed.map(({ currency }) => currency));
  const [only = line.currency] = currencies;
  return currencies.size > 1 ? null : only;
};

/** The first `units` of what was billed at its own prices, and the rest at its own. */
function split(billed: readonly BilledLine[], units: number, currency: string): { payable: Money; blocked: Money } {
  let left = Math.max(0, units);
  let [payable, blocked] = [zero(currency), zero(currency)];
  for (const { units: count, unitPrice } of billed) {
    const paid = Math.min(Math.max(0, count), left);
    left -= paid;
    const due = extend(unitPrice, paid, currency);
    payable = add(payable, due);
    blocked = add(blocked, subtract(extend(unitPrice, count, currency), due));
  }
  return { payable, blocked };
}

/** How far the billed prices are from the order's, in words; nothing where they agree. */
function priceWords(line: OwedLine, billed: readonly BilledLine[], currency: string): string[] {
  if (currency !== line.currency) return [`billed in ${currency}, ordered in ${line.currency}`];
  return billed
    .filter(({ unitPrice }) => !new Big(unitPrice).eq(line.unitCost))
    .map(({ invoiceNo, units, unitPrice }) => {
      const more = subtract(extend(unitPrice, units, currency), extend(line.unitCost, units, currency));
      const sign = new Big(more.minor).lt('0') ? 'less' : 'more';
      const size = format({ ...more, minor: more.minor.replace('-', '') });
      return `${invoiceNo} bills ${unitPrice} a unit, ordered at ${line.unitCost}: ${size} ${sign}`;
    });
}

/**
 * Payable is the lesser of what was billed and what was received and kept, at the invoice's price, the invoice that was
 * booked first first; the rest is blocked. A price other than the order's blocks nothing: matching prices is payables'.
 */
export function payableOf(line: OwedLine, billed: readonly BilledLine[]): Payable {
  const { received, returned, invoiced } = line;
  const kept = received - returned;
  const units = billed.reduce((sum, each) => sum + each.units, 0);
  if (units !== invoiced)
    return {
      ...{ payable: null, blocked: null },
      why: `${counted(invoiced, 'unit')} invoiced, and the invoices read here bill ${units}: they are read again within minutes`,
    };
  const currency = currencyOf(line, billed);
  if (currency === null)
    return { payable: null, blocked: null, why: 'invoiced in several currencies: look at each invoice' };
  const { payable, blocked } = split(billed, kept, currency);
  const back = returned === 0 ? '' : `, ${returned} sent back`;
  const why = [
    ...(isZero(blocked)
      ? []
      : [
          `${units - Math.max(0, kept)} of ${units} invoiced not received (${received} received${back}): ${format(blocked)}`,
        ]),
    ...(units === 0 && kept > 0 ? [`${counted(kept, 'unit')} received, nothing invoiced yet`] : []),
    ...priceWords(line, billed, currency),
  ];
  return { payable, blocked, why: why.join('; ') };
}
