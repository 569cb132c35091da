import { equal, isMultiple, product, sum } from '../decimal.js';
import type { Fault, Rule, Severity } from '../faults.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { DEEPEST } from '../schema/tree.js';
import { tagKey } from '../syntax/spelling.js';
import type { ShipLevel, ShipNotice } from './856.js';
import { checkHash, checkLevelCount, completeCounts, tried, type StatedCounts } from './totals.js';

/** Levels below a level; in a notice to be written an empty list may be left out. */
const below = ({ children }: { readonly children?: readonly ShipLevel[] }): readonly ShipLevel[] => children ?? [];

/** All levels of a tree, each before the levels below it; throws where it is too deep, or too large to be one. */
function levelsOf(roots: readonly ShipLevel[], most: number): ShipLevel[] {
  const all: ShipLevel[] = [];
  const add = (levels: readonly ShipLevel[], depth: number): void => {
    if (depth > DEEPEST) throw new RangeError(`levels are deeper than ${DEEPEST}`);
    for (const level of levels) {
      all.push(level);
      if (all.length > most) throw new RangeError(`there are more than ${most} levels`);
      if (below(level).length > 0) add(below(level), depth + 1);
    }
  };
  add(roots, 1);
  return all;
}

const itemLevels = (levels: readonly ShipLevel[]): ShipLevel[] => levels.filter(({ level }) => level === 'I');

/**
 * CTT01 counts the levels and CTT02 sums what was shipped (X12 set 856, note on CTT); where the packs say again what
 * their item says, senders sum the items alone.
 */
export function checkShipNotice(notice: ShipNotice, source: Source): void {
  const levels = levelsOf(notice.levels, Infinity);
  if (notice.totals !== undefined) checkTotals(notice.totals, levels, source);
  checkShipment(notice, levels, source);
}

function checkTotals(totals: StatedCounts, levels: readonly ShipLevel[], source: Source): void {
  checkLevelCount(source, totals, levels.length, () => itemLevels(levels).length);
  if (totals.hashTotal !== undefined) checkHash(source, totals, shippedOf(levels));
}

/** What CTT02 may sum: what was shipped of all levels, or of the items alone. */
const shippedOf = (levels: readonly ShipLevel[]): string[][] =>
  [levels, itemLevels(levels)].map((some) => some.map((one) => one.shipped?.shipped.value ?? '0'));

/** A ship notice with its totals, to be written. A tree that its own BSN05 contradicts is refused. */
export function completeShipNotice(notice: ShipNotice, sheet: Sheet): object {
  const most = sheet.limits.transactionLevels;
  const levels = tried(() => levelsOf(notice.levels, most));
  if (levels === null) {
    sheet.refuse({ ref: 'HL' }, undefined, `levels are a tree of at most ${most}, at most ${DEEPEST} deep`);
    return { ...notice, levels: [] };
  }
  const structure = tried(() => structureOf(notice));
  if (structure !== null)
    checkOrder(notice.levels, -1, structure, (_level, _at, { message, severity, value }) => {
      if (severity === 'error') sheet.refuse({ ref: 'HL03' }, value, message);
    });
  const shipped = tried(() => shippedOf(levels));
  return { ...notice, totals: completeCounts(sheet, notice.totals, levels.length, shipped) };
}

/** Tells a fault of a level, at the segment `tag` in it, the nth of them. */
type Tell = (level: ShipLevel, at: readonly [tag: string, n: number, element: number], told: Told) => void;
type Told = Readonly<{ rule: Rule; message: string; severity: Severity } & Pick<Fault, 'value'>>;

/** What the levels say of each other: kinds in the order of BSN05, packs that add up, marks with their check digit. */
function checkShipment(notice: ShipNotice, all: readonly ShipLevel[], source: Source): void {
  let places: Map<ShipLevel, number> | null = null;
  const tell: Tell = (level, [tag, n, element], { rule, message, severity, value }) => {
    // Counting to the nth segment for each of a hundred thousand faults would take hours.
    if (source.full) {
      source.tell(rule, message, 0, {}, severity);
      return;
    }
    places ??= placesOf(notice.levels, source);
    const segment = nth(source, places.get(level) ?? 0, tag, n);
    source.tell(rule, message, segment, { loop: 'HL', element, ...(value === undefined ? {} : { value }) }, severity);
  };
  const structure = structureOf(notice);
  if (structure !== null) checkOrder(notice.levels, -1, structure, tell);
  for (const level of all) {
    if (level.shipped !== undefined) checkPacks(level, level.shipped.shipped, tell);
    if (level.quantities.length > 0) checkPackages(level, tell);
    for (let n = 0; n < level.marks.length; n++) checkMark(level, n, tell);
  }
}

