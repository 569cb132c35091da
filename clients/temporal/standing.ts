/** The long-lived workflows that every installation runs: one intake per feed and the standing rounds. */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { intakeId } from '../../workflows/intake/contract.js';
import { nudge } from '../../workflows/messages.js';
import { Round, standingId } from '../../workflows/standing/contract.js';

/** A queue apart from the sagas': a thousand of them in line must never keep settle or a feed waiting. */
export const STANDING_QUEUE = 'standing';

async function ensure(client: Client, type: string, workflowId: string, input: object, summary: string): Promise<void> {
  try {
    await client.workflow.start(type, {
      taskQueue: STANDING_QUEUE,
      workflowId,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: summary,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Starts what is not running: every feed's intake and every standing round. Safe to call at any time. */
export async function ensureStanding(client: Client, feeds: readonly string[]): Promise<void> {
  for (const feed of feeds) await ensure(client, 'intakeFeed', intakeId(feed), { feed }, `Intake of ${feed}`);
  for (const round of Round.options) {
    await ensure(client, 'standingRound', standingId(round), { round }, `Standing round: ${round}`);
  }
}

/** Has a standing round go at once instead of at the end of its sleep. */
export const nudgeStanding = (client: Client, round: Round): Promise<void> =>
  client.workflow.getHandle(standingId(round)).signal(nudge);
