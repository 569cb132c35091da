import type { Item } from './items.js';
import { LIMITS, type Limits } from './limits.js';
import { STANDARD, type Profile } from './profile.js';
import { Reader } from './reader.js';

/** How to read. */
export interface ReadOptions {
  /** what is agreed with the partner; the bare standard unless given */
  readonly profile?: Profile;
  readonly limits?: Partial<Limits>;
}

/** Bytes to read: all at once, or as they come. A string would have lost what the bytes were. */
export type Bytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const readerFor = ({ profile = STANDARD, limits }: ReadOptions): Reader =>
  new Reader(profile, { ...LIMITS, ...limits });

/** Reads what is at hand, item by item; see `read`. */
export function* readSync(bytes: Uint8Array | Iterable<Uint8Array>, options: ReadOptions = {}): Generator<Item> {
  const reader = readerFor(options);
  for (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) yield* reader.push(chunk);
  yield* reader.end();
}

/**
 * Reads X12 in one pass and hands out what it finds, in order: interchanges, groups, transactions with their documents,
 * and how each ended. Faults are data; only the source's own errors are thrown. Memory is bounded by one transaction.
 */
export async function* read(bytes: Bytes, options: ReadOptions = {}): AsyncGenerator<Item> {
  if (bytes instanceof Uint8Array || Symbol.iterator in bytes) {
    yield* readSync(bytes, options);
    return;
  }
  const reader = readerFor(options);
  for await (const chunk of bytes) yield* reader.push(chunk);
  yield* reader.end();
}
