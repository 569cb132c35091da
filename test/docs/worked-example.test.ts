/** The figures of the receipt's worked example are those the code reckons, so that nobody is taught others. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { add, money, sum, zero, type Money } from '../../domain/money.js';
import { valueOf } from '../../domain/receipt/purchase-order.js';

const runbook = readFileSync('docs/runbooks/po-receipt.md', 'utf8');
/** PO-500012 as the runbook states it. */
const ORDER = { rate: '0.80', unitCost: '8.00' };
const DUTY = { element: 'DUTY', perUnit: '0.768' };
const FREIGHT = { element: 'FREIGHT', perUnit: '0.332' };

const valued = (units: number, landed: (typeof DUTY)[]): { goods: Money; landed: Money } =>
  valueOf({ rate: ORDER.rate, landed }, { unitCost: ORDER.unitCost }, units, 'GBP');
const pounds = ({ minor }: Money): string =>
  `£${(Number(minor) / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 })}`;

/** Cells of the rows that begin with these words: as the runbook prints them, without emphasis. */
const rowsOf = (first: string, document: string): string[][] =>
  runbook
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.replaceAll('*', '').trim()))
    .filter((cells) => cells[1] === first && cells[2] === document)
    .map((cells) => cells.slice(3, -1));

/** Units, stock, goods received not invoiced, duty, freight: as the books take them. */
function reckoned(units: number): { units: number; amounts: Money[] } {
  const { goods, landed } = valued(units, [DUTY, FREIGHT]);
  const [duty, freight] = [DUTY, FREIGHT].map((each) => valued(units, [each]).landed);
  return { units, amounts: [add(goods, landed), goods, ...[duty, freight].flatMap((each) => each ?? [])] };
}

describe('the worked example of the receipt', () => {
  const receipts = [480, 223, 5].map(reckoned);

  test.each([
    ['31 January', 'PO receipt', 0],
    ['2 February', 'PO receipt', 1],
    ['2 February', 'PO receipt (damaged)', 2],
  ] as const)('values the receipt of %s: %s', (date, document, n) => {
    const receipt = receipts[n];
    expect(rowsOf(date, document)).toEqual([[String(receipt?.units), ...(receipt?.amounts ?? []).map(pounds)]]);
  });

  test('adds them up, less what was written off', () => {
    const [stock, ...others] = [0, 1, 2, 3].map((n) =>
      sum(
        receipts.flatMap(({ amounts }) => amounts[n] ?? []),
        'GBP',
      ),
    );
    const ruined = receipts[2]?.amounts[0];
    expect(rowsOf('2 February', 'write-off').map((cells) => cells.slice(0, 2))).toEqual([
      ['−5', `−${pounds(ruined ?? zero('GBP'))}`],
    ]);
    const left = money(String(Number(stock?.minor) - Number(ruined?.minor)), 'GBP');
    expect(rowsOf('in all', '')).toEqual([['703', ...[left, ...others].map(pounds)]]);
  });

  test('pays for what was received at the order’s cost, which clears goods received not invoiced', () => {
    expect(runbook).toContain('708 × $8.00 = **$5,664.00**; blocked 12 × $8.00 = **$96.00**');
    expect(valued(708, []).goods.minor).toBe(
      String(receipts.reduce((all, { amounts }) => all + Number(amounts[1]?.minor), 0)),
    );
    expect(runbook).toContain(`$5,664.00 × 0.80 = ${pounds(valued(708, []).goods)}`);
  });
});
