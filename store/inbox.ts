/** What arrived: one row per source, kind, source id and version, kept raw before anything acts on it (R-011, R-012). */
import { sql, type Generated } from 'kysely';
import { insertWishes, type Wish } from './claims.js';
import type { Queryable } from './database.js';
import { lockFor } from './locks.js';
import { parts } from './parts.js';
import { sealRow, type Sealing } from './sealed.js';

export type EventState = 'new' | 'started' | 'ignored' | 'malformed';

export interface FeedRow {
  feed: string;
  position: Generated<string>;
  state: Generated<'not-started' | 'running' | 'paused'>;
  started_from: string | null;
  started_by: string | null;
  started_at: string | null;
  last_read_ok_at: string | null;
  last_new_at: string | null;
  rhythm_ms: number;
  silent_after_ms: number;
  last_error: string | null;
  last_error_at: string | null;
}

export interface InboxTables {
  event: {
    id: Generated<string>;
    source: string;
    kind: string;
    source_id: string;
    version: number;
    payload: unknown;
    digest: string;
    source_time: string | null;
    seq: string;
    document_id: string | null;
    received_at: Generated<string>;
    state: EventState;
    saga_id: string | null;
    reason: string | null;
    raised_at: string | null;
  };
  event_claim: {
    source: string;
    kind: string;
    key: string;
    version: number;
    workflow_id: string;
    claimed_at: Generated<string>;
    finished_at: string | null;
    finished_version: number | null;
    result: unknown;
    clocks: unknown;
  };
  feed_cursor: FeedRow;
  seen_code: { source: string; kind: string; code: string; business_date: string; events: number };
  store_epoch: { one: Generated<boolean>; epoch: Generated<string>; since: Generated<string> };
}

/** A code of the source that a mapping must know, with the business date it was used on (R-040). */
export interface SeenCode {
  kind: 'location' | 'sku' | 'charge' | 'deduction' | 'reason';
  code: string;
  businessDate: string;
}

/** One row as read from a source. A malformed one has a made-up id (`unreadable:` and its digest) and version 1. */
export interface NewEvent {
  source: string;
  kind: string;
  sourceId: string;
  version: number;
  payload: unknown;
  digest: string;
  sourceTime: string | null;
  seq: number;
  /** The document a movement belongs to. */
  documentId: string | null;
  state: 'new' | 'ignored' | 'malformed';
  reason: string | null;
  wishes: Wish[];
  codes: SeenCode[];
}

export interface EventRow {
  id: string;
  source: string;
  kind: string;
  sourceId: string;
  version: number;
  payload: unknown;
  seq: number;
  documentId: string | null;
  state: EventState;
  reason: string | null;
  receivedAt: string;
}

/** A row the source gave before under the same id and version, now with other content, becomes one nobody can trust. */
function asContradiction(row: NewEvent): NewEvent {
  return {
    ...row,
    sourceId: `unreadable:${row.digest}`,
    version: 1,
    state: 'malformed',
    reason: `${row.kind} ${row.sourceId} version ${row.version} was read before with other content; the first stands`,
    documentId: null,
    wishes: [],
    codes: [],
  };
}

const keyOf = (row: Pick<NewEvent, 'source' | 'kind' | 'sourceId' | 'version'>): string =>
  `${row.source}/${row.kind}/${row.sourceId}/${row.version}`;

/** Leaves out what the inbox holds already, and what a page holds twice. */
async function unseen(q: Queryable, rows: readonly NewEvent[]): Promise<NewEvent[]> {
  if (rows.length === 0) return [];
  const { rows: held } = await sql<{ key: string; digest: string }>`
    select source || '/' || kind || '/' || source_id || '/' || version as key, digest from event
    where (source, kind, source_id) in (
      select * from unnest(${rows.map((r) => r.source)}::text[], ${rows.map((r) => r.kind)}::text[],
                           ${rows.map((r) => r.sourceId)}::text[]))`.execute(q);
  const digests = new Map(held.map((row) => [row.key, row.digest]));
  const fresh = new Map<string, NewEvent>();
  for (const row of rows) {
    const digest = digests.get(keyOf(row)) ?? fresh.get(keyOf(row))?.digest;
    if (digest === row.digest) continue;
    const taken = digest === undefined ? row : asContradiction(row);
    fresh.set(keyOf(taken), taken);
  }
  return [...fresh.values()];
}

/**
 * Inserts the rows the inbox does not hold yet, with their wishes and codes, in the caller's transaction. Takes the
 * lock of each business object first, which `finishClaim` takes too: no version falls between a look and an end.
 * Rows that nobody can read are sealed: they may hold anything. Answers the rows inserted.
 */
