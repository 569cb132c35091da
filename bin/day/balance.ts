/** Whether the books balance: the sandbox's own reckoning against its books and our open cases, event by event. */
import type { BookDocument, ReckonedEvent, ReckonedOrder } from './control.js';

/** An open case as the comparison needs it. */
export interface OpenCase {
  id: string;
  code: string;
  owner: string;
  /** Every return or delivery it is about; a cause case holds many. */
  keys: string[];
}

export interface Evidence {
  events: ReckonedEvent[];
  /** What every purchase order must be by now. */
  purchaseOrders?: ReckonedOrder[];
  documents: BookDocument[];
  cases: OpenCase[];
  /** Number of the return or delivery by external reference, as our store knows it; by the ERP's number for what was entered by hand. */
  owners: ReadonlyMap<string, string>;
  /** Returns and deliveries a person has decided about: what then had to be is the decision's, not the reckoning's. */
  decided: ReadonlySet<string>;
  /** Of these: what the books hold otherwise than our postings say, in sentences that name the document. */
  unlikePostings?: ReadonlyMap<string, readonly string[]>;
}

export interface Difference {
  /** Number of the return or delivery, or of a document none accounts for. */
  key: string;
  class: string;
  /** `early`: may still come right by itself. */
  kind:
    'missing' | 'unexpected' | 'differs' | 'not-posted' | 'no-case' | 'stray-case' | 'stray-document' | 'order-status';
  words: string;
}

export interface ClassBalance {
  class: string;
  events: number;
  right: number;
}

export interface Balance {
  balanced: boolean;
  events: number;
  right: number;
  classes: ClassBalance[];
  differences: Difference[];
}

/** Kinds a return or delivery may lead to; others in the books are the business's own past. */
const OURS = new Set(['credit memo', 'inventory adjustment', 'sales order', 'PO receipt']);

/** The order a document is about; a replacement order's own number is the ERP's to give. */
const aboutOrder = (document: BookDocument): string | null =>
  document.kind === 'sales order' ? null : (document.poNo ?? document.orderNo);

/** A replacement order states amounts of tax only; the ERP finds its code when it invoices. */
const taxCodeOf = (document: BookDocument, line: BookDocument['lines'][number]): string | null =>
  document.kind === 'sales order' ? null : (line.taxCode ?? null);

const contentOf = (document: BookDocument): string =>
  JSON.stringify({
    kind: document.kind,
    date: document.postingDate,
    division: document.division,
    warehouse: document.warehouse,
    orderNo: aboutOrder(document),
    customer: document.customer,
    currency: document.currency,
    amount: document.amount,
    tax: document.taxAmount,
    lines: document.lines
      .map((line) =>
        [
          ...[line.sku, Number(line.quantity), line.amount, taxCodeOf(document, line), line.taxAmount ?? null],
          ...(document.kind === 'PO receipt' ? [line.orderLine ?? null, line.quality ?? null] : []),
        ].join(),
      )
      .sort(),
    charges: document.charges
      .map((charge) => [charge.glAccount, charge.amount, charge.taxCode ?? null, charge.taxAmount ?? null].join())
      .sort(),
  });

/** A document in a person's words: kind, number, total or units. */
export function inWords(document: BookDocument): string {
  const units = document.lines.reduce((sum, line) => sum + Number(line.quantity), 0);
  const size = document.amount === null ? `${units} units` : `${document.currency ?? ''} ${document.amount}`;
  const place = document.warehouse === null ? '' : ` in warehouse ${document.warehouse}`;
  return `${document.kind}${document.number === null ? '' : ` ${document.number}`}, ${size.trim()}${place}, ${document.postingDate}`;
}

/** Documents that stand: neither rejected, nor reversed, nor a reversal. */
const stands = (document: BookDocument): boolean =>
  OURS.has(document.kind) &&
  !['REJECTED', 'CANCELLED'].includes(document.status) &&
  document.reverses === null &&
  (document.reversedBy ?? null) === null;

export function balance(evidence: Evidence): Balance {
  const { events, owners, decided } = evidence;
  const byKey = new Map<string, BookDocument[]>();
  const differences: Difference[] = [];
  for (const document of evidence.documents.filter(stands)) {
    const key = owners.get(document.externalRef ?? '') ?? owners.get(document.number ?? '');
    if (key === undefined) differences.push(stray(document));
    else byKey.set(key, [...(byKey.get(key) ?? []), document]);
  }
  const casesOf = new Map<string, OpenCase[]>();
  for (const open of evidence.cases) {
    for (const key of open.keys) casesOf.set(key, [...(casesOf.get(key) ?? []), open]);
  }
  const classes = new Map<string, ClassBalance>();
  for (const event of events) {
    const row = classes.get(event.class) ?? { class: event.class, events: 0, right: 0 };
    classes.set(event.class, row);
    row.events += 1;
    const found = decided.has(event.key)
      ? postingDifferences(event, evidence.unlikePostings?.get(event.key) ?? [])
      : [
          ...documentDifferences(event, byKey.get(event.key) ?? []),
          ...caseDifferences(event, casesOf.get(event.key) ?? []),
        ];
    if (found.length === 0) row.right += 1;
    differences.push(...found);
    byKey.delete(event.key);
    casesOf.delete(event.key);
  }
  differences.push(...leftOver(byKey, casesOf), ...orderDifferences(evidence));
  const sorted = [...classes.values()].sort((a, b) => a.class.localeCompare(b.class));
  const right = sorted.reduce((sum, row) => sum + row.right, 0);
  return { balanced: differences.length === 0, events: events.length, right, classes: sorted, differences };
}

