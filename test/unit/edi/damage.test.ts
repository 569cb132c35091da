/**
 * Whatever happens to a file on its way is told, or differs from what was sent in one element's value only.
 * `SELVEDGE_EDI_CASES` asks for the long run, `SELVEDGE_EDI_SEED` for other files and other damage.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tellingBytes, type Bone } from './anatomy.js';
import { CASES, SEED } from './cases.js';
import { differenceOf, replaced, type Base, type Damaged } from './damage.js';
import { basesOf } from './damaged-files.js';
import { SERVICES, unseen, verdictOn, type Verdict } from './verdict.js';

const NOTHING = Buffer.alloc(0);
const bases = basesOf(SEED, 40);
const telling = bases.map(({ bones }) => tellingBytes(bones));

/** A file by its number, and a place in it: anywhere, or where a byte says what something is. */
const anyFile = fc.nat({ max: bases.length - 1 });
const anyPlace = fc.record({ file: anyFile, n: fc.nat(), tells: fc.boolean() });
type Place = Readonly<{ file: number; n: number; tells: boolean }>;

const fileAt = (n: number): Base => {
  const base = bases[n];
  if (base === undefined) throw new Error(`there is no file ${n}`);
  return base;
};

function placeOf({ file, n, tells }: Place): [Base, number] {
  const [base, bytes] = [fileAt(file), telling[file] ?? []];
  return [base, tells ? (bytes[n % bytes.length] ?? 0) : n % base.bytes.length];
}

const boneAt = ({ bones }: Base, n: number): Bone => {
  const bone = bones[n % bones.length];
  if (bone === undefined) throw new Error('a file without segments');
  return bone;
};

/** A byte in the place of another: any, one that files are made of, the same with a bit turned, a separator of the file. */
const anyByte = fc.oneof(
  fc.record({ byte: fc.nat({ max: 255 }) }),
  fc.record({ byte: fc.constantFrom(...Buffer.from('0123456789ACEIKLNPSTZ*~|>:^. -\r\n\0', 'latin1')) }),
  fc.record({ bit: fc.nat({ max: 7 }) }),
  fc.record({ separator: fc.constantFrom(3, 104, 105) }),
);
type AnyByte = Readonly<{ byte?: number; bit?: number; separator?: number }>;
const byteFor = ({ byte, bit, separator }: AnyByte, base: Base, at: number): Buffer => {
  const turned = (base.bytes[at] ?? 0) ^ (1 << (bit ?? 0));
  return Buffer.from([byte ?? (separator === undefined ? turned : (base.bytes[separator] ?? 0))]);
};

type Counted = Partial<Record<Verdict, number>>;

/** Damages files and judges each; answers how often which verdict came. */
function judgeAll<T>(any: fc.Arbitrary<T>, damage: (of: T) => readonly [Base, Damaged], cases: number): Counted {
  const counted: Counted = {};
  fc.assert(
    fc.property(any, (of) => {
      const [base, damaged] = damage(of);
      if (damaged.bytes.equals(base.bytes)) return;
      const verdict = verdictOn(base, damaged);
      counted[verdict] = (counted[verdict] ?? 0) + 1;
    }),
    { numRuns: cases, seed: SEED },
  );
  return counted;
}

/** Part of the cases that ended so. */
function share(counted: Counted, ...verdicts: Verdict[]): number {
  const all = Object.values(counted).reduce((sum, one) => sum + one, 0);
  return verdicts.reduce((sum, one) => sum + (counted[one] ?? 0), 0) / all;
}

