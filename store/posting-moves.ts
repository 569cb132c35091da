/**
 * Every move of a posting, each one statement guarded by `fence = mine and state = expected` (design.md 5). A move that
 * finds otherwise changes nothing and answers false; its caller writes an attempt and lets the store's truth stand.
 */
import { sql } from 'kysely';
import type { DocumentKind } from '../domain/documents.js';
import {
  awaitTurn,
  freeLease,
  leaseIsFree,
  lockTenant,
  takeLease,
  takeTurn,
  type CallClaim,
  type CallLimits,
} from './call-slots.js';
import type { Db, Queryable } from './database.js';
import { freeLanes, lanesBlocked, stopWaiting, takeLanes, waitForLanes, type LaneClaim } from './lanes.js';
import type { BornOf, PostingContent, PostingFailure, PostingRow, PostingState } from './postings.js';

/** A revision about to be written. */
export interface NewRevision {
  externalRef: string;
  reference: string;
  revision: number;
  tenant: string;
  kind: DocumentKind | null;
  operation: PostingContent['operation'];
  askedDigest: string | null;
  content: PostingContent | null;
  lanes: string[];
  businessDate: string | null;
  seq: number | string;
  links: { system: string; kind: string; number: string }[];
  state: PostingState;
  lineCount: number;
  failure?: PostingFailure;
  bornOf?: BornOf;
  number?: string;
  journal?: PostingRow['journal'];
  adopted?: boolean;
  dismissed?: string[];
}

/** Writes a revision; false when that revision is there already (someone else was first). */
export async function insertRevision(db: Queryable, r: NewRevision): Promise<boolean> {
  const at = r.reference.indexOf('/');
  const [workflowId, step] = at < 0 ? [r.reference, ''] : [r.reference.slice(0, at), r.reference.slice(at + 1)];
  const { numAffectedRows } = await sql`
    insert into posting (external_ref, reference, revision, tenant, workflow_id, step, kind, operation, asked_digest,
      content, state, lanes, business_date, seq, links, failure, born_of, number, journal, adopted, dismissed,
      settled_at)
    values (${r.externalRef}, ${r.reference}, ${r.revision}, ${r.tenant}, ${workflowId}, ${step}, ${r.kind},
      ${r.operation}, ${r.askedDigest}, ${json(r.content)}::jsonb, ${r.state}, ${r.lanes}, ${r.businessDate},
      ${r.seq}, ${json(r.links)}::jsonb, ${json(r.failure ?? null)}::jsonb, ${json(r.bornOf ?? null)}::jsonb,
      ${r.number ?? null}, ${r.journal ?? null}, ${r.adopted ?? false}, ${r.dismissed ?? []},
      ${r.state === 'posted' ? sql`clock_timestamp()` : null})
    on conflict do nothing`.execute(db);
  if ((numAffectedRows ?? 0n) === 0n) return false;
  await sql`insert into posting_line (external_ref, line, state)
    select ${r.externalRef}, n, 'asked' from generate_series(1, ${r.lineCount}::int) n`.execute(db);
  return true;
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Gives an intended revision, proved never stored, new content. */
export async function replaceContent(
  db: Db,
  row: PostingRow,
  r: Pick<NewRevision, 'content' | 'askedDigest' | 'lanes' | 'businessDate' | 'lineCount'>,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { numAffectedRows } = await sql`
      update posting set content = ${json(r.content)}::jsonb, asked_digest = ${r.askedDigest}, lanes = ${r.lanes},
        business_date = ${r.businessDate}, fence = fence + 1, changed_at = clock_timestamp()
      where external_ref = ${row.external_ref} and fence = ${row.fence} and state = 'intended'`.execute(trx);
    if ((numAffectedRows ?? 0n) === 0n) return false;
    await stopWaiting(trx, row.external_ref);
    await sql`delete from posting_line where external_ref = ${row.external_ref}`.execute(trx);
    await sql`insert into posting_line (external_ref, line, state)
      select ${row.external_ref}, n, 'asked' from generate_series(1, ${r.lineCount}::int) n`.execute(trx);
    return true;
  });
}

export type Reserved =
  | { state: 'reserved'; fence: number }
  /** Not now: come back in `waitMs`. */
  | { state: 'wait'; waitMs: number; why: 'lanes' | 'calls' | 'rate' | 'not-before' }
  | { state: 'held'; why: string }
  /** The row is no longer what was looked at: look again. */
  | { state: 'moved' };

export interface ReserveRules {
  limits: CallLimits;
  sendDeadlineMs: number;
  /** How much longer than its wait a place in a lane's queue is kept. */
  graceMs: number;
}

/** How long a document waits before it looks at taken lanes again, by how many stand before it. */
const laneWaitMs = (before: number): number => Math.min(2_000, 60 + 60 * before);

