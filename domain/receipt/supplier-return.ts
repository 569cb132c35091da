/**
 * An invoiced receipt becomes a supplier return, not a contra receipt. The ERP offers no document of its own for it
 * (facts/blue-cherry.md 3.4), so it is a stock adjustment with the reason for supplier returns that names the order and its
 * lines: the goods leave stock against what is to be claimed, the order counts them as returned, and the receipt stands
 * beside its invoice. Pure.
 */
import { Big } from 'big.js';
import type { PoReceipt, StockAdjustment } from '../documents.js';
import { add, decimalOf, extend, sum, zero, type Money } from '../money.js';
import { valueOf, type PurchaseOrder } from './purchase-order.js';

/** The source's reason for goods that go back to their supplier: its row names the account of claims on suppliers. */
export const SUPPLIER_RETURN = 'SUPPLIER_RETURN';

interface Lines {
  lines: readonly { poLine: number; quantity: number }[];
}

/**
 * Which receipts the supplier has billed: taken back one after the other, as they are given, those without which less
 * would be left of a line of the order than is invoiced.
 */
export function invoicedAmong<R extends Lines>(order: Pick<PurchaseOrder, 'lines'>, receipts: readonly R[]): R[] {
  const left = new Map(order.lines.map((line) => [line.poLine, line.received - line.returned]));
  const invoiced = new Map(order.lines.map((line) => [line.poLine, line.invoiced]));
  return receipts.filter(({ lines }) => {
    const taken = new Map<number, number>();
    for (const { poLine, quantity } of lines) taken.set(poLine, (taken.get(poLine) ?? 0) + quantity);
    const after = [...taken].map(([poLine, units]) => [poLine, (left.get(poLine) ?? 0) - units] as const);
    if (after.some(([poLine, units]) => units < (invoiced.get(poLine) ?? 0) && invoiced.get(poLine) !== 0)) return true;
    for (const [poLine, units] of after) left.set(poLine, units);
    return false;
  });
}

/** Units of one line of the order that are to go back. */
export interface GoingBack {
  poLine: number;
  item: string;
  /** Received, neither written off nor sent back before. */
  units: number;
  /** Of these: still on hand. Stock never goes negative by it. */
  returnable: number;
  /** What one came in at, landed estimates included: decimal in base currency. */
  unitCost: string;
}

export interface ReturnInput {
  /** The billed receipts of one delivery. */
  receipts: readonly PoReceipt[];
  /** What left stock of them: written off, or sent back before. */
  left: readonly StockAdjustment[];
  /** Units on hand by item, as the ERP shows them. */
  onHand: readonly { item: string; units: number }[];
}

const COST_DECIMALS = 6;

/** What of billed receipts is to go back to the supplier, by line of the order; lines of which nothing is left are none. */
export function goingBack({ receipts, left, onHand }: ReturnInput): GoingBack[] {
  const received = byLine(receipts);
  const gone = left.flatMap(({ lines }) => lines.map((line) => ({ ...line, units: -line.quantity })));
  const stock = new Map(onHand.map(({ item, units }) => [item, Math.max(0, units)]));
  for (const { poLine, item, units } of gone) takeOff(received, { poLine, item, units });
  return [...received.values()]
    .filter(({ units }) => units > 0)
    .sort((a, b) => a.poLine - b.poLine)
    .map(({ poLine, item, units, quantity, value }) => {
      const returnable = Math.min(units, stock.get(item) ?? 0);
      stock.set(item, (stock.get(item) ?? 0) - returnable);
      const unitCost = new Big(decimalOf(value)).div(String(quantity)).round(COST_DECIMALS, Big.roundHalfUp).toFixed();
      return { poLine, item, units, returnable, unitCost };
    });
}

interface ReceivedLine {
  poLine: number;
  item: string;
  quantity: number;
  units: number;
  value: Money;
}

function byLine(receipts: readonly PoReceipt[]): Map<number, ReceivedLine> {
  const found = new Map<number, ReceivedLine>();
  for (const { poLine, item, quantity, goods, landed } of receipts.flatMap(({ lines }) => lines)) {
    const before = found.get(poLine) ?? { poLine, item, quantity: 0, units: 0, value: zero(goods.currency) };
    const value = add(before.value, add(goods, landed));
    found.set(poLine, { ...before, quantity: before.quantity + quantity, units: before.units + quantity, value });
  }
  return found;
}

/** Takes units off the line named, or off the item's lines where none is. */
function takeOff(
  received: Map<number, ReceivedLine>,
  { poLine, item, units }: { poLine?: number | undefined; item: string; units: number },
): void {
  let left = units;
  for (const line of received.values()) {
    if (poLine === undefined ? line.item !== item : line.poLine !== poLine) continue;
    const taken = Math.min(left, line.units);
    line.units -= taken;
    left -= taken;
  }
}

/** Units that can go back, and what they came in at. */
export function worthOf(lines: readonly GoingBack[], baseCurrency: string): { units: number; value: Money } {
  const values = lines.map(({ unitCost, returnable }) => extend(unitCost, returnable, baseCurrency));
  return { units: lines.reduce((all, { returnable }) => all + returnable, 0), value: sum(values, baseCurrency) };
}

/** The adjustment that sends them back; null when nothing of it is on hand. */
export function supplierReturnOf(
  [receipt]: readonly PoReceipt[],
  lines: readonly GoingBack[],
  more: Pick<StockAdjustment, 'businessDate' | 'reasonCode' | 'memo'> & { standardCost: boolean },
): StockAdjustment | null {
  const back = lines.filter(({ returnable }) => returnable > 0);
  if (receipt === undefined || back.length === 0) return null;
  const { businessDate, reasonCode, memo, standardCost } = more;
  const { division, warehouse, poNo } = receipt;
  return {
    ...{ kind: 'stock-adjustment', division, warehouse, poNo, businessDate, reasonCode, memo },
    lines: back.map(({ poLine, item, returnable, unitCost }) => ({
      ...{ item, poLine, quantity: -returnable },
      // Where stock stands at standard cost the site decides alone.
      ...(standardCost ? {} : { unitCost }),
    })),
  };
}

/** What a supplier has billed of goods that went back: at the order's cost in its currency, and in base at its stated rate. */
export interface Claim {
  units: number;
  amount: Money;
  baseAmount: Money;
}

/** What is to be claimed of an order, as it stands after the goods went back. */
export function claimOn(order: PurchaseOrder, sentBack: readonly StockAdjustment[], baseCurrency: string): Claim {
  const sent = new Map<number, number>();
  for (const { poLine, quantity } of sentBack.flatMap(({ lines }) => lines))
    if (poLine !== undefined) sent.set(poLine, (sent.get(poLine) ?? 0) - quantity);
  const claims = order.lines.map((line) => {
    const billed = line.invoiced - (line.received - line.returned);
    const units = Math.max(0, Math.min(sent.get(line.poLine) ?? 0, billed));
    const amount = extend(line.unitCost, units, order.currency);
    return { units, amount, baseAmount: valueOf(order, line, units, baseCurrency).goods };
  });
  return {
    units: claims.reduce((all, { units }) => all + units, 0),
    amount: sum(
      claims.map(({ amount }) => amount),
      order.currency,
    ),
    baseAmount: sum(
      claims.map(({ baseAmount }) => baseAmount),
      baseCurrency,
    ),
  };
}
