/** A writer that passes over what it does not know loses it without a word. */
import { describe, expect, test } from '@jest/globals';
import { countingFrom, schemaFor, write } from '../../../edi/index.js';
import { documentOf, readOne } from './one-set.js';

describe('what would be left out without a word', () => {
  const one = { sender: 'SELVEDGE', receiver: 'AMAZON', release: '004010' as const };
  const party = { qualifier: 'ZZ', id: 'SELVEDGE' };
  const order = documentOf('850', '004010', ['BEG*00*NE*PO1**20260301', 'PO1*1*2*EA*3']);
  const outgoing = { sender: party, receiver: party, date: '2026-03-31', time: '09:30', usage: 'T' as const };
  const written = (more: object, options: object = {}) =>
    write({ ...outgoing, groups: [{ ...one, documents: [order] }], ...more }, countingFrom(1), options);
  class Order {
    readonly set = '850';
    readonly beginning = order.beginning;
    get lines() {
      return order.lines;
    }
  }

  test.each([
    [
      'a misspelt property of the envelope',
      () => written({ acknowledgmentRequested: true }),
      /acknowledgmentRequested/,
    ],
    ['a misspelt option', () => written({}, { lineEnds: '\n' }), /options is "lineEnds": no such property/],
    ['a misspelt separator', () => written({}, { separators: { elements: 124 } }), /separators is "elements"/],
    ['properties of a class', () => written({ groups: [{ ...one, documents: [new Order()] }] }), /plain object/],
    ['no group and no TA1', () => written({ groups: [] }), /a group or a TA1 at least/],
  ])('%s is refused', (_what, attempt, why) => {
    expect(attempt).toThrow(why);
  });
});

describe('a day before the calendar begins', () => {
  const order = (date: string) => ({
    ...documentOf('850', '004010', ['BEG*00*NE*PO1**20260301', 'PO1*1*2*EA*3']),
    beginning: { purpose: '00', type: 'NE', purchaseOrderNumber: 'PO1', date },
  });
  const party = { qualifier: 'ZZ', id: 'SELVEDGE' };
  const head = { sender: party, receiver: party, date: '2026-03-31', time: '09:30', usage: 'T' as const };
  const written = (date: string) => () =>
    write(
      {
        ...head,
        groups: [{ sender: 'SELVEDGE', receiver: 'AMAZON', release: '004010', documents: [order(date)] }],
      },
      countingFrom(1),
    );

  test('is refused by the writer and by the schema, as it is by the reader', () => {
    expect(written('0000-01-01')).toThrow(/BEG05.*a day like 2026-03-31/);
    expect(written('0001-01-01')).not.toThrow();
    expect(schemaFor('850', '004010')?.safeParse(order('0000-01-01')).success).toBe(false);
    expect(schemaFor('850', '004010')?.safeParse(order('0001-01-01')).success).toBe(true);
    expect(readOne('850', '004010', ['BEG*00*NE*PO1**00000101', 'PO1*1*2*EA*3']).faults).toMatchObject([
      { rule: 'date-not-valid' },
      { rule: 'element-missing' },
    ]);
  });
});

describe('names and addresses', () => {
  const named = (segment: string) => ['BEG*00*NE*PO1**20260301', 'N1*ST*X', segment, 'PO1*1*2*EA*3'];

  test.each(['N2**B', 'N3**B'])('%s lacks what must be there', (segment) => {
    expect(readOne('850', '004010', named(segment)).faults).toMatchObject([
      { rule: 'element-needed', severity: 'error', element: 1, code: { table: 'AK403', value: '2' } },
    ]);
  });
});
