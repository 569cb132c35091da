import { describe, expect, test } from '@jest/globals';
import { countingFrom, readSync, write, WriteRefused, type Document } from '../../../edi/index.js';

/** Writes a document that a program made, where empty lists and totals may be left out; answers its segments. */
function segmentsOf(document: object): string[] {
  const bytes = write(
    {
      sender: { qualifier: 'ZZ', id: 'SENDER' },
      receiver: { qualifier: 'ZZ', id: 'RECEIVER' },
      date: '2026-03-31',
      time: '09:30',
      usage: 'T',
      groups: [{ sender: 'SENDER', receiver: 'RECEIVER', release: '004010', documents: [document as Document] }],
    },
    countingFrom(1),
  );
  expect([...readSync(bytes)].flatMap(({ faults }) => faults)).toEqual([]);
  return Buffer.from(bytes).toString('latin1').split(/~\n?/);
}

/** Where and what of a document is refused. */
function refused(document: object): string[] {
  try {
    return segmentsOf(document);
  } catch (error) {
    if (error instanceof WriteRefused) return error.refusals.map(({ ref }) => ref);
    throw error;
  }
}

const invoice = (more: object = {}) => ({
  set: '810',
  beginning: { date: '2026-03-05', invoiceNumber: 'INV-1' },
  lines: [
    { item: { invoiced: { value: '3', unit: 'EA' }, unitPrice: { value: '1.335' } } },
    {
      item: { invoiced: { value: '1', unit: 'EA' }, unitPrice: { value: '10' } },
      charges: [{ charge: { indicator: 'A', code: 'C310', amount: { value: '0.50' } } }],
      taxes: [{ type: 'ST', amount: { value: '0.7' } }],
    },
  ],
  charges: [{ charge: { indicator: 'C', code: 'D240', amount: { value: '2.00' } } }],
  ...more,
});

const notice = (levels: object[], more: object = {}) => ({
  set: '856',
  beginning: { purpose: '00', shipmentId: 'S1', date: '2026-03-05', time: '09:30', structure: '0004' },
  levels,
  ...more,
});
const order = { level: 'O', order: { purchaseOrderNumber: 'P1' } };

describe('an invoice to be written', () => {
  test('gets its total and its count of lines', () => {
    expect(segmentsOf(invoice())).toEqual(expect.arrayContaining(['TDS*1621', 'CTT*2']));
  });

  test('keeps a total that is right, and is refused with one that is not', () => {
    expect(segmentsOf(invoice({ total: { total: { value: '16.21' } } }))).toContain('TDS*1621');
    expect(refused(invoice({ total: { total: { value: '16.22' } } }))).toEqual(['TDS01']);
    expect(refused(invoice({ totals: { lines: '3' } }))).toEqual(['CTT01']);
    expect(refused(invoice({ totals: { lines: '2', hashTotal: '5' } }))).toEqual(['CTT02']);
  });

  test('has to state a total that cannot be computed', () => {
    const unpriced = { lines: [{ item: { lineNumber: '1' } }] };
    expect(refused(invoice(unpriced))).toEqual(['TDS']);
    expect(segmentsOf(invoice({ ...unpriced, total: { total: { value: '9' } } }))).toContain('TDS*900');
  });

  test('is refused, not thrown at, when it is not made as its type says', () => {
    expect(refused(invoice({ lines: [{ item: { invoiced: { value: 'ten' }, unitPrice: { value: '1' } } }] }))).toEqual(
      expect.arrayContaining(['IT102']),
    );
    expect(refused({ set: '810', beginning: {}, lines: [null] }).length).toBeGreaterThan(0);
  });
});

describe('a ship notice to be written', () => {
  test('gets its levels numbered and counted', () => {
    const item = { level: 'I', shipped: { shipped: { value: '5', unit: 'EA' } } };
    const written = segmentsOf(
      notice([{ level: 'S', children: [order, { ...order, children: [item] }] }], {
        totals: { lines: '4', hashTotal: '5' },
      }),
    );
    expect(written.filter((one) => /^(HL|CTT)/.test(one))).toEqual([
      'HL*1**S*1',
      'HL*2*1*O*0',
      'HL*3*1*O*1',
      'HL*4*3*I*0',
      'CTT*4*5',
    ]);
  });

  test('may state the sum of its items alone, where the packs say again what is in them', () => {
    const shipped = { shipped: { value: '5', unit: 'EA' } };
    const pack = { level: 'F', shipped, children: [{ level: 'I', shipped }] };
    const stating = (hashTotal: string): object =>
      notice([{ level: 'S', children: [{ ...order, children: [pack] }] }], { totals: { lines: '4', hashTotal } });
    expect(segmentsOf(stating('5'))).toContain('CTT*4*5');
    expect(segmentsOf(stating('10'))).toContain('CTT*4*10');
    expect(refused(stating('6'))).toEqual(['CTT02']);
  });

  test('is refused when its tree is not the one its beginning names, or too deep, or counted wrongly', () => {
    expect(refused(notice([{ level: 'S', children: [{ ...order, children: [{ level: 'S' }] }] }]))).toEqual(['HL03']);
    const deep = (depth: number): object => ({ level: 'F', children: depth === 1 ? [] : [deep(depth - 1)] });
    expect(refused(notice([deep(33)]))).toContain('HL');
    expect(refused(notice([{ level: 'S' }], { totals: { lines: '2' } }))).toEqual(['CTT01']);
  });
});
