/** Sums over everything reckoned. */
import { decimal, minor } from './arithmetic.js';
import type { Reckoned, ReckonedEvent } from './report.js';

/** Units and value that receipts take in. */
function receivedOf(events: readonly ReckonedEvent[]): Reckoned['totals']['received'] {
  const receipts = events.flatMap(({ documents }) => documents).filter(({ kind }) => kind === 'PO receipt');
  const currency = receipts[0]?.currency ?? 'GBP';
  const units = receipts.flatMap(({ lines }) => lines).reduce((sum, line) => sum + BigInt(line.quantity), 0n);
  const value = receipts.reduce((sum, { amount }) => sum + minor(amount ?? '0', currency), 0n);
  return { units: String(units), value: decimal(value, currency) };
}

/** Counts of events, open cases, credit and units of a report. */
export function totalsOf(events: readonly ReckonedEvent[]): Reckoned['totals'] {
  const classes: Record<string, number> = {};
  const waitsFor: Record<string, number> = {};
  const credit: Record<string, bigint> = {};
  let units = 0n;
  for (const event of events) {
    classes[event.class] = (classes[event.class] ?? 0) + 1;
    if (event.waitsFor !== null) waitsFor[event.waitsFor.code] = (waitsFor[event.waitsFor.code] ?? 0) + 1;
    for (const document of event.documents) {
      if (document.kind === 'inventory adjustment')
        units += document.lines.reduce((sum, line) => sum + BigInt(line.quantity), 0n);
      if (document.kind === 'credit memo' && document.currency !== null && document.amount !== null)
        credit[document.currency] = (credit[document.currency] ?? 0n) + minor(document.amount, document.currency);
    }
  }
  return {
    events: events.length,
    documents: events.reduce((sum, event) => sum + event.documents.length, 0),
    classes,
    waitsFor,
    credit: Object.fromEntries(
      Object.entries(credit).map(([currency, amount]) => [currency, decimal(amount, currency)]),
    ),
    units: String(units),
    received: receivedOf(events),
  };
}
