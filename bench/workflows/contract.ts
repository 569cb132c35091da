/** What the benchmarks' workflows take in. */
export interface StubRun {
  /** Names the run; the kit's business key. */
  key: string;
  /** How many stub steps lie between the claim and the end. */
  steps: number;
}
