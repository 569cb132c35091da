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

/** A search by any number, and the path of a case, from the store of a busy month. */
const FIND = `
  create index event_number on event (upper(source_id));
  create index event_document_number on event (split_part(document_id, '/', 2)) where document_id is not null;
  create index event_payload on event using gin (payload jsonb_path_ops);
  create index event_claim_number on event_claim (upper(key));
  create index event_claim_workflow on event_claim (workflow_id);
  create index case_number on "case" (upper(business_key));
  create index case_hold_number on case_hold (upper(business_key));
  create index posting_by_number on posting (number) where number is not null;
  create index posting_by_reference on posting (reference text_pattern_ops);
  create index posting_links on posting using gin (links jsonb_path_ops);
  create index posting_items on posting using gin ((content -> 'document' -> 'lines') jsonb_path_ops)`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [SESSIONS, ASSIGNEE, FIND]) await sql.raw(statements).execute(db);
}
