import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSync, rewrite } from '../../../edi/index.js';
import { setFor } from '../../../edi/sets/index.js';
import { CASES, SEED } from './cases.js';
import { documentsOf } from './documents.js';
import { SETS, transactionsOf, written } from './sending.js';

describe('what is written is read back', () => {
  test.each(SETS)('$set of $release: plausible documents are the same again', ({ set, release }) => {
    const spec = setFor(set, release);
    if (spec === null) throw new Error(`no schema of ${set}`);
    let back = 0;
    fc.assert(
      fc.property(documentsOf(spec, 0), (document) => {
        const bytes = written(release, [document]);
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
        const bytes = written(release, [document], { separators: marks, transliterate });
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