describe('a damaged file', () => {
  test('is made of files of every set and release, and of several interchanges', () => {
    expect(bases.length).toBeGreaterThan(60);
    for (const set of ['810', '820', '846', '850', '855', '856', '997'])
      for (const release of ['004010', '005010'])
        expect(bases.filter(({ name }) => name.endsWith(`: ${set} ${release}`)).length).toBeGreaterThan(0);
    expect(bases.filter(({ name }) => name.includes('&')).length).toBeGreaterThan(1);
  });

  test('that was cut anywhere is reported, unless it was cut between interchanges', () => {
    const counted = judgeAll(
      anyPlace,
      (place) => {
        const [base, at] = placeOf(place);
        return [base, replaced(base.bytes, at, base.bytes.length - at, NOTHING)];
      },
      CASES,
    );
    expect(share(counted, 'reported')).toBeGreaterThan(0.97);
  });

  test('with another byte in place of one is reported, or differs in one element', () => {
    const counted = judgeAll(
      fc.tuple(anyPlace, anyByte),
      ([place, byte]) => {
        const [base, at] = placeOf(place);
        return [base, replaced(base.bytes, at, 1, byteFor(byte, base, at))];
      },
      3 * CASES,
    );
    expect(share(counted, 'reported', 'one-element')).toBeGreaterThan(0.9);
  });

  test('with a byte less is reported, or differs in one element', () => {
    const counted = judgeAll(
      anyPlace,
      (place) => {
        const [base, at] = placeOf(place);
        return [base, replaced(base.bytes, at, 1, NOTHING)];
      },
      CASES,
    );
    expect(share(counted, 'reported', 'one-element')).toBeGreaterThan(0.9);
  });

  test('with a byte more is reported, or differs in one element', () => {
    const counted = judgeAll(
      fc.tuple(anyPlace, anyByte),
      ([place, byte]) => {
        const [base, at] = placeOf(place);
        return [base, replaced(base.bytes, at, 0, byteFor(byte, base, at))];
      },
      CASES,
    );
    expect(share(counted, 'reported', 'one-element')).toBeGreaterThan(0.9);
  });

  test('with a segment twice, or without one, is reported', () => {
    const counted = judgeAll(
      fc.record({ file: anyFile, n: fc.nat(), twice: fc.boolean() }),
      ({ file, n, twice }) => {
        const base = fileAt(file);
        const { start, end } = boneAt(base, n);
        const segment = base.bytes.subarray(start, end + 1);
        return [base, replaced(base.bytes, start, twice ? 0 : segment.length, twice ? segment : NOTHING)];
      },
      CASES,
    );
    expect(Object.keys(counted).filter((verdict) => verdict !== 'reported' && verdict !== 'service')).toEqual([]);
    expect(share(counted, 'reported')).toBeGreaterThan(0.98);
  });

  test('whose segments changed places is reported where one of them is of an envelope', () => {
    // Nothing numbers the segments of a set, or of service: two that may stand where the other stood are as good there.
    fc.assert(
      fc.property(anyFile, fc.nat(), fc.oneof(fc.constant(1), fc.nat({ max: 30 })), (file, n, distance) => {
        const base = fileAt(file);
        const first = n % base.bones.length;
        const [one, other] = [boneAt(base, first), boneAt(base, Math.min(first + distance, base.bones.length - 1))];
        if (one === other || other.end >= base.bytes.length) return;
        const [a, between, b] = [
          base.bytes.subarray(one.start, one.end + 1),
          base.bytes.subarray(one.end + 1, other.start),
          base.bytes.subarray(other.start, other.end + 1),
        ];
        const damaged = replaced(base.bytes, one.start, other.end + 1 - one.start, Buffer.concat([b, between, a]));
        if (damaged.bytes.equals(base.bytes)) return;
        const within = [one, other].every(({ tag, set }) =>
          set >= 0 ? tag !== 'ST' && tag !== 'SE' : SERVICES.has(tag),
        );
        const difference = differenceOf(base, damaged);
        if (!difference.reported && !within) throw unseen(base, damaged, difference, 'segments changed places');
      }),
      { numRuns: CASES, seed: SEED },
    );
  });

  test('with bytes of any kind in it is read to its end', () => {
    fc.assert(
      fc.property(
        anyFile,
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.uint8Array({ maxLength: 60 }),
        (file, n, removed, bytes) => {
          const base = fileAt(file);
          const at = n % base.bytes.length;
          const damaged = replaced(base.bytes, at, Math.min(removed, base.bytes.length - at), Buffer.from(bytes));
          expect(differenceOf(base, damaged).faults).toBeInstanceOf(Array);
        },
      ),
      { numRuns: CASES, seed: SEED },
    );
  });
});
