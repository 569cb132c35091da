import { countingFrom, readSync, write, type Document, type Item, type ReadOptions } from '../../../edi/index.js';

/** What an envelope says beside the usual. */
export interface Wrapping {
  readonly group?: string;
  readonly release?: string;
  readonly version?: string;
  readonly number?: string;
  readonly asks?: '0' | '1';
  readonly usage?: string;
}

/** An ISA of 106 characters. */
export const isa = ({ release = '004010', version, number = '000000001', asks = '0', usage = 'P' }: Wrapping = {}) => {
  const [repetition, edition] = release >= '00402' ? ['^', '00501'] : ['U', '00401'];
  const parties = 'ZZ*AMAZON         *ZZ*SELVEDGE       ';
  return `ISA*00*          *00*          *${parties}*260301*1200*${repetition}*${version ?? edition}*${number}*${asks}*${usage}*>~`;
};

/** A transaction from its body: ST and SE, with the count right. */
export const transaction = (set: string, body: string, number = '0001'): string =>
  `ST*${set}*${number}~${body}SE*${body.split('~').length + 1}*${number}~`;

/** A group of transactions. */
export const grouped = (
  transactions: readonly string[],
  { group = 'PO', release = '004010' }: Wrapping = {},
  number = '1',
): string =>
  `GS*${group}*AMAZON*SELVEDGE*20260301*1200*${number}*X*${release}~${transactions.join('')}GE*${transactions.length}*${number}~`;

/** A file of one interchange with one group. */
export const wrapped = (transactions: readonly string[], wrapping: Wrapping = {}): string =>
  `${isa(wrapping)}${grouped(transactions, wrapping)}IEA*1*${wrapping.number ?? '000000001'}~`;

/** All items of a text, a byte a character. */
export const readAll = (text: string, options: ReadOptions = {}): Item[] => [
  ...readSync(Buffer.from(text, 'latin1'), options),
];

/** The first transaction of a text. */
export function firstOf(text: string) {
  const found = readAll(text).find((item) => item.kind === 'transaction');
  if (found?.kind !== 'transaction') throw new Error('no transaction in it');
  return found;
}

/** Faults as rule, segment, element. */
export const placesOf = ({ faults }: { readonly faults: Item['faults'] }) =>
  faults.map(({ rule, segment, element }) => [rule, segment, element]);

/** A document as it reads back when it was written. */
export function writtenAndRead(document: Document, release: '004010' | '005010'): Document | null {
  const party = { qualifier: 'ZZ', id: 'SELVEDGE' };
  const groups = [{ sender: 'SELVEDGE', receiver: 'AMAZON', release, documents: [document] }];
  const outgoing = { sender: party, receiver: party, date: '2026-03-01', time: '12:00', usage: 'P', groups } as const;
  return firstOf(Buffer.from(write(outgoing, countingFrom(1))).toString('latin1')).document;
}
