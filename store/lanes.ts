/**
 * Lanes: at most one document whose outcome is unknown per division, style-colour and warehouse. Taken all or none,
 * freed by outcome, never by time (design.md 5).
 */
import { sql } from 'kysely';
import type { Queryable } from './database.js';

export interface LaneTables {
  lane: { tenant: string; lane: string; external_ref: string; fence: number; taken_at: string };
  lane_wait: {
    tenant: string;
    lane: string;
    external_ref: string;
    business_date: string;
    seq: string;
    until: string;
  };
}

/** Who asks for lanes. Order of the waiting: business date, then seq, then external reference. */
export interface LaneClaim {
  tenant: string;
  externalRef: string;
  lanes: string[];
  businessDate: string;
  seq: string;
}

/** Lanes of a claim that others hold, and how many earlier waiters stand before it. */
export async function lanesBlocked(db: Queryable, claim: LaneClaim): Promise<{ held: string[]; before: number }> {
  if (claim.lanes.length === 0) return { held: [], before: 0 };
  const { rows } = await sql<{ held: string[] | null; before: string }>`
    select
      (select array_agg(lane) from lane where tenant = ${claim.tenant} and lane = any(${claim.lanes})
         and external_ref <> ${claim.externalRef}) as held,
      (select count(distinct external_ref) from lane_wait
         where tenant = ${claim.tenant} and lane = any(${claim.lanes}) and external_ref <> ${claim.externalRef}
           and until > clock_timestamp()
           and (business_date, seq, external_ref)
             < (${claim.businessDate}::date, ${claim.seq}::bigint, ${claim.externalRef})) as before`.execute(db);
  return { held: rows[0]?.held ?? [], before: Number(rows[0]?.before ?? 0) };
}

/** Takes all lanes or throws; the caller holds the tenant's row and has seen that none is held. */
export async function takeLanes(db: Queryable, claim: LaneClaim, fence: number): Promise<void> {
  const sorted = [...new Set(claim.lanes)].sort();
  const { numAffectedRows } = await sql`
    insert into lane (tenant, lane, external_ref, fence)
    select ${claim.tenant}, l, ${claim.externalRef}, ${fence} from unnest(${sorted}::text[]) l order by l
    on conflict do nothing`.execute(db);
  if (Number(numAffectedRows ?? 0n) !== sorted.length) throw new Error('a lane was taken meanwhile');
  await stopWaiting(db, claim.externalRef);
}

/**
 * Stands in the queue of every lane of the claim until `holdMs` from now: long enough to come back. One that is not to be
 * sent any more takes no place, however late it looks: the posting is locked until its place is taken.
 */
export async function waitForLanes(db: Queryable, claim: LaneClaim, holdMs: number): Promise<void> {
  await sql`
    insert into lane_wait (tenant, lane, external_ref, business_date, seq, until)
    select ${claim.tenant}, l, p.external_ref, ${claim.businessDate}::date, ${claim.seq}::bigint,
      clock_timestamp() + ${holdMs} * interval '1 millisecond'
    from posting p cross join unnest(${[...new Set(claim.lanes)].sort()}::text[]) l
    where p.external_ref = ${claim.externalRef} and p.state = 'intended' order by l for share of p
    on conflict (tenant, lane, external_ref) do update set until = excluded.until`.execute(db);
}

/** Frees the lanes of a posting. */
export async function freeLanes(db: Queryable, externalRef: string): Promise<void> {
  await sql`delete from lane where external_ref = ${externalRef}`.execute(db);
}

/** Leaves every queue: taken, forbidden or superseded. In lane order, as they are entered, so that none deadlock. */
export async function stopWaiting(db: Queryable, externalRef: string): Promise<void> {
  await sql`
    with mine as (
      select tenant, lane from lane_wait where external_ref = ${externalRef} order by tenant, lane for update)
    delete from lane_wait w using mine m
    where w.tenant = m.tenant and w.lane = m.lane and w.external_ref = ${externalRef}`.execute(db);
}

/** Lanes now taken, with their holders, for `status` and tests. */
export async function takenLanes(
  db: Queryable,
  tenant: string,
): Promise<{ lane: string; external_ref: string; taken_at: string }[]> {
  const { rows } = await sql<{ lane: string; external_ref: string; taken_at: string }>`
    select lane, external_ref, taken_at from lane where tenant = ${tenant} order by lane`.execute(db);
  return rows;
}
