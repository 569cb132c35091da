/**
 * Control numbers that came, to find repeated ones. Nearly all files count up: such a run is held as its two ends, so a
 * million transactions take no memory. Numbers outside the run are held one by one, at most `kept` of them; of more it
 * is not noticed that they come again.
 */
export class Numbers {
  private readonly others = new Set<string>();
  private first = NaN;
  private last = NaN;
  private width = 0;
  private readonly kept: number;

  constructor(kept: number) {
    this.kept = kept;
  }

  /** Notes a number as it was written; false if it was noted before. */
  note(number: string): boolean {
    const value = DIGITS.test(number) ? Number(number) : NaN;
    if (Number.isNaN(this.last) && !Number.isNaN(value)) {
      [this.first, this.last, this.width] = [value, value, number.length];
      return !this.others.has(number);
    }
    const counted = number.length === this.width || (number.length > this.width && !number.startsWith('0'));
    if (counted && value >= this.first && value <= this.last) return false;
    if (this.others.has(number)) return false;
    if (counted && value === this.last + 1) this.last = value;
    else if (this.others.size < this.kept) this.others.add(number);
    return true;
  }
}

/** Digits that make a whole number exactly. */
const DIGITS = /^\d{1,15}$/;