/** A request lasts about so long: then one of those at once may be free. */
const LEASE_WAIT_MS = 80;

const isBlocked = (lanes: { held: string[]; before: number }): boolean => lanes.held.length > 0 || lanes.before > 0;

const lanesOf = (row: PostingRow, { businessDate, seq }: CallClaim): LaneClaim => ({
  tenant: row.tenant,
  externalRef: row.external_ref,
  lanes: row.lanes,
  businessDate,
  seq,
});

/**
 * The queue of its lanes alone, without the tenant's lock, so that a crowd on one lane does not slow the others down.
 * Answers the wait of who cannot go yet and keeps its place meanwhile; undefined when it may go.
 */
export async function standInLine(
  db: Db,
  row: PostingRow,
  claim: CallClaim,
  rules: ReserveRules,
): Promise<Extract<Reserved, { state: 'wait' }> | undefined> {
  const lanes = lanesOf(row, claim);
  const blocked = await lanesBlocked(db, lanes);
  if (!isBlocked(blocked)) return undefined;
  const waitMs = laneWaitMs(blocked.before);
  await waitForLanes(db, lanes, waitMs + rules.graceMs);
  return { state: 'wait', waitMs, why: 'lanes' };
}

/**
 * All lanes or none, a turn of the rate, a lease, fence + 1 and `sent`: one transaction. Waiting, it keeps its place in
 * the queue of its lanes, so that a document with many lanes is not starved by those with one.
 */
export async function reserve(db: Db, row: PostingRow, claim: CallClaim, rules: ReserveRules): Promise<Reserved> {
  const lanes = lanesOf(row, claim);
  const waits = await standInLine(db, row, claim, rules);
  if (waits !== undefined) return waits;
  if (!(await leaseIsFree(db, row.tenant, rules.limits))) {
    await waitForLanes(db, lanes, LEASE_WAIT_MS + rules.graceMs);
    return { state: 'wait', waitMs: LEASE_WAIT_MS, why: 'calls' };
  }
  return db.transaction().execute(async (trx): Promise<Reserved> => {
    const hindered = await hindrance(trx, row, claim, rules);
    if (hindered !== undefined) return hindered;
    const waitHere = waitsIn(trx, lanes, rules);
    if (!(await leaseIsFree(trx, row.tenant, rules.limits))) return waitHere(LEASE_WAIT_MS, 'calls');
    const turn = await takeTurn(trx, claim, rules.limits);
    if (turn > 0) return waitHere(turn, 'rate');
    await takeLease(trx, row.tenant, claim.holder, rules.limits);
    await takeLanes(trx, lanes, row.fence + 1);
    const sent = await sql`
      update posting set state = 'sent', fence = fence + 1, tries = tries + 1, sent_at = clock_timestamp(),
        send_deadline = clock_timestamp() + ${rules.sendDeadlineMs} * interval '1 millisecond',
        noted_cycle = null, searched_cycle = null, not_before = null, changed_at = clock_timestamp()
      where external_ref = ${row.external_ref} and fence = ${row.fence} and state = 'intended'`.execute(trx);
    if ((sent.numAffectedRows ?? 0n) === 0n) throw new Error('a posting moved while its tenant was locked');
    return { state: 'reserved', fence: row.fence + 1 };
  });
}

/**
 * For who must ask the ERP something before it sends: whatever else it waits for comes first, so that it asks once and
 * not with every look at a hold, a rest or a full rate. Undefined: nothing is in the way, its turn is there to be taken.
 */
export async function standForTurn(
  db: Db,
  row: PostingRow,
  claim: CallClaim,
  rules: ReserveRules,
): Promise<Reserved | undefined> {
  return db.transaction().execute(async (trx) => {
    const hindered = await hindrance(trx, row, claim, rules);
    if (hindered !== undefined) return hindered;
    const turn = await awaitTurn(trx, claim, rules.limits);
    return turn > 0 ? waitsIn(trx, lanesOf(row, claim), rules)(turn, 'rate') : undefined;
  });
}

/** Locks the tenant and the posting, and says what keeps it from being sent besides the ERP's own limits. */
async function hindrance(
  trx: Queryable,
  row: PostingRow,
  claim: CallClaim,
  rules: ReserveRules,
): Promise<Reserved | undefined> {
  const { heldWhy } = await lockTenant(trx, row.tenant);
  const now = await current(trx, row);
  if (now === undefined) return { state: 'moved' };
  const lanes = lanesOf(row, claim);
  if (heldWhy !== null) {
    // Its place is kept until it has looked again, so that a release lets the oldest go first.
    await waitForLanes(trx, lanes, 2 * rules.graceMs);
    return { state: 'held', why: heldWhy };
  }
  if (now.rest_ms > 0) return { state: 'wait', waitMs: now.rest_ms, why: 'not-before' };
  const blocked = await lanesBlocked(trx, lanes);
  return isBlocked(blocked) ? waitsIn(trx, lanes, rules)(laneWaitMs(blocked.before), 'lanes') : undefined;
}

