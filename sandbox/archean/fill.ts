/** Fills in what an asked-for event leaves out, plausibly, from what the ERP sold. */
import type { ArcheanReturn, ArcheanReturnLine } from '../../clients/archean/schema.js';
import { decimalOf, divideRounded, micro, type Random } from '../core/index.js';
import type { ItemFacts, PurchaseOrderFacts, SoldLineFacts, SoldOrderFacts } from '../reckoning/index.js';

/** What an event may be filled in from. */
export interface Erp {
  returnable(): { order: SoldOrderFacts; line: SoldLineFacts; left: number }[];
  order(orderNo: string): SoldOrderFacts | undefined;
  /** An item by any spelling of its code, or by its six-part key. */
  item(code: string): ItemFacts | undefined;
  codeOf(sku: string): string | undefined;
  purchaseOrder(poNo: string): PurchaseOrderFacts | undefined;
  /** Open purchase orders, not reserved, with what is still to come of each line. */
  receivable(): PurchaseOrderFacts[];
}

/** Fields of a return as a test may give them; lines may be partial too. */
export type ReturnPayload = Partial<Omit<ArcheanReturn, 'lines' | 'seq'>> & {
  lines?: Partial<ArcheanReturnLine>[];
};

/** What one unit was sold for, net of its discount share, to three decimals. */
export function unitNet(line: SoldLineFacts): string {
  const net = micro(line.unitPrice) * BigInt(line.quantity) - micro(line.discount);
  const thousandths = divideRounded(net, BigInt(line.quantity) * 1_000n);
  return decimalOf(thousandths * 1_000n);
}

/** The location a warehouse's goods come back to. */
export const PLACES: Readonly<Record<string, string>> = {
  '01': 'FC-UK-1',
  '02': 'FC-IE-1',
  '03': 'FC-EU-1',
  '04': 'FC-ROW-1',
};

const CONDITIONS = { SELLABLE: 'NEW', NOT_SELLABLE: 'DAMAGED', NONE: 'UNKNOWN' } as const;

interface Chosen {
  order: SoldOrderFacts | undefined;
  line: SoldLineFacts | undefined;
  left: number;
}

/** The sold line a payload's line is about; none given: one with units left; an empty order number: none. */
function choose(given: Partial<ArcheanReturnLine>, erp: Erp, random: Random): Chosen {
  if (given.orderNo === '') return { order: undefined, line: undefined, left: 1 };
  if (given.orderNo !== undefined) {
    const order = erp.order(given.orderNo);
    const lines = order?.lines ?? [];
    const line =
      lines.find((one) => one.orderLine === given.orderLine) ??
      lines.find((one) => given.sku !== undefined && erp.item(given.sku)?.sku === one.sku) ??
      (given.orderLine === undefined && given.sku === undefined ? lines[0] : undefined);
    return { order, line, left: line?.quantity ?? 1 };
  }
  const candidates = erp
    .returnable()
    .filter(({ line }) => given.sku === undefined || erp.item(given.sku)?.sku === line.sku);
  if (candidates.length === 0)
    throw new RangeError(
      'no dispatched order has units left to return; name an order (orderNo) or reset with the trading-day scenario',
    );
  const { order, line, left } = random.pick(candidates);
  return { order, line, left };
}

function fillLine(
  given: Partial<ArcheanReturnLine>,
  index: number,
  { line, left }: Chosen,
  erp: Erp,
  random: Random,
): ArcheanReturnLine {
  const kind = given.kind ?? line?.kind ?? 'GOODS';
  const disposition = given.disposition ?? (kind === 'CHARGE' ? 'NONE' : 'SELLABLE');
  const sku = line === undefined ? undefined : (line.chargeCode ?? erp.codeOf(line.sku));
  return {
    lineNo: index + 1,
    orderLine: line?.orderLine ?? null,
    orderNo: '',
    sku: sku ?? 'NO-SUCH-CODE',
    quantity: kind === 'CHARGE' ? 1 : random.int(1, Math.min(2, Math.max(1, left))),
    refundUnitPrice: line === undefined ? '10.00' : unitNet(line),
    condition: CONDITIONS[disposition],
    reasonCode: kind === 'CHARGE' ? 'CHARGE' : 'CHANGED-MIND',
    ...given,
    disposition,
    kind,
  };
}

/** A whole first version of a return from whatever was given; `{}` makes a valid random one. */
export function fillReturn(
  payload: ReturnPayload,
  context: { erp: Erp; random: Random; returnNo: string; now: string; version?: number },
): Omit<ArcheanReturn, 'seq'> {
  const { erp, random } = context;
  const given = payload.lines ?? [{}];
  const chosen = given.map((line) => choose(line, erp, random));
  const lines = given.map((line, index) => {
    const found = chosen[index] ?? { order: undefined, line: undefined, left: 1 };
    return fillLine({ orderNo: found.order?.orderNo ?? '', ...line }, index, found, erp, random);
  });
  const order = chosen.find((one) => one.order !== undefined)?.order;
  return {
    returnNo: context.returnNo,
    version: context.version ?? 1,
    state: 'PROCESSED',
    customer: order?.customer ?? 'C-00001',
    location: PLACES[order?.warehouse ?? '01'] ?? 'FC-UK-1',
    currency: order?.currency ?? 'GBP',
    processedBy: 'clerk-1',
    processedAt: context.now,
    refund: { state: 'REFUNDED', reference: `PAY-${context.returnNo}` },
    restockState: lines.some((line) => line.disposition !== 'NONE') ? 'RESTOCKED' : 'NONE',
    deductions: [],
    exchange: null,
    ...payload,
    lines,
  };
}
