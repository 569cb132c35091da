/**
 * Noticing that the store is not the one it was: restored from a dump or a copy, set back in time, or a standby that was
 * promoted. A round of ours counts a beat in the store and keeps it in Temporal, which is not restored with the
 * store. A store behind that mark, or in another place than it was, is held; a store that nobody has compared lately is
 * not relied on either, so that a swap under running workers is seen before the first document leaves.
 */
import { sql, type Generated } from 'kysely';
import { readAuditHead } from './audit.js';
import type { Db, Queryable } from './database.js';

/** Where the store lies. A dump restored elsewhere has another one, a restored point in time another timeline. */
export interface Place {
  /** The cluster's own identifier, made once by initdb. */
  cluster: string;
  /** Number of the database in its cluster. */
  database: string;
  timeline: string;
}

/** What Temporal has seen of the store. It only rises. */
export interface Mark {
  beat: string;
  at: string;
  epoch: string;
  /** The end of the sealed audit trail: what an anchor outside the store knows of it. */
  audit: { sealNo: string; hash: string };
}

export interface WatchTables {
  store_watch: {
    one: Generated<boolean>;
    beat: string;
    beat_at: string | null;
    lease_until: string | null;
    place: Place | null;
    held_since: string | null;
    held_why: string | null;
    mark: Mark | null;
    restored_to: string | null;
  };
}
export type WatchRow = Omit<WatchTables['store_watch'], 'one'>;

export type Beat =
  { state: 'good'; mark: Mark } | { state: 'held'; why: string; since: string; isNew: boolean; restoredTo: string };

/** Case numbers that a restored store skips: those given after the backup are known to people and to sagas. */
const CASES_SKIPPED = 10_000;

/** Where the store lies; null where the server does not tell: then only the beat is compared. */
async function placeOf(db: Db): Promise<Place | null> {
  const read = sql<Place>`
    select (select system_identifier::text from pg_control_system()) as cluster,
      (select oid::text from pg_database where datname = current_database()) as database,
      substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as timeline`;
  return read.execute(db).then(
    ({ rows }) => rows[0] ?? null,
    () => null,
  );
}

export async function readWatch(q: Queryable): Promise<WatchRow | undefined> {
  return q.selectFrom('store_watch').selectAll().executeTakeFirst();
}

/**
 * Compares the store with what Temporal has seen of it and counts one beat; holds it when it is behind. A beat that was
 * counted and never reached Temporal (a crash between) is not counted again.
 * @param last what Temporal has seen; null for the first time. @param leaseMs how long the answer may be relied on.
 */
export async function takeBeat(db: Db, last: Mark | null, leaseMs: number): Promise<Beat> {
  const place = await placeOf(db);
  return db.transaction().execute(async (tx) => {
    await sql`insert into store_watch default values on conflict do nothing`.execute(tx);
    const row = await tx.selectFrom('store_watch').selectAll().forUpdate().executeTakeFirstOrThrow();
    if (row.held_since !== null) return heldAs(row, false);
    const why = behind(row, last, place);
    if (why !== null) return heldAs(await hold(tx, row, why, last), true);
    const counted = BigInt(row.beat);
    const seen = last === null ? counted : BigInt(last.beat);
    const beat = String(counted > seen ? counted : seen + 1n);
    const { rows } = await sql<{ at: string; epoch: string }>`
      update store_watch set beat = ${beat}, beat_at = clock_timestamp(),
        place = coalesce(${place === null ? null : JSON.stringify(place)}::jsonb, place),
        lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      returning beat_at as at, (select epoch from store_epoch) as epoch`.execute(tx);
    const { at = '', epoch = '' } = rows[0] ?? {};
    return { state: 'good', mark: { beat, at, epoch, audit: await readAuditHead(tx) } };
  });
}

const heldAs = (row: WatchRow, isNew: boolean): Beat => ({
  state: 'held',
  why: row.held_why ?? '',
  since: row.held_since ?? '',
  isNew,
  restoredTo: row.restored_to ?? row.beat_at ?? '',
});

const timeOf = (at: string | null): string => (at === null ? 'an unknown time' : at.replace(/\.\d+Z$/, 'Z'));

