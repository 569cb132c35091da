/** What taking a posted delivery back came to. */
import type { PostedStep } from '../postings.js';

/** What became of a posted delivery that was to be taken back. */
export interface TakenBack {
  /** Reversed by contra documents. */
  reversed: PostedStep[];
  /** Receipts that stand beside their invoice, and the adjustments that sent their goods back. */
  billed: PostedStep[];
  returns: PostedStep[];
  /** A person kept what is posted. */
  kept: boolean;
}
