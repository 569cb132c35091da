/** One row per tenant of an ERP: whether writes are held, when calls may go on, and what its batch clock last showed. */
import { sql } from 'kysely';
import type { Queryable } from './database.js';

export interface TenantRow {
  tenant: string;
  next_moment: string;
  not_before: string;
  held_by: string | null;
  held_why: string | null;
  held_at: string | null;
  refused_keys: number;
  /** When, by our clock, the status below was asked for. */
  status_seen_at: string | null;
  /** The ERP's own clock and its next cycle, as shown then. */
  status_now: string | null;
  status_next_at: string | null;
  running: boolean;
  /** Highest cycle number shown so far. */
  cycle_no: number | null;
  cycle_ms: number | null;
  last_finished: number | null;
  last_completed: number | null;
  last_started_at: string | null;
  /** How many completed cycles have been seen: lateness is counted in these, aborted ones do not count. */
  completed_seen: number;
  listed_cycle: number | null;
  /** Start of the cycle that was listed last, and of the one before it, by the ERP's clock. */
  listed_started: string | null;
  listed_before: string | null;
  /** Calls whose moment was given since the store was made. */
  calls_given: string;
}

export interface TenantTables {
  call_tenant: TenantRow;
}

/** The ERP's batch clock as one status read showed it; instants are the ERP's own. */
export interface BatchClock {
  now: string;
  running: boolean;
  cycleNo: number;
  lastFinished: { cycleNo: number; startedAt: string; completed: boolean } | null;
  nextAt: string;
}

const ensure = (db: Queryable, tenant: string) =>
  sql`insert into call_tenant (tenant) values (${tenant}) on conflict do nothing`.execute(db);

/** The tenant's row; undefined before its first call. */
export async function tenantOf(db: Queryable, tenant: string): Promise<TenantRow | undefined> {
  const { rows } = await sql<TenantRow>`
    select *
    from call_tenant where tenant = ${tenant}`.execute(db);
  return rows[0];
}

/** Holds all writes to a tenant (R-841) until released. The first hold's reason stays. */
export async function holdTenant(db: Queryable, tenant: string, by: string, why: string): Promise<void> {
  await ensure(db, tenant);
  await sql`update call_tenant set held_by = ${by}, held_why = ${why}, held_at = clock_timestamp()
    where tenant = ${tenant} and held_by is null`.execute(db);
}

