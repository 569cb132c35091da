/** What the desk page remembers: who is signed in, and who has been asked to look after a case. */
import { sql, type Kysely } from 'kysely';

/** Only the digest of a session's token is kept, as of people's keys: whoever reads the table cannot sign in with it. */
const SESSIONS = `
  create table desk_session (
    token_digest text primary key,
    person_id text not null references person,
    how text not null check (how in ('key', 'oidc')),
    key_digest text not null,
    form_secret text not null,
    signed_in_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp(),
    ends_at timestamptz not null,
    ended_at timestamptz
  );
  create index desk_session_person on desk_session (person_id, signed_in_at)`;

const ASSIGNEE = `
  alter table "case" add column assignee text not null default '';
  create index case_open_deputy on "case" (deputy, due_at)
    where state in ('open', 'acknowledged', 'investigating', 'waiting')`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [SESSIONS, ASSIGNEE]) await sql.raw(statements).execute(db);
}