/** Waits with its place in the queue of its lanes kept meanwhile. */
const waitsIn =
  (db: Queryable, lanes: LaneClaim, rules: ReserveRules) =>
  async (waitMs: number, why: 'lanes' | 'calls' | 'rate'): Promise<Reserved> => {
    await waitForLanes(db, lanes, waitMs + rules.graceMs);
    return { state: 'wait', waitMs, why };
  };

/** Locks the posting if it is still as it was looked at; `rest_ms`: how long it must rest before the next send. */
async function current(db: Queryable, row: PostingRow): Promise<{ rest_ms: number } | undefined> {
  const { rows } = await sql<{ rest_ms: string }>`
    select coalesce(greatest(0, ceil(extract(epoch from not_before - clock_timestamp()) * 1000)), 0) as rest_ms
    from posting where external_ref = ${row.external_ref} and fence = ${row.fence} and state = 'intended'
    for update`.execute(db);
  return rows[0] === undefined ? undefined : { rest_ms: Number(rows[0].rest_ms) };
}

/** Whether this attempt may still send: its fence stands. */
export async function fenceStands(db: Queryable, externalRef: string, fence: number): Promise<boolean> {
  const { rows } = await sql`select 1 from posting
    where external_ref = ${externalRef} and fence = ${fence} and state = 'sent'`.execute(db);
  return rows.length > 0;
}

/** What a move writes besides the state. */
export interface MoveFields {
  number?: string;
  failure?: PostingFailure;
  journal?: PostingRow['journal'];
  notBeforeMs?: number;
  parked?: boolean;
  /** For `reversed`: who entered the reversal by hand. */
  reversedBy?: string;
  /** Raises the fence, so that whoever held the old one can change nothing more. */
  raiseFence?: boolean;
}

/**
 * Moves a posting from one of `from` to `to` if `fence` still stands; any move frees its lanes, since it happens only
 * when the outcome of a send is known. One that was to be stopped meanwhile does not become `intended` again: it is
 * `forbidden`, since nothing was stored. Answers whether it moved.
 */
export async function move(
  db: Queryable,
  at: { externalRef: string; fence: number },
  from: PostingState[],
  to: PostingState,
  fields: MoveFields = {},
): Promise<boolean> {
  const { rows } = await sql<{ state: PostingState }>`
    update posting set state = case when ${to} = 'intended' and stop_why is not null then 'forbidden' else ${to} end,
      fence = fence + ${fields.raiseFence === true ? 1 : 0},
      number = coalesce(${fields.number ?? null}, number),
      failure = ${json(fields.failure ?? null)}::jsonb,
      journal = coalesce(${fields.journal ?? null}, journal),
      not_before = case when ${fields.notBeforeMs ?? null}::float8 is null then not_before
        else clock_timestamp() + ${fields.notBeforeMs ?? 0} * interval '1 millisecond' end,
      reversed_by = coalesce(${fields.reversedBy ?? null}, reversed_by),
      parked = ${fields.parked ?? false}, noted_cycle = null, searched_cycle = null,
      settled_at = case when ${to} in ('posted', 'rejected', 'reversed') then clock_timestamp() else settled_at end,
      changed_at = clock_timestamp()
    where external_ref = ${at.externalRef} and fence = ${at.fence} and state = any(${from})
    returning state`.execute(db);
  const [moved] = rows;
  if (moved === undefined) return false;
  await freeLanes(db, at.externalRef);
  if (from.includes('intended') && moved.state !== 'intended') await stopWaiting(db, at.externalRef);
  return true;
}

/**
 * Notes that a posting which has left is not wanted any more. Nothing happens to one that is stored; one that is proved
 * absent is not sent again.
 */
export async function stopUnlessStored(db: Queryable, externalRef: string, why: string): Promise<void> {
  await sql`update posting set stop_why = ${why}, changed_at = clock_timestamp()
    where external_ref = ${externalRef} and state = 'sent'`.execute(db);
}

/** Notes per line what the ERP took and what it refused. */
export async function noteLines(
  db: Queryable,
  externalRef: string,
  refused: { line: number; code: string; message: string }[],
): Promise<void> {
  await sql`update posting_line set state = 'accepted' where external_ref = ${externalRef}`.execute(db);
  for (const line of refused) {
    await sql`update posting_line set state = 'refused', code = ${line.code}, message = ${line.message}
      where external_ref = ${externalRef} and line = ${line.line}`.execute(db);
  }
}

/** Ends the request's lease. */
export const endCall = (db: Queryable, claim: CallClaim): Promise<void> => freeLease(db, claim.tenant, claim.holder);
