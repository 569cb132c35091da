/** Which saga has taken up a business object, and whether it has finished it. */
import type { Queryable } from '../store/database.js';

export interface ClaimRead {
  source: string;
  kind: string;
  key: string;
  workflowId: string;
  claimedAt: string;
  finished: boolean;
  finishedAt: string | null;
  /** What the saga ended with. */
  result: unknown;
}

const columns = ['source', 'kind', 'key', 'workflow_id', 'claimed_at', 'finished_at', 'result'] as const;

const toClaim = (row: {
  source: string;
  kind: string;
  key: string;
  workflow_id: string;
  claimed_at: string;
  finished_at: string | null;
  result: unknown;
}): ClaimRead => ({
  source: row.source,
  kind: row.kind,
  key: row.key,
  workflowId: row.workflow_id,
  claimedAt: row.claimed_at,
  finished: row.finished_at !== null,
  finishedAt: row.finished_at,
  result: row.result,
});

/** The claim a workflow holds or held; undefined when it never got that far. */
export async function claimOf(q: Queryable, workflowId: string): Promise<ClaimRead | undefined> {
  const row = await q
    .selectFrom('event_claim')
    .select(columns)
    .where('workflow_id', '=', workflowId)
    .executeTakeFirst();
  return row && toClaim(row);
}

/** Claims of these workflows, in the order they were taken. */
export async function claimsOf(q: Queryable, workflowIds: readonly string[]): Promise<ClaimRead[]> {
  if (workflowIds.length === 0) return [];
  const rows = await q
    .selectFrom('event_claim')
    .select(columns)
    .where('workflow_id', 'in', [...workflowIds])
    .orderBy('claimed_at')
    .execute();
  return rows.map(toClaim);
}
