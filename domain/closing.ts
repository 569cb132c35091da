/** How a person closes a case that only tells: what may be said of it, and who may say it. */
import type { ExceptionCode } from './failures.js';

/** One way to close such a case. The same shape as a choice of a question. */
export interface Closing {
  choice: string;
  /** What choosing it says, as a sentence. */
  label: string;
  /** Speaks of money or stock in the books: bound to what was shown. */
  proof: boolean;
}

const DEALT_WITH: readonly Closing[] = [
  { choice: 'settled', label: 'It was dealt with; the reason says what was done', proof: false },
];
/** Two documents with one reference: nothing but what was done about the second one ends it. */
const ONE_TOO_MANY: readonly Closing[] = [
  {
    choice: 'reversed-by-hand',
    label: 'The extra document was reversed in the ERP; number is that of the reversing document',
    proof: true,
  },
  { choice: 'stands', label: 'The document is right where it is; the reason says how that is known', proof: true },
];

/** The choices by which a person closes a case that only tells. */
export const closingsOf = (code: ExceptionCode): readonly Closing[] => (code === 'X-62' ? ONE_TOO_MANY : DEALT_WITH);

/** Facts a choice must come with, by name and what each is. */
export const FACTS_OF_CLOSING: Readonly<Record<string, { name: string; is: string }>> = {
  'reversed-by-hand': { name: 'number', is: 'the number of the reversing document in the ERP' },
};

/** Roles that may close it; `null`: the owner's and the deputy's, and their leads. Two documents are finance's alone. */
export const closersOf = (code: ExceptionCode): readonly string[] | null =>
  code === 'X-62' ? ['finance', 'finance-lead'] : null;