/** Why this is not the store that Temporal has seen; null when it is. */
function behind(row: WatchRow, last: Mark | null, place: Place | null): string | null {
  if (last !== null && BigInt(row.beat) < BigInt(last.beat))
    return `it is as it was at ${timeOf(row.beat_at)}, and it had been seen at ${timeOf(last.at)}`;
  const moved = place === null || row.place === null ? null : movedTo(row.place, place);
  return moved === null ? null : `${moved}; it was last seen at ${timeOf(row.beat_at)}`;
}

function movedTo(was: Place, is: Place): string | null {
  if (was.cluster !== is.cluster) return 'it lies in another PostgreSQL cluster than before';
  if (was.database !== is.database) return 'its database was made anew';
  return was.timeline === is.timeline
    ? null
    : `it goes on from an earlier point or on a standby (timeline ${is.timeline})`;
}

async function hold(tx: Queryable, row: WatchRow, why: string, last: Mark | null): Promise<WatchRow> {
  await sql`select setval('case_no', nextval('case_no') + ${CASES_SKIPPED})`.execute(tx);
  return tx
    .updateTable('store_watch')
    .set({
      held_since: sql<string>`clock_timestamp()`,
      held_why: why,
      mark: last === null ? null : sql`${JSON.stringify(last)}::jsonb`,
      restored_to: row.beat_at ?? sql<string>`clock_timestamp()`,
      lease_until: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Whether the store may be relied on. `restored`: held until `recover` has run. `unwatched`: nobody compared it lately. */
export type Reliance = { state: 'good' } | { state: 'restored' | 'unwatched'; why: string };

/**
 * Why nothing may be posted, started or written down, as an expression of SQL that can stand in any statement: null when
 * all is well. A store that was never watched is relied on: it is new, or nobody runs the rounds.
 */
export const DISTRUST = sql<string | null>`(
  select case
    when count(*) = 0 then 'unwatched: the store has lost its watch'
    when max(held_why) is not null then 'restored: ' || max(held_why)
    when max(beat) = 0 then null
    when max(lease_until) > clock_timestamp() and max(beat_at) <= clock_timestamp() + interval '1 minute' then null
    else 'unwatched: nobody has compared the store with its mark since ' || coalesce(max(beat_at)::text, 'ever')
  end from store_watch)`;

/** Whether the store may be relied on now. */
export async function reliance(q: Queryable): Promise<Reliance> {
  const { rows } = await sql<{ distrust: string | null }>`select ${DISTRUST} as distrust`.execute(q);
  const distrust = rows[0]?.distrust ?? null;
  if (distrust === null) return { state: 'good' };
  const [state, why] = cut(distrust);
  return { state, why };
}

/** A distrust as it came out of SQL, in words for a person. */
export const distrustInWords = (distrust: string): string => {
  const [state, why] = cut(distrust);
  return state === 'restored' ? restoredInWords(why) : why;
};

export const restoredInWords = (why: string): string =>
  `the store was restored (${why}); selvedge recover looks everything up again and releases it`;

function cut(distrust: string): ['restored' | 'unwatched', string] {
  const at = distrust.indexOf(': ');
  return [distrust.startsWith('restored') ? 'restored' : 'unwatched', distrust.slice(at + 2)];
}

/** A person says that the store was set back to a moment: it is held as one that was found behind. */
export async function holdWatch(db: Db, said: { why: string; restoredTo: string }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('store_watch').selectAll().forUpdate().executeTakeFirstOrThrow();
    if (row.held_since === null) await hold(tx, { ...row, beat_at: said.restoredTo }, said.why, row.mark);
  });
}

/** The store is as it must be: it has a new epoch, goes on from the mark it was behind, and is relied on again. */
export async function releaseWatch(tx: Queryable): Promise<void> {
  await sql`update store_watch set beat = greatest(beat, coalesce((mark ->> 'beat')::bigint, 0)), beat_at = clock_timestamp(),
    held_since = null, held_why = null, mark = null, restored_to = null, place = null, lease_until = null`.execute(tx);
}
