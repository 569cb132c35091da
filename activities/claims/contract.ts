/** Claims on quantities and limits (design.md 4): who of several returns gets the units, what a customer was credited. */
import type { Money } from '../../domain/money.js';
import type { Policy } from '../../domain/policy.js';
import type { ReturnAnswer } from '../../domain/return/answers.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { ReturnFacts } from '../../domain/return/facts.js';
import type { Sold } from '../../domain/return/sold.js';

export interface Claims {
  /**
   * Looks up the mappings, claims the quantities in source order (a grant once written never changes) and adds the
   * credit to the customer's day. Asked again with other answers it keeps its grants and corrects the day's sum.
   */
  claimReturn(input: {
    document: ReturnDocument;
    sold: Sold;
    answers: ReturnAnswer[];
    policy: Policy;
    workflowId: string;
  }): Promise<ReturnFacts>;
  /** Gives quantities and the day's sum back: declined, withdrawn, reversed. */
  giveBack(input: { source: string; returnNo: string; why: string }): Promise<{ given: Money | null }>;
}
