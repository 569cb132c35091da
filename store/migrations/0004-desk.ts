import { sql, type Kysely } from 'kysely';

/** Cases, the sagas a cause holds, and what happened to each case. */
const CASES = `
  create sequence case_no;
  create table "case" (
    id text primary key default 'C-' || nextval('case_no'),
    kind text not null check (kind in ('question', 'cause', 'raised', 'orphan')),
    code text not null,
    workflow_id text,
    run_id text not null default '',
    process text not null default '',
    business_key text not null default '',
    question text not null default '',
    asking integer not null default 0,
    digest text not null default '',
    shown jsonb not null default 'null',
    title text not null,
    expected text not null default '',
    actual text not null default '',
    steps jsonb not null default '[]',
    choices jsonb not null default '[]',
    owner text not null,
    deputy text not null,
    severity text not null,
    amount_minor bigint,
    currency text,
    base_minor bigint,
    base_currency text,
    units integer not null default 0,
    requesters jsonb not null default '[]',
    customer text not null default '',
    business_date date,
    two_people boolean not null default false,
    cause text not null default '',
    group_key text not null default '',
    ends_with_workflow boolean not null default true,
    warn_at jsonb not null default '[]',
    due_at timestamptz,
    state text not null default 'open' check (state in
      ('open', 'acknowledged', 'investigating', 'waiting', 'resolved', 'closed', 'auto-resolved', 'withdrawn')),
    escalation text not null default 'none' check (escalation in ('none', 'warning', 'due')),
    outcome text not null default '',
    note text not null default '',
    decision_id text,
    opened_at timestamptz not null default now(),
    decided_at timestamptz,
    closed_at timestamptz,
    looked_at timestamptz,
    check ((amount_minor is null) = (currency is null)),
    check ((base_minor is null) = (base_currency is null))
  );
  create unique index case_asking on "case" (workflow_id, question, asking) where kind = 'question';
  create unique index case_content on "case" (workflow_id, question, digest) where kind = 'question';
  create unique index case_one_cause on "case" (code, cause)
    where kind = 'cause' and state in ('open', 'acknowledged', 'investigating', 'waiting');
  create unique index case_one_raised on "case" (workflow_id, code, kind)
    where kind in ('raised', 'orphan') and state in ('open', 'acknowledged', 'investigating', 'waiting');
  create index case_open on "case" (owner, due_at)
    where state in ('open', 'acknowledged', 'investigating', 'waiting');
  create index case_workflow on "case" (workflow_id);
  create index case_customer_day on "case" (customer, business_date) where decided_at is not null;
  create index case_group on "case" (group_key);

  create table case_hold (
    case_id text not null references "case",
    workflow_id text not null,
    business_key text not null,
    business_date date not null,
    title text not null,
    amount_minor bigint,
    currency text,
    units integer not null,
    joined_at timestamptz not null default clock_timestamp(),
    released_at timestamptz,
    woken_at timestamptz,
    primary key (case_id, workflow_id)
  );
  create index case_hold_workflow on case_hold (workflow_id);
  create index case_hold_unwoken on case_hold (case_id) where woken_at is null;

  create table case_event (
    id bigint generated always as identity primary key,
    case_id text not null references "case",
    at timestamptz not null default clock_timestamp(),
    kind text not null,
    "by" text not null,
    note text not null
  );
  create index case_event_case on case_event (case_id, id);
`;

/** What people decided, through which door, and what was made of it. */
const DECISIONS = `
  create table decision (
    id text primary key,
    workflow_id text not null,
    question text not null,
    asking integer not null,
    case_id text references "case",
    door text not null check (door in ('desk', 'update', 'signal')),
    identity text not null check (identity in ('proven', 'claimed')),
    "by" text not null,
    choice text not null,
    why text not null,
    shown text not null,
    data jsonb not null,
    raw jsonb not null,
    state text not null check (state in ('stored', 'kept', 'first', 'accepted', 'refused')),
    refusal text not null default '',
    request_key text unique,
    bulk text,
    created_at timestamptz not null default clock_timestamp(),
    sent_to_saga_at timestamptz,
    sends integer not null default 0,
    recorded_at timestamptz
  );
  create index decision_case on decision (case_id, created_at);
  create index decision_workflow on decision (workflow_id, created_at);
  create index decision_stored on decision (created_at) where state = 'stored';
  create index decision_by on decision ("by", recorded_at) where state in ('first', 'accepted');
  create unique index decision_one_stands on decision (case_id) where state = 'accepted';

  create table approval (
    case_id text not null references "case",
    person_id text not null,
    decision_id text not null references decision,
    choice text not null,
    at timestamptz not null default clock_timestamp(),
    void_at timestamptz,
    primary key (decision_id)
  );
  create unique index approval_first on approval (case_id) where void_at is null;

  create table bulk_preview (
    digest text primary key,
    filter jsonb not null,
    choice text not null,
    items jsonb not null,
    "by" text not null,
    at timestamptz not null default clock_timestamp()
  );
`;

/** People, what they were told, how clocks ended, and the hints that webhooks left. */
const PEOPLE = `
  create table person (
    id text primary key,
    name text not null,
    roles jsonb not null,
    key_digest text not null unique check (key_digest ~ '^[0-9a-f]{64}$'),
    mail text not null,
    limit_document bigint check (limit_document >= 0),
    limit_customer_day bigint check (limit_customer_day >= 0),
    limit_day bigint check (limit_day >= 0),
    limit_currency text not null,
    active boolean not null default true
  );
  create table person_change (
    id bigint generated always as identity primary key,
    person_id text not null,
    change jsonb not null,
    why text not null,
    proposed_by text not null references person,
    proposed_at timestamptz not null default clock_timestamp(),
    confirmed_by text references person,
    confirmed_at timestamptz,
    check (confirmed_by is distinct from proposed_by)
  );

  create table notice (
    id text primary key,
    kind text not null check (kind in ('opened', 'warning', 'due', 'second-needed')),
    group_key text not null,
    code text not null,
    severity text not null,
    roles jsonb not null,
    state text not null default 'pending' check (state in ('pending', 'sending', 'retry', 'sent')),
    created_at timestamptz not null default clock_timestamp(),
    not_before timestamptz not null,
    claimed_at timestamptz,
    sent_at timestamptz,
    attempts integer not null default 0,
    last_error text not null default '',
    sent_to text not null default ''
  );
  create unique index notice_pending on notice (group_key, kind) where state = 'pending';
  create index notice_unsent on notice (not_before) where state <> 'sent';
  create table notice_case (
    notice_id text not null references notice,
    case_id text not null references "case",
    primary key (notice_id, case_id)
  );

  create table clock (
    workflow_id text not null,
    timer text not null,
    started_at timestamptz not null,
    due_at timestamptz,
    ended_at timestamptz not null,
    "end" text not null check ("end" in ('met', 'missed', 'cancelled')),
    primary key (workflow_id, timer, started_at)
  );
  create table webhook_hint (
    source text not null,
    event_id text not null,
    type text not null,
    seq bigint not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (source, event_id)
  );
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [CASES, DECISIONS, PEOPLE]) await sql.raw(part).execute(db);
}
