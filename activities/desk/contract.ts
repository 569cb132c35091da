/** Cases, questions and decisions (design.md 6). The store judges; a saga only asks and is told. */
import type { ExceptionCode, Owner, Severity } from '../../domain/failures.js';
import type { Money } from '../../domain/money.js';

/** `approval` is a case of its own kind: nothing is wrong, a person must agree. */
export type CaseCode = ExceptionCode | 'approval';

export interface Choice {
  choice: string;
  /** What pressing it does, as a sentence. */
  label: string;
  /** Moves money or stock: needs proven identity and the digest of what was shown. */
  proof: boolean;
}

export interface Question {
  /** Kebab-case noun, unique within the saga. */
  question: string;
  code: CaseCode;
  owner: Owner;
  /** One sentence with the figures in it. */
  title: string;
  expected: string;
  actual: string;
  /** What to do, one step a line. */
  steps: string[];
  choices: Choice[];
  /** What a yes would do, bound by its digest: documents with amounts, the posting's revision. */
  shown: unknown;
  amount: Money | null;
  /** The amount in base currency, for limits. */
  baseAmount: Money | null;
  units: number;
  /** People who may not decide it. */
  requesters: string[];
  /** Customer and day whose sum a limit looks at. */
  customer: string;
  businessDate: string;
  /** Two different people must agree. */
  twoPeople: boolean;
  /** The clock it runs under; left out: T-30 for an approval, T-36 for anything else. */
  timer?: string;
}

export interface Decision {
  question: string;
  asking: number;
  choice: string;
  why: string;
  shown: string;
  by: string;
  /** More the choice needs: an order number, an ERP document number, corrected content. */
  data: Record<string, string>;
}

export interface OpenedQuestion {
  caseId: string;
  asking: number;
  /** Digest of `shown`, to be sent back with the decision. */
  digest: string;
  dueAt: string | null;
  /** This very asking was decided before (reset, restart): the stored answer. */
  decided: (Decision & { identity: 'proven' | 'claimed' }) | null;
}

export type Recorded =
  /** The decision stands; `decision` is what the saga acts on. */
  | { state: 'decided'; decision: Decision & { identity: 'proven' | 'claimed' } }
  /** First of two people agreed; a second one is awaited. */
  | { state: 'awaits-second'; by: string }
  /** Came before its question and moves nothing: taken when that opens. */
  | { state: 'kept'; why: string }
  /** Nothing changed; `why` is for the person who sent it. */
  | { state: 'refused'; why: string };

export interface Desk {
  openQuestion(input: {
    workflowId: string;
    runId: string;
    process: string;
    businessKey: string;
    question: Question;
  }): Promise<OpenedQuestion>;
  /**
   * Judges a decision, whichever door it came through. `decisionId`: it is already stored with proven identity by
   * the desk door. Otherwise `by` is a claim.
   */
  recordDecision(input: {
    workflowId: string;
    door: 'desk' | 'update' | 'signal';
    raw: unknown;
    decisionId?: string;
  }): Promise<Recorded>;
  /** Closes the question's case with what came of it. */
  closeQuestion(input: {
    workflowId: string;
    question: string;
    asking: number;
    outcome: string;
    note: string;
  }): Promise<void>;
  /** A warning or due moment of a question has come. */
  escalate(input: { caseId: string; level: 'warning' | 'due'; timer: string; note: string }): Promise<void>;
  /** Raises a case that asks nothing (half-posted, late). One per workflow, code and subject; upsert. */
  raise(input: {
    workflowId: string;
    process: string;
    businessKey: string;
    code: ExceptionCode;
    subject?: string;
    /** Graver than its code usually is: an open one is announced anew. */
    severity?: Severity;
    title: string;
    expected: string;
    actual: string;
    amount: Money | null;
    units: number;
  }): Promise<{ caseId: string }>;
  clear(input: { workflowId: string; code: ExceptionCode; note: string; subject?: string }): Promise<void>;
  /**
   * Joins the one case of a cause (`X-03` + location). Locks the cause and looks again first: `solved` means it has
   * gone and the saga need not wait.
   */
  joinCause(input: {
    workflowId: string;
    businessKey: string;
    code: ExceptionCode;
    cause: string;
    title: string;
    businessDate: string;
    amount: Money | null;
    units: number;
  }): Promise<{ caseId: string; solved: boolean }>;
  leaveCause(input: { workflowId: string; code: ExceptionCode; cause: string }): Promise<void>;
  /** Notes how clocks ended, for RP-13. */
  recordClocks(input: {
    workflowId: string;
    clocks: {
      timer: string;
      startedAt: string;
      dueAt: string | null;
      endedAt: string;
      end: 'met' | 'missed' | 'cancelled';
    }[];
  }): Promise<void>;
}
