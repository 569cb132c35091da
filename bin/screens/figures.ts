/** What a person was shown, in figures: the documents a choice leads to, line by line. */
import { ErpDocument } from '../../domain/documents.js';
import { format } from '../../domain/money.js';
import { table } from '../output.js';
import { counted, indent, short } from './format.js';

const MOST_LINES = 60;
const LONGEST_VALUE = 300;

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

/** The document in one line: kind, what it is about, its total or units, its date. */
export function headline(document: ErpDocument): string {
  const units = document.lines.reduce((sum, line) => sum + line.quantity, 0);
  const about =
    document.kind === 'credit-memo'
      ? `${document.orderNo === '' ? 'without an order' : `of order ${document.orderNo}`}, division ${document.division}, customer ${document.customer}`
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
export function documentText(document: ErpDocument): string {
  const { headings, rows } = rowsOf(document);
  if (rows.length === 0) return headline(document);
  const more = rows.length > MOST_LINES ? [`… and ${counted(rows.length - MOST_LINES, 'more line')}`] : [];
  return [headline(document), indent([table(headings, rows.slice(0, MOST_LINES)), ...more].join('\n'))].join('\n');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function scalar(value: unknown): string | null {
  if (value === null) return 'none';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** camelCase as words: `businessDate` is `business date`. */
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/-/g, ' ');

function valueText(key: string, value: unknown): string {
  const document = ErpDocument.safeParse(value);
  if (document.success) return documentText(document.data);
  if (key === 'choices' && isRecord(value)) {
    return Object.entries(value)
      .map(([choice, leads]) => `If "${choice}":\n${indent(shownText(leads))}`)
      .join('\n');
  }
  if (Array.isArray(value)) return listText(key, value);
  if (isRecord(value)) return shownText(value);
  return `${words(key)}: ${short(scalar(value) ?? '', LONGEST_VALUE)}`;
}

function listText(key: string, values: readonly unknown[]): string {
  if (values.length === 0) return `${words(key)}: none`;
  const scalars = values.map(scalar);
  if (scalars.every((text) => text !== null)) return `${words(key)}: ${short(scalars.join(', '), LONGEST_VALUE)}`;
  return `${words(key)}:\n${indent(values.slice(0, MOST_LINES).map(entryText).join('\n'))}`;
}

/** One of a list: a document, an amount of units, or its facts on one line. */
function entryText(value: unknown): string {
  if (!isRecord(value)) return scalar(value) ?? '';
  const document = ErpDocument.safeParse(value['document']);
  if (document.success) return documentText(document.data);
  if (typeof value['sku'] === 'string' && typeof value['quantity'] === 'number') {
    const how = scalar(value['disposition']) ?? '';
    return `${value['quantity']} × ${value['sku']}${how === '' ? '' : ` (${how})`}`;
  }
  return Object.entries(value)
    .map(([key, each]) => `${words(key)} ${short(scalar(each) ?? JSON.stringify(each), LONGEST_VALUE)}`)
    .join(', ');
}

/** Whatever a case bound a decision to, as text. */
export function shownText(shown: unknown): string {
  if (!isRecord(shown)) return scalar(shown) ?? JSON.stringify(shown);
  return Object.entries(shown)
    .map(([key, value]) => valueText(key, value))
    .join('\n');
}
