/** What the tests of the writer hand over, and what becomes of it. */
import { expect } from '@jest/globals';
import {
  countingFrom,
  write,
  WriteRefused,
  type Document,
  type Item,
  type Outgoing,
  type WriteOptions,
} from '../../../edi/index.js';
import { SET_NUMBERS } from '../../../edi/sets/index.js';
import { CASES } from './cases.js';

export const RELEASES = ['004010', '005010'] as const;
export type Release = (typeof RELEASES)[number];
export const SETS = SET_NUMBERS.flatMap((set) => RELEASES.map((release) => ({ set, release })));

/** There are many sets, and each case writes and reads. */
export const RUNS = Math.ceil(CASES / 3);

export const party = { qualifier: 'ZZ', id: 'SELVEDGE' };
export const sending = (release: Release, documents: readonly unknown[]): Outgoing => ({
  sender: party,
  receiver: party,
  date: '2026-03-31',
  time: '09:30',
  usage: 'T',
  groups: [{ sender: 'SELVEDGE', receiver: 'AMAZON', release, documents: documents as Document[] }],
});

/** What was written, or null when it was refused, which says what and where. */
export function written(
  release: Release,
  documents: readonly unknown[],
  options: WriteOptions = {},
): Uint8Array | null {
  try {
    return write(sending(release, documents), countingFrom(7), options);
  } catch (error) {
    if (!(error instanceof WriteRefused)) throw error;
    expect(error.refusals.length).toBeGreaterThan(0);
    for (const { message, ref } of error.refusals) expect(message.length * ref.length).toBeGreaterThan(0);
    return null;
  }
}

export const transactionsOf = (items: readonly Item[]) =>
  items.flatMap((item) => (item.kind === 'transaction' ? [item] : []));
