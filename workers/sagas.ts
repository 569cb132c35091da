/** How activities and ingress reach sagas: thin adapters over clients/temporal. */
import type { ObjectKey } from '../activities/intake/contract.js';
import type { Starter } from '../activities/intake/index.js';
import type { Client } from '@temporalio/client';
import {
  describe,
  handOnMovement,
  handOnVersion,
  nudgeFeed,
  sendDecision,
  signalCauseSolved,
} from '../clients/temporal/index.js';
import type { Process } from '../workflows/process.js';
import { processFor } from '../workflows/processes.js';

function processOf({ source, kind }: Pick<ObjectKey, 'source' | 'kind'>): Process {
  const process = processFor(source, kind);
  if (process === undefined) throw new Error(`no process is for ${kind} of ${source}`);
  return process;
}

/** Hands inbox rows on to their sagas. */
export const sagaStarter = (client: Client): Starter => ({
  handOnVersion: ({ key, version, openWorkflowId, finished, ...object }) =>
    handOnVersion(client, processOf(object), key, version, { openWorkflowId, finished }),
  handOnMovement: ({ key, movementId, ...object }) => handOnMovement(client, processOf(object), key, movementId),
});

/** What the desk door and the sweeps tell sagas. */
export const sagaDoor = (client: Client) => ({
  sendDecision: (workflowId: string, decision: { decisionId: string }) => sendDecision(client, workflowId, decision),
  signalCauseSolved: (workflowId: string, solved: { code: string; cause: string }) =>
    signalCauseSolved(client, workflowId, solved),
  nudgeFeed: (feed: string) => nudgeFeed(client, feed),
  describe: (workflowId: string) => describe(client, workflowId),
});
