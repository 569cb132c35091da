/** Numbers in a row that is as long as it gets: a large transaction has millions. */
export class Row {
  private held: Int32Array<ArrayBuffer>;
  count = 0;

  constructor(room: number) {
    this.held = new Int32Array(room);
  }

  add(number: number): void {
    if (this.count === this.held.length) this.held = grown(this.held);
    this.held[this.count++] = number;
  }

  all(): Int32Array {
    return this.held.subarray(0, this.count);
  }
}

/** The same numbers with room for as many again. */
export function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}
