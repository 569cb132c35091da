import { equal, negated, product, rounded, sum } from '../decimal.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import type { Invoice } from './810.js';
import { checkHash, checkLineCount, completeCounts, tellTotal, tried } from './totals.js';

type Charge = Invoice['charges'][number]['charge'];
type Tax = Invoice['taxes'][number];
type Whole = Invoice['lines'][number];

/** What counts of an invoice that is read, or of one to be written, where empty lists may be left out. */
interface Counted {
  readonly lines?: readonly Line[];
  readonly charges?: readonly Charged[];
  readonly taxes?: readonly Tax[];
}
interface Charged {
  readonly charge: Charge;
  readonly taxes?: readonly { readonly tax: Tax }[];
}
interface Line {
  readonly item: Whole['item'];
  readonly prices?: Whole['prices'];
  readonly components?: Whole['components'];
  readonly charges?: readonly Charged[];
  readonly taxes?: readonly Tax[];
}

/** What an invoice comes to, in parts; null where a part says a rate only and no amount. */
interface Parts {
  /** exact amount of each line */
  readonly lines: readonly string[];
  readonly lineCharges: string;
  readonly charges: string;
  /** amounts of charges of the whole, one of which may say the taxes again */
  readonly charged: readonly string[];
  readonly lineTaxes: string;
  readonly taxes: string;
}

/** CTT counts the lines and sums what is invoiced; TDS01 is what they come to (X12 set 810, notes on CTT and TDS). */
export function checkInvoice(invoice: Invoice, source: Source): void {
  const { lines, total, totals } = invoice;
  if (totals !== undefined) {
    checkLineCount(source, totals, lines.length);
    checkHash(source, totals, [lines.map(({ item }) => item.invoiced?.value ?? '0')]);
  }
  const parts = partsOf(invoice);
  if (parts === null) return;
  const stated = total.total.value;
  const sums = totalsOf(parts);
  if (fits(invoice, sums, stated)) return;
  const message = `TDS01 is ${stated}; lines, allowances, charges and taxes come to ${sums[0]}`;
  tellTotal(source, 'TDS', 1, message);
}

/** Whether a stated total is one of the sums; credits state amounts with a minus or without. */
function fits({ beginning }: Invoice, sums: readonly string[], stated: string): boolean {
  const isCredit = beginning.type === 'CR' || beginning.type === 'CN';
  return sums.some((one) => equal(one, stated) || (isCredit && equal(negated(one), stated)));
}

/** An invoice with its totals, to be written: what is given must be what is computed, as far as that can be. */
export function completeInvoice(invoice: Invoice, sheet: Sheet): object {
  const given: Invoice['total'] | undefined = invoice.total;
  const lines: Invoice['lines'] | undefined = invoice.lines;
  const invoiced = tried(() => (lines ?? []).map(({ item }) => item.invoiced?.value ?? '0'));
  const totals = completeCounts(sheet, invoice.totals, invoiced?.length ?? 0, invoiced === null ? null : [invoiced]);
  const sums = tried(() => {
    const parts = partsOf(invoice);
    return parts === null ? null : totalsOf(parts);
  });
  const [first] = sums ?? [];
  if (sums === null || first === undefined) return { ...invoice, totals };
  if (given === undefined) return { ...invoice, total: { total: { value: first } }, totals };
  const { value } = given.total;
  if (tried(() => fits(invoice, sums, value)) === false)
    sheet.refuse({ ref: 'TDS01' }, value, `it is computed, and lines, allowances, charges and taxes come to ${first}`);
  return { ...invoice, totals };
}

function partsOf({ lines = [], charges = [], taxes = [] }: Counted): Parts | null {
  if (lines.length === 0) return null;
  const amounts = lines.map(lineAmount);
  const lineCharges = sumOf(lines.flatMap((line) => (line.charges ?? []).map(({ charge }) => chargeAmount(charge))));
  const wholeCharges = sumOf(charges.map(({ charge }) => chargeAmount(charge)));
  const ofLines = lines.flatMap((line) => [...(line.taxes ?? []), ...(line.charges ?? []).flatMap(taxesOf)]);
  const lineTaxes = sumOf(ofLines.map(taxAmount));
  const wholeTaxes = sumOf([...taxes, ...charges.flatMap(taxesOf)].map(taxAmount));
  const known = amounts.filter((amount) => amount !== null);
  if (known.length < amounts.length || lineCharges === null || wholeCharges === null) return null;
  if (lineTaxes === null || wholeTaxes === null) return null;
  const charged = charges.flatMap(({ charge }) => (charge.indicator === 'C' ? [charge.amount?.value ?? '0'] : []));
  return { lines: known, lineCharges, charges: wholeCharges, charged, lineTaxes, taxes: wholeTaxes };
}