/** Releases the writes of a tenant; true when they were held. */
export async function releaseTenant(db: Queryable, tenant: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update call_tenant set held_by = null, held_why = null, held_at = null, refused_keys = 0
    where tenant = ${tenant} and held_by is not null`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

/** Tenants whose writes are held, with who and why. */
export async function heldTenants(
  db: Queryable,
): Promise<{ tenant: string; held_by: string; held_why: string; held_at: string }[]> {
  const { rows } = await sql<{ tenant: string; held_by: string; held_why: string; held_at: string }>`
    select tenant, held_by, held_why, held_at from call_tenant where held_by is not null order by tenant`.execute(db);
  return rows;
}

/** Moves every call of a tenant to at least `ms` from now (429, close window). */
export async function pauseCalls(db: Queryable, tenant: string, ms: number): Promise<void> {
  await ensure(db, tenant);
  await sql`update call_tenant
    set not_before = greatest(not_before, clock_timestamp() + ${ms} * interval '1 millisecond')
    where tenant = ${tenant}`.execute(db);
}

/** Counts refusals of our key in a row (401, 403); answers how many there have been. `0` clears the count. */
export async function countRefusedKey(db: Queryable, tenant: string, count: 'one-more' | 'clear'): Promise<number> {
  await ensure(db, tenant);
  const { rows } = await sql<{ refused_keys: number }>`
    update call_tenant set refused_keys = ${count === 'clear' ? sql`0` : sql`refused_keys + 1`}
    where tenant = ${tenant} and ${count === 'clear' ? sql`refused_keys <> 0` : sql`true`}
    returning refused_keys`.execute(db);
  return rows[0]?.refused_keys ?? 0;
}

/** The store's clock: the one all deadlines are kept by. */
export async function storeNow(db: Queryable): Promise<string> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error('the store did not tell the time');
  return row.now;
}

/**
 * Writes what a status read showed. `begunAt` is the store's clock before the read was sent; an older read than the
 * one kept changes nothing that only rises. Answers the row as it is then.
 */
export async function noteStatus(
  db: Queryable,
  tenant: string,
  begunAt: string,
  clock: BatchClock,
): Promise<TenantRow> {
  await ensure(db, tenant);
  const last = clock.lastFinished;
  const highest = Math.max(clock.cycleNo, last?.cycleNo ?? 0);
  const completed = last !== null && last.completed ? last.cycleNo : null;
  await forgetCycles(db, tenant, begunAt, highest);
  await sql`
    update call_tenant set
      status_seen_at = ${begunAt}, status_now = ${clock.now}, status_next_at = ${clock.nextAt},
      running = ${clock.running},
      cycle_ms = case
        when last_finished is not null and ${last?.cycleNo ?? null}::int > last_finished
          and ${last?.startedAt ?? null}::timestamptz > last_started_at
        then greatest(1, round(extract(epoch from ${last?.startedAt ?? null}::timestamptz - last_started_at) * 1000
          / (${last?.cycleNo ?? null}::int - last_finished)))::int
        else cycle_ms end,
      completed_seen = completed_seen
        + case when ${completed}::int > coalesce(last_completed, 0) then 1 else 0 end,
      last_completed = greatest(last_completed, ${completed}::int),
      last_started_at = case when ${last?.cycleNo ?? null}::int > coalesce(last_finished, -1)
        then ${last?.startedAt ?? null}::timestamptz else last_started_at end,
      last_finished = greatest(last_finished, ${last?.cycleNo ?? null}::int),
      cycle_no = greatest(cycle_no, ${highest}::int)
    where tenant = ${tenant} and (status_seen_at is null or status_seen_at <= ${begunAt}::timestamptz)`.execute(db);
  const row = await tenantOf(db, tenant);
  if (row === undefined) throw new Error(`tenant ${tenant} has no row`);
  return row;
}

/** An ERP that counts its cycles anew (restored, restarted): nothing noted under the old numbers proves anything. */
async function forgetCycles(db: Queryable, tenant: string, begunAt: string, highest: number): Promise<void> {
  const { numAffectedRows } = await sql`
    update call_tenant set cycle_no = null, last_finished = null, last_completed = null, last_started_at = null,
      listed_cycle = null, listed_started = null, listed_before = null
    where tenant = ${tenant} and cycle_no > ${highest} and status_seen_at <= ${begunAt}::timestamptz`.execute(db);
  if ((numAffectedRows ?? 0n) === 0n) return;
  await sql`update posting set noted_cycle = null, searched_cycle = null
    where tenant = ${tenant} and state = 'sent'`.execute(db);
}

/** The listing was read whole for this cycle: the next one starts at the cycle before it. */
export async function noteListed(
  db: Queryable,
  tenant: string,
  cycle: { cycleNo: number; startedAt: string },
): Promise<void> {
  await sql`
    update call_tenant set listed_before = listed_started, listed_started = ${cycle.startedAt},
      listed_cycle = ${cycle.cycleNo}
    where tenant = ${tenant} and coalesce(listed_cycle, -1) < ${cycle.cycleNo}`.execute(db);
}

/** Milliseconds until just after the ERP's next cycle begins, by its own clock; null when nothing was shown yet. */
export async function untilNextCycle(db: Queryable, tenant: string): Promise<number | null> {
  const { rows } = await sql<{ ms: string | null }>`
    select extract(epoch from (status_next_at - status_now) - (clock_timestamp() - status_seen_at)) * 1000 as ms
    from call_tenant where tenant = ${tenant}`.execute(db);
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? null : Number(ms);
}
