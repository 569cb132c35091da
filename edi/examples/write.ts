import { countingFrom, schemaFor, write, WriteRefused, type Document } from '../index.js';

/** An order of one line as a file. Envelopes, counts and totals are computed; what cannot be written is refused. */
export function orderFile(number: string, product: string, cases: string): Uint8Array | string {
  const order = schemaFor('850', '004010')?.parse({
    set: '850',
    beginning: { purpose: '00', type: 'NE', purchaseOrderNumber: number, date: '2026-03-01' },
    lines: [
      {
        item: {
          lineNumber: '1',
          ordered: { value: cases, unit: 'CA' },
          unitPrice: { value: '7.50' },
          products: [{ qualifier: 'UP', value: product }],
        },
      },
    ],
  }) as Document;
  const envelope = {
    sender: { qualifier: 'ZZ', id: 'BUYER' },
    receiver: { qualifier: 'ZZ', id: 'SELVEDGE' },
    date: '2026-03-01',
    time: '12:00',
    usage: 'T' as const,
    groups: [{ sender: 'BUYER', receiver: 'SELVEDGE', release: '004010' as const, documents: [order] }],
  };
  try {
    return write(envelope, countingFrom(1));
  } catch (error) {
    if (error instanceof WriteRefused) return error.message;
    throw error;
  }
}
