import type { z } from 'zod';
import type { Release } from '../schema/release.js';
import { setOf, type SetSpec } from '../schema/set.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { checkPurchaseOrder, completePurchaseOrder, purchaseOrder, type PurchaseOrder } from './850.js';

/** A document of any set this library knows; `set` says which. */
export type Document = PurchaseOrder;

interface Entry {
  readonly schema: (release: Release) => z.ZodType;
  /** totals and trees: what a schema cannot say */
  readonly check: (document: never, source: Source) => void;
  /** a document with its totals, which are computed; what was given and differs is refused */
  readonly complete: (document: never, sheet: Sheet) => object;
}

/** Sets by number. */
const SETS: Readonly<Record<string, Entry>> = {
  '850': { schema: purchaseOrder, check: checkPurchaseOrder, complete: completePurchaseOrder },
};

/** Sets this library has a schema for. */
export const SET_NUMBERS: readonly string[] = Object.keys(SETS);

const made = new Map<string, z.ZodType>();

/** The zod schema of a set in a release, or null. */
export function schemaFor(set: string, release: Release): z.ZodType | null {
  const key = `${set} ${release}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const schema = Object.hasOwn(SETS, set) ? SETS[set]?.schema(release) : undefined;
  if (schema === undefined) return null;
  made.set(key, schema);
  return schema;
}

const specs = new Map<string, SetSpec | null>();

/** What the reader needs of a set in a release, or null. */
export function setFor(set: string, release: Release): SetSpec | null {
  const key = `${set} ${release}`;
  let known = specs.get(key);
  if (known === undefined) {
    const schema = schemaFor(set, release);
    specs.set(key, (known = schema === null ? null : setOf(schema)));
  }
  return known;
}

/** Checks the totals of a document that its schema accepts. */
export function checkDocument(document: Document, source: Source): void {
  SETS[document.set]?.check(document as never, source);
}

/** A document ready to be written: with its totals. */
export function complete(document: Document, sheet: Sheet): Record<string, unknown> {
  const entry = SETS[document.set];
  return (entry === undefined ? document : entry.complete(document as never, sheet)) as Record<string, unknown>;
}
