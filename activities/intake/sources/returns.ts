/** Archean's returns as the inbox keeps them and as their sagas read them. The maps are pure, total over the codes of the wire. */
import { Big } from 'big.js';
import type { z } from 'zod';
import { ArcheanReturn, type ArcheanReturnLine } from '../../../clients/archean/schema.js';
import { businessDateOf } from '../../../domain/business-date.js';
import { exponentOf } from '../../../domain/money.js';
import { ReturnDocument, type ReturnLine } from '../../../domain/return/document.js';
import type { Wish } from '../../../store/claims.js';
import { digestOf } from '../../../store/canonical.js';
import { unitsBack, type NewEvent, type SeenCode } from '../../../store/inbox.js';
import { ARCHEAN, dateFault, faultsOf, malformed } from './rows.js';
import type { ObjectSource } from './source.js';

const LARGEST_LINES = 2000;

const DISPOSITIONS = { SELLABLE: 'sellable', NOT_SELLABLE: 'not-sellable', NONE: 'none' } as const;
const STATES = { PROCESSED: 'processed', WITHDRAWN: 'withdrawn', UNDELIVERED: 'undelivered' } as const;
/** A refund that is still pending has not been paid; a later version says when it is. */
const REFUNDS = { REFUNDED: 'refunded', ON_ACCOUNT: 'on-account', PENDING: 'none', NONE: 'none' } as const;

const toLine = (line: ArcheanReturnLine): ReturnLine => ({
  lineNo: line.lineNo,
  orderNo: line.orderNo.trim(),
  orderLine: line.orderLine,
  sku: line.sku,
  quantity: line.quantity,
  refundUnitPrice: line.refundUnitPrice,
  disposition: DISPOSITIONS[line.disposition],
  kind: line.kind === 'GOODS' ? 'goods' : 'charge',
  reasonCode: line.reasonCode,
});

/** A wire return in domain terms, not checked yet. */
function draftOf(wire: ArcheanReturn, zone: string, movedBack: boolean): z.input<typeof ReturnDocument> {
  return {
    source: ARCHEAN,
    returnNo: wire.returnNo,
    version: wire.version,
    seq: wire.seq,
    state: STATES[wire.state],
    customer: wire.customer.trim(),
    location: wire.location,
    currency: wire.currency,
    processedBy: wire.processedBy,
    processedAt: wire.processedAt,
    businessDate: businessDateOf(wire.processedAt, zone),
    refund: { kind: REFUNDS[wire.refund.state], reference: wire.refund.reference },
    restocked: movedBack || wire.restockState === 'RESTOCKED',
    lines: wire.lines.map(toLine),
    deductions: wire.deductions,
    exchange: wire.exchange,
  };
}

/** A return of the inbox in domain terms. `restocked`: a movement already proved it, or the return itself says so. */
export const toReturnDocument = (wire: ArcheanReturn, zone: string, movedBack: boolean): ReturnDocument =>
  ReturnDocument.parse(draftOf(wire, zone, movedBack));

/** Above this a single amount is a broken field, in any currency; all sums of a return still fit the store. */
const LARGEST_AMOUNT = new Big('1000000000');
const MOST_UNITS = 1_000_000;

/** What one saga could not work on: amounts that no ledger holds, tax with more decimals than its currency has. */
function amountFault({ lines, deductions, exchange, currency }: ArcheanReturn): string | null {
  const tooLarge = (amount: string, units = 1): boolean =>
    new Big(amount).abs().times(String(units)).gt(LARGEST_AMOUNT);
  const line = lines.find((each) => tooLarge(each.refundUnitPrice, each.quantity));
  if (line !== undefined) return `refundUnitPrice of line ${line.lineNo}: ${line.refundUnitPrice} is no real amount`;
  const deduction = deductions.find((each) => tooLarge(each.amount));
  if (deduction !== undefined) return `deductions: ${deduction.amount} for ${deduction.code} is no real amount`;
  for (const { sku, quantity, unitPrice, taxAmount } of exchange?.lines ?? []) {
    if (quantity > MOST_UNITS) return `exchange: quantity ${quantity} of ${sku} is above ${MOST_UNITS}`;
    if (tooLarge(unitPrice, quantity) || tooLarge(taxAmount)) return `exchange: ${sku} bears no real amount`;
    if ((taxAmount.split('.')[1]?.replace(/0+$/, '').length ?? 0) > exponentOf(currency))
      return `exchange: taxAmount ${taxAmount} of ${sku} has more decimals than ${currency} has`;
  }
  return null;
}

