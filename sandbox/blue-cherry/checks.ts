/** Validation at acceptance: shape, codes, mapping, period (facts/blue-cherry.md 3.5 and 3.6). */
import type { z } from 'zod';
import type { Transaction } from '../../clients/blue-cherry/schema.js';
import { Refusal } from '../core/index.js';
import type { Division, PurchaseOrder, State, Stored, StoredItem } from './model.js';

const UNITS = new Set(['EA', 'PR', 'PK', 'CS']);
/** First fiscal month the books know; the last is two years from the business date. */
export const FIRST_PERIOD = '2009-01';

export const refuse = (code: string, message: string, extra: Record<string, unknown> = {}): never => {
  throw new Refusal(422, code, message, extra);
};

/** Parses a payload by its wire schema. What is missing for a mandatory code is named by the ERP's own code. */
export function parsed<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const given = (body ?? {}) as Record<string, unknown>;
  for (const [field, code] of [
    ['division', 'DIVISION_REQUIRED'],
    ['warehouse', 'WAREHOUSE_REQUIRED'],
  ] as const)
    if (needs(schema, field) && (given[field] === undefined || given[field] === '' || given[field] === null))
      refuse(code, `${field} is missing; every document names one`);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const words = result.error.issues.slice(0, 5).map((i) => `${i.path.join('.') || 'body'}: ${i.message}`);
  throw new Refusal(400, 'BAD_REQUEST', words.join('; '));
}

const needs = (schema: z.ZodType, field: string): boolean =>
  Object.hasOwn((schema as unknown as { shape?: object }).shape ?? {}, field);

/** The division, or 422 DIVISION_UNKNOWN. */
export function checkDivision(state: State, code: string): Division {
  return (
    state.divisions.get(code) ??
    refuse('DIVISION_UNKNOWN', `division "${code}" is not one of ${[...state.divisions.keys()].join(', ')}`)
  );
}

/** 422 WAREHOUSE_UNKNOWN or WAREHOUSE_NOT_IN_DIVISION. */
export function checkWarehouse(state: State, code: string, division: string): void {
  const warehouse = state.warehouses.get(code) ?? refuse('WAREHOUSE_UNKNOWN', `warehouse "${code}" is not known`);
  if (!warehouse.divisions.includes(division))
    refuse('WAREHOUSE_NOT_IN_DIVISION', `warehouse "${code}" serves no division "${division}"`);
}

/** The last fiscal month the books know. */
export const lastPeriod = (state: State): string => `${Number(state.clock.businessDate().slice(0, 4)) + 2}-12`;

/** Why a posting date cannot be used, or null. A month outside the fiscal calendar is never open. */
export function closedReason(state: State, postingDate: string): string | null {
  const period = postingDate.slice(0, 7);
  if (period < FIRST_PERIOD || period > lastPeriod(state))
    return `${period} is outside the fiscal calendar (${FIRST_PERIOD} to ${lastPeriod(state)})`;
  return state.closedPeriods.has(period) ? `fiscal period ${period} is closed` : null;
}

/** 422 PERIOD_CLOSED. */
export function checkPeriod(state: State, postingDate: string): void {
  const reason = closedReason(state, postingDate);
  if (reason !== null) refuse('PERIOD_CLOSED', reason, { resource: postingDate.slice(0, 7) });
}

/** The item, or 422 SKU_UNKNOWN, SKU_INACTIVE, UOM_UNKNOWN. */
export function checkItem(state: State, sku: string): StoredItem {
  const item = state.items.get(sku) ?? refuse('SKU_UNKNOWN', `item "${sku}" is not known`, { resource: sku });
  if (!item.active) refuse('SKU_INACTIVE', `item "${item.code}" is not active`, { resource: sku });
  if (!UNITS.has(item.uom)) refuse('UOM_UNKNOWN', `unit "${item.uom}" of item "${item.code}" is not known`);
  return item;
}

/** 422 REASON_UNKNOWN (our own code: facts/blue-cherry.md 3.6 names none). */
export function checkReason(state: State, code: string): void {
  if (!state.reasons.has(code))
    refuse('REASON_UNKNOWN', `reason "${code}" is not one of ${[...state.reasons.keys()].join(', ')}`);
}

/** 422 GL_ACCOUNT_UNKNOWN. */
export function checkAccount(state: State, account: string): void {
  if (!state.accounts.has(account)) refuse('GL_ACCOUNT_UNKNOWN', `account "${account}" is not known`);
}

/** 422 QUANTITY_INVALID: a quantity is never zero, and bears the sign its document needs. */
export function checkQuantity(quantity: number, sign: 'positive' | 'negative' | 'any'): void {
  const wrong = quantity === 0 || (sign === 'positive' && quantity < 0) || (sign === 'negative' && quantity > 0);
  if (wrong) refuse('QUANTITY_INVALID', `quantity ${quantity} is not allowed here`);
}

/** The document a reversal names: of the same kind, POSTED, not reversed yet, same lines with opposite sign. */
export function checkReversal(
  state: State,
  type: Transaction['type'],
  number: string,
  lines: readonly { sku: string; quantity: number }[],
): Stored {
  const original = state.documents.get(number);
  if (original === undefined || original.wire.type !== type || original.wire.status !== 'POSTED')
    return refuse('REVERSES_UNKNOWN', `there is no posted document "${number}" of this kind to reverse`);
  const why = notReversible(state, original, null);
  if (why !== null) refuse(why.code, why.message);
  const opposite = (one: { sku: string; quantity: number }, sign: number): string =>
    `${one.sku}×${one.quantity * sign}`;
  const wanted = original.wire.lines.map((line) => opposite(line, -1)).sort();
  const found = lines.map((line) => opposite(line, 1)).sort();
  if (JSON.stringify(wanted) !== JSON.stringify(found))
    refuse('REVERSAL_MISMATCH', `the lines are not those of "${number}" with opposite sign`);
  return original;
}

/** Why a posted document cannot be reversed now; `except` is the reversal that asks. */
export function notReversible(
  state: State,
  original: Stored,
  except: string | null,
): { code: string; message: string } | null {
  const number = original.wire.transactionNo;
  if (original.wire.reversedBy !== null && original.wire.reversedBy !== except)
    return {
      code: 'ALREADY_REVERSED',
      message: `"${number}" was reversed by "${original.wire.reversedBy}"`,
    };
  const order = state.purchaseOrders.get(original.wire.poNo ?? '');
  if (original.wire.type === 'PO_RECEIPT' && order !== undefined && wouldUncover(order, original))
    return { code: 'INVOICED', message: `the supplier's invoice of "${order.poNo}" is booked` };
  return null;
}

/** Whether the supplier has billed what would be left without this receipt, or the order as a whole. */
function wouldUncover(order: PurchaseOrder, { wire }: Stored): boolean {
  return (
    order.invoiced ||
    order.lines.some((line) => {
      const taken = wire.lines
        .filter((one) => one.orderLine === line.poLine)
        .reduce((sum, one) => sum + one.quantity, 0);
      return taken > 0 && line.received - line.returned - taken < line.invoiced;
    })
  );
}
