/** Rows of the goods-in listing as the inbox keeps them: what no saga could work on is kept raw, with the reason. */
import { describe, expect, test } from '@jest/globals';
import { deliveryOf, goodsInEvent } from '../../activities/intake/sources/goods-in.js';

const NOW = new Date('2026-03-11T00:00:00Z');
const line = (over: object = {}): object => ({
  ...{ lineNo: 1, sku: '00123-NVY-M', expected: 5, received: 5, uom: 'EA', quality: 'FIRST', damagedUnits: 0 },
  ...over,
});
const row = (over: object = {}): object => ({
  ...{ id: 'GIN-1', seq: 7, version: 1, externalRef: '', poNo: ' PO-1 ', location: 'FC-UK-1', state: 'COMPLETED' },
  ...{ completedAt: '2026-06-30T23:30:00Z', completedBy: 'clerk-7', followedBy: null, lines: [line()] },
  ...over,
});
const judged = (over: object = {}) => goodsInEvent(row(over), 'Europe/London', NOW);

describe('a delivery that no saga could work on is malformed and says why', () => {
  test.each([
    ['a number with a blank', { id: 'GIN 1' }, 'goodsInNo'],
    ['a number with a colon, which tells the parts of a workflow id apart', { id: 'GIN:1' }, 'goodsInNo'],
    ['no number', { id: '' }, 'id'],
    ['a version that is no number', { version: 'one' }, 'version'],
    ['version 0', { version: 0 }, 'version'],
    ['a state nobody knows', { state: 'DONE' }, 'state'],
    ['no lines', { lines: [] }, 'lines'],
    ['lines that are a sheet', { lines: 'see attached' }, 'lines'],
    [
      'more lines than a delivery has',
      { lines: Array.from({ length: 2001 }, (_, at) => line({ lineNo: at + 1 })) },
      'lines',
    ],
    ['a line number twice', { lines: [line(), line({ sku: 'B' })] }, 'two of them bear one line number'],
    ['line number 0', { lines: [line({ lineNo: 0 })] }, 'lines.0.lineNo'],
    ['fewer than nothing received', { lines: [line({ received: -1 })] }, 'lines.0.received'],
    ['fewer than nothing damaged', { lines: [line({ damagedUnits: -1 })] }, 'lines.0.damagedUnits'],
    ['half a unit', { lines: [line({ received: 1.5 })] }, 'lines.0.received'],
    ['more units than there are', { lines: [line({ received: 1_000_001 })] }, 'lines.0.received'],
    ['a quality nobody knows', { lines: [line({ quality: 'SECOND' })] }, 'lines.0.quality'],
    ['no article', { lines: [line({ sku: '' })] }, 'lines.0.sku'],
    ['no unit', { lines: [line({ uom: '' })] }, 'lines.0.uom'],
    ['more eaches damaged than received', { lines: [line({ received: 5, damagedUnits: 6 })] }, 'line 1'],
    ['completed without an instant', { completedAt: null }, 'completedAt'],
    ['a day of no calendar', { completedAt: '2026-02-30T10:00:00Z' }, 'completedAt'],
    ['a day before there were books', { completedAt: '1999-12-31T10:00:00Z' }, 'before 2000'],
    ['a day far ahead', { completedAt: '2028-01-01T10:00:00Z' }, 'a year ahead'],
  ])('%s', (_name, over, reason) => {
    expect(judged(over)).toMatchObject({
      ...{ state: 'malformed', version: 1, documentId: null, codes: [] },
      sourceId: expect.stringMatching(/^unreadable:/),
      reason: expect.stringContaining(reason),
    });
  });

  test('what is no row at all', () => {
    for (const raw of [null, 5, 'x', []]) expect(goodsInEvent(raw, 'Europe/London', NOW).state).toBe('malformed');
  });
});

describe('a delivery as it is taken in', () => {
  test('names its order without blanks, its codes on the day of the company, and nothing else', () => {
    expect(judged()).toMatchObject({
      ...{ state: 'new', reason: null, sourceId: 'GIN-1', documentId: 'PURCHASE_ORDER/PO-1', wishes: [] },
      codes: [
        { kind: 'location', code: 'FC-UK-1', businessDate: '2026-07-01' },
        { kind: 'sku', code: '00123-NVY-M', businessDate: '2026-07-01' },
      ],
    });
  });

  test.each(['EXPECTED', 'CANCELLED'])('%s it is kept and leads to nothing', (state) => {
    expect(judged({ state, completedAt: null, lines: [] })).toMatchObject({ state: 'ignored', codes: [] });
  });

  test('zero received, irregular, in cartons, without an order or a person: all of that is a delivery', () => {
    const lines = [line({ received: 0, quality: 'IRREGULAR', uom: 'CTN' }), line({ lineNo: 2, expected: 0 })];
    const event = judged({ lines, poNo: '  ', completedBy: '', followedBy: 'GIN-2' });
    expect(event).toMatchObject({ state: 'new', documentId: null });
    expect(deliveryOf(event, 'Europe/London')).toMatchObject({
      ...{ poNo: '', receivedBy: '', moreToCome: true, businessDate: '2026-07-01' },
      lines: [{ received: 0, quality: 'irregular', uom: 'CTN' }, { expected: 0 }],
    });
  });
});
