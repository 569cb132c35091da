/** Read-back of a posted document against what was asked. Pure. */
import { Big } from 'big.js';
import type { ErpDocument, PoReceipt } from '../../domain/documents.js';
import { add, decimalOf, negate, minorOf, parseMoney, type Money } from '../../domain/money.js';
import { taxOf, totalOf, valueOf } from './content.js';
import type { Held } from './erp.js';

export interface Difference {
  what: string;
  expected: string;
  actual: string;
}

/** How the lines of two documents are compared: item and quantity, in any order. */
export const linesText = (lines: readonly { item: string; quantity: number }[]): string => {
  const byItem = new Map<string, number>();
  for (const line of lines) byItem.set(line.item, (byItem.get(line.item) ?? 0) + line.quantity);
  return [...byItem]
    .map(([item, quantity]) => `${item} × ${quantity}`)
    .sort()
    .join(', ');
};

/** What the document itself (not its journal) says otherwise than asked: kind, division, date, lines, amounts. */
export function documentDifferences(document: ErpDocument, held: Held): Difference[] {
  const found: Difference[] = [];
  const same = (what: string, expected: string, actual: string) => {
    if (expected !== actual) found.push({ what, expected, actual });
  };
  same('kind', document.kind, held.kind ?? 'another kind');
  same('division', document.division, held.division);
  same('lines', linesText(document.lines), linesText(held.lines));
  if (document.kind === 'credit-memo') {
    same('order', document.orderNo, held.orderNo ?? '');
    const total = totalOf(document);
    same('currency', total.currency, held.currency ?? total.currency);
    same('total', decimalOf(total), exact(held.total, total));
    same('tax', decimalOf(taxOf(document)), exact(held.taxTotal, taxOf(document)));
  } else {
    same('warehouse', document.warehouse, held.warehouse ?? '');
    const poNo = 'poNo' in document ? document.poNo : undefined;
    if (poNo !== undefined) same('purchase order', poNo, held.orderNo ?? '');
  }
  return found;
}

/** The held amount spelled as ours; as it stands where it cannot be read so. */
function exact(held: string | null, like: Money): string {
  if (held === null) return 'none';
  try {
    return decimalOf(parseMoney(held, like.currency));
  } catch {
    return held;
  }
}

/**
 * What the journal says otherwise than asked: balance, division, period, the receivable's amount and the tax. Accounts
 * are the ERP's own mapping of reason and tax codes and are not asserted one by one.
 */
export function journalDifferences(document: ErpDocument, held: Held): Difference[] {
  const journal = held.journal ?? [];
  const found: Difference[] = [];
  const debit = journal.reduce((sum, l) => sum.plus(l.debit), new Big('0'));
  const credit = journal.reduce((sum, l) => sum.plus(l.credit), new Big('0'));
  if (!debit.eq(credit)) {
    found.push({ what: 'balance', expected: `debit ${debit.toFixed()}`, actual: `credit ${credit.toFixed()}` });
  }
  const divisions = [...new Set(journal.map((l) => l.division))].sort().join(', ');
  if (journal.length > 0 && divisions !== document.division) {
    found.push({ what: 'division', expected: document.division, actual: divisions });
  }
  const period = document.businessDate.slice(0, 7);
  const periods = [...new Set(journal.map((l) => l.period))].sort().join(', ');
  if (journal.length > 0 && periods !== period) {
    found.push({ what: 'period', expected: period, actual: periods });
  }
  if (held.businessDate !== document.businessDate) {
    found.push({ what: 'posting date', expected: document.businessDate, actual: held.businessDate });
  }
  if (document.kind === 'credit-memo') found.push(...amountDifferences(document, journal));
  if (document.kind === 'po-receipt') found.push(...valueDifferences(document, journal));
  return found;
}

/** Credit less debit by account. */
function netsOf(journal: NonNullable<Held['journal']>): Map<string, Big> {
  const nets = new Map<string, Big>();
  for (const line of journal) {
    nets.set(line.account, (nets.get(line.account) ?? new Big('0')).plus(line.credit).minus(line.debit));
  }
  return nets;
}

/**
 * Stock must bear goods and landed estimates together, and one account the goods alone: what is received and not
 * invoiced. The ERP rounds each line and element by itself, so a minor unit a line may be between them.
 */
function valueDifferences(document: PoReceipt, journal: NonNullable<Held['journal']>): Difference[] {
  const value = valueOf(document);
  if (value === null) return [];
  const nets = netsOf(journal);
  const shown = [...nets].map(([account, net]) => `${account} ${net.toFixed(2)}`).join(', ');
  const slack = decimalOf({ ...value.goods, minor: String(document.lines.length) });
  const bears = (amount: Money): boolean =>
    minorOf(amount) === 0n || [...nets.values()].some((net) => net.minus(decimalOf(amount)).abs().lte(slack));
  const found: Difference[] = [];
  const stock = add(value.goods, value.landed);
  if (!bears(negate(stock))) found.push({ what: 'stock', expected: decimalOf(stock), actual: shown });
  if (!bears(value.goods))
    found.push({ what: 'goods received, not invoiced', expected: decimalOf(value.goods), actual: shown });
  return found;
}

/** Some account must bear the whole credit, and, where one account takes all tax, some account the whole tax. */
function amountDifferences(
  document: Extract<ErpDocument, { kind: 'credit-memo' }>,
  journal: NonNullable<Held['journal']>,
): Difference[] {
  const nets = netsOf(journal);
  const bears = (amount: Money) => [...nets.values()].some((net) => net.eq(decimalOf(amount)));
  const shown = [...nets].map(([account, net]) => `${account} ${net.toFixed(2)}`).join(', ');
  const found: Difference[] = [];
  const total = totalOf(document);
  if (minorOf(total) !== 0n && !bears(total)) {
    found.push({ what: 'amount', expected: decimalOf(total), actual: shown });
  }
  const tax = taxOf(document);
  const taxCodes = new Set([...document.lines, ...document.charges].map((l) => l.taxCode));
  if (minorOf(tax) !== 0n && taxCodes.size === 1 && !bears(negate(tax))) {
    found.push({ what: 'tax', expected: decimalOf(negate(tax)), actual: shown });
  }
  return found;
}

/** One line of text for people. */
export const differencesText = (differences: readonly Difference[]): string =>
  differences.map((d) => `${d.what}: expected ${d.expected}, found ${d.actual}`).join('; ');
