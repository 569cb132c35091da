/** Files without a fault, to be damaged: written ones of every set and release, and the faultless ones of our fixtures. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { countingFrom, write, WriteRefused, type Document, type WriteOptions } from '../../../edi/index.js';
import { setFor, SET_NUMBERS } from '../../../edi/sets/index.js';
import { baseOf, type Base } from './damage.js';
import { documentsOf } from './documents.js';

const RELEASES = ['004010', '005010'] as const;
type Release = (typeof RELEASES)[number];

/** Documents of one set and release that could be written, beside each other. */
interface Written {
  readonly set: string;
  readonly release: Release;
  readonly documents: readonly Document[];
}

/** Separators and line ends that partners use (facts/amazon-vendor.md 1.2), and stranger ones. */
const SPELLINGS: readonly WriteOptions[] = [
  {},
  { lineEnd: '\n' },
  { lineEnd: '\r\n' },
  { separators: { element: 124, segment: 10 } },
  { separators: { element: 29, component: 31, segment: 28 } },
  { separators: { element: 42, component: 58, segment: 39 }, lineEnd: '\n' },
  { separators: { element: 94, component: 124, repetition: 126, segment: 33 } },
  { separators: { element: 62, component: 58, segment: 42 } },
];

const party = (id: string) => ({ qualifier: 'ZZ', id });

function written(groups: readonly Written[], number: number, options: WriteOptions): Buffer | null {
  try {
    const outgoing = {
      sender: party('AMAZON'),
      receiver: party('SELVEDGE'),
      date: '2026-03-31',
      time: '09:30',
      usage: 'P',
      groups: groups.map(({ release, documents }) => ({ sender: 'AMAZON', receiver: 'SELVEDGE', release, documents })),
    } as const;
    return Buffer.from(write(outgoing, countingFrom(number), options));
  } catch (error) {
    if (error instanceof WriteRefused) return null;
    throw error;
  }
}

/** Longest transaction that is made: a case is a read. */
const LONGEST = 4000;

/** Documents that are written and read without a fault, `many` of a set and release at most. */
function documents(seed: number, many: number): Written[] {
  return SET_NUMBERS.flatMap((set, s) =>
    RELEASES.map((release, r) => {
      const spec = setFor(set, release);
      if (spec === null) throw new Error(`no schema of ${set}`);
      const made = fc.sample(documentsOf(spec, 0), { numRuns: 20 * many, seed: seed + 2 * s + r });
      const fine = made.filter((document) => {
        const bytes = written([{ set, release, documents: [document as unknown as Document] }], 1, {});
        return bytes !== null && bytes.length < LONGEST && baseOf(set, bytes) !== null;
      });
      return { set, release, documents: fine.slice(0, many) as unknown as Document[] };
    }),
  ).filter((one) => one.documents.length > 0);
}

const FOLDER = 'test/fixtures/edi';

/** Fixtures that have no fault, and whose ISA has its length: where its parts are must be known without the library. */
function fixtures(): Base[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.edi'))
    .flatMap((name) => baseOf(name, readFileSync(`${FOLDER}/${name}`)) ?? [])
    .filter(({ bytes, told }) => told.size === 0 && bytes.subarray(0, 3).toString() === 'ISA');
}

/** Written files of one to three interchanges, each of one to three groups of one to three sets. */
export function basesOf(seed: number, many: number): Base[] {
  const pool = documents(seed, 12);
  const group = fc
    .tuple(fc.constantFrom(...pool), fc.nat(), fc.integer({ min: 1, max: 3 }))
    .map(([one, first, count]) => {
      const from = first % one.documents.length;
      return { ...one, documents: one.documents.slice(from, from + count) };
    });
  const interchange = fc.tuple(
    fc.oneof({ weight: 3, arbitrary: fc.tuple(group) }, fc.array(group, { minLength: 2, maxLength: 3 })),
    fc.constantFrom(...SPELLINGS),
  );
  const file = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(interchange) },
    fc.array(interchange, { minLength: 2, maxLength: 3 }),
  );
  const every = pool.map((one) => [[[one], SPELLINGS[0] ?? {}] as const]);
  const files = [...every, ...fc.sample(file, { numRuns: many, seed })];
  return [...fixtures(), ...files.flatMap((parts, n) => writtenFile(parts, n))];
}

function writtenFile(parts: readonly (readonly [readonly Written[], WriteOptions])[], n: number): Base[] {
  const interchanges = parts.map(([groups, options], at) => written(groups, 100 * n + 10 * at + 1, options));
  if (interchanges.some((one) => one === null)) return [];
  const bytes = Buffer.concat(interchanges.map((one) => one ?? Buffer.alloc(0)));
  const name = parts.map(([groups]) => groups.map(({ set, release }) => `${set} ${release}`).join('+')).join(' & ');
  const base = baseOf(`${n}: ${name}`, bytes);
  if (base === null) throw new Error(`a written file has faults: ${name}`);
  return [base];
}
