/** Reversing what is posted, after a person decided it. Only the ERP's own no stops it: then the saga is half undone. */
import { kindOf } from './board.js';
import type { PostedStep } from './postings.js';
import { rejectionOf, undoQuestionOf } from './refusals.js';
import type { Run } from './saga/run.js';
import { postings, tell } from './systems.js';

/** Reverses newest first, each by its reference; a refused one is X-43 and waits for a person, never swallowed. */
export async function reverseAll(
  run: Run,
  steps: readonly PostedStep[],
  businessDate: string,
  reason: string,
): Promise<void> {
  run.board.status = 'compensating';
  for (const done of [...steps].reverse()) {
    const { step: name, title } = done.posting;
    const step = run.board.step(name, title, `${kindOf(name)}-reversal`);
    for (let asked = 1; !(await reversed(run, done, { businessDate, reason, asked })); asked++);
    step.state = 'reversed';
    run.posted.splice(run.posted.indexOf(done), 1);
  }
  run.board.status = 'running';
}

async function reversed(
  run: Run,
  { posting, reference }: PostedStep,
  { businessDate, reason, asked }: { businessDate: string; reason: string; asked: number },
): Promise<boolean> {
  try {
    await posting.reverse({ reference, businessDate, reason });
    return true;
  } catch (error) {
    const rejection = rejectionOf(error);
    if (rejection === undefined) throw error;
    run.board.halfCompensated(true);
    const answer = await run.questions.ask(undoQuestionOf(posting, rejection, asked));
    run.board.halfCompensated(false);
    if (answer.choice === 'done-by-hand') {
      const { by, why } = answer;
      await tell(`Reversed in the ERP by hand, says ${by}`, postings.reversedByHand, { reference, by, why });
      return true;
    }
    // A refused contra stays refused until somebody decides on it, like any document: it goes on as a new revision.
    const { reference: contra = reference, revision = 0 } = rejection;
    const retry = { reference: contra, revision, choice: 'retry' as const, by: answer.by };
    await tell(`Try the reversal again, decided by ${answer.by}`, postings.decide, retry);
    return false;
  }
}
