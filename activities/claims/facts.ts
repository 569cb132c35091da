/** The mappings of one return on its business date, as facts a plan is made from. */
import type { MappedLine, ReturnFacts } from '../../domain/return/facts.js';
import type { TiedLine } from '../../domain/return/lines.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import { itemKeyDivision } from '../../domain/sku.js';
import type { Queryable } from '../../store/database.js';
import {
  lookupAccounts,
  lookupItems,
  lookupLocation,
  mappersOf,
  type LookedUpCode,
  type MappedLocation,
} from '../../store/mapping-lookups.js';

export interface MappedReturn {
  location: MappedLocation | null;
  lines: MappedLine[];
  exchangeItems: MappedLine[];
}

/** One goods code as its item, or why there is none. A charge has no item and no problem. */
function toMappedLine(lineNo: number, code: LookedUpCode | undefined, location: MappedLocation | null): MappedLine {
  const none = { lineNo, item: null, division: null, unitCost: null };
  if (code === undefined || code.state === 'unknown') return { ...none, problem: 'unknown-sku' };
  if (code.state === 'ambiguous') return { ...none, problem: 'ambiguous-sku' };
  const division = itemKeyDivision(code.item);
  const served = location === null || location.divisions.includes(division);
  return {
    lineNo,
    item: code.item,
    division,
    problem: served ? 'none' : 'division-not-served',
    unitCost: code.standardCost,
  };
}

/** Goods codes of a return, its exchange included. */
export const goodsCodesOf = (document: ReturnDocument): string[] => [
  ...document.lines.filter((line) => line.kind === 'goods').map((line) => line.sku),
  ...(document.exchange?.lines ?? []).map((line) => line.sku),
];

/** Location and items of a return on its business date; what is not mapped is said, never guessed. */
export async function mapReturn(q: Queryable, document: ReturnDocument): Promise<MappedReturn> {
  const { source, businessDate } = document;
  const location = await lookupLocation(q, source, document.location, businessDate);
  const items = await lookupItems(q, source, goodsCodesOf(document), businessDate);
  const lines = document.lines.map((line): MappedLine =>
    line.kind === 'charge'
      ? { lineNo: line.lineNo, item: null, division: null, problem: 'none', unitCost: null }
      : toMappedLine(line.lineNo, items.get(line.sku), location),
  );
  const exchangeItems = (document.exchange?.lines ?? []).map((line, index) =>
    toMappedLine(index + 1, items.get(line.sku), location),
  );
  return { location, lines, exchangeItems };
}

/** Costs as sold where the sale is known: goods go back at the cost they left with. */
export const withSoldCosts = (lines: readonly MappedLine[], tied: readonly TiedLine[]): MappedLine[] =>
  lines.map((line) => {
    const sold = tied.find((each) => each.line.lineNo === line.lineNo)?.sold;
    return sold?.kind === 'goods' ? { ...line, unitCost: sold.unitCost } : line;
  });

/** Accounts of the charges and deductions a return names, under each spelling a plan may ask with; and who mapped it. */
export async function accountsOf(
  q: Queryable,
  document: ReturnDocument,
  tied: readonly TiedLine[],
): Promise<Pick<ReturnFacts, 'charges' | 'deductions' | 'mappedBy'>> {
  const { source, location, businessDate } = document;
  const charges = tied.flatMap(({ line, sold }) =>
    line.kind === 'charge'
      ? [line.sku, line.sku.trim().toUpperCase(), ...(sold?.chargeCode ? [sold.chargeCode] : [])]
      : [],
  );
  const deductions = document.deductions.map((each) => each.code);
  const codes = { source, location, skus: goodsCodesOf(document), charges, deductions };
  return {
    charges: await lookupAccounts(q, 'charge', [...new Set(charges)], businessDate),
    deductions: await lookupAccounts(q, 'deduction', [...new Set(deductions)], businessDate),
    mappedBy: await mappersOf(q, codes, businessDate),
  };
}
