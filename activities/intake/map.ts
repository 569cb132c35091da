/** Archean's rows as the inbox keeps them and as sagas read them. Pure; total over the codes of the wire. */
import { Big } from 'big.js';
import type { z } from 'zod';
import { ArcheanMovement, ArcheanReturn, type ArcheanReturnLine } from '../../clients/archean/schema.js';
import { businessDateOf } from '../../domain/business-date.js';
import { exponentOf } from '../../domain/money.js';
import { ReturnDocument, ReturnNo, type ReturnLine } from '../../domain/return/document.js';
import type { Wish } from '../../store/claims.js';
import { digestOf } from '../../store/canonical.js';
import type { NewEvent, SeenCode } from '../../store/inbox.js';

export const SOURCE = 'archean';

/** Movement types of facts/archean-r247.md 3.3; anything else is an exception, never ignored. */
const MOVEMENT_TYPES = new Set([
  'GOODS_IN',
  'DISPATCH',
  'RETURN_RESTOCK',
  'RETURN_QUARANTINE',
  'ADJUSTMENT',
  'COUNT',
  'TRANSFER_OUT',
  'TRANSFER_IN',
  'WRITE_OFF',
  'VOID',
]);

/** No books are older; a row that says so has a broken date. */
const EARLIEST = Date.parse('2000-01-01T00:00:00Z');
/** A source's clock may run ahead, and tests move it by a year; farther is a broken date. */
const AHEAD_MS = 366 * 24 * 3_600_000;
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
    source: SOURCE,
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

/** What is wrong with a row, in one line for the person who reads the case. */
const faultsOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`)
    .join('; ');

function malformed(kind: string, raw: unknown, reason: string): NewEvent {
  const digest = digestOf(raw ?? null);
  const seq = (raw as { seq?: unknown } | null)?.seq;
  return {
    source: SOURCE,
    kind,
    sourceId: `unreadable:${digest}`,
    version: 1,
    payload: raw ?? null,
    digest,
    sourceTime: null,
    seq: typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : 0,
    documentId: null,
    state: 'malformed',
    reason,
    wishes: [],
    codes: [],
  };
}

function dateFault(instant: string, what: string, now: Date): string | null {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) return `${what}: ${instant} is no date of the calendar`;
  if (at < EARLIEST) return `${what}: ${instant} lies before 2000, when no books were kept`;
  if (at > now.getTime() + AHEAD_MS) return `${what}: ${instant} lies more than a year ahead`;
  return null;
}

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
            source: SOURCE,
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
  if (!parsed.success) return malformed('return', raw, faultsOf(parsed.error));
  const wire = parsed.data;
  const fault = returnFault(wire, zone, now);
  if (fault !== null) return malformed('return', raw, fault);
  return {
    source: SOURCE,
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

const NOT_SWITCHED_ON: Record<'GOODS_IN' | 'DISPATCH' | 'NONE', string> = {
  GOODS_IN: 'goods receipts are not switched on yet (SG-04): kept, nothing posted',
  DISPATCH: 'dispatches are not switched on yet (SG-07): kept, nothing posted',
  NONE: 'stock movements without a document are not switched on yet (SG-01): kept, nothing posted',
};

/**
 * One row of GET /movements as the inbox keeps it. One that belongs to a return is proof for that return's saga
 * (facts/archean-r247.md 3.3, one event, one door); others are kept and counted until their process is switched on.
 */
export function movementEvent(raw: unknown, now: Date): NewEvent {
  const parsed = ArcheanMovement.safeParse(raw);
  if (!parsed.success) return malformed('movement', raw, faultsOf(parsed.error));
  const wire = parsed.data;
  if (!MOVEMENT_TYPES.has(wire.type)) return malformed('movement', raw, `type: "${wire.type}" is not known`);
  const fault = dateFault(wire.recordedAt, 'recordedAt', now);
  if (fault !== null) return malformed('movement', raw, fault);
  if (wire.documentType === 'RETURN' && !ReturnNo.safeParse(wire.documentId).success)
    return malformed('movement', raw, `documentId: "${wire.documentId}" is the number of no return`);
  const ofReturn = wire.documentType === 'RETURN';
  return {
    source: SOURCE,
    kind: 'movement',
    sourceId: wire.id,
    version: 1,
    payload: wire,
    digest: digestOf(wire),
    sourceTime: wire.recordedAt,
    seq: wire.seq,
    documentId: wire.documentType === 'NONE' ? null : `${wire.documentType}/${wire.documentId}`,
    state: ofReturn ? 'new' : 'ignored',
    reason: wire.documentType === 'RETURN' ? null : NOT_SWITCHED_ON[wire.documentType],
    wishes: [],
    codes: [],
  };
}
