import { type Kysely, sql } from 'kysely';

/** Claims on quantities and limits; documents of every system and what each came from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
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
    )`.execute(db);
  await sql`create index wish_of_order_line on wish (order_no, order_line)`.execute(db);
  await sql`
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
    )`.execute(db);
  await sql`create index grant_of_order_line on "grant" (order_no, order_line)`.execute(db);
  await sql`
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
    )`.execute(db);
  await sql`create index customer_day_sum on customer_day (customer, business_date)`.execute(db);
  await sql`
    create table document (
      id bigint generated always as identity primary key,
      system text not null,
      kind text not null,
      number text not null,
      workflow_id text,
      at timestamptz not null default clock_timestamp(),
      facts jsonb not null default '{}',
      unique (system, kind, number)
    )`.execute(db);
  await sql`create index document_by_number on document (upper(number))`.execute(db);
  await sql`create index document_by_workflow on document (workflow_id) where workflow_id is not null`.execute(
    db,
  );
  await sql`
    create table link (
      from_id bigint not null references document (id),
      to_id bigint not null references document (id),
      relation text not null,
      at timestamptz not null default clock_timestamp(),
      primary key (from_id, to_id, relation)
    )`.execute(db);
  await sql`create index link_back on link (to_id)`.execute(db);
}
