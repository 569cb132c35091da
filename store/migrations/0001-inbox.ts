import { type Kysely, sql } from 'kysely';

/** What arrived, one row per source, kind, source id and version. */
const EVENTS = `
  create table event (
    id bigint generated always as identity primary key,
    source text not null,
    kind text not null,
    source_id text not null,
    version integer not null check (version > 0),
    payload jsonb not null,
    digest text not null,
    source_time timestamptz,
    seq bigint not null,
    document_id text,
    received_at timestamptz not null default clock_timestamp(),
    state text not null check (state in ('new', 'started', 'ignored', 'malformed')),
    saga_id text,
    reason text,
    raised_at timestamptz,
    unique (source, kind, source_id, version)
  );
  create index event_to_hand_on on event (source, kind, seq) where state = 'new';
  create index event_to_raise on event (source, kind) where state = 'malformed' and raised_at is null;
  create index event_of_document on event (source, kind, document_id) where document_id is not null;
`;

/** Who handles a business object, and how it ended. */
const CLAIMS = `
  create table event_claim (
    source text not null,
    kind text not null,
    key text not null,
    version integer not null,
    workflow_id text not null,
    claimed_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    finished_version integer,
    result jsonb,
    clocks jsonb,
    primary key (source, kind, key, version)
  );
  create index event_claim_open on event_claim (claimed_at) where finished_at is null;
`;

/** How far each feed has read. */
const FEEDS = `
  create table feed_cursor (
    feed text primary key,
    position bigint not null default 0,
    state text not null default 'not-started' check (state in ('not-started', 'running', 'paused')),
    started_from bigint,
    started_by text,
    started_at timestamptz,
    last_read_ok_at timestamptz,
    last_new_at timestamptz,
    rhythm_ms integer not null,
    silent_after_ms integer not null,
    last_error text,
    last_error_at timestamptz
  );
`;

/** Codes a mapping must know; what tells this store from a restored copy. */
const REST = `
  create table seen_code (
    source text not null,
    kind text not null check (kind in ('location', 'sku', 'charge', 'deduction', 'reason')),
    code text not null,
    business_date date not null,
    events integer not null,
    primary key (source, kind, code, business_date)
  );
  create table store_epoch (
    one boolean primary key default true check (one),
    epoch uuid not null default gen_random_uuid(),
    since timestamptz not null default clock_timestamp()
  );
  insert into store_epoch default values;
`;

/** Inbox: what arrived, who took it, how far each feed has read; codes seen; the epoch of this store. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [EVENTS, CLAIMS, FEEDS, REST]) await sql.raw(statements).execute(db);
}
