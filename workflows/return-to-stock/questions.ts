/** The questions a return asks once something is posted. Those before it come with the plan (domain/return). */
import type { Choice, Question } from '../../activities/desk/contract.js';
import { digestOf } from '../../domain/digest.js';
import { EXCEPTIONS } from '../../domain/failures.js';
import { format } from '../../domain/money.js';
import type { CreditStep } from '../../domain/return/plan-types.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import { counted } from '../../domain/wording.js';
import type { PostedStep, Stakes } from '../postings.js';

type Base = Pick<Question, 'expected' | 'actual'> & { shown: object };

const documents = (posted: readonly PostedStep[]): string =>
  posted.map((p) => `${p.posting.title} (${p.result.documents.map((d) => d.number).join(', ')})`).join('; ') ||
  'nothing';

function afterPosting(posted: readonly PostedStep[], what: string): Base {
  return {
    expected: what,
    actual: `Posted: ${documents(posted)}`,
    shown: { what, posted: posted.map((p) => ({ reference: p.reference, documents: p.result.documents })) },
  };
}

/** A memo as a yes is bound to it: however many lines it has. */
const bound = ({ step, document }: CreditStep): object => ({
  step,
  total: document.total,
  businessDate: document.businessDate,
  digest: digestOf(document),
});

const REVERSE: Choice = {
  choice: 'reverse',
  label: 'Reverse what is posted by contra documents, stock first, then credit',
  proof: true,
};

/** A cancel request after the pivot (design.md 6): nothing posted is undone by itself. */
export function cancelQuestion(document: ReturnDocument, stakes: Stakes, posted: readonly PostedStep[]): Question {
  return {
    ...stakes,
    ...afterPosting(posted, 'Cancellation was requested'),
    question: 'cancel-after-posting',
    code: 'X-10',
    owner: EXCEPTIONS['X-10'].owner,
    title: `Return ${document.returnNo} was to be cancelled, but is posted: ${documents(posted)}`,
    steps: ['Decide whether the return goes on, or what is posted is reversed.'],
    choices: [{ choice: 'go-on', label: 'Go on and post what is missing', proof: true }, REVERSE],
  };
}

/** A later version, or a withdrawal, of a return that is posted (R-128). */
export function changedQuestion(document: ReturnDocument, stakes: Stakes, posted: readonly PostedStep[]): Question {
  const what = document.state === 'withdrawn' ? 'withdrawn' : `changed (version ${document.version})`;
  return {
    ...stakes,
    ...afterPosting(posted, `Return ${document.returnNo} was ${what} after it had been posted`),
    question: 'changed-after-posting',
    code: 'X-10',
    owner: EXCEPTIONS['X-10'].owner,
    title: `Return ${document.returnNo} was ${what}, but is posted: ${documents(posted)}`,
    steps: [
      'Look whether the refund was paid or the goods were sold again (R-816).',
      document.state === 'withdrawn' ? 'Reverse it, or keep it with a reason.' : 'Reverse and post anew, or keep it.',
    ],
    choices: [REVERSE, { choice: 'keep', label: 'Keep what is posted', proof: true }],
  };
}

/** Restocked, then the credit was refused (R-814). */
export function restockedOnlyQuestion(
  document: ReturnDocument,
  stakes: Stakes,
  posted: readonly PostedStep[],
  { credits, canQuarantine, asked }: { credits: readonly CreditStep[]; canQuarantine: boolean; asked: number },
): Question {
  const quarantine: Choice = {
    choice: 'quarantine',
    label: 'Move the units where they cannot be sold',
    proof: true,
  };
  const keep: Choice = {
    choice: 'keep-with-credit',
    label: 'Keep the goods and post the credit after all',
    proof: true,
  };
  const base = afterPosting(posted, 'The credit of this return was refused');
  return {
    ...stakes,
    ...base,
    // Refused once more it is another asking: the first answer does not count again.
    shown: { ...base.shown, asked, credits: credits.map(bound) },
    question: 'restocked-without-credit',
    code: 'X-61',
    owner: EXCEPTIONS['X-61'].owner,
    title: `Return ${document.returnNo} is back in stock, its credit${stakes.amount ? ` of ${format(stakes.amount)}` : ''} was refused`,
    steps: ['Until this is decided the units count as neither owned nor sellable.'],
    choices: [
      { choice: 'send-back', label: 'Send the goods back: the stock adjustment is reversed', proof: true },
      ...(credits.length > 0 ? [keep] : []),
      ...(canQuarantine ? [quarantine] : []),
    ],
  };
}

/** Credited, then the restock was refused. */
export function creditedOnlyQuestion(
  document: ReturnDocument,
  stakes: Stakes,
  posted: readonly PostedStep[],
): Question {
  return {
    ...stakes,
    ...afterPosting(posted, 'The restock of this return was refused'),
    question: 'credited-without-restock',
    code: 'X-10',
    owner: EXCEPTIONS['X-10'].owner,
    title: `Return ${document.returnNo} is credited, its ${counted(stakes.units, 'unit')} ${stakes.units === 1 ? 'was' : 'were'} not put back in stock`,
    steps: ['Keep the credit and write the units off, or reverse the credit.'],
    choices: [{ choice: 'write-off', label: 'Keep the credit, write the units off', proof: true }, REVERSE],
  };
}
