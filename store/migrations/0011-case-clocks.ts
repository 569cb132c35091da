/** The clocks of cases (T-35, T-36): when each was taken up, what its clocks said, and two kinds of notice for them. */
import { sql, type Kysely } from 'kysely';

/** `clock_from`: since when somebody is waited for; a case that is asked again, or becomes graver, begins anew. */
const CLOCKS = `
  alter table "case" add column clock_from timestamptz not null default clock_timestamp();
  alter table "case" add column acknowledged_at timestamptz;
  update "case" c set clock_from = opened_at,
    acknowledged_at = (select min(e.at) from case_event e where e.case_id = c.id and e.kind = 'acknowledged');

  create table case_clock (
    case_id text not null references "case",
    timer text not null check (timer in ('T-35', 'T-36')),
    started_at timestamptz not null,
    warn_at timestamptz,
    due_at timestamptz,
    warned_at timestamptz,
    told_at timestamptz,
    ended_at timestamptz,
    "end" text check ("end" in ('met', 'missed', 'cancelled')),
    primary key (case_id, timer, started_at),
    check ((ended_at is null) = ("end" is null))
  );
  create index case_clock_running on case_clock (case_id) where ended_at is null;

  alter table case_event add column request_key text unique;

  alter table notice drop constraint notice_kind_check;
  alter table notice add constraint notice_kind_check
    check (kind in ('opened', 'warning', 'due', 'second-needed', 'take-up', 'not-taken-up'));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(CLOCKS).execute(db);
}
