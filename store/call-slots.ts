/**
 * What a tenant's calls may take: a schedule of moments with priority (the rate), and leases for a request's life (the
 * four at once). The same for one worker and fifty (design.md 5).
 */
import { sql } from 'kysely';
import type { Queryable } from './database.js';
import type { TenantTables } from './call-tenants.js';
import { DISTRUST, distrustInWords } from './watch.js';

export interface CallTables extends TenantTables {
  call_slot: {
    tenant: string;
    holder: string;
    rank: number;
    business_date: string;
    seq: string;
    moment: string;
  };
  call_lease: { tenant: string; slot: number; holder: string | null; leased_until: string };
}

/** Who wants to call, and how urgently: rank first (0 before 1), then the oldest business date, then seq. */
export interface CallClaim {
  tenant: string;
  holder: string;
  rank: number;
  businessDate: string;
  seq: string;
}

export interface CallLimits {
  ratePerSecond: number;
  concurrent: number;
  /** How long a lease lasts when its holder dies: longer than any request. */
  leaseMs: number;
}

/** A moment not used this long after it came is given up: its holder died. */
const STALE_MS = 10_000;
/** Moments given ahead of time; who finds the schedule full asks again after it. */
const HORIZON = 120;

/**
 * Locks the tenant's row, which orders all that follows in this transaction. Creates it at the first call. Held is, besides
 * a tenant that a person holds, everything in a store that was restored or that nobody watches.
 */
export async function lockTenant(db: Queryable, tenant: string): Promise<{ heldWhy: string | null }> {
  const lock = () =>
    sql<{ held_why: string | null; held_by: string | null; distrust: string | null }>`
      select held_why, held_by, ${DISTRUST} as distrust
      from call_tenant where tenant = ${tenant} for update`.execute(db);
  let row = (await lock()).rows[0];
  if (row === undefined) {
    await sql`insert into call_tenant (tenant) values (${tenant}) on conflict do nothing`.execute(db);
    row = (await lock()).rows[0];
  }
  const distrust = row?.distrust ?? null;
  if (distrust !== null) return { heldWhy: distrustInWords(distrust) };
  return { heldWhy: row?.held_by ? (row.held_why ?? 'held') : null };
}

/**
 * Whether one of the tenant's requests at once is free. Asked without a lock first, so that those who wait for one do not
 * queue for the tenant's row with those who may go; who then takes it asks again under the lock.
 */
export async function leaseIsFree(db: Queryable, tenant: string, limits: CallLimits): Promise<boolean> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from call_lease
    where tenant = ${tenant} and slot <= ${limits.concurrent} and leased_until > clock_timestamp()`.execute(db);
  return Number(rows[0]?.n ?? 0) < limits.concurrent;
}

/** A free lease of the tenant's requests at once, or null. The tenant's row must be locked. */
export async function takeLease(db: Queryable, tenant: string, holder: string, limits: CallLimits): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into call_lease (tenant, slot, holder, leased_until)
    select ${tenant}, n, ${holder}, clock_timestamp() + ${limits.leaseMs} * interval '1 millisecond'
    from generate_series(1, ${limits.concurrent}::int) n
    where not exists (select 1 from call_lease l
      where l.tenant = ${tenant} and l.slot = n and l.leased_until > clock_timestamp())
    order by n limit 1
    on conflict (tenant, slot) do update set holder = excluded.holder, leased_until = excluded.leased_until
    `.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

/** Gives a lease back as soon as the request has ended. */
export async function freeLease(db: Queryable, tenant: string, holder: string): Promise<void> {
  await sql`update call_lease set leased_until = 'epoch', holder = null
    where tenant = ${tenant} and holder = ${holder}`.execute(db);
}

/**
 * The claim's turn in the tenant's schedule: 0 when it may call now (the turn is taken), else milliseconds until its
 * moment. A more urgent claim takes an earlier moment and moves the others back. The tenant's row must be locked.
 */
export async function takeTurn(db: Queryable, claim: CallClaim, limits: CallLimits): Promise<number> {
  const wait = await awaitTurn(db, claim, limits);
  if (wait === 0 && !(await dropTurn(db, claim))) await passMoment(db, claim, limits);
  return wait;
}

/** The same for who does something else before it calls: its turn, when it has come, stays there to be taken. */
export async function awaitTurn(db: Queryable, claim: CallClaim, limits: CallLimits): Promise<number> {
  const own = await sql<{ wait: string }>`
    select greatest(0, ceil(extract(epoch from
        greatest(s.moment, t.not_before) - clock_timestamp()) * 1000)) as wait
    from call_slot s join call_tenant t using (tenant)
    where s.tenant = ${claim.tenant} and s.holder = ${claim.holder}`.execute(db);
  const waiting = own.rows[0];
  if (waiting !== undefined) return Number(waiting.wait);
  const { rows } = await sql<{ wait: string; waiting: string }>`
    with stale as (delete from call_slot where tenant = ${claim.tenant}
      and moment < clock_timestamp() - ${STALE_MS} * interval '1 millisecond')
    select ceil(extract(epoch from greatest(next_moment, not_before) - clock_timestamp()) * 1000) as wait,
      (select count(*) from call_slot where tenant = ${claim.tenant} and moment > clock_timestamp()) as waiting
    from call_tenant where tenant = ${claim.tenant}`.execute(db);
  const wait = Number(rows[0]?.wait ?? 0);
  if (!(wait > 0)) return 0;
  if (Number(rows[0]?.waiting ?? 0) >= HORIZON) return wait;
  await queueUp(db, claim);
  await passMoment(db, claim, limits);
  return momentOf(db, claim);
}

/** The next moment of the schedule is given away. */
async function passMoment(db: Queryable, { tenant }: CallClaim, { ratePerSecond }: CallLimits): Promise<void> {
  await sql`update call_tenant set next_moment =
      greatest(next_moment, not_before, clock_timestamp()) + ${1000 / ratePerSecond} * interval '1 millisecond',
      calls_given = calls_given + 1
    where tenant = ${tenant}`.execute(db);
}

/** Puts the claim into the schedule and gives the moments still to come out again in order of priority. */
async function queueUp(db: Queryable, claim: CallClaim): Promise<void> {
  await sql`insert into call_slot (tenant, holder, rank, business_date, seq, moment)
    select tenant, ${claim.holder}, ${claim.rank}, ${claim.businessDate}::date, ${claim.seq}::bigint,
      greatest(next_moment, not_before)
    from call_tenant where tenant = ${claim.tenant}`.execute(db);
  await sql`
    with coming as (select * from call_slot where tenant = ${claim.tenant} and moment > clock_timestamp()),
    moments as (select moment, row_number() over (order by moment) as n from coming),
    turns as (select holder, row_number() over (order by rank, business_date, seq, holder) as n from coming)
    update call_slot s set moment = m.moment from moments m join turns t using (n)
    where s.tenant = ${claim.tenant} and s.holder = t.holder and s.moment <> m.moment`.execute(db);
}

async function momentOf(db: Queryable, claim: CallClaim): Promise<number> {
  const { rows } = await sql<{ wait: string }>`
    select greatest(1, ceil(extract(epoch from moment - clock_timestamp()) * 1000)) as wait from call_slot
    where tenant = ${claim.tenant} and holder = ${claim.holder}`.execute(db);
  return Number(rows[0]?.wait ?? 1);
}

/** Leaves the schedule; true when the claim stood in it. */
export async function dropTurn(db: Queryable, claim: Pick<CallClaim, 'tenant' | 'holder'>): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from call_slot where tenant = ${claim.tenant} and holder = ${claim.holder}`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}
