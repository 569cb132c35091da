/** From a failed activity to the question that its owner is asked. */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { Choice, Question } from '../activities/desk/contract.js';
import type { PostingDecision, RejectionDetails } from '../activities/posting/contract.js';
import { EXCEPTIONS } from '../domain/failures.js';
import { lineRefused } from '../domain/words-of-others.js';
import type { Answer } from './saga/questions.js';
import type { PostedStep, Posting } from './postings.js';

/** Decisions that end a saga; no errors. The message says why. */
export class Declined extends Error {}
export class Cancelled extends Error {}

/** The counterpart's own no, or undefined when it was anything else (a bug passes through and fails the task). */
export function rejectionOf(error: unknown): RejectionDetails | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || cause.nonRetryable !== true) return undefined;
  const [details] = cause.details ?? [];
  return isRejection(details) ? details : undefined;
}

function isRejection(details: unknown): details is RejectionDetails {
  return typeof details === 'object' && details !== null && 'code' in details && 'message' in details;
}

/** A preparing step that its counterpart refuses ends the saga declined; anything else is passed on as it came. */
export function stepRefused(error: unknown): never {
  const rejection = rejectionOf(error);
  throw rejection === undefined ? error : new Declined(rejection.message);
}

const RETRY: Choice = { choice: 'retry', label: 'Try the same document again', proof: false };
const ADOPT: Choice = {
  choice: 'already-entered',
  label: 'It was entered by hand: give its number in the ERP, it is checked and taken over',
  proof: true,
};
const REJECT: Choice = { choice: 'reject', label: 'Do not post this document', proof: false };

/** A posted document whose ledger differs can only be looked at again, or be taken as it is: it cannot be unposted. */
const choicesOf = (posting: Posting, { type, code }: RejectionDetails): Choice[] =>
  type === 'JournalDiffers'
    ? [RETRY, { ...ADOPT, label: 'The ledger entry is right as it is: take the document over as posted' }]
    : [RETRY, ...posting.corrections.filter((each) => each.code === code).map(({ choice }) => choice), ADOPT, REJECT];

/** The dates that other documents of the same event bear already: an approval of another date shows both. */
const datedAlready = (posted: readonly PostedStep[]): string[] =>
  posted.flatMap(({ posting, result }) =>
    result.documents.map(
      ({ number, businessDate }) => `${posting.document.kind} ${number} is posted on ${businessDate}`,
    ),
  );

/** What the person who can settle it is asked when the ERP said no to a document; `posted` is what of the event stands. */
export function questionOf(
  posting: Posting,
  rejection: RejectionDetails,
  asked: number,
  posted: readonly PostedStep[] = [],
): Question {
  const dates = rejection.type === 'PeriodClosed' ? datedAlready(posted) : [];
  const exception = EXCEPTIONS[rejection.code];
  const looks = (rejection.lookAlikes ?? []).map(
    (d) => `It looks like document ${d.number} over ${d.amount}, entered by ${d.modifiedBy} at ${d.createdAt}.`,
  );
  const lines = (rejection.lines ?? []).map((l) => lineRefused(l.line, l.code, l.message));
  return {
    ...posting.stakes,
    question: `${posting.step}-refused`,
    code: rejection.code,
    owner: exception.owner,
    title: `${posting.title}: ${rejection.message}`.slice(0, 300),
    expected: rejection.expected ?? posting.title,
    actual: [rejection.actual ?? rejection.message, ...dates].join('; '),
    steps: [...looks, ...lines, 'Mend the cause in the ERP, then choose retry; or choose what fits below.'],
    choices: choicesOf(posting, rejection),
    shown: {
      document: posting.document,
      revision: rejection.revision ?? 1,
      problem: rejection.message,
      asked,
      ...(dates.length === 0 ? {} : { dates }),
    },
  };
}

/** What is asked when the ERP refuses to reverse a document: the process is half undone. */
export function undoQuestionOf(posting: Posting, rejection: RejectionDetails, asked: number): Question {
  return {
    ...questionOf(posting, rejection, asked),
    question: `${posting.step}-reversal-refused`,
    code: 'X-43',
    owner: EXCEPTIONS['X-43'].owner,
    title: `Reversal of ${posting.title} was refused: ${rejection.message}`.slice(0, 300),
    steps: ['Open the period or undo what followed, then retry; or reverse by hand and choose done-by-hand.'],
    choices: [RETRY, { choice: 'done-by-hand', label: 'The reversal was entered by hand', proof: true }],
  };
}

/** What an answer to a refusal means for the posting: retry, take over, correct or leave it. */
export function decisionOf(posting: Posting, reference: string, revision: number, answer: Answer): PostingDecision {
  const corrected = posting.corrections.find(({ choice }) => choice.choice === answer.choice)?.apply(answer);
  const named: Record<string, PostingDecision['choice']> = { reject: 'forbid', 'already-entered': 'adopt' };
  const number = answer.data['number'];
  return {
    reference,
    revision,
    choice: named[answer.choice] ?? (corrected === undefined ? 'retry' : 'correct'),
    by: answer.by,
    ...(corrected === undefined ? {} : { document: corrected }),
    ...(number === undefined ? {} : { number }),
  };
}
