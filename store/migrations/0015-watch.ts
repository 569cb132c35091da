import { sql, type Kysely } from 'kysely';

/**
 * What tells a restored store from the one that Temporal has seen: a beat that only rises, how long what was
 * compared last may be relied on, which cluster and database this is, and why everything is held.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table store_watch (
      one boolean primary key default true check (one),
      beat bigint not null default 0,
      beat_at timestamptz,
      lease_until timestamptz,
      place jsonb,
      held_since timestamptz,
      held_why text,
      mark jsonb,
      restored_to timestamptz,
      check ((held_since is null) = (held_why is null))
    )`.execute(db);
  await sql`insert into store_watch default values`.execute(db);
}
