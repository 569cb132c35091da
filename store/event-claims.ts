/** Who handles a business object: every door ends at the same claim, so an event has effect once (design: from event to saga). */
import { sql } from 'kysely';
import type { Db, Queryable } from './database.js';
import { lockFor } from './locks.js';

/** A business object at its source, and the lowest version a workflow is for: 1, or what a reversal handles. */
export interface ClaimKey {
  source: string;
  kind: string;
  key: string;
  version: number;
}

export type ClaimState =
  /** `earlier`: workflows that finished earlier versions of the object. */
  | { state: 'mine'; earlier: string[] }
  | { state: 'finished'; workflowId: string; result: unknown; clocks: unknown }
  | { state: 'other'; workflowId: string };

/**
 * Claims an object for a workflow. Asked again by the same workflow it is still its own until it has finished. One
 * workflow at a time holds an object, whatever the version: whoever holds it takes later versions too, and what it
 * finished with covers every version up to the newest it had seen.
 */
export function claimObject(db: Db, claim: ClaimKey & { workflowId: string }): Promise<ClaimState> {
  const { source, kind, key, version, workflowId } = claim;
  return db.transaction().execute(async (tx) => {
    await lockFor(tx, 'event', [`${source}/${kind}/${key}`]);
    const rows = await tx
      .selectFrom('event_claim')
      .select(['version', 'workflow_id', 'finished_at', 'finished_version', 'result', 'clocks'])
      .where('source', '=', source)
      .where('kind', '=', kind)
      .where('key', '=', key)
      .orderBy('version')
      .execute();
    const done = rows.find((row) => row.finished_at !== null && covers(row, version));
    if (done !== undefined) {
      const { workflow_id, result, clocks } = done;
      return { state: 'finished', workflowId: workflow_id, result, clocks };
    }
    const holder = rows.find((row) => row.finished_at === null);
    if (holder !== undefined && holder.workflow_id !== workflowId)
      return { state: 'other', workflowId: holder.workflow_id };
    if (holder === undefined) {
      const open = { finished_at: null, finished_version: null, result: null, clocks: null };
      await tx
        .insertInto('event_claim')
        .values({ source, kind, key, version, workflow_id: workflowId, ...open })
        .execute();
    }
    return { state: 'mine', earlier: rows.filter((row) => row !== holder).map((row) => row.workflow_id) };
  });
}

/** From the version it was for to the newest one it had seen when it ended. */
const covers = (row: { version: number; finished_version: number | null }, version: number): boolean =>
  row.version === version || (row.version < version && version <= (row.finished_version ?? row.version));

/**
 * Ends a claim with its result, unless the inbox holds a version later than the newest one the workflow has seen.
 * The lock is the one that inserting a version takes: a version is either seen here, or finds the claim finished.
 * Ending twice keeps the first result.
 * @throws Error when the workflow does not hold the claim.
 */
export function finishClaim(
  db: Db,
  claim: Omit<ClaimKey, 'version'> & { workflowId: string; seen: number; result: unknown; clocks: unknown },
): Promise<{ done: true } | { done: false; newer: number }> {
  return db.transaction().execute(async (tx) => {
    await lockFor(tx, 'event', [`${claim.source}/${claim.kind}/${claim.key}`]);
    const held = await tx
      .selectFrom('event_claim')
      .select(['version', 'finished_at'])
      .where('source', '=', claim.source)
      .where('kind', '=', claim.kind)
      .where('key', '=', claim.key)
      .where('workflow_id', '=', claim.workflowId)
      .executeTakeFirst();
    if (held === undefined)
      throw new Error(`${claim.workflowId} holds no claim on ${claim.source} ${claim.kind} ${claim.key}`);
    if (held.finished_at !== null) return { done: true };
    const newest = await tx
      .selectFrom('event')
      .select(({ fn }) => fn.max('version').as('version'))
      .where('source', '=', claim.source)
      .where('kind', '=', claim.kind)
      .where('source_id', '=', claim.key)
      .where('state', 'in', ['new', 'started'])
      .executeTakeFirst();
    const newer = newest?.version ?? 0;
    if (newer > claim.seen) return { done: false, newer };
    await tx
      .updateTable('event_claim')
      .set({
        finished_at: sql<string>`clock_timestamp()`,
        finished_version: claim.seen,
        result: JSON.stringify(claim.result ?? null),
        clocks: JSON.stringify(claim.clocks ?? []),
      })
      .where('source', '=', claim.source)
      .where('kind', '=', claim.kind)
      .where('key', '=', claim.key)
      .where('version', '=', held.version)
      .execute();
    return { done: true };
  });
}

/** Where an object stands: the workflow that holds it now, if any, and whether an earlier one has finished it. */
export async function holderOf(
  q: Queryable,
  object: { source: string; kind: string; key: string },
): Promise<{ openWorkflowId: string | null; finished: boolean }> {
  const rows = await q
    .selectFrom('event_claim')
    .select(['workflow_id', 'finished_at'])
    .where('source', '=', object.source)
    .where('kind', '=', object.kind)
    .where('key', '=', object.key)
    .orderBy('version', 'desc')
    .execute();
  return {
    openWorkflowId: rows.find((row) => row.finished_at === null)?.workflow_id ?? null,
    finished: rows.some((row) => row.finished_at !== null),
  };
}

export interface OpenClaim extends ClaimKey {
  workflowId: string;
  claimedAt: string;
}

/** Unfinished claims taken more than `olderThanMs` ago, oldest first. */
export async function openClaims(q: Queryable, options: { olderThanMs: number; limit: number }): Promise<OpenClaim[]> {
  return q
    .selectFrom('event_claim')
    .select(['source', 'kind', 'key', 'version', 'workflow_id as workflowId', 'claimed_at as claimedAt'])
    .where('finished_at', 'is', null)
    .where('claimed_at', '<', sql<string>`clock_timestamp() - make_interval(secs => ${options.olderThanMs / 1000})`)
    .orderBy('claimed_at')
    .limit(options.limit)
    .execute();
}

/**
 * Unfinished claims whose workflow is closed (terminated by an operator): nobody would go on with them by himself.
 * @param isClosed asks Temporal about one workflow.
 */
export async function orphanClaims(
  q: Queryable,
  isClosed: (workflowId: string) => Promise<boolean>,
  options: { olderThanMs: number; limit: number },
): Promise<OpenClaim[]> {
  const orphans: OpenClaim[] = [];
  for (const claim of await openClaims(q, options)) if (await isClosed(claim.workflowId)) orphans.push(claim);
  return orphans;
}
