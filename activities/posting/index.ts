/** The verbs of posting that belong to no system, registered as `postings.*`. */
import { blueCherryErp, type BlueCherryDeps } from '../blue-cherry/erp.js';
import type { Postings } from './contract.js';
import { reversedByHand } from './by-hand.js';
import { decide } from './decide.js';
import type { PostingDeps } from './deps.js';
import { forbid } from './forbid.js';
import { postedUnder } from './posted-under.js';

/** What posting needs, from what a worker has. */
export const postingDepsOf = (deps: BlueCherryDeps): PostingDeps => ({ ...deps, erp: blueCherryErp(deps) });

/** Registered as `postings.*` on the queue `store`. */
export function createPostingActivities(deps: BlueCherryDeps): Postings {
  const posting = postingDepsOf(deps);
  return {
    postedUnder: ({ workflowIds }) => postedUnder(posting, workflowIds),
    decide: (decision) => decide(posting, decision),
    forbid: (input) => forbid(posting, input),
    reversedByHand: (input) => reversedByHand(posting, input),
  };
}
