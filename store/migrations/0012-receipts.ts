/** What deliveries were granted of their purchase orders, what never arrives, and what cartons and prepacks hold. */
import { sql, type Kysely } from 'kysely';

/**
 * What a delivery was granted at its first claim never changes, so that its saga, run again, plans the same receipt.
 * Units refused since are released; units taken since, because the order was raised, are rows of their own (extra).
 */
const GRANTS = `
  create table receipt_claim (
    source text not null,
    goods_in_no text not null,
    version integer not null,
    po_no text not null,
    claimed_at timestamptz not null default clock_timestamp(),
    given_back_at timestamptz,
    given_back_why text
  );
  create unique index receipt_claim_once on receipt_claim (source, goods_in_no) where given_back_at is null;
  create index receipt_claim_of_order on receipt_claim (po_no);

  create table receipt_grant (
    source text not null,
    goods_in_no text not null,
    version integer not null,
    line_no integer not null,
    po_no text not null,
    po_line integer not null,
    item text not null,
    quality text not null check (quality in ('first', 'irregular')),
    units integer not null check (units > 0),
    released integer not null default 0 check (released between 0 and units),
    extra boolean not null,
    granted_at timestamptz not null default clock_timestamp(),
    given_back_at timestamptz
  );
  create unique index receipt_grant_once on receipt_grant (source, goods_in_no, line_no, po_no, po_line, item, extra)
    where given_back_at is null;
  create index receipt_grant_of_order on receipt_grant (po_no);

  create table receipt_given_up (
    source text not null,
    goods_in_no text not null,
    version integer not null,
    po_no text not null,
    po_line integer not null,
    units integer not null check (units > 0),
    by text not null,
    why text not null,
    at timestamptz not null default clock_timestamp(),
    withdrawn_at timestamptz,
    primary key (source, goods_in_no, version, po_no, po_line)
  );
  create index receipt_given_up_of_order on receipt_given_up (po_no);
`;

/** `contents`: `ITEM-CODE=units`, one entry a size; one row states all of them, so that none is ever half known. */
const PACKS = `
  alter table item add column units_per_case integer check (units_per_case > 0);
  create table prepack_mapping (
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
    end_proposed_by text,
    source text not null,
    prepack text not null,
    contents text[] not null check (cardinality(contents) > 0));
  create index prepack_mapping_key on prepack_mapping (source, prepack);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [GRANTS, PACKS]) await sql.raw(statements).execute(db);
}
