/** Posting once (design.md 5): what was asked of an ERP under which reference, and the lanes and calls it takes. */
import { sql, type Kysely } from 'kysely';

const POSTING = sql`
create table posting (
  external_ref   text primary key,
  reference      text not null,
  revision       int not null check (revision >= 1),
  tenant         text not null,
  workflow_id    text not null,
  step           text not null,
  kind           text,
  operation      text not null default 'create' check (operation in ('create', 'reverse', 'cancel')),
  asked_digest   text,
  content        jsonb,
  state          text not null check (state in
    ('intended', 'sent', 'accepted', 'posted', 'rejected', 'reversed', 'forbidden', 'superseded')),
  fence          int not null default 0,
  lanes          text[] not null default '{}',
  business_date  date,
  seq            bigint not null default 0,
  links          jsonb not null default '[]',
  intended_at    timestamptz not null default clock_timestamp(),
  sent_at        timestamptz,
  send_deadline  timestamptz,
  noted_cycle    int,
  searched_cycle int,
  accepted_mark  int,
  read_mark      int,
  not_before     timestamptz,
  tries          int not null default 0,
  number         text,
  failure        jsonb,
  parked         boolean not null default false,
  adopted        boolean not null default false,
  journal        text check (journal in ('verified', 'unverified', 'none', 'differs')),
  settled_at     timestamptz,
  dismissed      text[] not null default '{}',
  born_of        jsonb,
  changed_at     timestamptz not null default clock_timestamp(),
  unique (reference, revision),
  check (state in ('forbidden', 'superseded') or content is not null),
  check (state <> 'posted' or number is not null)
)`;

const OTHERS = [
  sql`create index posting_open on posting (tenant, state) where state in ('intended', 'sent', 'accepted')`,
  sql`create index posting_workflow on posting (workflow_id)`,
  sql`create index posting_number on posting (tenant, number) where number is not null`,
  // One ERP document belongs to one posting at most; a superseded revision gives its number back.
  sql`create unique index posting_owns_number on posting (tenant, kind, operation, number)
      where number is not null and state not in ('superseded', 'forbidden', 'rejected')`,
  sql`create table posting_line (
    external_ref text not null references posting (external_ref),
    line         int not null,
    state        text not null check (state in ('asked', 'accepted', 'refused')),
    code         text,
    message      text,
    primary key (external_ref, line)
  )`,
  sql`create table posting_attempt (
    id           bigint generated always as identity primary key,
    external_ref text not null,
    fence        int not null,
    at           timestamptz not null default clock_timestamp(),
    what         text not null,
    outcome      text not null,
    number       text,
    detail       jsonb not null default '{}'
  )`,
  sql`create index posting_attempt_ref on posting_attempt (external_ref)`,
  sql`create table posting_flag (
    external_ref text not null,
    code         text not null,
    subject      text not null default '',
    title        text not null,
    expected     text not null default '',
    actual       text not null default '',
    raised_at    timestamptz not null default clock_timestamp(),
    told_at      timestamptz,
    cleared_at   timestamptz,
    primary key (external_ref, code, subject)
  )`,
  sql`create table lane (
    tenant       text not null,
    lane         text not null,
    external_ref text not null references posting (external_ref),
    fence        int not null,
    taken_at     timestamptz not null default clock_timestamp(),
    primary key (tenant, lane)
  )`,
  sql`create index lane_holder on lane (external_ref)`,
  sql`create table lane_wait (
    tenant        text not null,
    lane          text not null,
    external_ref  text not null,
    business_date date not null,
    seq           bigint not null,
    until         timestamptz not null,
    primary key (tenant, lane, external_ref)
  )`,
  sql`create index lane_wait_ref on lane_wait (external_ref)`,
  sql`create table call_tenant (
    tenant           text primary key,
    next_moment      timestamptz not null default 'epoch',
    not_before       timestamptz not null default 'epoch',
    held_by          text,
    held_why         text,
    held_at          timestamptz,
    refused_keys     int not null default 0,
    status_seen_at   timestamptz,
    status_now       timestamptz,
    status_next_at   timestamptz,
    running          boolean not null default false,
    cycle_no         int,
    cycle_ms         int,
    last_finished    int,
    last_completed   int,
    last_started_at  timestamptz,
    completed_seen   int not null default 0,
    listed_cycle     int,
    listed_started   timestamptz,
    listed_before    timestamptz
  )`,
  sql`create table call_slot (
    tenant        text not null,
    holder        text not null,
    rank          int not null,
    business_date date not null,
    seq           bigint not null,
    moment        timestamptz not null,
    primary key (tenant, holder)
  )`,
  sql`create index call_slot_moment on call_slot (tenant, moment)`,
  sql`create table call_lease (
    tenant       text not null,
    slot         int not null,
    holder       text,
    leased_until timestamptz not null default 'epoch',
    primary key (tenant, slot)
  )`,
];

/** Tables of design.md 5. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [POSTING, ...OTHERS]) await statement.execute(db);
}