const taxesOf = ({ taxes = [] }: Charged): Tax[] => taxes.map(({ tax }) => tax);

function sumOf(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length < amounts.length ? null : sum(known);
}

/** What a price is for (element 639), as a part of it that one unit costs. Other bases say nothing certain. */
const PER_UNIT: ReadonlyMap<string, string> = new Map([
  ...['', 'CA', 'CP', 'CT', 'FX', 'NT', 'ST', 'UM'].map((basis) => [basis, '1'] as const),
  ['HP', '0.01'],
  ['PN', '0.1'],
  ['TP', '0.001'],
]);
/** Bases that are for a single piece: a line in cases would need the number of pieces in a case. */
const PER_EACH: readonly string[] = ['LE', 'NE', 'PE', 'RE', 'TE', 'WE'];
const EACHES: readonly (string | undefined)[] = ['EA', 'PC', 'UN', undefined];

/** Quantity times price, exactly; null where the line does not say enough, or says it in another way. */
function lineAmount({ item, prices = [], components = [] }: Line): string | null {
  const { invoiced, unitPrice, priceBasis = '' } = item;
  if (invoiced === undefined || unitPrice === undefined) return null;
  if (prices.some(({ multiplier }) => multiplier !== undefined)) return null;
  if (components.some(({ component }) => component.unitPrice !== undefined)) return null;
  const perUnit = PER_EACH.includes(priceBasis) && EACHES.includes(invoiced.unit) ? '1' : PER_UNIT.get(priceBasis);
  return perUnit === undefined ? null : product(product(invoiced.value, unitPrice.value), perUnit);
}

/** How an allowance or charge is settled (element 331) where it is part of the invoice: off it, or added to it. */
const ON_INVOICE: readonly (string | undefined)[] = [undefined, '02', '06'];

/** Allowances (A) lower an invoice and charges (C) raise it; null where only a rate is given. */
function chargeAmount({ indicator, amount, handling }: Charge): string | null {
  if (indicator === 'N' || indicator === 'Q' || indicator === 'R') return '0';
  if ((indicator !== 'A' && indicator !== 'C') || !ON_INVOICE.includes(handling)) return null;
  if (amount === undefined) return null;
  return indicator === 'A' ? negated(amount.value) : amount.value;
}

/** What a tax adds; null where only its rate is given, or where it is there to be taken off or swapped. */
function taxAmount({ amount, percent, relationship = 'A', exempt }: Tax): string | null {
  if (relationship === 'O' || relationship === 'I') return '0';
  if (amount === undefined) return (percent === undefined || equal(percent, '0')) && exempt !== undefined ? '0' : null;
  return relationship === 'A' ? amount.value : null;
}

/**
 * Sums that TDS01 may state: lines rounded one by one or all at once; charges of lines and of the whole invoice, or the
 * latter alone, which then repeat the former or are already in the prices; taxes of the whole, which repeat those of
 * the lines, or those of the lines alone; no taxes, where one of the charges is all of them (SAC02 H850, and TXI in detail).
 */
function totalsOf({ lines, lineCharges, charges, charged, lineTaxes, taxes }: Parts): string[] {
  const goods = [rounded(sum(lines), 2), sum(lines.map((line) => rounded(line, 2)))];
  const allCharges = sum([lineCharges, charges]);
  const chargeSums = equal(lineCharges, '0') ? [allCharges] : [allCharges, charges];
  const taxSums = equal(taxes, '0') ? [lineTaxes] : equal(lineTaxes, '0') ? [taxes] : [taxes, sum([taxes, lineTaxes])];
  if (!equal(taxes, '0') && charged.some((one) => equal(one, taxes))) taxSums.push('0');
  return goods.flatMap((good) =>
    chargeSums.flatMap((charge) => taxSums.map((tax) => rounded(sum([good, charge, tax]), 2))),
  );
}
