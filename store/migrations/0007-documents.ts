import { type Kysely, sql } from 'kysely';

/** Which files the documents directory holds, by SHA-256. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table blob (
      sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
      bytes bigint not null,
      media_type text not null,
      name text not null,
      stored_at timestamptz not null default clock_timestamp()
    )`.execute(db);
}
