/** What was stopped on its way: by a later version, a cancel request, or an earlier run of the same saga. */
import type { Outcome, PostedStep, Posting } from './postings.js';
import type { Run } from './saga/run.js';
import { postings, tell } from './systems.js';

/**
 * Forbids it. What the ERP took of it before stands all the same: then the saga is past its pivot and knows of it. So it
 * is with one of which nobody can say whether the ERP has it: a saga that ended over it would say that nothing posted.
 */
export async function stopRefused(run: Run, posting: Posting, reference: string): Promise<Outcome> {
  const why = 'overtaken';
  const { state } = await tell(`Stop ${posting.step}`, postings.forbid, { reference, why });
  if (state === 'forbidden' || state === 'reversed') return { state: 'forbidden' };
  const workflowIds = [run.workflowId];
  const posted = await tell(`Look what of ${posting.step} stands`, postings.postedUnder, { workflowIds });
  const stands = posted.find((each) => each.reference === reference);
  if (stands === undefined) return { state: 'forbidden' };
  const numbers = stands.result.documents.map(({ number }) => number);
  const title = numbers.length === 0 ? `${posting.title}, whose outcome is not known` : posting.title;
  const done: PostedStep = { posting: { ...posting, title }, reference, result: stands.result };
  run.posted.push(done);
  if (numbers.length > 0) Object.assign(run.board.step(posting.step, posting.title), { state: 'posted', numbers });
  return { state: 'posted', steps: [done] };
}

/** One half is posted, and the other was refused or forbidden. */
export const isLone = (halves: readonly Outcome[]): boolean =>
  halves.some(({ state }) => state === 'posted') &&
  halves.some(({ state }) => state === 'declined' || state === 'forbidden');

/** An earlier run of this saga was cancelled and then ended from outside: what it forbade is forbidden still. */
export const wasStopped = (run: Run, halves: readonly Outcome[]): boolean =>
  !run.overtaken() &&
  !halves.some(({ state }) => state === 'declined') &&
  halves.some(({ state }) => state === 'forbidden');