/** Segment that opens each level. Levels come in the order of the file wherever they hang in the tree. */
function placesOf(roots: readonly ShipLevel[], source: Source): Map<ShipLevel, number> {
  const places = new Map<ShipLevel, number>();
  const byNumber = new Map<string, { level: ShipLevel; next: number }>();
  const number = (segment: number, element: number): string =>
    source
      .value(segment, element)
      .trim()
      .replace(/^0+(?=.)/, '');
  let nextRoot = 0;
  for (let segment = source.find(HL, 1); segment > 0; segment = source.find(HL, segment + 1)) {
    const parent = byNumber.get(number(segment, 2));
    const level = parent === undefined ? roots[nextRoot++] : parent.level.children[parent.next++];
    if (level === undefined) return places;
    places.set(level, segment);
    byNumber.set(number(segment, 1), { level, next: 0 });
  }
  return places;
}

const HL = tagKey('HL');

/** Index of the nth segment `tag` of the level that `opened` opens; of its HL if there is none. */
function nth(source: Source, opened: number, tag: string, n: number): number {
  const key = tagKey(tag);
  let left = n;
  for (let segment = opened + 1; segment < source.end && source.tags[segment] !== HL; segment++)
    if (source.tags[segment] === key && left-- === 0) return segment;
  return opened;
}

interface Structure {
  readonly code: string;
  /** codes of levels from the top down */
  readonly kinds: readonly (readonly string[])[];
  /** which of the kinds a code is of */
  readonly kindOf: ReadonlyMap<string, number>;
}

const structure = (code: string, ...kinds: string[][]): [string, Structure] => [
  code,
  { code, kinds, kindOf: new Map(kinds.flatMap((codes, kind) => codes.map((one) => [one, kind]))) },
];

/** BSN05: kinds of levels from the top down; packaging is pallets (T) and cartons (P). */
const STRUCTURES: ReadonlyMap<string, Structure> = new Map([
  structure('0001', ['S'], ['O'], ['T', 'P'], ['I']),
  structure('0002', ['S'], ['O'], ['I'], ['T', 'P']),
  structure('0003', ['S'], ['T', 'P'], ['O'], ['I']),
  structure('0004', ['S'], ['O'], ['I']),
]);
const PACKAGING: readonly string[] = ['T', 'P'];

/** The order of levels that BSN05 names, or null. */
const structureOf = ({ beginning }: ShipNotice): Structure | null => STRUCTURES.get(beginning.structure ?? '') ?? null;

/** Each level is of a later kind than the one above it; codes that no structure speaks of may stand anywhere. */
function checkOrder(levels: readonly ShipLevel[], above: number, structure: Structure, tell: Tell): void {
  for (const level of levels) {
    const kind = structure.kindOf.get(level.level) ?? -1;
    const wrong = kind === above + 1 ? null : misplaced(level.level, kind, above, structure);
    if (wrong !== null) tell(level, ['HL', 0, 3], { rule: 'hierarchy', value: level.level, ...wrong });
    if (below(level).length > 0) checkOrder(below(level), Math.max(kind, above), structure, tell);
  }
}

function misplaced(
  level: string,
  kind: number,
  above: number,
  { code, kinds }: Structure,
): Pick<Told, 'message' | 'severity'> | null {
  const names = (n: number): string => (kinds[n] ?? []).join(' or ');
  if (kind < 0) {
    const message = `BSN05 ${code} has no level ${level}`;
    return PACKAGING.includes(level) ? { message, severity: 'warning' } : null;
  }
  if (kind < above || (kind === above && !PACKAGING.includes(level)))
    return {
      message: `level ${level} stands below level ${names(above)}; BSN05 ${code} has it otherwise`,
      severity: 'error',
    };
  const skipped = kinds.slice(above + 1, kind).findIndex((codes) => !PACKAGING.includes(codes[0] ?? ''));
  if (skipped < 0) return null;
  const message = `level ${level} stands where BSN05 ${code} has a level ${names(above + 1 + skipped)} above it`;
  return { message, severity: 'warning' };
}

type Shipped = NonNullable<ShipLevel['shipped']>['shipped'];

