/** What brings a restored store up to date, built from configuration as a worker is. */
import type { RecoverDeps } from '../activities/recover/index.js';
import { postingDepsOf } from '../activities/posting/index.js';
import { toldSagas } from '../clients/temporal/index.js';
import { clockFor } from '../domain/timers.js';
import { PROCESSES } from '../workflows/processes.js';
import { postingAndIntake, type ActivityParts } from './activities.js';
import { policyOf } from './desk.js';

/** Workflow types of every process: its objects' sagas and those of later versions. */
const TYPES = PROCESSES.flatMap(({ workflow, changedWorkflow }) => [workflow, changedWorkflow]);

export function recoveryOf(parts: ActivityParts, say: (line: string) => void): RecoverDeps {
  const { posting, intake } = postingAndIntake(parts);
  const policy = policyOf(parts.config);
  return {
    posting: postingDepsOf(posting),
    intake,
    due: (timer, at) => clockFor(policy, timer, at),
    tell: (since, verbs) => toldSagas(parts.client, { types: TYPES, verbs, since }),
    say,
  };
}
