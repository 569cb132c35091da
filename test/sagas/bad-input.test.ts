/** What nobody means, through the typed client and the feed: a case with a code and words, and unharmed neighbours. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startReturn, type ReturnReceived } from '../../clients/temporal/index.js';
import { pauseFeed, resumeFeed } from '../../store/feeds.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { article, bothHalves, comeBack, figuresOf, LONG_MS, sell, type Returned, type Sale } from './support.js';

let rig: Rig;
const MB = 1024 * 1024;

/** A wrong input of the typed client, and of a start by hand, which nothing has checked before the workflow does. */
const INPUTS: [string, unknown, RegExp][] = [
  ['another source', { source: 'shopify', returnNo: 'R-1' }, /shopify\\?" is no source of returns; allowed: archean/],
  ['no number', { source: 'archean', returnNo: '' }, /a return number is needed/],
  ['a number that is no text', { source: 'archean', returnNo: 4711 }, /a return number is needed/],
  ['a number too long', { source: 'archean', returnNo: 'R'.repeat(61) }, /at most 60 characters/],
  ['a number with a blank', { source: 'archean', returnNo: 'R 1' }, /holds letters, digits, dot, dash/],
  ['an unknown field', { source: 'archean', returnNo: 'R-1', colour: 'red' }, /colour/],
  ['nothing at all', null, /expected object/],
  ['a list', ['archean', 'R-1'], /expected object/],
];

type Row = Record<string, unknown> & { lines: Record<string, unknown>[] };
const inLine = (change: object) => (row: Row) => ({ ...row, lines: row.lines.map((line) => ({ ...line, ...change })) });
const inRow = (change: object) => (row: Row) => ({ ...row, ...change });

/** Rows that cannot be read, and what their case says. */
const UNREADABLE: [string, (row: Row) => object, RegExp][] = [
  ['no lines', inRow({ lines: [] }), /lines: .*(at least|>=) ?1/i],
  [
    '10,000 lines',
    (row) => ({ ...row, lines: Array.from({ length: 10_000 }, (_, n) => ({ ...row.lines[0], lineNo: n + 1 })) }),
    /lines: .*2,?000/,
  ],
  [
    'more orders than a return may name',
    (row) => ({
      ...row,
      lines: Array.from({ length: 201 }, (_, n) => ({ ...row.lines[0], lineNo: n + 1, orderNo: `WEB-${n}` })),
    }),
    /lines: name 201 orders, at most 200/,
  ],
  [
    'one line number twice',
    (row) => ({ ...row, lines: [row.lines[0], row.lines[0]] }),
    /two of them bear one line number/,
  ],
  ['a negative quantity', inLine({ quantity: -2 }), /lines\.0\.quantity: .*>0/],
  ['a quantity of zero', inLine({ quantity: 0 }), /lines\.0\.quantity: .*>0/],
  ['a fraction of a piece', inLine({ quantity: 1.5 }), /lines\.0\.quantity: .*int/],
  ['a huge quantity', inLine({ quantity: 1e15 }), /lines\.0\.quantity: .*1000000/],
  ['a quantity in words', inLine({ quantity: 'two' }), /lines\.0\.quantity: .*expected number/],
  ['a price that is a number', inLine({ refundUnitPrice: 12.5 }), /lines\.0\.refundUnitPrice: .*expected string/],
  [
    'a price that is no decimal',
    inLine({ refundUnitPrice: '12,50' }),
    /lines\.0\.refundUnitPrice: a decimal number as text/,
  ],
  ['an unknown currency', inRow({ currency: 'XYZ' }), /currency: .*XYZ/],
  ['a currency in small letters', inRow({ currency: 'gbp' }), /currency: /],
  ['1970', inRow({ processedAt: '1970-01-01T00:00:00Z' }), /processedAt: 1970-01-01T00:00:00Z lies before 2000/],
  [
    '2099',
    inRow({ processedAt: '2099-12-31T23:59:59Z' }),
    /processedAt: 2099-12-31T23:59:59Z lies more than a year ahead/,
  ],
  ['a day that is not', inRow({ processedAt: '2026-13-40T00:00:00Z' }), /processedAt: .*no date/],
  ['a date of another kind', inRow({ processedAt: '21/11/2026' }), /processedAt: an instant in UTC/],
  [
    'wrong types all over',
    inRow({ version: 'one', lines: 'see sheet', refund: 7 }),
    /version: .*; .*refund: .*; lines: /,
  ],
  ['5 MB in one field', inRow({ customer: 'x'.repeat(5 * MB) }), /customer: .*40/],
  ['a number too long', inRow({ returnNo: 'R'.repeat(61) }), /returnNo: .*60/],
];

/** Rows that can be read and do not fit what was sold: what they are held by. */
const MISFITS: [string, (sold: { pounds: Sale; euros: Sale }) => object, string[]][] = [
  [
    'an unknown order',
    () => ({ lines: [{ orderNo: 'WEB-0', orderLine: 1, sku: article(0).code, quantity: 1 }] }),
    ['X-09'],
  ],
  [
    'an unknown article without an order',
    () => ({ lines: [{ orderNo: '', sku: 'NO-SUCH', quantity: 1 }] }),
    ['X-02', 'X-09'],
  ],
  [
    'another article than the order’s line',
    ({ pounds }) => ({ lines: [{ orderNo: pounds.orderNo, orderLine: 1, sku: article(9).code, quantity: 1 }] }),
    ['X-09'],
  ],
  [
    'more than anybody bought',
    ({ pounds }) => ({ lines: [{ orderNo: pounds.orderNo, orderLine: 1, quantity: 1_000_000 }] }),
    ['X-11'],
  ],
  [
    'a refund in another currency',
    ({ pounds }) => ({ currency: 'EUR', lines: [{ orderNo: pounds.orderNo, orderLine: 1, quantity: 1 }] }),
    ['X-12'],
  ],
  [
    'orders of two currencies',
    ({ pounds, euros }) => ({
      currency: 'GBP',
      lines: [pounds, euros].map(({ orderNo }) => ({ orderNo, orderLine: 1, quantity: 1 })),
    }),
    ['X-12'],
  ],
];

async function rowOf(index: number, { orderNo, customer }: Sale): Promise<Row> {
  return Promise.resolve({
    ...{ returnNo: `BAD-${index}`, version: 1, state: 'PROCESSED', customer, location: 'FC-UK-1', currency: 'GBP' },
    ...{ processedBy: 'clerk-1', processedAt: new Date().toISOString(), restockState: 'RESTOCKED' },
    ...{ refund: { state: 'REFUNDED', reference: 'PAY-1' }, deductions: [], exchange: null },
    lines: [
      {
        ...{ lineNo: 1, orderNo, orderLine: 1, sku: article(0).code, quantity: 1, refundUnitPrice: '20.00' },
        ...{ condition: 'NEW', disposition: 'SELLABLE', kind: 'GOODS', reasonCode: 'CHANGED-MIND' },
      },
    ],
  });
}

const good = async (index: number): Promise<Returned> => {
  const { orderNo } = await sell(rig, [{ sku: article(index).sku, quantity: 1, unitPrice: '20.00' }]);
  return comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
};

const codesHolding = async ({ workflowId }: Returned): Promise<string[]> => {
  const { rows } = await sql<{ code: string }>`
    select distinct c.code from "case" c left join case_hold h on h.case_id = c.id
    where c.state = 'open' and (c.workflow_id = ${workflowId} or h.workflow_id = ${workflowId}) order by c.code`.execute(
    rig.store.db,
  );
  return rows.map((row) => row.code);
};

describe('input that nobody means', () => {
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 14, misbehave: 0 } });
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  test.each(INPUTS)('of the typed client, %s, is refused in words and starts nothing', async (_name, input, says) => {
    await expect(startReturn(rig.client, input as ReturnReceived)).rejects.toThrow(says);
  });

  test('of a start by hand fails the workflow with the same words, not its tasks for ever', async () => {
    for (const [index, [name, input, says]] of INPUTS.entries()) {
      const workflowId = `by-hand-${index}`;
      const handle = await rig.client.workflow.start('returnToStock', {
        workflowId,
        taskQueue: 'sagas',
        args: [input],
      });
      const failure = await handle.result().then(
        () => 'no failure',
        (error: { cause?: Error }) => error.cause?.message ?? '',
      );
      expect([name, failure]).toEqual([name, expect.stringMatching(says)]);
      expect(failure).toMatch(/^return-to-stock cannot start: /);
    }
  }, 200_000);

  test('inside a page becomes X-63 with its words, row by row, and its neighbours post', async () => {
    const sold = await sell(rig, [{ sku: article(0).sku, quantity: 50, unitPrice: '20.00' }]);
    await pauseFeed(rig.store.db, 'archean.returns', 'ops-1');
    const neighbours: Returned[] = [];
    for (const [index, [, change]] of UNREADABLE.entries()) {
      await rig.emit('archean', 'return.malformed', change(await rowOf(index, sold)));
      if (index % 5 === 0) neighbours.push(await good(index + 1));
    }
    await resumeFeed(rig.store.db, 'archean.returns', 'ops-1');
    const cases = async () => {
      const { rows } = await sql<{ title: string; owner: string; state: string }>`
        select title, owner, state from "case" where code = 'X-63' order by id`.execute(rig.store.db);
      return rows;
    };
    await eventually(async () => expect(await cases()).toHaveLength(UNREADABLE.length) ?? true, {
      within: LONG_MS,
      every: 200,
    });
    const told = await cases();
    for (const [name, , says] of UNREADABLE) {
      const found = told.filter((one) => says.test(one.title));
      expect([name, found.length > 0 ? 'told' : told.map((one) => one.title)]).toEqual([name, 'told']);
    }
    expect(new Set(told.map((one) => `${one.owner} ${one.state}`))).toEqual(new Set(['integration-support open']));
    for (const one of neighbours) {
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
      expect(await figuresOf(rig, one.returnNo)).toEqual(bothHalves('24.00', 1));
    }
    const { documents } = (await rig.books()) as unknown as { documents: { memo: string | null }[] };
    expect(documents.filter((one) => one.memo?.includes('BAD-'))).toEqual([]);
  }, 300_000);

  test('that reads well but fits nothing sold is held under its code and posts no credit', async () => {
    const returns: Returned[] = [];
    for (const [, payload] of MISFITS) {
      const pounds = await sell(rig, [{ sku: article(2).sku, quantity: 5, unitPrice: '20.00' }]);
      const euros = await sell(rig, [{ sku: article(3).sku, quantity: 5, unitPrice: '20.00' }], undefined, 'EUR');
      returns.push(await comeBack(rig, payload({ pounds, euros })));
    }
    for (const [index, [name, , codes]] of MISFITS.entries()) {
      const one = returns[index];
      if (one === undefined) throw new Error(name);
      await eventually(async () => expect([name, await codesHolding(one)]).toEqual([name, codes]) ?? true, {
        within: LONG_MS,
        every: 200,
      });
      expect([name, (await figuresOf(rig, one.returnNo)).filter((each) => each.startsWith('credit'))]).toEqual([
        name,
        [],
      ]);
    }
  }, 300_000);
});