const stray = (document: BookDocument): Difference => ({
  key: document.number ?? '',
  class: 'none',
  kind: 'stray-document',
  words: `the books hold ${inWords(document)}, which nothing of ours accounts for`,
});

/** Purchase orders that are not what they must be by now: closed for receiving by the last delivery, open before it. */
function orderDifferences({ purchaseOrders = [], documents }: Evidence): Difference[] {
  const held = new Map(documents.filter((one) => one.kind === 'purchase order').map((one) => [one.number, one.status]));
  return purchaseOrders.flatMap(({ poNo, status }): Difference[] => {
    const found = held.get(poNo);
    if (found === status) return [];
    const words = `purchase order ${poNo} is ${found ?? 'not there'}, it should be ${status}`;
    return [{ key: poNo, class: 'purchase order', kind: 'order-status', words }];
  });
}

function leftOver(byKey: Map<string, BookDocument[]>, casesOf: Map<string, OpenCase[]>): Difference[] {
  const documents = [...byKey].flatMap(([key, list]) =>
    list.map((document): Difference => ({
      key,
      class: 'none',
      kind: 'stray-document',
      words: `the books hold ${inWords(document)} for ${key}, which the sandbox never emitted`,
    })),
  );
  const cases = [...casesOf].flatMap(([key, list]) =>
    list.map((open): Difference => ({
      key,
      class: 'none',
      kind: 'stray-case',
      words: `case ${open.id} (${open.code}) waits for ${open.owner} about ${key}, which the sandbox never emitted`,
    })),
  );
  return [...documents, ...cases];
}

/** A return somebody decided about must stand in the books as we posted it, to the cent and the unit. */
const postingDifferences = ({ key, class: name }: ReckonedEvent, sentences: readonly string[]): Difference[] =>
  sentences.map((words) => ({ key, class: name, kind: 'differs', words }));

function documentDifferences(event: ReckonedEvent, found: BookDocument[]): Difference[] {
  const at = { key: event.key, class: event.class };
  const missing = [...event.documents];
  const extra: BookDocument[] = [];
  const differences: Difference[] = [];
  for (const document of found) {
    const match = missing.findIndex((wanted) => contentOf(wanted) === contentOf(document));
    if (match < 0) extra.push(document);
    else {
      const [wanted] = missing.splice(match, 1);
      if (wanted?.status === 'POSTED' && document.status !== 'POSTED') {
        const words = `${inWords(document)} is ${document.status.toLowerCase()}, not posted`;
        differences.push({ ...at, kind: 'not-posted', words });
      }
    }
  }
  for (const wanted of missing) {
    const twin = extra.findIndex(
      (document) => document.kind === wanted.kind && aboutOrder(document) === aboutOrder(wanted),
    );
    const [instead] = twin < 0 ? [] : extra.splice(twin, 1);
    differences.push(
      instead === undefined
        ? { ...at, kind: 'missing', words: `the books lack ${inWords(wanted)}` }
        : { ...at, kind: 'differs', words: `${inWords(instead)} should be ${difference(wanted, instead)}` },
    );
  }
  for (const document of extra) {
    differences.push({
      ...at,
      kind: 'unexpected',
      words: `the books hold ${inWords(document)}, which should not be there`,
    });
  }
  return differences;
}

/** What the wanted document has otherwise, field by field. */
function difference(wanted: BookDocument, found: BookDocument): string {
  const a = JSON.parse(contentOf(wanted)) as Record<string, unknown>;
  const b = JSON.parse(contentOf(found)) as Record<string, unknown>;
  return Object.keys(a)
    .filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
    .map((key) => `${key} ${JSON.stringify(a[key])} (is ${JSON.stringify(b[key])})`)
    .join(', ');
}

function caseDifferences(event: ReckonedEvent, open: OpenCase[]): Difference[] {
  const at = { key: event.key, class: event.class };
  const wanted = event.waitsFor;
  const strays = open.filter((one) => wanted === null || one.code !== wanted.code);
  const differences = strays.map((one): Difference => ({
    ...at,
    kind: 'stray-case',
    words: `case ${one.id} (${one.code}) waits for ${one.owner}, though ${wanted === null ? 'nobody should be asked' : `${wanted.code} should be the question`}`,
  }));
  const there = open.find((one) => one.code === wanted?.code);
  if (wanted !== null && there === undefined) {
    differences.push({ ...at, kind: 'no-case', words: `no open case ${wanted.code} for ${wanted.owner}` });
  } else if (wanted !== null && there !== undefined && there.owner !== wanted.owner) {
    const words = `case ${there.id} (${there.code}) waits for ${there.owner}, not for ${wanted.owner}`;
    differences.push({ ...at, kind: 'stray-case', words });
  }
  return differences;
}
