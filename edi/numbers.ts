/** What is longer is no control number, and not kept. */
const LONGEST = 300;
/** Kinds that have a set of their own: a usual file has one or two. */
const MOST_KINDS = 64;
/** Kind of all the others together. */
const OTHER = '\0';

/** Control numbers that came, so that one which comes again is found. */
export class Numbers {
  private readonly kinds = new Map<string, Set<string | number>>();
  private readonly most: number;
  private kept = 0;

  /** @param most how many are kept; beyond that nothing is compared any more */
  constructor(most: number) {
    this.most = most;
  }

  /** Notes a number; false if it was noted before, of the same kind. */
  add(number: string, kind = ''): boolean {
    if (number.length + kind.length > LONGEST) return true;
    if (kind !== OTHER && !this.kinds.has(kind) && this.kinds.size >= MOST_KINDS)
      return this.add(`${kind}${OTHER}${number}`, OTHER);
    const seen = this.kinds.get(kind) ?? new Set();
    this.kinds.set(kind, seen);
    const key = keyOf(number);
    if (seen.has(key)) return false;
    if (this.kept >= this.most) return true;
    this.kept += 1;
    seen.add(key);
    return true;
  }
}

/** Up to nine digits are kept as a whole number, a `1` before them for the zeros in front: it takes a quarter of the text. */
const keyOf = (number: string): string | number => (/^\d{1,9}$/.test(number) ? Number(`1${number}`) : number);
