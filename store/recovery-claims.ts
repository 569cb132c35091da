/** Claims, grants and inbox rows of a store that was set back, as sagas tell of them. Said again: nothing. */
import { sql } from 'kysely';
import {
  forgetGivenBack,
  giveBackGrants,
  grantsOf,
  insertWishes,
  writeGrant,
  type Wish,
  type WrittenGrant,
} from './claims.js';
import type { Db, Queryable } from './database.js';
import { lockFor } from './locks.js';
import {
  addExtra,
  holdingsOn,
  lockOrder,
  releaseUnits,
  writeClaim,
  type DeliveryKey,
  type StoredGrant,
} from './receipts.js';

export interface ToldClaim {
  source: string;
  kind: string;
  key: string;
  version: number;
  workflowId: string;
  claimedAt: string;
  /** How it ended; null while it goes on. */
  finished: { at: string; version: number; result: unknown; clocks: unknown } | null;
}

/** What the store lacks of a claim: all of it, its end, or nothing. */
export async function claimLacks(q: Queryable, told: ToldClaim): Promise<'claim' | 'end' | null> {
  const row = await q
    .selectFrom('event_claim')
    .select(['workflow_id', 'finished_at'])
    .where('source', '=', told.source)
    .where('kind', '=', told.kind)
    .where('key', '=', told.key)
    .where('version', '=', told.version)
    .executeTakeFirst();
  if (row === undefined) return 'claim';
  return told.finished !== null && row.finished_at === null && row.workflow_id === told.workflowId ? 'end' : null;
}

/** Writes a claim as it is told. */
export async function restoreClaim(db: Db, told: ToldClaim): Promise<'claim' | 'end' | null> {
  const { source, kind, key, version, workflowId, finished } = told;
  return db.transaction().execute(async (tx) => {
    await lockFor(tx, 'event', [`${source}/${kind}/${key}`]);
    const lacks = await claimLacks(tx, told);
    if (lacks === 'claim') {
      const open = { finished_at: null, finished_version: null, result: null, clocks: null };
      const row = { source, kind, key, version, workflow_id: workflowId, claimed_at: told.claimedAt, ...open };
      await tx.insertInto('event_claim').values(row).execute();
    }
    if (lacks === null || finished === null) return lacks;
    await tx
      .updateTable('event_claim')
      .set({
        finished_at: finished.at,
        finished_version: finished.version,
        result: JSON.stringify(finished.result ?? null),
        clocks: JSON.stringify(finished.clocks ?? []),
      })
      .where('source', '=', source)
      .where('kind', '=', kind)
      .where('key', '=', key)
      .where('version', '=', version)
      .execute();
    return lacks;
  });
}

/** Rows of the inbox that a saga has seen are handed on. Answers how many. */
export async function markSeen(
  db: Db,
  seen: { source: string; kind: string; key: string; version: number; workflowId: string },
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('event')
    .set({ state: 'started', saga_id: seen.workflowId })
    .where('source', '=', seen.source)
    .where('kind', '=', seen.kind)
    .where('source_id', '=', seen.key)
    .where('version', '<=', seen.version)
    .where('state', '=', 'new')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** The recorded grants of one version of a return; those of earlier versions are given back. Answers how many were missing. */
export function restoreGrants(
  db: Db,
  { source, returnNo, version }: { source: string; returnNo: string; version: number },
  wishes: readonly Wish[],
  grants: readonly WrittenGrant[],
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await lockFor(
      tx,
      'order-line',
      grants.map(({ orderNo, orderLine }) => `${orderNo}/${orderLine}`),
    );
    await insertWishes(tx, wishes);
    await giveBackGrants(tx, { source, returnNo, why: `version ${version} took its place`, before: version });
    await forgetGivenBack(tx, source, returnNo, version);
    const before = (await grantsOf(tx, source, returnNo, version)).length;
    for (const grant of grants) await writeGrant(tx, grant);
    return (await grantsOf(tx, source, returnNo, version)).length - before;
  });
}

/** The recorded grants of a delivery: its first claim, what was refused of it, what it took since. */
export function restoreReceipt(
  db: Db,
  key: DeliveryKey,
  poNo: string,
  told: { grants: readonly StoredGrant[]; refused: readonly StoredGrant[]; extra: readonly StoredGrant[] },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await lockOrder(tx, poNo);
    const held = async () => (await holdingsOn(tx, poNo)).get(`${key.source}/${key.goodsInNo}`);
    const missing = (await held())?.version !== key.version;
    if (missing) await writeClaim(tx, key, poNo, told.grants);
    await releaseUnits(tx, key, poNo, told.refused);
    const before = (await held())?.extra ?? [];
    const more = told.extra
      .map((grant) => ({ ...grant, units: grant.units - unitsOf(before, grant) }))
      .filter(({ units }) => units > 0);
    await addExtra(tx, key, poNo, more);
    return missing || more.length > 0;
  });
}

const unitsOf = (held: readonly StoredGrant[], { lineNo, poLine, item }: StoredGrant): number =>
  held.find((one) => one.lineNo === lineNo && one.poLine === poLine && one.item === item)?.units ?? 0;

/** Case numbers that sagas tell of are not given again. */
export async function skipCaseNumbers(db: Db, highest: number): Promise<void> {
  await sql`select setval('case_no', greatest((select last_value from case_no), ${highest}))`.execute(db);
}
