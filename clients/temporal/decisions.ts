/** Deciding an open question from a program; people use the desk door, where their identity is proven. */
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { causeSolved, decideSignal, decideUpdate, nudge } from '../../workflows/messages.js';
import { intakeId } from '../../workflows/intake/contract.js';

export interface DecisionMessage {
  question: string;
  asking: number;
  choice: string;
  why: string;
  /** Digest of what was shown, from the question itself; needed wherever money or stock moves. */
  shown: string;
  /** Who decides. Sent this way it is a claim, not a proof. */
  by: string;
  data?: Record<string, string>;
}

/** A decision that changed nothing; the message says why, for the person who sent it. */
export class DecisionRefused extends Error {}

/**
 * Sends a decision as an update and answers what became of it.
 * @throws DecisionRefused with the reason when it changes nothing.
 */
export async function decide(client: Client, workflowId: string, decision: DecisionMessage): Promise<string> {
  try {
    return await client.workflow.getHandle(workflowId).executeUpdate(decideUpdate, { args: [decision] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw new DecisionRefused(error.cause?.message ?? error.message);
    if (error instanceof WorkflowNotFoundError)
      throw new DecisionRefused(`${workflowId} has ended or is not known: nothing can be decided there.`);
    throw error;
  }
}

/** Sends the id of a decision that the desk door has stored with proven identity. */
export async function sendDecision(
  client: Client,
  workflowId: string,
  decision: { decisionId: string },
): Promise<void> {
  await client.workflow.getHandle(workflowId).signal(decideSignal, decision);
}

/** Tells a held saga that the cause it waits for has gone. */
export async function signalCauseSolved(
  client: Client,
  workflowId: string,
  solved: { code: string; cause: string },
): Promise<void> {
  await client.workflow.getHandle(workflowId).signal(causeSolved, solved);
}

/** Makes a feed read now instead of at the end of its sleep. */
export async function nudgeFeed(client: Client, feed: string): Promise<void> {
  await client.workflow.getHandle(intakeId(feed)).signal(nudge);
}
