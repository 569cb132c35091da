import { readSync, STANDARD, type Document, type Fault, type Profile, type Transaction } from '../../../edi/index.js';
import type { Release } from '../../../edi/schema/release.js';

const GROUPS: Readonly<Record<string, string>> = { '810': 'IN', '820': 'RA', '850': 'PO', '856': 'SH' };

/** An interchange with one transaction of the segments given; its counts are right. */
export function interchange(set: string, release: Release, segments: readonly string[]): string {
  const old = release === '004010';
  return [
    `ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1200*${old ? 'U*00401' : '^*00501'}*000000001*0*P*>`,
    `GS*${GROUPS[set]}*SENDER*RECEIVER*20260301*1200*1*X*${release}`,
    `ST*${set}*0001`,
    ...segments,
    `SE*${segments.length + 2}*0001`,
    'GE*1*1',
    'IEA*1*000000001',
    '',
  ].join('~');
}

/** Reads one transaction of the segments given. */
export function readOne(
  set: string,
  release: Release,
  segments: readonly string[],
  profile: Profile = STANDARD,
): Transaction {
  const items = [...readSync(Buffer.from(interchange(set, release, segments), 'latin1'), { profile })];
  const others = items.flatMap((item) => (item.kind === 'transaction' ? [] : item.faults));
  if (others.length > 0) throw new Error(`the envelope has faults: ${JSON.stringify(others)}`);
  const found = items.find((item) => item.kind === 'transaction');
  if (found === undefined) throw new Error('no transaction was read');
  return found;
}

/** Reads one transaction that has to have a document. */
export function documentOf<S extends Document['set']>(
  set: S,
  release: Release,
  segments: readonly string[],
  profile: Profile = STANDARD,
): Extract<Document, { set: S }> {
  const { document, faults } = readOne(set, release, segments, profile);
  if (document?.set !== set) throw new Error(`no document: ${JSON.stringify(faults)}`);
  return document as Extract<Document, { set: S }>;
}

/** What a test says of a fault: rule, severity, segment, element. */
export const places = (faults: readonly Fault[]): unknown[] =>
  faults.map(({ rule, severity, segment, element }) => [rule, severity, segment, element]);

/** A document without its empty lists, which are always there. */
export function brief(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(brief);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => !(Array.isArray(held) && held.length === 0))
      .map(([name, held]) => [name, brief(held)]),
  );
}
