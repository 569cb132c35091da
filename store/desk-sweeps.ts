/** What the sweeps of the desk read and write: decisions their saga has not recorded, clocks, webhook hints. */
import { sql } from 'kysely';
import type { Db, Queryable } from './database.js';
import type { DecisionRow } from './desk-decision-rows.js';
import { refuse } from './desk-verdicts.js';

/** Noted when a decision was handed to its saga; it is sent again until the saga has recorded it. */
export async function noteSent(q: Queryable, decisionId: string): Promise<void> {
  await sql`
    update decision set sent_to_saga_at = clock_timestamp(), sends = sends + 1 where id = ${decisionId}`.execute(q);
}

/** Decisions stored at the desk door, older than `olderThanMs`, that their saga has not recorded and were not sent since. */
export async function unrecordedDecisions(
  q: Queryable,
  olderThanMs: number,
  limit = 200,
): Promise<{ id: string; workflowId: string; sends: number }[]> {
  const { rows } = await sql<{ id: string; workflowId: string; sends: number }>`
    select id, workflow_id as "workflowId", sends from decision
    where state = 'stored' and door = 'desk'
      and greatest(created_at, coalesce(sent_to_saga_at, created_at))
          < clock_timestamp() - ${olderThanMs} * interval '1 millisecond'
    order by created_at limit ${limit}`.execute(q);
  return rows;
}

/** A stored decision whose saga has ended: refused, and said so where it is read. */
export async function refuseStored(db: Db, decisionId: string, why: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row: DecisionRow | undefined = await tx
      .selectFrom('decision')
      .selectAll()
      .where('id', '=', decisionId)
      .where('state', '=', 'stored')
      .forUpdate()
      .executeTakeFirst();
    if (row !== undefined) await refuse(tx, undefined, row, why);
  });
}

/** How one decision stands now. */
export async function decisionState(q: Queryable, id: string): Promise<DecisionRow | undefined> {
  return q.selectFrom('decision').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface EndedClock {
  timer: string;
  startedAt: string;
  dueAt: string | null;
  endedAt: string;
  end: 'met' | 'missed' | 'cancelled';
}
/** Notes how clocks ended, for RP-13. The same clock noted again (a reset) keeps its first record. */
export async function recordClocks(q: Queryable, workflowId: string, clocks: readonly EndedClock[]): Promise<void> {
  if (clocks.length === 0) return;
  await q
    .insertInto('clock')
    .values(
      clocks.map((clock) => ({
        workflow_id: workflowId,
        timer: clock.timer,
        started_at: clock.startedAt,
        due_at: clock.dueAt,
        ended_at: clock.endedAt,
        end: clock.end,
      })),
    )
    .onConflict((c) => c.columns(['workflow_id', 'timer', 'started_at']).doNothing())
    .execute();
}

/** Keeps a webhook's hint; false when this event was received before. */
export async function keepHint(
  q: Queryable,
  hint: { source: string; eventId: string; type: string; seq: number },
): Promise<boolean> {
  const row = await q
    .insertInto('webhook_hint')
    .values({ source: hint.source, event_id: hint.eventId, type: hint.type, seq: String(hint.seq) })
    .onConflict((c) => c.doNothing())
    .returning('event_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Older hints are refused by their time stamp before anybody looks here (config/archean.yaml, webhookTolerance). */
const HINTS_KEPT = sql`interval '1 day'`;

/** Forgets webhooks that are too old to be sent again; answers how many. */
export async function forgetHints(q: Queryable): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_hint where received_at < clock_timestamp() - ${HINTS_KEPT}`.execute(q);
  return Number(numAffectedRows ?? 0n);
}
