/** What a person was shown, in figures: the documents a choice leads to, line by line. How it is set is for each screen. */
import { ErpDocument } from '../domain/documents.js';
import { customer } from '../domain/mask.js';
import { format } from '../domain/money.js';
import { counted, short } from './format.js';

/** Lines of a document, or entries of a list, that are shown; the rest is counted. */
export const MOST_LINES = 60;
const LONGEST_VALUE = 300;

/** One part of what was shown, in the order it was shown. */
export type Figure =
  | { is: 'fact'; name: string; value: string }
  | { is: 'document'; headline: string; headings: string[]; rows: (string | number)[][]; more: number }
  | { is: 'group'; title: string; figures: Figure[] };

type Row = (string | number)[];

/** `COMPANY|STYLE|COLOUR|…` as people say it: the parts that are there, with dashes. */
const itemText = (item: string): string =>
  item
    .split('|')
    .filter((part) => part !== '')
    .join('-');

const NAMES = {
  'credit-memo': 'credit memo',
  'stock-adjustment': 'stock adjustment',
  'sales-order': 'sales order',
  'po-receipt': 'PO receipt',
};

/** A kind of document as people say it. */
export const kindText = (kind: string | null): string =>
  kind === null ? 'document' : (NAMES[kind as keyof typeof NAMES] ?? kind);

/** The document in one line: kind, what it is about (a customer masked), its total or units, its date. */
export function headline(document: ErpDocument): string {
  const units = document.lines.reduce((sum, line) => sum + line.quantity, 0);
  const about =
    document.kind === 'credit-memo'
      ? `${document.orderNo === '' ? 'without an order' : `of order ${document.orderNo}`}, division ${document.division}, customer ${customer(document.customer)}`
      : `${document.kind === 'po-receipt' ? `of purchase order ${document.poNo} ` : ''}in warehouse ${document.warehouse}, division ${document.division}`;
  const size = 'total' in document ? format(document.total) : counted(units, 'unit');
  return `${kindText(document.kind)} ${about}: ${size}, dated ${document.businessDate}`;
}

function rowsOf(document: ErpDocument): { headings: string[]; rows: Row[] } {
  switch (document.kind) {
    case 'credit-memo':
      return {
        headings: ['item', 'units', 'unit price', 'net', 'tax'],
        rows: [
          ...document.lines.map((l) => [itemText(l.item), l.quantity, l.unitPrice, format(l.net), format(l.tax)]),
          ...document.charges.map((c) => [`${c.description} (${c.account})`, '', '', format(c.net), format(c.tax)]),
        ],
      };
    case 'stock-adjustment':
      return { headings: ['item', 'units'], rows: document.lines.map((l) => [itemText(l.item), l.quantity]) };
    case 'po-receipt':
      return {
        headings: ['line', 'item', 'units', 'quality', 'goods', 'landed'],
        rows: document.lines.map((l) => [
          ...[l.poLine, itemText(l.item), l.quantity, l.quality],
          ...[format(l.goods), format(l.landed)],
        ]),
      };
    case 'sales-order':
      return {
        headings: ['item', 'units', 'unit price', 'tax'],
        rows: document.lines.map((l) => [itemText(l.item), l.quantity, l.unitPrice, format(l.tax)]),
      };
  }
}

/** A document with its lines; at most sixty are listed. */
function documentFigure(document: ErpDocument): Figure {
  const { headings, rows } = rowsOf(document);
  const more = Math.max(0, rows.length - MOST_LINES);
  return { is: 'document', headline: headline(document), headings, rows: rows.slice(0, MOST_LINES), more };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function scalar(value: unknown): string | null {
  if (value === null) return 'none';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** camelCase as words: `businessDate` is `business date`. */
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/-/g, ' ');

const fact = (name: string, value: string): Figure => ({ is: 'fact', name, value: short(value, LONGEST_VALUE) });

function figuresOfValue(key: string, value: unknown): Figure[] {
  const document = ErpDocument.safeParse(value);
  if (document.success) return [documentFigure(document.data)];
  if (key === 'choices' && isRecord(value))
    return Object.entries(value).map(([choice, leads]) => ({
      is: 'group',
      title: `If "${choice}"`,
      figures: figuresShown(leads),
    }));
  if (Array.isArray(value)) return [listFigure(key, value)];
  if (isRecord(value)) return figuresShown(value);
  return [fact(words(key), scalar(value) ?? '')];
}

function listFigure(key: string, values: readonly unknown[]): Figure {
  if (values.length === 0) return fact(words(key), 'none');
  const scalars = values.map(scalar);
  if (scalars.every((text) => text !== null)) return fact(words(key), scalars.join(', '));
  const shown = values.slice(0, MOST_LINES).map(entryFigure);
  const more = values.length - shown.length;
  return {
    is: 'group',
    title: words(key),
    figures: more === 0 ? shown : [...shown, fact('', `… and ${counted(more, 'more')}`)],
  };
}

/** One of a list: a document, an amount of units, or its facts on one line. */
function entryFigure(value: unknown): Figure {
  if (!isRecord(value)) return fact('', scalar(value) ?? '');
  const document = ErpDocument.safeParse(value['document']);
  if (document.success) return documentFigure(document.data);
  if (typeof value['sku'] === 'string' && typeof value['quantity'] === 'number') {
    const how = scalar(value['disposition']) ?? '';
    return fact('', `${value['quantity']} × ${value['sku']}${how === '' ? '' : ` (${how})`}`);
  }
  if (typeof value['sku'] === 'string' && typeof value['units'] === 'number')
    return fact('', `${value['units']} × ${value['sku']}`);
  if (Array.isArray(value['documents'])) return fact('', numbersOf(value['documents']).join(', '));
  const facts = Object.entries(value).map(
    ([key, each]) => `${words(key)} ${short(scalar(each) ?? JSON.stringify(each), LONGEST_VALUE)}`,
  );
  return { is: 'fact', name: '', value: facts.join(', ') };
}

/** What the ERP numbered the documents of one step. */
const numbersOf = (documents: readonly unknown[]): string[] =>
  documents.flatMap((document) => (isRecord(document) ? (scalar(document['number']) ?? []) : []));

/** Whatever a case bound a decision to, part by part. */
export function figuresShown(shown: unknown): Figure[] {
  if (!isRecord(shown)) return [fact('', scalar(shown) ?? JSON.stringify(shown))];
  return Object.entries(shown).flatMap(([key, value]) => figuresOfValue(key, value));
}
