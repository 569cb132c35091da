/** What is longer is no control number, and not kept. */
const LONGEST = 300;
/** Kinds that are held apart: a usual file has one or two. */
const MOST_KINDS = 64;
/** Kind of all the others together. */
const OTHER = '\0';

/**
 * Control numbers that came, so that one which comes again is found. Nearly all files count up, and such a run is held as
 * its two ends: a million transactions take no memory.
 */
export class Numbers {
  private readonly kinds = new Map<string, Kind>();
  private readonly most: number;
  private kept = 0;

  /** @param most how many are kept beside runs; beyond that a repetition is not noticed any more */
  constructor(most: number) {
    this.most = most;
  }

  /** Notes a number as it was written; false if it was noted before, of the same kind. */
  add(number: string, kind = ''): boolean {
    if (number.length + kind.length > LONGEST) return true;
    let of = this.kinds.get(kind);
    if (of === undefined) {
      if (kind !== OTHER && this.kinds.size >= MOST_KINDS) return this.add(`${kind}${OTHER}${number}`, OTHER);
      this.kinds.set(kind, (of = new Kind()));
    }
    const value = of.inStep(number);
    if (of.has(number, value)) return false;
    if (of.goesOn(number, value) || this.kept >= this.most) return true;
    this.kept += 1;
    of.keep(number);
    return true;
  }
}

/** Numbers of one kind: a run that counts up, and what is not in it. `value` is what `inStep` says of the number. */
class Kind {
  private first = NaN;
  private last = NaN;
  private width = 0;
  private readonly others = new Set<string | number>();

  has(number: string, value: number): boolean {
    return (value >= this.first && value <= this.last) || (this.others.size > 0 && this.others.has(keyOf(number)));
  }

  /** Lengthens the run by a number that continues it, or begins it; false if it does neither. */
  goesOn(number: string, value: number): boolean {
    if (value === this.last + 1) {
      this.last = value;
      return true;
    }
    if (!Number.isNaN(this.last) || !DIGITS.test(number)) return false;
    this.first = this.last = Number(number);
    this.width = number.length;
    return true;
  }

  keep(number: string): void {
    this.others.add(keyOf(number));
  }

  /** Its value if it is written as the run writes numbers, else NaN. */
  inStep(number: string): number {
    const alike = number.length === this.width || (number.length > this.width && !number.startsWith('0'));
    return alike && DIGITS.test(number) ? Number(number) : NaN;
  }
}

const DIGITS = /^\d{1,9}$/;

/** Up to nine digits are kept as a whole number, a `1` before them for the zeros in front: it takes a quarter of the text. */
const keyOf = (number: string): string | number => (DIGITS.test(number) ? Number(`1${number}`) : number);
