/** Rounds that an installation runs for ever, each told by its own activity when to run again. */
export interface RoundDone {
  /** What the round found and did, for the Web UI. */
  note: string;
  sleepMs: number;
  /** Handed to the round's next run; it lives in Temporal, whatever becomes of the store. */
  remember?: unknown;
}

export interface Standing {
  /** Owns every open posting: reads what the ERP changed and settles it (design.md 5). */
  settle(): Promise<RoundDone>;
  /** Closes cases of ended sagas, wakes holds whose cause has gone, sends unrecorded decisions again (design.md 6). */
  sweep(): Promise<RoundDone>;
  /** Reminds of and escalates every open case by its clocks T-35 and T-36. */
  reminders(): Promise<RoundDone>;
  /** Chains committed audit rows. */
  seal(): Promise<RoundDone>;
  /** Sends what people must hear of. */
  notices(): Promise<RoundDone>;
  /** Asks the ERP which references it holds and compares them with ours, over all revisions. */
  singleBearer(): Promise<RoundDone>;
  /** Raises X-58 for every feed that was not read for longer than its rhythm. */
  feedsAlive(): Promise<RoundDone>;
  /** Compares the store with what Temporal remembers of it, and holds one that was restored. */
  watch(remembered: unknown): Promise<RoundDone>;
}
