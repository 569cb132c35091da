import type { z } from 'zod';
import type { Release } from '../schema/release.js';
import type { SetSpec, TransactionSet } from '../schema/set.js';
import { zodOf } from '../schema/zod.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { tagKey } from '../syntax/spelling.js';
import { invoice, type Invoice } from './810.js';
import { remittance, type Remittance } from './820.js';
import { checkInventoryAdvice, completeInventoryAdvice, inventoryAdvice, type InventoryAdvice } from './846.js';
import { checkPurchaseOrder, completePurchaseOrder, purchaseOrder, type PurchaseOrder } from './850.js';
import {
  checkPurchaseOrderAcknowledgement,
  completePurchaseOrderAcknowledgement,
  purchaseOrderAcknowledgement,
  type PurchaseOrderAcknowledgement,
} from './855.js';
import { checkFunctionalAcknowledgement, functionalAcknowledgement, type FunctionalAcknowledgement } from './997.js';
import { shipNotice, type ShipNotice } from './856.js';
import { checkRemittance } from './balance.js';
import { checkInvoice, completeInvoice } from './invoice-total.js';
import { checkShipNotice, completeShipNotice } from './shipment.js';

/** A document of any set this library knows; `set` says which. */
export type Document =
  | InventoryAdvice
  | Invoice
  | PurchaseOrder
  | PurchaseOrderAcknowledgement
  | Remittance
  | ShipNotice
  | FunctionalAcknowledgement;

interface Entry {
  readonly schema: (release: Release) => TransactionSet<unknown>;
  /** totals and trees: what a schema cannot say */
  readonly check?: (document: never, source: Source) => void;
  /** a document with its totals, which are computed; what was given and differs is refused */
  readonly complete?: (document: never, sheet: Sheet) => object;
  /** segment that opened the set in early releases, when it was built otherwise */
  readonly formerly?: string;
}

/** Sets by number. */
const SETS: Readonly<Record<string, Entry>> = {
  '810': { schema: invoice, check: checkInvoice, complete: completeInvoice },
  '820': { schema: remittance, check: checkRemittance, formerly: 'BPS' },
  '846': { schema: inventoryAdvice, check: checkInventoryAdvice, complete: completeInventoryAdvice },
  '850': { schema: purchaseOrder, check: checkPurchaseOrder, complete: completePurchaseOrder },
  '855': {
    schema: purchaseOrderAcknowledgement,
    check: checkPurchaseOrderAcknowledgement,
    complete: completePurchaseOrderAcknowledgement,
  },
  '856': { schema: shipNotice, check: checkShipNotice, complete: completeShipNotice },
  '997': { schema: functionalAcknowledgement, check: checkFunctionalAcknowledgement },
};

/** Sets this library has a schema for. */
export const SET_NUMBERS: readonly string[] = Object.keys(SETS);

const specs = new Map<string, SetSpec | null>();

/** A set in a release as the reader and the writer know it, or null. */
export function setFor(set: string, release: Release): SetSpec | null {
  const key = `${set} ${release}`;
  let known = specs.get(key);
  if (known === undefined) {
    const entry = Object.hasOwn(SETS, set) ? SETS[set] : undefined;
    specs.set(key, (known = entry?.schema(release).spec ?? null));
  }
  return known;
}

const made = new Map<SetSpec, z.ZodType>();

/** The zod schema of a set in a release, or null. */
export function schemaFor(set: string, release: Release): z.ZodType | null {
  const spec = setFor(set, release);
  if (spec === null) return null;
  let schema = made.get(spec);
  if (schema === undefined) made.set(spec, (schema = zodOf(spec)));
  return schema;
}

/** Whether a transaction is of a set in its early structure, which no schema here describes. */
export function isFormer(set: string, source: Source): boolean {
  const formerly = Object.hasOwn(SETS, set) ? SETS[set]?.formerly : undefined;
  return formerly !== undefined && source.tags[1] === tagKey(formerly);
}

/** Refuses a document whose first segment would make an early edition's set of it. */
export function refuseFormer({ set }: Document, sheet: Sheet): void {
  const { formerly } = SETS[set] ?? {};
  if (formerly !== undefined && sheet.segments[0]?.split(sheet.separator)[0] === formerly)
    sheet.refuse({ ref: formerly }, undefined, `a set ${set} that begins with it is one of an early edition`);
}

/** Checks the totals of a document that its schema accepts. */
export function checkDocument(document: Document, source: Source): void {
  SETS[document.set]?.check?.(document as never, source);
}

/** A document ready to be written: with its totals. */
export function complete(document: Document, sheet: Sheet): Record<string, unknown> {
  return (SETS[document.set]?.complete?.(document as never, sheet) ?? document) as Record<string, unknown>;
}
