/** Posting once (design.md 5): what a saga asks, what it gets back. Everything crosses Temporal as plain JSON. */
import type { ErpDocument } from '../../domain/documents.js';
import type { ExceptionCode, FailureType } from '../../domain/failures.js';
import type { Money } from '../../domain/money.js';

/** One document to post. The same reference asked again finds the first result; it never posts twice. */
export interface PostingRequest<D extends ErpDocument = ErpDocument> {
  /** `workflowId/step`: no clock, no run id, no attempt. */
  reference: string;
  document: D;
  /** Order of the waiting ones within a business date: the source event's own seq. */
  seq: number;
  /** Numbers a person would search: return, order. Become links. */
  links: { system: string; kind: string; number: string }[];
}

/** A reversal of everything that was posted under `reference`, dated `businessDate`. */
export interface ReversalRequest {
  reference: string;
  businessDate: string;
  reason: string;
}

export interface PostedDocument {
  revision: number;
  /** The ERP's own number. */
  number: string;
  externalRef: string;
  journal: 'verified' | 'unverified' | 'none';
  businessDate: string;
  adopted: boolean;
  /** Of a receipt: units, and what they came into the books at in base currency, whatever the order costs by now. */
  received?: { units: number; goods: Money; landed: Money };
}

/**
 * What became of a reference. `posted` may list several revisions when a document was posted in parts.
 * `forbidden`: it will never be sent (undone before it left). `reversed`: undone after it was posted.
 */
export interface PostingResult {
  state: 'posted' | 'forbidden' | 'reversed';
  documents: PostedDocument[];
}

/** Carried as the first detail of every rejection an activity throws. */
export interface RejectionDetails {
  type: FailureType;
  code: ExceptionCode;
  /** A sentence for the owner: what, which, what to do. No customer data. */
  message: string;
  reference?: string;
  revision?: number;
  expected?: string;
  actual?: string;
  lines?: { line: number; code: string; message: string }[];
  /** Documents found in the ERP that look like ours but bear no reference of ours. */
  lookAlikes?: { number: string; amount: string; modifiedBy: string; createdAt: string }[];
}

/** A person's decision on the newest revision of a posting. */
export interface PostingDecision {
  reference: string;
  /** The revision the person was shown; 0: they decided on the whole process, so on whichever is the newest. */
  revision: number;
  choice: 'retry' | 'correct' | 'adopt' | 'forbid';
  by: string;
  /** For `correct`: the whole new content. For `retry`: may be left out. */
  document?: ErpDocument;
  /** For `adopt`: the ERP's number of the document entered by hand. */
  number?: string;
}
export type PostingDecided =
  /** `posted` after a `forbid`: its refused lines are forbidden, the others the ERP took before, or is about to post. */
  | { done: true; revision: number; state: 'intended' | 'posted' | 'forbidden' }
  /** Refused: why, and when the outcome of what is on its way is due. */
  | { done: false; why: string; dueAt?: string };

/** One reference of a workflow that has posted documents now (neither forbidden nor reversed). */
export interface PostedUnder {
  reference: string;
  step: string;
  document: ErpDocument;
  result: PostingResult;
}

export interface Postings {
  /**
   * Everything that stands posted under these workflow ids, oldest first, undo documents left out. What is parked with a
   * person is among it, without a document.
   */
  postedUnder(input: { workflowIds: string[] }): Promise<PostedUnder[]>;
  decide(decision: PostingDecision): Promise<PostingDecided>;
  /**
   * Forbids what has not been sent. Never waits; says where the newest revision stands. Inserts the row if absent. One
   * that is sent, its outcome unknown, is forbidden once it is proved not stored.
   */
  forbid(input: { reference: string; why: string }): Promise<{
    state: 'forbidden' | 'sent' | 'accepted' | 'posted' | 'reversed';
    dueAt?: string;
  }>;
  /** A person reversed the documents of this reference in the ERP by hand; answers their numbers. */
  reversedByHand(input: { reference: string; by: string; why: string }): Promise<{ reversed: string[] }>;
}