/** What a level shipped, against the packs below it and against what goes into one pack. */
function checkPacks(level: ShipLevel, { value, unit }: Shipped, tell: Tell): void {
  if (level.children.length > 0 && level.children.every(({ shipped }) => shipped?.shipped.unit === unit)) {
    const packed = sum(level.children.map(({ shipped }) => shipped?.shipped.value ?? '0'));
    const message = `SN102 is ${value}; the levels below it hold ${packed}`;
    if (!equal(packed, value)) tell(level, ['SN1', 0, 2], { rule: 'total-differs', message, severity: 'warning' });
  }
  const { pack, size, innerPack } = level.packing ?? {};
  if (pack === undefined || size === undefined || innerPack !== undefined) return;
  const each = product(pack, size.value);
  if (unit === undefined || size.unit !== unit || equal(each, '0') || isMultiple(value, each)) return;
  const message = `SN102 is ${value}; PO4 packs ${pack} × ${size.value} ${unit}, and it is no whole number of such packs`;
  tell(level, ['SN1', 0, 2], { rule: 'total-differs', message, severity: 'warning' });
}

/** Packaging (first part of element 103) and the levels that are one of it each. */
const PACKAGES = [
  { packaging: 'CTN', kind: 'P' },
  { packaging: 'PLT', kind: 'T' },
];

/** TD102 counts the cartons or pallets of a level, where the levels below it name them one by one. */
function checkPackages(level: ShipLevel, tell: Tell): void {
  for (const { packaging, kind } of PACKAGES) {
    const counted = packagesStated(level, packaging);
    const below = counted === null ? 0 : countBelow(level, kind);
    if (below === 0 || counted === String(below)) continue;
    const first = level.quantities.findIndex(({ packaging: of = '' }) => of.startsWith(packaging));
    const message = `TD102 is ${counted}; ${below} levels ${kind} stand below`;
    tell(level, ['TD1', first, 2], { rule: 'total-differs', message, severity: 'warning' });
  }
}

/** How many packages of a kind a level states; null if it does not say. */
function packagesStated({ quantities }: ShipLevel, packaging: string): string | null {
  const counts: string[] = [];
  for (const { packaging: of = '', count } of quantities) {
    if (!of.startsWith(packaging)) continue;
    if (count === undefined) return null;
    counts.push(count);
  }
  return counts.length === 0 ? null : sum(counts);
}

function countBelow({ children }: ShipLevel, kind: string): number {
  let count = 0;
  for (const one of children) count += (one.level === kind ? 1 : 0) + countBelow(one, kind);
  return count;
}

/** Whether a qualifier of MAN names an SSCC. */
const isSscc = (qualifier: string | undefined): boolean => qualifier === 'GM' || qualifier === 'AA';

/** Serial shipping container codes of a MAN: 18 digits, the last of them a check digit; 20 with their identifier 00. */
function checkMark(level: ShipLevel, n: number, tell: Tell): void {
  const mark = level.marks[n];
  if (mark === undefined) return;
  const check = (element: number, value: string | undefined): void => {
    const wrong = value === undefined ? null : wrongSscc(value);
    if (wrong === null || value === undefined) return;
    const message = `MAN0${element} is ${JSON.stringify(value)}: ${wrong}`;
    tell(level, ['MAN', n, element], { rule: 'check-digit', message, severity: 'warning', value });
  };
  if (isSscc(mark.qualifier)) {
    check(2, mark.number);
    check(3, mark.last);
  }
  if (isSscc(mark.furtherQualifier)) {
    check(5, mark.furtherNumber);
    check(6, mark.furtherLast);
  }
}

/** What is wrong with an SSCC, or null (GS1: weights 3 and 1 from the left over the first 17 digits). */
export function wrongSscc(value: string): string | null {
  const from = value.length === 20 && value.startsWith('00') ? 2 : 0;
  const told = 'an SSCC has 18 digits, or 20 with 00 in front';
  if (value.length - from !== 18) return told;
  let [weighed, last] = [0, 0];
  for (let at = 0; at < 18; at++) {
    last = value.charCodeAt(from + at) - 48;
    if (last < 0 || last > 9) return told;
    weighed += last * (at % 2 === 0 ? 3 : 1);
  }
  // The check digit makes the weighed sum a multiple of ten.
  const check = (((last - weighed) % 10) + 10) % 10;
  return last === check ? null : `its check digit is ${last}, of the digits before it follows ${check}`;
}
