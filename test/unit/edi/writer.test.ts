/** What is written holds what was meant and nothing more, whatever the data hold and whatever separates them. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSync } from '../../../edi/index.js';
import { setFor } from '../../../edi/sets/index.js';
import { SEED } from './cases.js';
import { documentsOf } from './documents.js';
import { RUNS, SETS, transactionsOf, written, type Release } from './sending.js';
import { anySpoiling, lostOf, segmentsIn, segmentsMeant, spoiled } from './spoiled.js';

/** Any four bytes; now and then those that partners use, or whose like stands in numbers and names. */
const anyByte = fc.oneof(
  { weight: 1, arbitrary: fc.integer({ min: -1, max: 260 }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(...Buffer.from('*~|>^:!@#$%\'"&()+,-./;<=?[]{}_`\\\x01\x1c\x1d\x1e\x1f\t\n\r')),
  },
);
const anyBytes = fc.tuple(anyByte, anyByte, anyByte, anyByte);

const specOf = (set: string, release: Release) => {
  const spec = setFor(set, release);
  if (spec === null) throw new Error(`no schema of ${set}`);
  return spec;
};

describe('what is written', () => {
  test.each(SETS)('$set of $release: has the segments that were meant, whatever separates them', ({ set, release }) => {
    const spec = specOf(set, release);
    const lineEnds = fc.constantFrom('', '\n', '\r\n');
    let [came, refused] = [0, 0];
    fc.assert(
      fc.property(
        documentsOf(spec, 0),
        anyBytes,
        lineEnds,
        fc.option(anySpoiling),
        fc.boolean(),
        (plain, [element, component, repetition, segment], lineEnd, spoiling, transliterate) => {
          const separators = { element, component, segment, ...(release === '005010' ? { repetition } : {}) };
          const signs = [element, component, repetition, segment].map((byte) => String.fromCharCode(Math.max(0, byte)));
          const document = spoiling === null ? plain : spoiled(plain, spoiling, signs);
          const bytes = written(release, [document], { separators, lineEnd: lineEnd as '', transliterate });
          if (bytes === null) return void (refused += 1);
          came += 1;
          const segments = segmentsIn(bytes, segment);
          expect(segments).toHaveLength(segmentsMeant(spec, document) + 6);
          expect(segments.map((one) => one.trimStart().split(String.fromCharCode(element))[0])).toEqual(
            expect.arrayContaining(['ISA', 'GS', 'ST', 'SE', 'GE', 'IEA']),
          );
          const items = [...readSync(bytes)];
          expect(items.flatMap(({ faults }) => faults).filter(({ severity }) => severity !== 'warning')).toEqual([]);
          if (!transliterate) expect(lostOf(document, transactionsOf(items)[0]?.document)).toEqual([]);
        },
      ),
      { numRuns: RUNS, seed: SEED },
    );
    expect(came).toBeGreaterThan(RUNS / 100);
    expect(refused).toBeGreaterThan(RUNS / 100);
  });

  test.each(SETS)('$set of $release: is what was given, or refused by name', ({ set, release }) => {
    const spec = specOf(set, release);
    fc.assert(
      fc.property(documentsOf(spec, 0), fc.array(anySpoiling, { minLength: 1, maxLength: 3 }), (plain, spoilings) => {
        if (written(release, [plain]) === null) return;
        const document = spoilings.reduce<unknown>(
          (one, spoiling) => spoiled(one, spoiling, ['*', '~', '>', '^']),
          plain,
        );
        const bytes = written(release, [document]);
        if (bytes === null) return;
        const [transaction] = transactionsOf([...readSync(bytes)]);
        expect(transaction?.faults.filter(({ severity }) => severity !== 'warning')).toEqual([]);
        expect(lostOf(document, transaction?.document)).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

describe('segments that no schema knows', () => {
  const strange = fc.constantFrom(
    'REF',
    'BEG',
    'N3',
    'PO1',
    'CTT',
    'MAN',
    'BPS',
    'SE',
    'ISA',
    'X',
    'XYZW',
    'xyz',
    'X*',
    '',
  );
  const bad = fc.constantFrom('*', 'E>F', '~', '\n', 'é');
  const anyUnknown = fc.record({
    segment: fc.integer({ min: 1, max: 9 }),
    id: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('XYZ', 'ZZ9') }, { weight: 1, arbitrary: strange }),
    elements: fc.array(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom('A', '12', '', 'B C', 'D ') }, { weight: 1, arbitrary: bad }),
      { maxLength: 3 },
    ),
  });

  test.each(SETS)('$set of $release: stand where they stood and nowhere else, or are refused', ({ set, release }) => {
    const spec = specOf(set, release);
    let came = 0;
    fc.assert(
      fc.property(documentsOf(spec, 0), fc.array(anyUnknown, { minLength: 1, maxLength: 3 }), (plain, unknown) => {
        const document = { ...plain, unknown: [...unknown].sort((one, other) => one.segment - other.segment) };
        const bytes = written(release, [document]);
        if (bytes === null) return;
        came += 1;
        expect(segmentsIn(bytes, 126)).toHaveLength(segmentsMeant(spec, document) + 6);
        const [transaction] = transactionsOf([...readSync(bytes)]);
        expect(transaction?.faults.filter(({ severity }) => severity === 'fatal')).toEqual([]);
        expect(lostOf(document, transaction?.document)).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(came).toBeGreaterThan(0);
  });
});

test('a segment of nothing but empty elements is refused: it would be none when it is read', () => {
  const payment = { handling: 'C', total: { value: '0' }, creditDebit: 'C', method: 'ACH' };
  const remittance = (elements: string[]) => ({ set: '820', payment, royalties: [{ royalty: { elements } }] });
  expect(written('004010', [remittance(['', 'A'])])).not.toBeNull();
  expect(written('004010', [remittance([''])])).toBeNull();
  expect(written('004010', [remittance(['', ''])])).toBeNull();
  expect(written('004010', [remittance([])])).toBeNull();
});
