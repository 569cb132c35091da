/** What is longer is no control number, and not kept. */
const LONGEST = 300;

/** Control numbers that came, so that one which comes again is found. */
export class Numbers {
  private readonly seen = new Set<string | number>();
  private readonly most: number;

  /** @param most how many are kept; beyond that nothing is compared any more */
  constructor(most: number) {
    this.most = most;
  }

  /** Notes a number; false if it was noted before. */
  add(number: string): boolean {
    if (number.length > LONGEST) return true;
    const key = keyOf(number);
    if (this.seen.has(key)) return false;
    if (this.seen.size < this.most) this.seen.add(key);
    return true;
  }
}

/** Up to nine digits are kept as a whole number, a `1` before them for the zeros in front: it takes a quarter of the text. */
const keyOf = (number: string): string | number => (/^\d{1,9}$/.test(number) ? Number(`1${number}`) : number);
