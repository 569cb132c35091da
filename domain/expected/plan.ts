/** What to tell the warehouse about a purchase order: announce it, amend what was announced, or take it back. */
import { eachOnce, itemCause, warehouseCause, type Cause } from '../cause.js';
import type { ExpectedOrder } from './order.js';

/** One line as it is announced: the order's own line number, eaches. */
export interface AnnouncedLine {
  lineNo: number;
  /** The article as both systems print it. */
  code: string;
  expected: number;
}

/** What came of an announcement of ours: the record that is still expected of it, or how it ended. */
export interface Announced {
  goodsInNo: string;
  state: 'expected' | 'arrived' | 'cancelled';
  location: string;
  lines: AnnouncedLine[];
  /** Eaches counted in so far by line; null when they were counted in packs, whose contents are not known here. */
  arrived: { lineNo: number; units: number }[] | null;
}

/** What the mappings say of an order: the locations that stand for its warehouse, the code of each of its items. */
export interface Places {
  locations: string[];
  codes: { item: string; code: string | null }[];
}

export interface ExpectedPlan {
  /** What holds it: a mapping that is not there. */
  causes: Cause[];
  /** Null: nothing is to be announced anew. */
  announce: { location: string; lines: AnnouncedLine[] } | null;
  /** Null: what is announced stands as it is. */
  amend: { goodsInNo: string; lines: AnnouncedLine[] } | null;
  /** Announcements to be taken back. */
  cancel: string[];
  /** What stands announced once all this is done. */
  standing: { goodsInNo: string; location: string } | null;
  /** The goods were counted in before the warehouse could be told. */
  tooLate: boolean;
  /** Eaches still to come. */
  units: number;
}

/** Counted in over all announcements of the order, by line; null when part of it was counted in packs. */
function arrivedOf(announced: readonly Announced[]): Map<number, number> | null {
  const units = new Map<number, number>();
  for (const { arrived } of announced) {
    if (arrived === null) return null;
    for (const line of arrived) units.set(line.lineNo, (units.get(line.lineNo) ?? 0) + line.units);
  }
  return units;
}

/**
 * Plans one revision of an order against what was announced of it. The warehouse's own count goes before the ERP's, which
 * lags it by a batch cycle: whichever is higher has come.
 */
export function planExpected(order: ExpectedOrder, places: Places, announced: readonly Announced[]): ExpectedPlan {
  const arrived = arrivedOf(announced);
  const toCome = order.lines
    .map((line) => ({ ...line, left: line.units - Math.max(line.received, arrived?.get(line.poLine) ?? 0) }))
    .filter(({ left }) => order.state === 'open' && left > 0);
  const standing = announced.filter(({ state }) => state === 'expected');
  const nothing = { causes: [], announce: null, amend: null, cancel: [], standing: null, tooLate: false, units: 0 };
  if (toCome.length === 0) {
    const tooLate = standing.length === 0 && announced.some(({ state }) => state === 'arrived');
    return { ...nothing, tooLate, cancel: standing.map(({ goodsInNo }) => goodsInNo) };
  }
  if (arrived === null) return { ...nothing, tooLate: true };
  const causes = causesOf(order, places, toCome);
  const [location] = places.locations;
  if (causes.length > 0 || location === undefined) return { ...nothing, causes };
  const codes = new Map(places.codes.map(({ item, code }) => [item, code ?? '']));
  const lines = toCome.map(({ poLine, item, left }) => ({
    ...{ lineNo: poLine, code: codes.get(item) ?? '', expected: left },
  }));
  const kept = standing.find((each) => each.location === location);
  return {
    ...nothing,
    announce: kept === undefined ? { location, lines } : null,
    amend: kept === undefined || sameLines(kept.lines, lines) ? null : { goodsInNo: kept.goodsInNo, lines },
    cancel: standing.filter((each) => each !== kept).map(({ goodsInNo }) => goodsInNo),
    standing: kept === undefined ? null : { goodsInNo: kept.goodsInNo, location },
    units: lines.reduce((sum, { expected }) => sum + expected, 0),
  };
}

function causesOf(order: ExpectedOrder, places: Places, lines: readonly { item: string }[]): Cause[] {
  const known = new Map(places.codes.map(({ item, code }) => [item, code]));
  const unknown = lines.filter(({ item }) => (known.get(item) ?? null) === null).map(({ item }) => itemCause(item));
  const place = warehouseCause(order.warehouse, order.businessDate, places.locations);
  return eachOnce(places.locations.length === 1 ? unknown : [place, ...unknown]);
}

function sameLines(a: readonly AnnouncedLine[], b: readonly AnnouncedLine[]): boolean {
  const text = (lines: readonly AnnouncedLine[]): string =>
    JSON.stringify(
      [...lines].sort((x, y) => x.lineNo - y.lineNo).map(({ lineNo, code, expected }) => [lineNo, code, expected]),
    );
  return text(a) === text(b);
}
