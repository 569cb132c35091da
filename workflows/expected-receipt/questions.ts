/** What is asked when the warehouse system says no. */
import type { Question } from '../../activities/desk/contract.js';
import type { RejectionDetails } from '../../activities/posting/contract.js';
import type { ExpectedOrder } from '../../domain/expected/order.js';
import { EXCEPTIONS } from '../../domain/failures.js';

/** The announcement, amendment or cancellation named `title` was refused for good. `asked` counts the times. */
export function refusedQuestion(
  { poNo, version, businessDate }: ExpectedOrder,
  { title, units, asked }: { title: string; units: number; asked: number },
  { code, message }: RejectionDetails,
): Question {
  return {
    ...{ amount: null, baseAmount: null, units, requesters: [], customer: '', businessDate, twoPeople: false },
    question: 'announcement-refused',
    code,
    owner: EXCEPTIONS[code].owner,
    title: `${title}: ${message}`.slice(0, 300),
    expected: title,
    actual: message,
    steps: ['Mend the cause in the warehouse system, as a missing article, then choose retry.'],
    choices: [
      { choice: 'retry', label: 'Tell the warehouse again', proof: false },
      { choice: 'reject', label: 'Leave the warehouse as it is: deliveries come in unannounced', proof: false },
    ],
    shown: { order: poNo, revision: version, problem: message, asked },
  };
}
