/**
 * The same books (design.md 10): the set of (kind, reference, lines, amounts, tax, currency, business date), numbers,
 * revisions and times aside. A reference's revisions count as one document.
 */
import { sql } from 'kysely';
import type { BookDocument } from '../../bin/day/control.js';
import type { Db } from '../../store/database.js';

/** What the ERP holds under one reference. */
export interface Entry {
  reference: string;
  kind: string;
  division: string;
  warehouse: string | null;
  orderNo: string | null;
  customer: string | null;
  currency: string | null;
  /** Days from the day the run began: a run of yesterday and one of today hold the same books. */
  day: number;
  lines: string[];
  charges: string[];
  /** Signed minor units, lines and charges with tax; null on stock documents. */
  amount: string | null;
  tax: string | null;
}

export interface Books {
  entries: ReadonlyMap<string, Entry>;
  /** What no books may hold: a reference borne twice, a document of nobody, one that is not posted. */
  faults: string[];
}

const OURS = /^SV[A-Z2-7]{26}$/;
const DAY_MS = 86_400_000;

const minor = (text: string): bigint => {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(2, '0').slice(0, 2));
  return text.startsWith('-') ? -value : value;
};
const added = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : String(BigInt(a) + BigInt(b));

/**
 * Purchase order by delivery. A delivery's own number, and its version, are of the order in which orders were announced;
 * what two runs have in common is the purchase order.
 */
export async function ordersByDelivery(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; order: string }>`
    select source_id as key, split_part(document_id, '/', 2) as order from event
    where kind = 'goods-in' and document_id is not null`.execute(db);
  return new Map(rows.map(({ key, order }) => [key, order]));
}

/** Reference by external reference, over all revisions, as the store knows them; a receipt's by its purchase order. */
export async function references(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ external_ref: string; reference: string; step: string; order: string | null }>`
    select external_ref, reference, step, content -> 'document' ->> 'poNo' as order from posting`.execute(db);
  return new Map(
    rows.map(({ external_ref, reference, step, order }) => [
      external_ref,
      order === null ? reference : `${step.replace(/-v\d+$/, '')} of ${order}`,
    ]),
  );
}

function entryOf(document: BookDocument, reference: string, today: string): Entry {
  return {
    reference,
    kind: document.kind,
    division: document.division,
    warehouse: document.warehouse,
    orderNo: document.kind === 'sales order' ? null : (document.poNo ?? document.orderNo),
    customer: document.customer,
    currency: document.currency,
    day: Math.round((Date.parse(document.postingDate) - Date.parse(today)) / DAY_MS),
    lines: document.lines.map((line) =>
      [line.sku, line.orderLine ?? '', Number(line.quantity), line.amount, line.taxCode, line.taxAmount].join(' '),
    ),
    charges: document.charges.map((c) => [c.glAccount, c.amount, c.taxCode, c.taxAmount].join(' ')),
    amount: document.amount === null ? null : String(minor(document.amount)),
    tax: document.taxAmount === null ? null : String(minor(document.taxAmount)),
  };
}

const together = (one: Entry, other: Entry): Entry => ({
  ...one,
  lines: [...one.lines, ...other.lines].sort(),
  charges: [...one.charges, ...other.charges].sort(),
  amount: added(one.amount, other.amount),
  tax: added(one.tax, other.tax),
});

/** Reads the documents of ours that stand. `today`: business date (`yyyy-mm-dd`) of the run's beginning. */
export function booksOf(documents: readonly BookDocument[], names: ReadonlyMap<string, string>, today: string): Books {
  const entries = new Map<string, Entry>();
  const bearers = new Map<string, string>();
  const faults: string[] = [];
  for (const document of documents) {
    if (document.kind === 'purchase order') entries.set(`purchase order ${document.number ?? ''}`, orderOf(document));
    const ref = document.externalRef ?? '';
    if (!OURS.test(ref) || document.status === 'REJECTED' || document.status === 'CANCELLED') continue;
    const reference = names.get(ref);
    const number = document.number ?? '';
    if (reference === undefined) {
      faults.push(`${document.kind} ${number} bears ${ref}, which no posting of ours has`);
      continue;
    }
    const first = bearers.get(ref);
    if (first !== undefined) faults.push(`${reference} was posted twice: ${first} and ${number}`);
    bearers.set(ref, number);
    if (document.kind !== 'sales order' && document.status !== 'POSTED') {
      faults.push(`${document.kind} ${number} of ${reference} is ${document.status.toLowerCase()}`);
    }
    const entry = entryOf(document, reference, today);
    const known = entries.get(reference);
    entries.set(reference, known === undefined ? together(entry, { ...entry, ...NOTHING }) : together(known, entry));
  }
  return { entries, faults };
}

/** What an order has come to: open, or closed for receiving. The day it was changed is no part of it. */
const orderOf = (document: BookDocument): Entry => ({
  ...{ reference: `purchase order ${document.number ?? ''}`, kind: document.kind, division: document.division },
  ...{ warehouse: document.warehouse, orderNo: null, customer: null, currency: document.currency, day: 0 },
  ...{ lines: [document.status], charges: [], amount: null, tax: null },
});

const NOTHING = { lines: [], charges: [], amount: null, tax: null };

/** Lines of a reference that the ERP was made to refuse for good; `all` is the whole document. */
export type Refused = ReadonlyMap<string, 'all' | readonly number[]>;

/** What differs, in words; nothing when the books are the same less what was refused. */
export function differences(wanted: Books, found: Books, refused: Refused = new Map()): string[] {
  const words: string[] = [...found.faults];
  for (const [reference, entry] of wanted.entries) {
    const loss = refused.get(reference);
    const there = found.entries.get(reference);
    if (loss === 'all') {
      if (there !== undefined) words.push(`${reference} is in the books, though the ERP refused it`);
    } else if (there === undefined) words.push(`the books lack ${reference} (${entry.kind})`);
    else if (loss === undefined) words.push(...fieldsThatDiffer(entry, there));
    else words.push(...lostLines(entry, there, loss.length));
  }
  for (const [reference, entry] of found.entries) {
    if (!wanted.entries.has(reference))
      words.push(`the books hold ${reference} (${entry.kind}), which nobody asked for`);
  }
  return words;
}

function fieldsThatDiffer(wanted: Entry, found: Entry): string[] {
  return (Object.keys(wanted) as (keyof Entry)[])
    .filter((field) => JSON.stringify(wanted[field]) !== JSON.stringify(found[field]))
    .map((f) => `${wanted.reference}: ${f} is ${JSON.stringify(found[f])}, should be ${JSON.stringify(wanted[f])}`);
}

/** All but `lost` lines must be there, and none that should not. */
function lostLines(wanted: Entry, found: Entry, lost: number): string[] {
  const left = [...wanted.lines];
  for (const line of found.lines) {
    const at = left.indexOf(line);
    if (at < 0) return [`${wanted.reference}: the line "${line}" should not be there`];
    left.splice(at, 1);
  }
  return left.length === lost ? [] : [`${wanted.reference}: ${left.length} lines are missing, ${lost} were refused`];
}
