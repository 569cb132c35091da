import { describe, expect, test } from '@jest/globals';
import type { PoReceipt, StockAdjustment } from '../../../domain/documents.js';
import {
  claimOn,
  goingBack,
  invoicedAmong,
  supplierReturnOf,
  worthOf,
} from '../../../domain/receipt/supplier-return.js';
import { A, order } from './receipts.js';

const gbp = (minor: number) => ({ minor: String(minor), currency: 'GBP' });
const receipt = (...units: number[]): PoReceipt => ({
  ...{ kind: 'po-receipt', poNo: 'PO-1', division: 'WOM', warehouse: '01', businessDate: '2026-01-31' },
  ...{ receivedAt: '2026-01-31T10:00:00Z', memo: 'Goods-in GIN-1' },
  lines: units.map((quantity, index) => ({
    ...{ poLine: index + 1, item: A, quantity, quality: 'first' as const },
    ...{ goods: gbp(quantity * 640), landed: gbp(quantity * 110) },
  })),
});
const left = (quantity: number, more: object = {}): StockAdjustment => ({
  ...{
    kind: 'stock-adjustment',
    division: 'WOM',
    warehouse: '01',
    businessDate: '2026-01-31',
    reasonCode: 'X',
    memo: '',
  },
  lines: [{ item: A, quantity: -quantity, ...more }],
});

describe('which receipts of an order are billed', () => {
  test('those without which less would be left than is invoiced, one after the other', () => {
    const [newer, older] = [receipt(3), receipt(8)];
    const po = (invoiced: number, returned = 0) => order([{ ordered: 11, received: 11, returned, invoiced }]);
    expect(invoicedAmong(po(0), [newer, older])).toEqual([]);
    expect(invoicedAmong(po(3), [newer, older])).toEqual([older]);
    // Without the newer 8 are left: without the older as well, nothing.
    expect(invoicedAmong(po(8), [newer, older])).toEqual([older]);
    expect(invoicedAmong(po(9), [newer, older])).toEqual([newer, older]);
    expect(invoicedAmong(po(8, 1), [newer, older])).toEqual([newer, older]);
  });

  test('a line that is billed holds the whole receipt: its contra could only take all of it', () => {
    const two = receipt(5, 5);
    expect(
      invoicedAmong(
        order([
          { ordered: 5, received: 5 },
          { ordered: 5, received: 5, invoiced: 1 },
        ]),
        [two],
      ),
    ).toEqual([two]);
  });
});

describe('what goes back to the supplier', () => {
  const all = [{ item: A, units: 1_000 }];

  test('all that came and is on hand, at what it came in with', () => {
    const lines = goingBack({ receipts: [receipt(8), receipt(3)], left: [], onHand: all });
    expect(lines).toEqual([{ poLine: 1, item: A, units: 11, returnable: 11, unitCost: '7.5' }]);
    expect(worthOf(lines, 'GBP')).toEqual({ units: 11, value: gbp(8_250) });
  });

  test('less what was written off or went back before, and no more than is on hand over all lines of an article', () => {
    const lines = goingBack({
      receipts: [receipt(5, 5)],
      left: [left(2), left(4, { poLine: 2 })],
      onHand: [{ item: A, units: 3 }],
    });
    expect(lines.map(({ poLine, units, returnable }) => [poLine, units, returnable])).toEqual([
      [1, 3, 3],
      [2, 1, 0],
    ]);
    expect(goingBack({ receipts: [receipt(5)], left: [left(5, { poLine: 1 })], onHand: all })).toEqual([]);
  });

  test('stock that is negative or not shown gives nothing back', () => {
    for (const onHand of [[], [{ item: A, units: -4 }]])
      expect(goingBack({ receipts: [receipt(5)], left: [], onHand })).toMatchObject([{ units: 5, returnable: 0 }]);
  });

  test('leaves stock with its order and lines; where stock stands at standard cost, without a cost of its own', () => {
    const lines = goingBack({ receipts: [receipt(8)], left: [], onHand: [{ item: A, units: 6 }] });
    const said = { businessDate: '2026-02-12', reasonCode: 'RTV', memo: 'back', standardCost: false };
    expect(supplierReturnOf([receipt(8)], lines, said)).toMatchObject({
      ...{ poNo: 'PO-1', warehouse: '01', division: 'WOM', businessDate: '2026-02-12', reasonCode: 'RTV' },
      lines: [{ item: A, poLine: 1, quantity: -6, unitCost: '7.5' }],
    });
    expect(supplierReturnOf([receipt(8)], lines, { ...said, standardCost: true })?.lines).toEqual([
      { item: A, poLine: 1, quantity: -6 },
    ]);
    expect(supplierReturnOf([receipt(8)], [], said)).toBeNull();
  });
});

test('the claim is what is billed of what went back, in the order’s currency and in base at its stated rate', () => {
  const sent = [left(8, { poLine: 1 })];
  const after = (invoiced: number) => order([{ ordered: 8, received: 8, returned: 8, invoiced }]);
  expect(claimOn(after(8), sent, 'GBP')).toEqual({
    units: 8,
    amount: { minor: '6400', currency: 'USD' },
    baseAmount: gbp(5_120),
  });
  expect(claimOn(after(5), sent, 'GBP')).toMatchObject({ units: 5, amount: { minor: '4000' } });
  expect(claimOn(after(0), sent, 'GBP').units).toBe(0);
});
