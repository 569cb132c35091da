/** A bug made on purpose: a patch of the product, with the one test that must catch it. */
export interface PlantedBug {
  name: string;
  /** What the patch breaks, a sentence. */
  breaks: string;
  edits: { file: string; from: string; to: string }[];
  test: { file: string; name: string };
  /** `postgres`: its test needs a server of the set-up. */
  needs: 'nothing' | 'postgres';
  /** Belongs to every run of the tests, not to the long one alone. */
  always?: true;
}
