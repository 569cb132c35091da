/** What begins and ends the recovery of a store that was set back. One runs at a time; killed, it leaves its place. */
import { sql } from 'kysely';
import { appendAudit, readAuditHead } from './audit.js';
import type { Db } from './database.js';
import { endCase } from './desk-cases.js';
import { OPEN_STATES } from './desk.js';
import { readEpoch, renewEpoch } from './epoch.js';
import { readWatch, releaseWatch, type WatchRow } from './watch.js';

/** Names the one case of a restored store. */
export const RESTORED = { workflowId: 'store:restored', code: 'X-58' } as const;

/** Runs `work` unless another recovery is at work; answers false then. The place is the connection's: it ends with it. */
export function aloneInRecovery(db: Db, work: () => Promise<void>): Promise<boolean> {
  return db.connection().execute(async (place) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_lock(hashtextextended('selvedge recover', 0)) as mine`.execute(place);
    if (rows[0]?.mine !== true) return false;
    try {
      await work();
      return true;
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended('selvedge recover', 0))`.execute(place);
    }
  });
}

/** The store was set back once more while it was brought up to date: what was written is gone. */
export class SetBackAgain extends Error {}

export interface Released {
  epoch: string;
  /** Sealed audit rows that the restore has lost, with the hash of the last; null when none is known to be. */
  lostAudit: { from: string; to: string; hash: string } | null;
}

/** Gives the store a new epoch, closes its case, writes down what was done, and relies on it again: in one transaction. */
export function endRecovery(
  db: Db,
  held: WatchRow,
  done: { by: string; why: string; detail: Record<string, unknown> },
): Promise<Released> {
  return db.transaction().execute(async (tx) => {
    await sql`select 1 from store_watch for update`.execute(tx);
    const now = await readWatch(tx);
    if (now?.held_since !== held.held_since)
      throw new SetBackAgain('the store was set back again meanwhile; run selvedge recover once more');
    const head = await readAuditHead(tx);
    const marked = held.mark?.audit ?? null;
    const lostAudit =
      marked !== null && BigInt(marked.sealNo) > BigInt(head.sealNo)
        ? { from: String(BigInt(head.sealNo) + 1n), to: marked.sealNo, hash: marked.hash }
        : null;
    const before = await readEpoch(tx);
    const epoch = await renewEpoch(tx);
    await appendAudit(tx, {
      ...{ actor: done.by, identity: 'proven', action: 'recover-store', subject: 'store', why: done.why },
      detail: { ...done.detail, before, epoch, found: held.held_why, restoredTo: held.restored_to, lostAudit },
    });
    const cases = await tx
      .selectFrom('case')
      .selectAll()
      .where('workflow_id', '=', RESTORED.workflowId)
      .where('state', 'in', [...OPEN_STATES])
      .execute();
    for (const row of cases) await endCase(tx, row, 'auto-resolved', 'condition gone', 'the store was recovered');
    await releaseWatch(tx);
    return { epoch, lostAudit };
  });
}
