/** The bytes that are at hand: those of the unit that is being read, and those behind it. Nothing else is kept. */
export class Window {
  bytes: Buffer = Buffer.alloc(0);
  /** index of the unit's first byte */
  first = 0;
  /** index of the byte that is looked at next */
  at = 0;
  /** index after the last byte */
  end = 0;
  /** byte of the file at index 0 */
  base = 0;
  private owned = false;

  /** Takes bytes in: as they are when nothing is kept, else behind what is kept. */
  add(chunk: Uint8Array): void {
    const kept = this.end - this.first;
    if (kept === 0) {
      this.base += this.first;
      this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.first = 0;
      this.at = 0;
      this.end = chunk.length;
      this.owned = false;
      return;
    }
    if (!this.owned || this.bytes.length - this.end < chunk.length) this.move(kept, chunk.length);
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Copies what is kept out of memory that belongs to whoever gave it. */
  settle(): void {
    const kept = this.end - this.first;
    if (kept > 0 && !this.owned) this.move(kept, kept);
  }

  /** Text of the bytes from one index to another, a character a byte. */
  text(from: number, to: number): string {
    return this.bytes.toString('latin1', from, to);
  }

  /** Makes room: what is kept goes to the front, of a larger piece of memory when this one is too small. */
  private move(kept: number, coming: number): void {
    const needed = kept + coming;
    const roomy = this.owned && this.bytes.length >= needed;
    const target = roomy ? this.bytes : Buffer.allocUnsafeSlow(Math.max(needed + (needed >> 1), 1 << 17));
    target.set(this.bytes.subarray(this.first, this.end));
    this.base += this.first;
    this.at -= this.first;
    [this.bytes, this.first, this.end, this.owned] = [target, 0, kept, true];
  }
}
