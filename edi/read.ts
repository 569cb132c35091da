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

/** What is complete with the bytes that a reader has. */
function* completed(reader: Reader): Generator<Item> {
  let item: Item | undefined;
  while ((item = reader.next()) !== undefined) yield item;
}

/**
 * Reads what is at hand, item by item; see `read`.
 * @throws TypeError for what is no bytes: text has lost what the bytes were.
 */
export function* readSync(bytes: Uint8Array | Iterable<Uint8Array>, options: ReadOptions = {}): Generator<Item> {
  const reader = readerFor(options);
  for (const chunk of isBytes(bytes) ? [bytes] : has(bytes, Symbol.iterator) ? bytes : refuse(bytes)) {
    reader.add(isBytes(chunk) ? chunk : refuse(chunk));
    yield* completed(reader);
  }
  reader.end();
  yield* completed(reader);
}

/**
 * Reads X12 in one pass and hands out what it finds, in order: interchanges, groups, transactions with their documents,
 * and how each ended. Faults are data: whatever the bytes are, nothing is thrown but the source's own errors. Memory is
 * bounded by one transaction. A source may use the memory of a chunk again for the next one.
 * @throws TypeError for what is no bytes: a string, or a stream of them (`setEncoding`) has lost what the bytes were.
 */
export async function* read(bytes: Bytes, options: ReadOptions = {}): AsyncGenerator<Item> {
  if (!has(bytes, Symbol.asyncIterator)) {
    for (const item of readSync(bytes, options)) yield item;
    return;
  }
  const reader = readerFor(options);
  for await (const chunk of bytes) {
    reader.add(isBytes(chunk) ? chunk : refuse(chunk));
    for (const item of completed(reader)) yield item;
  }
  reader.end();
  for (const item of completed(reader)) yield item;
}

/** Also of another realm, whose class is another one. */
const isBytes = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';

function has<S extends symbol>(value: unknown, method: S): value is Record<S, unknown> {
  return typeof value === 'object' && value !== null && method in value;
}

function refuse(value: unknown): never {
  const what = typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
  throw new TypeError(`bytes (Uint8Array) are expected, and here is ${what}`);
}
