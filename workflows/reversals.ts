/** Reversing what is posted, after a person decided it. Only the ERP's own no stops it: then the saga is half undone. */
import type { RejectionDetails } from '../activities/posting/contract.js';
import { kindOf } from './board.js';
import type { PostedStep } from './postings.js';
import { rejectionOf, undoQuestionOf } from './refusals.js';
import type { Run } from './saga/run.js';
import { postings, tell } from './systems.js';

/** A reversal that was refused for a reason its process has a way out of; what was reversed before it stays so. */
export class NotReversed extends Error {
  readonly step: PostedStep;
  readonly rejection: RejectionDetails;

  constructor(step: PostedStep, rejection: RejectionDetails) {
    super(rejection.message);
    this.step = step;
    this.rejection = rejection;
  }
}

/** What a process reverses its documents by, where that is more than their contra documents. */
export type TakesBack = (steps: readonly PostedStep[], businessDate: string, reason: string) => Promise<void>;

/**
 * Reverses newest first, each by its reference; a refused one is X-43 and waits for a person, never swallowed. One
 * that is `expected` to be refused is thrown as NotReversed instead: its process asks otherwise.
 */
export async function reverseAll(
  run: Run,
  steps: readonly PostedStep[],
  businessDate: string,
  reason: string,
  expected: (rejection: RejectionDetails) => boolean = () => false,
): Promise<void> {
  run.board.status = 'compensating';
  for (const done of [...steps].reverse()) {
    const { step: name, title } = done.posting;
    const step = run.board.step(name, title, `${kindOf(name)}-reversal`);
    for (let asked = 1; !(await reversed(run, done, { businessDate, reason, asked, expected })); asked++);
    step.state = 'reversed';
    run.posted.splice(run.posted.indexOf(done), 1);
  }
  run.board.status = 'running';
}

interface Attempted {
  businessDate: string;
  reason: string;
  asked: number;
  expected: (rejection: RejectionDetails) => boolean;
}

async function reversed(
  run: Run,
  done: PostedStep,
  { businessDate, reason, asked, expected }: Attempted,
): Promise<boolean> {
  const { posting, reference } = done;
  try {
    await posting.reverse({ reference, businessDate, reason });
    return true;
  } catch (error) {
    const rejection = rejectionOf(error);
    if (rejection === undefined) throw error;
    if (expected(rejection)) throw new NotReversed(done, rejection);
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