export async function insertEvents(
  tx: Queryable,
  rows: readonly NewEvent[],
  sealing: Sealing | null = null,
): Promise<NewEvent[]> {
  const candidates = await unseen(tx, rows);
  if (candidates.length === 0) return [];
  await lockFor(
    tx,
    'event',
    candidates.map((row) => `${row.source}/${row.kind}/${row.sourceId}`),
  );
  const written = await tx
    .insertInto('event')
    .values(candidates.map((row) => toRow(row, sealing)))
    .onConflict((conflict) => conflict.doNothing())
    .returning(['source', 'kind', 'source_id as sourceId', 'version'])
    .execute();
  const keys = new Set(written.map(keyOf));
  const inserted = candidates.filter((row) => keys.has(keyOf(row)));
  await insertWishes(
    tx,
    inserted.flatMap((row) => row.wishes),
  );
  await noteCodes(tx, inserted);
  return inserted;
}

const toRow = (row: NewEvent, sealing: Sealing | null) => ({
  source: row.source,
  kind: row.kind,
  source_id: row.sourceId,
  version: row.version,
  payload: JSON.stringify(row.state === 'malformed' ? sealRow(row.payload, sealing) : row.payload),
  digest: row.digest,
  source_time: row.sourceTime,
  seq: String(row.seq),
  document_id: row.documentId,
  state: row.state,
  saga_id: null,
  reason: row.reason,
  raised_at: null,
});

/** Counts the codes seen, one row per code and day, always in the same order so that two readers never deadlock. */
async function noteCodes(tx: Queryable, rows: readonly NewEvent[]): Promise<void> {
  const counts = new Map<string, InboxTables['seen_code']>();
  for (const { source, codes } of rows)
    for (const { kind, code, businessDate } of codes) {
      const key = JSON.stringify([source, kind, code, businessDate]);
      const events = (counts.get(key)?.events ?? 0) + 1;
      counts.set(key, { source, kind, code, business_date: businessDate, events });
    }
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  for (const part of parts(sorted))
    await tx
      .insertInto('seen_code')
      .values(part)
      .onConflict((conflict) =>
        conflict
          .columns(['source', 'kind', 'code', 'business_date'])
          .doUpdateSet({ events: sql<number>`seen_code.events + excluded.events` }),
      )
      .execute();
}

export const EVENT_COLUMNS = [
  'id',
  'source',
  'kind',
  'source_id as sourceId',
  'version',
  'payload',
  'seq',
  'document_id as documentId',
  'state',
  'reason',
  'received_at as receivedAt',
] as const;

/** A row as it is read. */
export const toEvent = (row: Omit<EventRow, 'seq'> & { seq: string }): EventRow => ({ ...row, seq: Number(row.seq) });

const listed = (q: Queryable, source: string, kind: string, limit: number) =>
  q.selectFrom('event').select(EVENT_COLUMNS).where('source', '=', source).where('kind', '=', kind).limit(limit);

/** Rows that nobody was told of yet, in the source's order. */
export async function eventsToHandOn(q: Queryable, source: string, kind: string, limit: number): Promise<EventRow[]> {
  const fresh = listed(q, source, kind, limit).where('state', '=', 'new');
  return (await fresh.orderBy('seq').orderBy('id').execute()).map(toEvent);
}

/** Notes that a saga was told of a row; saying it again changes nothing. */
export async function markStarted(q: Queryable, id: string, sagaId: string | null): Promise<void> {
  await q
    .updateTable('event')
    .set({ state: 'started', saga_id: sagaId })
    .where('id', '=', id)
    .where('state', '=', 'new')
    .execute();
}

/** Malformed rows that no case was raised for yet. */
export async function malformedToRaise(q: Queryable, source: string, kind: string, limit: number): Promise<EventRow[]> {
  const unread = listed(q, source, kind, limit).where('state', '=', 'malformed').where('raised_at', 'is', null);
  return (await unread.orderBy('id').execute()).map(toEvent);
}

export async function markRaised(q: Queryable, id: string): Promise<void> {
  await q
    .updateTable('event')
    .set({ raised_at: sql<string>`clock_timestamp()` })
    .where('id', '=', id)
    .execute();
}

/** States of rows that a saga is for: read, and not left alone on purpose. */
export const KNOWN: EventState[] = ['new', 'started'];

/** The newest readable version of a business object; undefined when the inbox knows none. */
export async function newestEvent(
  q: Queryable,
  object: { source: string; kind: string; key: string },
): Promise<EventRow | undefined> {
  const row = await q
    .selectFrom('event')
    .select(EVENT_COLUMNS)
    .where('source', '=', object.source)
    .where('kind', '=', object.kind)
    .where('source_id', '=', object.key)
    .where('state', 'in', KNOWN)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toEvent(row);
}

/**
 * Units that the movements of a return say are back on a shelf or in quarantine; a VOID takes away what it reverses
 * (facts/archean-r247.md 3.3).
 */
export async function unitsBack(q: Queryable, source: string, returnNo: string): Promise<number> {
  const { rows } = await sql<{ units: string }>`
    select coalesce(sum((payload ->> 'quantity')::bigint), 0) as units from event
    where source = ${source} and kind = 'movement' and document_id = ${`RETURN/${returnNo}`}
      and state <> 'malformed'
      and payload ->> 'type' in ('RETURN_RESTOCK', 'RETURN_QUARANTINE', 'VOID')`.execute(q);
  return Number(rows[0]?.units ?? 0);
}
