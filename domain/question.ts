/**
 * A question a plan asks a person, in the shape of `Question` of activities/desk/contract.ts (domain imports nothing, so
 * the shape is stated twice and the compiler compares them where a saga passes one on).
 */
import type { ExceptionCode, Owner } from './failures.js';
import type { Money } from './money.js';

export interface PlannedChoice {
  choice: string;
  /** What pressing it does, as a sentence. */
  label: string;
  /** Moves money or stock: needs proven identity and the digest of what was shown. */
  proof: boolean;
}

export interface PlannedQuestion<Q extends string = string> {
  question: Q;
  code: ExceptionCode | 'approval';
  owner: Owner;
  /** One sentence with the figures in it. */
  title: string;
  expected: string;
  actual: string;
  /** What to do, one step a line. */
  steps: string[];
  choices: PlannedChoice[];
  /** What a yes would do, frozen: the documents each choice would post. */
  shown: unknown;
  amount: Money | null;
  /** The amount in base currency, for limits. */
  baseAmount: Money | null;
  units: number;
  /** People who may not decide it. */
  requesters: string[];
  customer: string;
  businessDate: string;
  /** Two different people must agree. */
  twoPeople: boolean;
  /** The clock it runs under, where it is another than its code's own. */
  timer?: string;
}
