import { type Kysely, sql } from 'kysely';

/** What every mapping table has besides its own columns: validity, and who added and confirmed it. */
const REVIEWED = `
    id bigint generated always as identity primary key,
    valid_from date not null,
    valid_to date check (valid_to is null or valid_to >= valid_from - 1),
    state text not null check (state in ('proposed', 'confirmed')),
    why text not null,
    added_by text not null,
    added_at timestamptz not null default clock_timestamp(),
    confirmed_by text check (confirmed_by is null or confirmed_by <> added_by),
    confirmed_at timestamptz,
    end_proposed date,
    end_proposed_by text`;

const LOCATIONS = `
  create table location_mapping (${REVIEWED},
    source text not null,
    location text not null,
    warehouse text not null,
    non_sellable_warehouse text,
    divisions text[] not null check (cardinality(divisions) > 0 and not '*' = any (divisions)));
  create index location_mapping_key on location_mapping (source, location);
`;

/** Other spellings of articles, and a source's reasons. */
const CODES = `
  create table sku_alias (${REVIEWED}, source text not null, sku text not null, item_code text not null);
  create index sku_alias_key on sku_alias (source, sku);
  create table reason_mapping (${REVIEWED}, source text not null, reason text not null, erp_reason text not null);
  create index reason_mapping_key on reason_mapping (source, reason);
`;

/** Accounts and tax of what is no goods; `tax_rate` is a fraction. */
const ACCOUNTS = ['charge_mapping', 'deduction_mapping']
  .map(
    (table) => `
  create table ${table} (${REVIEWED},
    code text not null,
    account text not null,
    tax_code text not null,
    tax_rate numeric(9, 6) not null);
  create index ${table}_key on ${table} (code);
`,
  )
  .join('');

const LIMITS = `
  create table limits_row (${REVIEWED},
    scope text not null,
    kind text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    currency text not null);
  create index limits_row_key on limits_row (scope, kind);
`;

/** The ERP's item master as last read. */
const ITEMS = `
  create table item (
    item_key text primary key,
    code text not null,
    normalised_code text not null,
    division text not null,
    style text not null,
    color text not null,
    active boolean not null,
    standard_cost numeric(18, 6) not null,
    read_at timestamptz not null default clock_timestamp());
  create index item_by_normalised_code on item (normalised_code);
  create index item_by_code on item (code);
  create table item_reading (
    one boolean primary key default true check (one),
    read_at timestamptz,
    items integer not null default 0);
  insert into item_reading default values;
`;

/** Mappings, effective-dated; the ERP's item master as last read; limits. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [LOCATIONS, CODES, ACCOUNTS, LIMITS, ITEMS]) await sql.raw(statements).execute(db);
}
