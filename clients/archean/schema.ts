/**
 * Wire shapes of Archean R247 Stock. Nothing technical about the product is public: everything here is our stated
 * working contract (facts/archean-r247.md part 3), kept to this one file.
 */
import { z } from 'zod';

const Decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'a decimal number as text');
const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/, 'an instant in UTC');
const Seq = z.number().int().nonnegative();

/** POST /oauth/token, client credentials. */
export const ArcheanToken = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
});

export const ArcheanReturnLine = z.object({
  lineNo: z.number().int().positive(),
  /** The original order; empty when the clerk found none. */
  orderNo: z.string().max(40),
  orderLine: z.number().int().positive().nullable(),
  /** The code as this system spells it; it may differ from the ERP's in case, zeros and separators. */
  sku: z.string().min(1).max(60),
  quantity: z.number().int().positive().max(1_000_000),
  /** Net refund for one unit, before tax; up to three decimals. */
  refundUnitPrice: Decimal,
  condition: z.enum(['NEW', 'OPENED', 'DAMAGED', 'UNKNOWN']),
  disposition: z.enum(['SELLABLE', 'NOT_SELLABLE', 'NONE']),
  kind: z.enum(['GOODS', 'CHARGE']),
  reasonCode: z.string().max(40),
});
/** A reason-coded amount kept back from the refund (positive), or goodwill added to it (negative). Net of tax. */
export const ArcheanDeduction = z.object({ code: z.string().max(40), amount: Decimal });
/** What the customer takes instead; priced as sold today, net, with its own tax. */
export const ArcheanExchange = z.object({
  lines: z
    .array(
      z.object({
        sku: z.string().min(1).max(60),
        quantity: z.number().int().positive(),
        unitPrice: Decimal,
        taxAmount: Decimal,
      }),
    )
    .min(1)
    .max(200),
});
/**
 * One version of a return. Every change is a new version with a new seq. `state`: PROCESSED is a completed
 * "return and restock", WITHDRAWN takes it back, UNDELIVERED is a parcel that came back without a refund decision.
 */
export const ArcheanReturn = z.object({
  returnNo: z.string().min(1).max(60),
  seq: Seq,
  version: z.number().int().positive(),
  state: z.enum(['PROCESSED', 'WITHDRAWN', 'UNDELIVERED']),
  customer: z.string().max(40),
  location: z.string().min(1).max(40),
  currency: z.string().regex(/^[A-Z]{3}$/),
  processedBy: z.string().max(60),
  processedAt: Instant,
  refund: z.object({
    state: z.enum(['REFUNDED', 'ON_ACCOUNT', 'PENDING', 'NONE']),
    reference: z.string().max(60),
  }),
  restockState: z.enum(['RESTOCKED', 'PENDING', 'NONE']),
  lines: z.array(ArcheanReturnLine).min(1).max(2000),
  deductions: z.array(ArcheanDeduction).max(50),
  exchange: ArcheanExchange.nullable(),
});
/** GET /returns?afterSeq&limit (max 200). Rows are parsed one by one: a bad one must not hide its neighbours. */
export const ArcheanReturnPage = z.object({
  returns: z.array(z.unknown()),
  lastSeq: Seq,
  hasMore: z.boolean(),
});

export const ArcheanMovement = z.object({
  id: z.string().min(1).max(60),
  seq: Seq,
  type: z.string().min(1).max(40),
  sku: z.string().min(1).max(60),
  location: z.string().min(1).max(40),
  quantity: z.number().int(),
  occurredAt: Instant,
  recordedAt: Instant,
  reasonCode: z.string().max(200),
  documentType: z.enum(['RETURN', 'GOODS_IN', 'DISPATCH', 'NONE']),
  documentId: z.string().max(60),
  documentLine: z.number().int().nullable(),
  correlationId: z.string().max(60),
  condition: z.string().max(40),
});
/** GET /movements?afterSeq&limit (max 200). */
export const ArcheanMovementPage = z.object({
  movements: z.array(z.unknown()),
  lastSeq: Seq,
  hasMore: z.boolean(),
});

export const ArcheanGoodsInLine = z.object({
  lineNo: z.number().int().positive(),
  /** An article as this system spells it, or with `uom` PPK the prepack's own code. */
  sku: z.string().min(1).max(60),
  /** Both count in `uom`; `expected` is 0 for what nobody announced. */
  expected: z.number().int().nonnegative().max(1_000_000),
  received: z.number().int().nonnegative().max(1_000_000),
  /** EA eaches, CTN cartons of one article, PPK prepacks of several sizes. */
  uom: z.string().min(1).max(10),
  quality: z.enum(['FIRST', 'IRREGULAR']),
  /** Eaches of the received quantity that are damaged. */
  damagedUnits: z.number().int().nonnegative().max(1_000_000).default(0),
});
/**
 * One version of a goods-in. Every change is a new version with a new seq. EXPECTED is an announcement or what is still
 * to come of one; COMPLETED again with a higher version is a correction; REVERSED takes a completed one back.
 */
export const ArcheanGoodsIn = z.object({
  id: z.string().min(1).max(60),
  seq: Seq,
  version: z.number().int().positive(),
  /** The reference it was announced with; empty when nobody announced it. */
  externalRef: z.string().max(60).default(''),
  poNo: z.string().max(40),
  location: z.string().max(40),
  state: z.enum(['EXPECTED', 'COMPLETED', 'REVERSED', 'CANCELLED']),
  /** When the goods were counted in; a correction or a reversal leaves it as it was. */
  completedAt: Instant.nullable(),
  completedBy: z.string().max(60).default(''),
  /** The record that was opened for what is still to come of this announcement. */
  followedBy: z.string().max(60).nullable().default(null),
  lines: z.array(ArcheanGoodsInLine).max(2000),
});
/** GET /goods-in?afterSeq&limit (max 200): completed, corrected and reversed ones. Rows are parsed one by one. */
export const ArcheanGoodsInPage = z.object({
  goodsIn: z.array(z.unknown()),
  lastSeq: Seq,
  hasMore: z.boolean(),
});

/** Body of a refusal. */
export const ArcheanError = z.object({ code: z.string().min(1), message: z.string() });

export const ArcheanLocation = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.enum(['CENTRE', 'STORE', 'VIRTUAL']),
  active: z.boolean(),
});
export const ArcheanLocationList = z.object({ locations: z.array(ArcheanLocation) });

export const ArcheanStockPage = z.object({
  asOfSeq: Seq,
  rows: z.array(
    z.object({
      sku: z.string(),
      location: z.string(),
      onHand: z.number().int(),
      allocated: z.number().int(),
      quarantined: z.number().int(),
    }),
  ),
  cursor: z.string().optional(),
});

/** Webhook body. A hint only: it wakes the reader, the ledger read is what posts. Signature: see webhook.ts. */
export const ArcheanWebhook = z.object({
  eventId: z.string().min(1).max(80),
  type: z.enum(['movement.recorded', 'goodsin.completed', 'order.dispatched', 'return.processed']),
  seq: Seq,
  id: z.string().max(60),
});

export type ArcheanReturn = z.infer<typeof ArcheanReturn>;
export type ArcheanReturnLine = z.infer<typeof ArcheanReturnLine>;
export type ArcheanMovement = z.infer<typeof ArcheanMovement>;
export type ArcheanGoodsIn = z.infer<typeof ArcheanGoodsIn>;
export type ArcheanGoodsInLine = z.infer<typeof ArcheanGoodsInLine>;
export type ArcheanWebhook = z.infer<typeof ArcheanWebhook>;
