import { type Kysely, sql } from 'kysely';

/** Audit rows, inserted unchained by any transaction; the head of the chain that the sealer makes of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit (
      id bigint generated always as identity primary key,
      at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
      actor text not null,
      identity text not null check (identity in ('proven', 'claimed', 'system')),
      action text not null,
      subject text not null,
      why text not null,
      detail jsonb not null,
      seal_no bigint unique,
      previous_hash text,
      hash text
    )`.execute(db);
  await sql`create index audit_unsealed on audit (id) where seal_no is null`.execute(db);
  await sql`create index audit_subject on audit (subject, id)`.execute(db);
  await sql`
    create table audit_head (
      one boolean primary key default true check (one),
      seal_no bigint not null,
      hash text not null,
      sealed_at timestamptz
    )`.execute(db);
  await sql`insert into audit_head (seal_no, hash) values (0, ${'0'.repeat(64)})`.execute(db);
}
