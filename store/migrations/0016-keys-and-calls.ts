/** Which keys payloads were encrypted with and when each was in use, never a key itself; and how many calls the ERP was given. */
import { sql, type Kysely } from 'kysely';

/** `key_check`: what tells two keys of one name apart. `last_current_at` is moved on while a process encrypts with it. */
const KEYS = `
  create table payload_key (
    id text primary key,
    key_check text not null check (key_check ~ '^[0-9a-f]{64}$'),
    first_seen_at timestamptz not null default clock_timestamp(),
    first_current_at timestamptz,
    last_current_at timestamptz,
    check ((first_current_at is null) = (last_current_at is null))
  );
`;

/** What a metric counts must only grow: it is kept where the moments are given. */
const CALLS = `alter table call_tenant add column calls_given bigint not null default 0;`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [KEYS, CALLS]) await sql.raw(statements).execute(db);
}
