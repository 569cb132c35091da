import type { AnsweredTransaction } from './sets/997.js';

/** Sets of a group that are answered one by one; beyond them only those with something wrong, as many again. */
const MOST_SETS = 20_000;
/** Segments and elements in error that a 997 names. */
const MOST_ERRORS = 20_000;

/**
 * What is said of the sets of a group. An AK2 for each is usual and not asked for: of a group of hundreds of thousands the
 * AK9 speaks for those that are accepted, or the answer would be larger than any transaction that is read.
 */
export class GroupAnswers {
  readonly listed: AnsweredTransaction[] = [];
  count = 0;
  refused = 0;
  withErrors = 0;
  private acknowledgements = 0;
  private errors = 0;

  /** Nothing came but acknowledgements: a group of them is not answered, whatever its GS01 says. */
  get unasked(): boolean {
    return this.count > 0 && this.acknowledgements === this.count;
  }

  /** Counts an acknowledgement that stands in a group of another kind: it is not accepted, and never answered. */
  passOver(): void {
    this.count += 1;
    this.refused += 1;
    this.acknowledgements += 1;
  }

  /** Takes the answer to one set. */
  add(answer: AnsweredTransaction): void {
    const { result } = answer.result;
    this.count += 1;
    if (result === 'R') this.refused += 1;
    if (result === 'E') this.withErrors += 1;
    if (this.count > MOST_SETS && (result === 'A' || this.listed.length >= 2 * MOST_SETS)) return;
    for (const { elements } of answer.segments) this.errors += 1 + elements.length;
    this.listed.push(this.errors > MOST_ERRORS ? { ...answer, segments: [] } : answer);
  }
}
