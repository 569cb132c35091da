import { type Kysely, sql } from 'kysely';

/** What each version of a return asks of order lines. */
const WISHES = `
  create table wish (
    source text not null,
    return_no text not null,
    version integer not null,
    line_no integer not null,
    order_no text not null,
    order_line integer not null,
    quantity integer not null check (quantity >= 0),
    source_time timestamptz not null,
    seq bigint not null,
    primary key (source, return_no, version, line_no)
  );
  create index wish_of_order_line on wish (order_no, order_line);
`;

/** What was granted; a row never changes, it is only given back. */
const GRANTS = `
  create table "grant" (
    source text not null,
    return_no text not null,
    version integer not null,
    line_no integer not null,
    order_no text not null,
    order_line integer not null,
    asked integer not null,
    units_left integer not null,
    granted integer not null check (granted >= 0),
    net_minor bigint not null,
    tax_minor bigint not null,
    currency text not null,
    siblings jsonb not null,
    granted_at timestamptz not null default clock_timestamp(),
    given_back_at timestamptz,
    given_back_why text,
    primary key (source, return_no, version, line_no)
  );
  create index grant_of_order_line on "grant" (order_no, order_line);
`;

/** What customers were credited in a day. */
const DAYS = `
  create table customer_day (
    customer text not null,
    business_date date not null,
    source text not null,
    return_no text not null,
    place integer not null,
    amount_minor bigint not null,
    currency text not null,
    total_minor bigint not null,
    given_back_at timestamptz,
    primary key (source, return_no)
  );
  create index customer_day_sum on customer_day (customer, business_date);
`;

/** Documents of every system, and what each came from. */
const LINKS = `
  create table document (
    id bigint generated always as identity primary key,
    system text not null,
    kind text not null,
    number text not null,
    workflow_id text,
    at timestamptz not null default clock_timestamp(),
    facts jsonb not null default '{}',
    unique (system, kind, number)
  );
  create index document_by_number on document (upper(number));
  create index document_by_workflow on document (workflow_id) where workflow_id is not null;
  create table link (
    from_id bigint not null references document (id),
    to_id bigint not null references document (id),
    relation text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (from_id, to_id, relation)
  );
  create index link_back on link (to_id);
`;

/** Claims on quantities and limits; documents of every system and what each came from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [WISHES, GRANTS, DAYS, LINKS]) await sql.raw(statements).execute(db);
}
