/** A listing by seq, with the traps of facts/archean-r247.md 3.4 that a reader must survive. */
import type { Kept, Random } from '../core/index.js';

/** How often a ledger shows each of its traps, 0 to 1. */
export interface Traps {
  /** A seq number is left out. */
  gap: number;
  /** A row becomes visible after later ones. */
  late: number;
  /** A page begins with the row that ended the one before. */
  repeat: number;
}

/** A late row is visible at the latest when this many seq numbers have followed: readers re-read 500. */
export const LATE_WITHIN_SEQ = 400;
/** And at the latest after this time, in milliseconds. */
const LATE_WITHIN_MS = 1_500;

/** Seq numbers of one system, rising across all its listings. */
export interface Sequence extends Kept<{ last: number }> {
  next(): number;
  last(): number;
}
export function createSequence(random: Random, traps: () => Traps): Sequence {
  let last = 0;
  return {
    next: () => {
      last += 1 + (random.chance(traps().gap) ? random.int(1, 3) : 0);
      return last;
    },
    last: () => last,
    held: () => ({ last }),
    resume: (held) => {
      last = held.last;
    },
  };
}

export interface Page<T> {
  rows: T[];
  lastSeq: number;
  hasMore: boolean;
}
/** A row, and from when it is visible: milliseconds of real time. */
interface Entry<T> {
  seq: number;
  row: T;
  visibleAt: number;
}

export interface Log<T> extends Kept<Entry<T>[]> {
  /** Appends a row; `prompt` ones are never late. */
  append(seq: number, row: T, prompt?: boolean): void;
  /** Rows after a seq that are visible by now, at most `limit`. */
  page(afterSeq: number, limit: number): Page<T>;
  all(): T[];
}

/** Index of the first entry after a seq. */
function firstAfter(entries: readonly { seq: number }[], afterSeq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.seq ?? Infinity) > afterSeq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** An empty listing. Rows must be appended in order of their seq. */
export function createLog<T>(random: Random, traps: () => Traps, sequence: Sequence): Log<T> {
  let entries: Entry<T>[] = [];
  // Two streams, so that how often a page is read never moves what the next rows do.
  const [lateness, repeats] = [random.fork('late'), random.fork('repeat')];
  const visible = (entry: Entry<T>): boolean =>
    entry.visibleAt <= Date.now() || sequence.last() - entry.seq > LATE_WITHIN_SEQ;
  return {
    append: (seq, row, prompt = false) => {
      const late = !prompt && lateness.chance(traps().late);
      entries.push({ seq, row, visibleAt: late ? Date.now() + lateness.int(100, LATE_WITHIN_MS) : 0 });
    },
    page: (afterSeq, limit) => {
      const from = firstAfter(entries, afterSeq);
      const found: Entry<T>[] = [];
      const before = entries[from - 1];
      if (before !== undefined && limit > 1 && visible(before) && repeats.chance(traps().repeat)) found.push(before);
      let index = from;
      for (; index < entries.length && found.length < limit; index += 1) {
        const entry = entries[index];
        if (entry !== undefined && visible(entry)) found.push(entry);
      }
      const hasMore = entries.slice(index).some(visible);
      return {
        rows: found.map((entry) => entry.row),
        lastSeq: Math.max(afterSeq, found.at(-1)?.seq ?? 0),
        hasMore,
      };
    },
    all: () => entries.map((entry) => entry.row),
    held: () => entries,
    resume: (held) => {
      entries = held;
    },
  };
}