/** Each order of a return is read from the ERP, one after the other. */
const MOST_ORDERS = 200;

/** What the schema cannot say: line numbers twice, too many lines or orders, dates nobody means, an unknown currency. */
function returnFault(wire: ArcheanReturn, zone: string, now: Date): string | null {
  const numbers = new Set(wire.lines.map((line) => line.lineNo));
  if (numbers.size !== wire.lines.length) return 'lines: two of them bear one line number';
  if (wire.lines.length > LARGEST_LINES) return `lines: more than ${LARGEST_LINES}`;
  const orders = new Set(wire.lines.map((line) => line.orderNo.trim())).size;
  if (orders > MOST_ORDERS) return `lines: name ${orders} orders, at most ${MOST_ORDERS} may be in one return`;
  const dated = dateFault(wire.processedAt, 'processedAt', now);
  if (dated !== null) return dated;
  const document = ReturnDocument.safeParse(draftOf(wire, zone, false));
  return document.success ? amountFault(wire) : faultsOf(document.error);
}

/** What a version asks of order lines. A withdrawn one takes its wishes back: 0 units. */
function wishesOf(wire: ArcheanReturn): Wish[] {
  return wire.lines.flatMap((line) =>
    line.orderNo.trim() === '' || line.orderLine === null
      ? []
      : [
          {
            source: ARCHEAN,
            returnNo: wire.returnNo,
            version: wire.version,
            lineNo: line.lineNo,
            orderNo: line.orderNo.trim(),
            orderLine: line.orderLine,
            quantity: wire.state === 'WITHDRAWN' ? 0 : line.quantity,
            sourceTime: wire.processedAt,
            seq: wire.seq,
          },
        ],
  );
}

function codesOf(wire: ArcheanReturn, zone: string): SeenCode[] {
  const businessDate = businessDateOf(wire.processedAt, zone);
  const seen: SeenCode[] = [
    { kind: 'location', code: wire.location, businessDate },
    ...wire.lines.map((line): SeenCode => ({
      kind: line.kind === 'GOODS' ? 'sku' : 'charge',
      code: line.sku,
      businessDate,
    })),
    ...(wire.exchange?.lines ?? []).map((line): SeenCode => ({ kind: 'sku', code: line.sku, businessDate })),
    ...wire.deductions.map((each): SeenCode => ({ kind: 'deduction', code: each.code, businessDate })),
  ];
  return seen.filter(
    (code, index) => seen.findIndex((other) => other.kind === code.kind && other.code === code.code) === index,
  );
}

/** One row of GET /returns as the inbox keeps it: `new`, or `malformed` with what is wrong with it. */
export function returnEvent(raw: unknown, zone: string, now: Date): NewEvent {
  const parsed = ArcheanReturn.safeParse(raw);
  if (!parsed.success) return malformed(ARCHEAN, 'return', raw, faultsOf(parsed.error));
  const wire = parsed.data;
  const fault = returnFault(wire, zone, now);
  if (fault !== null) return malformed(ARCHEAN, 'return', raw, fault);
  return {
    source: ARCHEAN,
    kind: 'return',
    sourceId: wire.returnNo,
    version: wire.version,
    payload: wire,
    digest: digestOf(wire),
    sourceTime: wire.processedAt,
    seq: wire.seq,
    documentId: null,
    state: 'new',
    reason: null,
    wishes: wishesOf(wire),
    codes: codesOf(wire, zone),
  };
}

export const returns: ObjectSource = {
  source: ARCHEAN,
  kind: 'return',
  page: ({ archean }, afterSeq, limit) => archean.returnsAfter(afterSeq, limit),
  event: returnEvent,
  find: ({ archean }, key) => archean.findReturn(key),
  document: async ({ db, zone }, row) => {
    const wire = ArcheanReturn.parse(row.payload);
    return toReturnDocument(wire, zone, (await unitsBack(db, row.source, wire.returnNo)) > 0);
  },
};
