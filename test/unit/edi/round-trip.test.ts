import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  countingFrom,
  readSync,
  rewrite,
  write,
  WriteRefused,
  type Document,
  type Item,
  type Outgoing,
  type WriteOptions,
} from '../../../edi/index.js';
import { setFor, SET_NUMBERS } from '../../../edi/sets/index.js';
import { CASES, SEED } from './cases.js';
import { documentsOf } from './documents.js';

const outgoing = (release: '004010' | '005010', documents: readonly Document[]): Outgoing => ({
  sender: { qualifier: 'ZZ', id: 'SELVEDGE' },
  receiver: { qualifier: 'ZZ', id: 'AMAZON' },
  date: '2026-03-31',
  time: '09:30',
  usage: 'T',
  groups: [{ sender: 'SELVEDGE', receiver: 'AMAZON', release, documents }],
});

/** What was written, or null when it was refused. */
function written(release: '004010' | '005010', document: unknown, options: WriteOptions = {}): Uint8Array | null {
  try {
    return write(outgoing(release, [document as Document]), countingFrom(7), options);
  } catch (error) {
    if (error instanceof WriteRefused) return null;
    throw error;
  }
}

const transactionsOf = (items: readonly Item[]) => items.flatMap((item) => (item.kind === 'transaction' ? [item] : []));
const RELEASES = ['004010', '005010'] as const;
const SETS = SET_NUMBERS.flatMap((set) => RELEASES.map((release) => ({ set, release })));

describe('what is written is read back', () => {
  test.each(SETS)('$set of $release: plausible documents are the same again', ({ set, release }) => {
    const spec = setFor(set, release);
    if (spec === null) throw new Error(`no schema of ${set}`);
    let back = 0;
    fc.assert(
      fc.property(documentsOf(spec, 0), (document) => {
        const bytes = written(release, document);
        if (bytes === null) return;
        const items = [...readSync(bytes)];
        const [transaction] = transactionsOf(items);
        const faults = items.flatMap(({ faults: some }) => some).filter(({ severity }) => severity !== 'warning');
        expect(faults).toEqual([]);
        expect(transaction?.document).toMatchObject(document);
        expect(Buffer.from(rewrite(items)).equals(bytes)).toBe(true);
        back += 1;
      }),
      { numRuns: CASES, seed: SEED },
    );
    // Most of what is made is refused by some syntax note; enough must come back for the test to mean anything.
    expect(back).toBeGreaterThan(CASES / 20);
  });

  test.each(SETS)('$set of $release: hostile values are refused, or come back unharmed', ({ set, release }) => {
    const spec = setFor(set, release);
    if (spec === null) throw new Error(`no schema of ${set}`);
    const separators = fc.constantFrom(
      {},
      { element: 124, segment: 10 },
      { element: 29, component: 31, segment: 28 },
      { element: 42, component: 58, segment: 39 },
    );
    fc.assert(
      fc.property(documentsOf(spec, 2), separators, fc.boolean(), (document, marks, transliterate) => {
        const bytes = written(release, document, { separators: marks, transliterate });
        if (bytes === null) return;
        const items = [...readSync(bytes)];
        expect(items.map(({ kind }) => kind)).toEqual([
          'interchange',
          'group',
          'transaction',
          'group-end',
          'interchange-end',
        ]);
        const [transaction] = transactionsOf(items);
        expect(transaction?.faults.filter(({ severity }) => severity !== 'warning')).toEqual([]);
        if (!transliterate) expect(transaction?.document).toMatchObject(document);
      }),
      { numRuns: CASES, seed: SEED },
    );
  });
});
