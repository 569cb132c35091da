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
const SETS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['810', { schema: invoice, check: checkInvoice, complete: completeInvoice }],
  ['820', { schema: remittance, check: checkRemittance, formerly: 'BPS' }],
  ['846', { schema: inventoryAdvice, check: checkInventoryAdvice, complete: completeInventoryAdvice }],
  ['850', { schema: purchaseOrder, check: checkPurchaseOrder, complete: completePurchaseOrder }],
  [
    '855',
    {
      schema: purchaseOrderAcknowledgement,
      check: checkPurchaseOrderAcknowledgement,
      complete: completePurchaseOrderAcknowledgement,
    },
  ],
  ['856', { schema: shipNotice, check: checkShipNotice, complete: completeShipNotice }],
  ['997', { schema: functionalAcknowledgement, check: checkFunctionalAcknowledgement }],
]);

/** Sets this library has a schema for. */
export const SET_NUMBERS: readonly string[] = [...SETS.keys()];

const specs: Readonly<Record<Release, Map<string, SetSpec | null>>> = { '004010': new Map(), '005010': new Map() };

/** A set in a release as the reader and the writer know it, or null. */
export function setFor(set: string, release: Release): SetSpec | null {
  const known = specs[release].get(set);
  if (known !== undefined) return known;
  const spec = SETS.get(set)?.schema(release).spec ?? null;
  specs[release].set(set, spec);
  return spec;
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
  const formerly = SETS.get(set)?.formerly;
  return formerly !== undefined && source.tags[1] === tagKey(formerly);
}

/** Refuses a document whose first segment would make an early edition's set of it. */
export function refuseFormer({ set }: Document, sheet: Sheet): void {
  const { formerly } = SETS.get(set) ?? {};
  if (formerly !== undefined && sheet.segments[0]?.split(sheet.separator)[0] === formerly)
    sheet.refuse({ ref: formerly }, undefined, `a set ${set} that begins with it is one of an early edition`);
}

/** Checks the totals of a document that its schema accepts. */
export function checkDocument(document: Document, source: Source): void {
  SETS.get(document.set)?.check?.(document as never, source);
}

/** A document ready to be written: with its totals. */
export function complete(document: Document, sheet: Sheet): Record<string, unknown> {
  return (SETS.get(document.set)?.complete?.(document as never, sheet) ?? document) as Record<string, unknown>;
}
