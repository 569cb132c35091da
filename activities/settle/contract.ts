/** The feed of the ERP's changed transactions: it owns every open posting, whether or not its saga lives (design.md 5). */
export interface SettleRound {
  /** When the next round should begin, in milliseconds from now. */
  sleepMs: number;
  /** What is open after the round. */
  open: { intended: number; sent: number; accepted: number; parked: number };
  /** What the round did. */
  moved: number;
  listingPages: number;
  searches: number;
  reads: number;
}

/** What the ERP holds under our references, against what we think it holds. */
export interface BearerReport {
  day: string;
  /** Documents of the ERP looked at. */
  documents: number;
  /** References that more than one live document bears. */
  doubled: { externalRef: string; reference: string | null; numbers: string[] }[];
  /** Documents that bear a reference of our making which no posting of ours has, or should not have sent. */
  stray: { externalRef: string; number: string; state: string }[];
  /** Postings of the day that were posted and that the ERP does not hold. */
  missing: { externalRef: string; reference: string; number: string | null }[];
}

export interface Settle {
  /** One round over the tenant's open postings. Two rounds side by side do no harm. */
  round(): Promise<SettleRound>;
  /**
   * The single-bearer check of one business day (`yyyy-mm-dd`). A document too many, or of nobody, is raised as X-62; one
   * that was posted and is not there, neither listed nor by its number, as X-01.
   */
  singleBearer(input: { day: string }): Promise<BearerReport>;
  /** Postings on their way for longer than `olderThanMs`. */
  overdue(input: {
    olderThanMs: number;
  }): Promise<{ reference: string; revision: number; state: string; since: string; parked: boolean }[]>;
}
