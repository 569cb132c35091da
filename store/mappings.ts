/** Mapping tables: effective-dated, changed by one person and confirmed by another (R-030..R-041, R-802). Nothing is defaulted. */
import type { Generated } from 'kysely';
import { z } from 'zod';
import { BusinessDate } from '../domain/documents.js';
import { DecimalText } from '../domain/money.js';

/** What every mapping row has besides its own columns. */
export interface ReviewedColumns {
  id: Generated<string>;
  valid_from: string;
  /** Last day it holds; null: until ended. */
  valid_to: string | null;
  state: 'proposed' | 'confirmed';
  why: string;
  added_by: string;
  added_at: Generated<string>;
  confirmed_by: string | null;
  confirmed_at: string | null;
  end_proposed: string | null;
  end_proposed_by: string | null;
}

export interface MappingTables {
  location_mapping: ReviewedColumns & {
    source: string;
    location: string;
    warehouse: string;
    non_sellable_warehouse: string | null;
    divisions: string[];
  };
  sku_alias: ReviewedColumns & { source: string; sku: string; item_code: string };
  reason_mapping: ReviewedColumns & { source: string; reason: string; erp_reason: string };
  charge_mapping: ReviewedColumns & { code: string; account: string; tax_code: string; tax_rate: string };
  deduction_mapping: ReviewedColumns & { code: string; account: string; tax_code: string; tax_rate: string };
  prepack_mapping: ReviewedColumns & { source: string; prepack: string; contents: string[] };
  limits_row: ReviewedColumns & { scope: string; kind: string; amount_minor: string; currency: string };
  item: {
    item_key: string;
    code: string;
    normalised_code: string;
    division: string;
    style: string;
    color: string;
    active: boolean;
    standard_cost: string;
    units_per_case: number | null;
    read_at: Generated<string>;
  };
  item_reading: { one: Generated<boolean>; read_at: string | null; items: number };
}

export const MappingKind = z.enum(['location', 'sku-alias', 'reason', 'charge', 'deduction', 'prepack', 'limit']);
export type MappingKind = z.infer<typeof MappingKind>;

const Code = z.string().trim().min(1).max(60);
const Division = Code.refine((code) => code !== '*', 'a division code; there is no wildcard');
/** `ITEM-CODE=units` */
const PackContent = z
  .string()
  .regex(/^[^\s=]{1,60}=[1-9]\d{0,4}$/, 'an item and how many of it one holds, as in TEE-BLK-M=2');
const Account = { code: Code, account: Code, tax_code: Code, tax_rate: DecimalText };

/** The columns of one kind: `keys` name the thing mapped, the rest is what it maps to. */
export interface MappingShape {
  readonly table: Exclude<keyof MappingTables, 'item' | 'item_reading'>;
  readonly keys: readonly string[];
  readonly columns: z.ZodObject;
}

export const MAPPINGS: Record<MappingKind, MappingShape> = {
  location: {
    table: 'location_mapping',
    keys: ['source', 'location'],
    columns: z.strictObject({
      source: Code,
      location: Code,
      warehouse: Code,
      non_sellable_warehouse: Code.nullable(),
      divisions: z.array(Division).min(1, 'at least one division that the location may serve'),
    }),
  },
  'sku-alias': {
    table: 'sku_alias',
    keys: ['source', 'sku'],
    columns: z.strictObject({ source: Code, sku: Code, item_code: Code }),
  },
  reason: {
    table: 'reason_mapping',
    keys: ['source', 'reason'],
    columns: z.strictObject({ source: Code, reason: Code, erp_reason: Code }),
  },
  charge: { table: 'charge_mapping', keys: ['code'], columns: z.strictObject(Account) },
  deduction: { table: 'deduction_mapping', keys: ['code'], columns: z.strictObject(Account) },
  prepack: {
    table: 'prepack_mapping',
    keys: ['source', 'prepack'],
    columns: z.strictObject({
      source: Code,
      prepack: Code,
      contents: z.array(PackContent).min(1, 'at least one item that it holds').max(100),
    }),
  },
  limit: {
    table: 'limits_row',
    keys: ['scope', 'kind'],
    columns: z.strictObject({
      scope: Code,
      kind: Code,
      amount_minor: z.string().regex(/^\d{1,18}$/, 'minor units as digits'),
      currency: z.string().regex(/^[A-Z]{3}$/, 'a currency code of three letters'),
    }),
  },
};

export interface MappingRow {
  kind: MappingKind;
  id: string;
  /** The kind's own columns. */
  values: Record<string, string | string[] | null>;
  validFrom: string;
  validTo: string | null;
  state: 'proposed' | 'confirmed';
  why: string;
  addedBy: string;
  confirmedBy: string | null;
  endProposed: string | null;
  endProposedBy: string | null;
}

/** A change that may not be made; the message says what may. */
export class MappingRefused extends Error {}

/** Parses the columns of a kind. @throws MappingRefused naming each column that does not fit. */
export function parseColumns(kind: MappingKind, values: unknown): Record<string, string | string[] | null> {
  const parsed = MAPPINGS[kind].columns.safeParse(values);
  if (parsed.success) return parsed.data as Record<string, string | string[] | null>;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || kind}: ${issue.message}`);
  throw new MappingRefused(
    `this ${kind} mapping does not fit (${faults.join('; ')}); it takes ${Object.keys(MAPPINGS[kind].columns.shape).join(', ')}`,
  );
}

/** @throws MappingRefused when it is no date as `yyyy-mm-dd`. */
export function parseDay(text: string, what: string): string {
  const parsed = BusinessDate.safeParse(text);
  const real = parsed.success && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  if (!real || new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) !== text)
    throw new MappingRefused(`${what} is a date as yyyy-mm-dd, not "${text}"`);
  return text;
}

/** A row as the database holds it, in the words of `MappingRow`. */
export function toMappingRow(kind: MappingKind, row: Record<string, unknown>): MappingRow {
  const columns = Object.keys(MAPPINGS[kind].columns.shape);
  const text = (name: string): string | null => {
    const value = row[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    kind,
    id: text('id') ?? '',
    values: Object.fromEntries(columns.map((name) => [name, row[name] as string | string[] | null])),
    validFrom: text('valid_from') ?? '',
    validTo: text('valid_to'),
    state: row['state'] === 'confirmed' ? 'confirmed' : 'proposed',
    why: text('why') ?? '',
    addedBy: text('added_by') ?? '',
    confirmedBy: text('confirmed_by'),
    endProposed: text('end_proposed'),
    endProposedBy: text('end_proposed_by'),
  };
}
