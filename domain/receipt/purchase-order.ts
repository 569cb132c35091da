/** A purchase order as the ERP has it, and what units received against it are worth. */
import { Big } from 'big.js';
import { z } from 'zod';
import { ItemKey } from '../documents.js';
import { add, Currency, DecimalText, extend, zero, type Money } from '../money.js';

export const PurchaseOrderLine = z.object({
  poLine: z.number().int(),
  item: ItemKey,
  ordered: z.number().int(),
  received: z.number().int(),
  /** Still to come: ordered less received and cancelled. */
  open: z.number().int(),
  cancelled: z.number().int(),
  /** Of what was received: sent back to the supplier. */
  returned: z.number().int(),
  /** Billed by the supplier. */
  invoiced: z.number().int(),
  /** One unit, in the order's currency. */
  unitCost: DecimalText,
});
export type PurchaseOrderLine = z.infer<typeof PurchaseOrderLine>;

export const PurchaseOrder = z.object({
  poNo: z.string(),
  supplier: z.string(),
  division: z.string(),
  warehouse: z.string(),
  currency: Currency,
  /** To base currency, as stated on the order. */
  rate: DecimalText,
  /** An order has two ends: closed for receiving is ours to set, closed is payables' (R-820). */
  status: z.enum(['open', 'closed-for-receiving', 'closed', 'cancelled']),
  revision: z.number().int(),
  /** Estimates of landed cost in base currency, one unit, each accrued apart. */
  landed: z.array(z.object({ element: z.string(), perUnit: DecimalText })),
  lines: z.array(PurchaseOrderLine),
});
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;

const COST_DECIMALS = 6;

const costAtRate = ({ rate }: Pick<PurchaseOrder, 'rate'>, { unitCost }: Pick<PurchaseOrderLine, 'unitCost'>): Big =>
  new Big(unitCost).times(rate).round(COST_DECIMALS, Big.roundHalfUp);

/** What one unit of a line comes into the books with, landed estimates included: a decimal in base currency. */
export const unitCostOf = (
  order: Pick<PurchaseOrder, 'rate' | 'landed'>,
  line: Pick<PurchaseOrderLine, 'unitCost'>,
): string =>
  order.landed
    .reduce((sum, { perUnit }) => sum.plus(perUnit), costAtRate(order, line))
    .round(COST_DECIMALS, Big.roundHalfUp)
    .toFixed();

/** Units of a line at the order's cost and stated rate, and their landed estimates: both in base currency. */
export function valueOf(
  order: Pick<PurchaseOrder, 'rate' | 'landed'>,
  line: Pick<PurchaseOrderLine, 'unitCost'>,
  units: number,
  baseCurrency: string,
): { goods: Money; landed: Money } {
  return {
    goods: extend(costAtRate(order, line).toFixed(), units, baseCurrency),
    landed: order.landed.map(({ perUnit }) => extend(perUnit, units, baseCurrency)).reduce(add, zero(baseCurrency)),
  };
}

/** Nothing is to come on any line, less what was given up: units by line. */
export const isReceived = (order: PurchaseOrder, givenUp: readonly { poLine: number; units: number }[] = []): boolean =>
  order.lines.every(
    ({ poLine, open }) =>
      open <= givenUp.filter((each) => each.poLine === poLine).reduce((sum, { units }) => sum + units, 0),
  );
