/** What the history of a saga tells: which verbs it called, with what, and what came of each. */

export interface ToldCall {
  workflowId: string;
  /** As registered: `blueCherry.postCreditMemo`. */
  verb: string;
  input: unknown;
  /** When it was asked for, and when its outcome was known to the saga; ISO. */
  askedAt: string;
  endedAt: string | null;
  /** `pending`: no outcome is known. Its effect may or may not have come about. */
  outcome: 'done' | 'failed' | 'pending';
  result: unknown;
  /** First detail of the failure it ended with: a rejection's. */
  failure: unknown;
}

export interface ToldSaga {
  workflowId: string;
  running: boolean;
  calls: ToldCall[];
  /** Causes it was told have gone, with when. */
  solved: { code: string; cause: string; at: string }[];
}
