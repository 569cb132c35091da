/**
 * The desk's sweeps (design.md 6): what a crash, a termination or a lost signal left behind is put right. Each is a
 * function of its own and safe to run at any time, twice, or beside itself.
 */
import {
  clearCase,
  closeCasesOf,
  raiseCase,
  workflowsWithOpenCases,
  type RaisedCase,
} from '../../store/desk-raised.js';
import { causesInUse, heldWorkflows } from '../../store/desk-causes.js';
import { forgetHints, noteSent, refuseStored, unrecordedDecisions } from '../../store/desk-sweeps.js';
import { resolveTimer } from '../../domain/case-clocks.js';
import type { ExceptionCode } from '../../domain/failures.js';
import { dropEnded, releaseCause } from './causes.js';
import type { DeskDeps, UnfinishedClaim } from './deps.js';

export interface RoundDone {
  /** What the round found and did, for the Web UI. */
  note: string;
  sleepMs: number;
}

/** Workflows looked at in one round; the next round goes on with the others. */
const MOST_LOOKED_AT = 300;
/** Where the next look at unfinished claims begins; forgotten by a restart, which does no harm. */
export interface SweepCursor {
  claims: number;
}
/** What was ended from outside may be missing in the ERP: a return without its credit, anything else without its entry. */
const orphanOf = (process: string): ExceptionCode => (process.startsWith('return-to-stock') ? 'X-37' : 'X-01');

/** All sweeps once. Orphaned claims come first: their case is open before their questions are swept away. */
export async function sweepDesk(deps: DeskDeps, cursor: SweepCursor): Promise<RoundDone> {
  const claims = await deps.unfinishedClaims();
  const orphans = await raiseOrphanClaims(deps, claims, cursor);
  const ended = await closeCasesOfEndedWorkflows(deps, claims);
  const woken = await wakeHoldsWhoseCauseIsGone(deps);
  const resent = await resendUnrecordedDecisions(deps);
  await forgetHints(deps.db);
  const failed = woken.failed + resent.failed;
  const parts = [
    `${orphans} orphaned claims`,
    `${ended} cases of ended sagas closed`,
    `${woken.done} held sagas woken`,
    `${resent.done} decisions sent again`,
    ...(failed === 0 ? [] : [`${failed} could not be reached and are tried in the next round`]),
  ];
  return {
    note: parts.join(', '),
    sleepMs: deps.sweepMs,
  };
}

/** An unfinished claim whose saga was ended from outside becomes a case; it closes when the saga runs again. */
export async function raiseOrphanClaims(
  deps: DeskDeps,
  claims: readonly UnfinishedClaim[],
  cursor: SweepCursor,
): Promise<number> {
  if (cursor.claims >= claims.length) cursor.claims = 0;
  const looked = claims.slice(cursor.claims, cursor.claims + MOST_LOOKED_AT);
  cursor.claims += looked.length;
  const suspects: UnfinishedClaim[] = [];
  for (const claim of looked) {
    if ((await deps.sagas.describe(claim.workflowId)) !== 'running') suspects.push(claim);
  }
  if (suspects.length === 0) return 0;
  // A saga finishes its claim before it closes: what is seen closed now may have been about to finish before.
  const still = new Set((await deps.unfinishedClaims()).map(({ workflowId }) => workflowId));
  const orphans = suspects.filter(({ workflowId }) => still.has(workflowId));
  for (const claim of orphans) {
    const raised = orphanCase(claim);
    await raiseCase(deps.db, raised, deps.due(resolveTimer(raised.code), new Date().toISOString()));
  }
  return orphans.length;
}

const orphanCase = (claim: UnfinishedClaim): RaisedCase => ({
  ...claim,
  kind: 'orphan',
  code: orphanOf(claim.process),
  title: `${claim.businessKey} was taken up by ${claim.workflowId}, which was ended before it finished`,
  expected: 'a finished saga',
  actual: 'its workflow is closed or gone and nothing finishes the claim',
  amount: null,
  units: 0,
  steps: [
    `See what was posted: selvedge find ${claim.businessKey}.`,
    `Restart: selvedge retry ${claim.workflowId} goes on where it stopped; nothing posts twice.`,
    'Done by hand: restart it all the same and answer "already entered" with the number of the document.',
  ],
});

/** Closes question and raised cases whose workflow has ended, and says so; an orphan's case when it is one no more. */
export async function closeCasesOfEndedWorkflows(deps: DeskDeps, claims: readonly UnfinishedClaim[]): Promise<number> {
  const unfinished = new Set(claims.map((claim) => claim.workflowId));
  let closed = 0;
  for (const workflowId of await workflowsWithOpenCases(deps.db, MOST_LOOKED_AT)) {
    const state = await deps.sagas.describe(workflowId);
    if (state === 'running' || !unfinished.has(workflowId)) {
      const note = state === 'running' ? 'the saga runs again' : 'the saga has finished';
      await clearCase(deps.db, { workflowId, code: orphanOf(workflowId), kind: 'orphan', note });
    }
    if (state === 'running') continue;
    const how = state === 'closed' ? 'has ended' : 'is gone';
    closed += await closeCasesOf(deps.db, workflowId, `closed by the sweep: its saga ${how}`);
  }
  return closed;
}

/** What one part of a sweep did, and how many it could not reach; those are left for the next round. */
interface Reached {
  done: number;
  failed: number;
}

/** Does `work` for each, so that one saga that cannot be reached does not keep the others waiting. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<number>): Promise<Reached> {
  const reached = { done: 0, failed: 0 };
  for (const item of items) {
    try {
      reached.done += await work(item);
    } catch {
      reached.failed += 1;
    }
  }
  return reached;
}

/** Wakes sagas whose cause has gone without a signal reaching them, and drops places of sagas that have ended. */
export async function wakeHoldsWhoseCauseIsGone(deps: DeskDeps): Promise<Reached> {
  const causes = await causesInUse(deps.db);
  if (causes.some(({ cause }) => OF_ITEM_MASTER.test(cause))) await refreshed(deps);
  return each(causes, async (key) => {
    const woken = await releaseCause(deps, key);
    await dropEnded(deps, key, await heldWorkflows(deps.db, key));
    return woken.length;
  });
}

/** Causes that go away by a change of the ERP's item master. */
const OF_ITEM_MASTER = /^(sku|pack) /;

/** The ERP may be away: then the next round tries again, and the other causes are looked at all the same. */
const refreshed = (deps: DeskDeps): Promise<void> => deps.refreshItems?.().catch(() => undefined) ?? Promise.resolve();

/** Sends decisions again that the desk door stored and their saga has not recorded; refuses those of ended sagas. */
export async function resendUnrecordedDecisions(deps: DeskDeps): Promise<Reached> {
  return each(await unrecordedDecisions(deps.db, deps.sweepMs), async ({ id, workflowId }) => {
    try {
      await deps.sagas.sendDecision(workflowId, { decisionId: id });
    } catch (error) {
      if ((await deps.sagas.describe(workflowId)) === 'running') throw error;
      const why = `The saga ${workflowId} has ended: nothing can be decided there any more.`;
      await refuseStored(deps.db, id, why);
      return 0;
    }
    await noteSent(deps.db, id);
    return 1;
  });
}
