/** How activities and ingress reach sagas: thin adapters over clients/temporal. */
import type { ReturnToHandOn } from '../activities/intake/index.js';
import type { Client } from '@temporalio/client';
import {
  describe,
  handOnMovement,
  handOnReturn,
  nudgeFeed,
  sendDecision,
  signalCauseSolved,
} from '../clients/temporal/index.js';

/** Hands inbox rows on to their sagas. */
export const sagaStarter = (client: Client) => ({
  handOnReturn: ({ returnNo, version, openWorkflowId, finished }: ReturnToHandOn): Promise<string> =>
    handOnReturn(client, { source: 'archean', returnNo }, version, { openWorkflowId, finished }),
  handOnMovement: async ({ returnNo, movementId }: { returnNo: string; movementId: string }): Promise<string> =>
    handOnMovement(client, { source: 'archean', returnNo }, movementId),
});

/** What the desk door and the sweeps tell sagas. */
export const sagaDoor = (client: Client) => ({
  sendDecision: (workflowId: string, decision: { decisionId: string }) => sendDecision(client, workflowId, decision),
  signalCauseSolved: (workflowId: string, solved: { code: string; cause: string }) =>
    signalCauseSolved(client, workflowId, solved),
  nudgeFeed: (feed: string) => nudgeFeed(client, feed),
  describe: (workflowId: string) => describe(client, workflowId),
});
