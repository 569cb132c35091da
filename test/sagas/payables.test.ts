/** One order worked to its supplier's invoice (B2): what RP-05 and `find` say at each step, as a user runs them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answered, cliOf, type Cli } from '../cli/support.js';
import { DeskBrowser } from '../ingress/desk-support.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { deliver, line, order, orderState, type Ordered } from './receipts-support.js';
import { answer, askedOf, LONG_MS } from './support.js';

interface Told {
  parts: { name: string; rows: Record<string, { amount: string; currency: string } | string | number | null>[] }[];
  notes: string[];
}
let rig: Rig;
let cli: Cli;
let poNo: string;
let invoiceNo: string;

const told = async (...argv: string[]): Promise<Told> => {
  const ran = await cli(null, 'report', 'RP-05', '--about', poNo, '--json', ...argv);
  expect([ran.code, ran.err]).toEqual([0, '']);
  return answered<Told>(ran);
};
const lineOf = async (): Promise<Told['parts'][number]['rows'][number]> => {
  const [part] = (await told()).parts;
  expect(part?.rows).toHaveLength(1);
  return part?.rows[0] ?? {};
};
/** Waits until the feed has brought what the ERP says by now. */
const until = (figures: object): Promise<unknown> =>
  eventually(
    async () => {
      expect(await lineOf()).toMatchObject(figures);
      return true;
    },
    { within: LONG_MS, every: 250 },
  );
const usd = (amount: string): object => ({ amount, currency: 'USD' });
const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

beforeAll(async () => {
  rig = await startRig({
    reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
    feeds: ['archean.goods-in', 'archean.movements', 'blue-cherry.purchase-orders'],
  });
  cli = await cliOf(rig);
  for (const period of ['2026-01', '2026-02'])
    await rig.control('POST', '/_sandbox/blue-cherry/period', { period, state: 'open' });
}, 90_000);
afterAll(() => rig.close(), 60_000);

describe('sixty cartons of twelve at 8.00, of which one never arrives', () => {
  let made: Ordered;

  test('ordered and received in part, nothing is payable and the order is open', async () => {
    made = await order(rig, 720);
    ({ poNo } = made);
    await until({ ordered: 720, received: 0, open: 720, receiving: 'open', invoice: 'open', since: null });
    const first = await deliver(rig, {
      ...{ poNo, more: true, completedAt: '2026-01-31T15:00:00.000Z', completedBy: 'dock-1' },
      lines: [line(made.code, 40, { uom: 'CTN', expected: 60 })],
    });
    await rig.started(first.workflowId);
    await rig.ended(first.workflowId);
    await until({
      received: 480,
      open: 240,
      invoiced: 0,
      payable: usd('0.00'),
      why: '480 units received, nothing invoiced yet',
    });
    expect((await lineOf())['since']).toEqual(expect.any(Number));
  }, 180_000);

  test('an open question of its delivery stands beside it; decided, it is closed for receiving and open for invoice', async () => {
    const { code } = made;
    const second = await deliver(rig, {
      ...{ poNo, completedAt: '2026-02-02T10:00:00.000Z', completedBy: 'dock-1' },
      lines: [line(code, 19, { uom: 'CTN', expected: 20, damagedUnits: 5 })],
    });
    await rig.started(second.workflowId);
    await askedOf(rig, second.workflowId, 'damaged');
    expect((await lineOf())['cases']).toEqual(
      expect.stringMatching(/^C-\d+ Received more or less than expected \(X-16\)/),
    );
    await answer(rig, second.workflowId, 'damaged', 'damaged-by-us', 'wh-1');
    await answer(rig, second.workflowId, 'write-off', 'approve', 'fin-2');
    await answer(rig, second.workflowId, 'short', 'never-arrived', 'wh-1');
    await rig.ended(second.workflowId);
    expect(await orderState(rig, poNo)).toBe('CLOSED_RECEIVING 12 of 720 open');
    await until({
      ...{ received: 708, open: 12, givenUp: 12, cases: '', since: null },
      ...{ receiving: 'closed by decision of wh-1: 12 never arrive', invoice: 'open' },
    });
  }, 180_000);

  test('invoiced for 720, 708 are payable and twelve are blocked, in the report, its file, find and at the desk', async () => {
    const billed = (await rig.emit('blue-cherry', 'supplier-invoice.received', {
      ...{ poNo, invoiceDate: '2026-02-05', lines: [{ poLine: 1, quantity: 720 }] },
    })) as unknown as { supplierInvoice: { invoiceNo: string } };
    ({ invoiceNo } = billed.supplierInvoice);
    const figures = { invoiced: 720, payable: usd('5664.00'), blocked: usd('96.00'), invoice: 'open' };
    await until({ ...figures, why: '12 of 720 invoiced not received (708 received): USD 96.00' });

    const ran = await cli(null, 'report', 'rp-05', '--about', poNo);
    expect(ran.out).toContain('What was received, invoiced and may be paid now');
    expect(ran.out).toMatch(/720 +708 +0 +720 +12 +12 +USD 5,664\.00 +USD 96\.00/);
    const found = await cli(null, 'find', poNo);
    expect(found.out).toContain('po-receipt:archean:');
    expect(found.out).toMatch(/USD 5,664\.00 +USD 96\.00/);
    expect(
      answered<{ purchaseOrder: Told['parts'][number] }>(await cli(null, 'find', poNo, '--json')).purchaseOrder.rows,
    ).toMatchObject([figures]);

    const desk = new DeskBrowser(rig.ingress);
    await desk.signIn('pay-1');
    for (const page of [`/desk/reports/RP-05?about=${poNo}`, `/desk/find?number=${poNo}`]) {
      const { text } = await desk.get(page);
      expect(text).toContain('720 708 0 720 12 12 USD 5,664.00 USD 96.00 12 of 720 invoiced not received');
      expect(text).toContain('closed by decision of wh-1: 12 never arrive open');
    }

    const dir = mkdtempSync(join(tmpdir(), 'selvedge-report-'));
    const file = join(dir, 'rp-05.csv');
    const written = await cli(
      null,
      'report',
      'RP-05',
      '--about',
      poNo,
      '--csv',
      file,
      '--xlsx',
      join(dir, 'rp-05.xlsx'),
    );
    expect([written.code, written.err]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toContain(',5664.00,"USD",96.00,"USD",');
    expect(readFileSync(join(dir, 'rp-05.received-not-invoiced.csv'), 'utf8')).toContain('"2026-01"');
    expect(readFileSync(join(dir, 'rp-05.xlsx')).subarray(0, 2).toString()).toBe('PK');
    rmSync(dir, { recursive: true });
  }, 120_000);

  test('goods received, not invoiced: 3,072.00 in January, tied to the journal; the account bears what is blocked', async () => {
    const [, part] = (await told()).parts;
    expect(part?.name).toBe('received-not-invoiced');
    expect(part?.rows).toMatchObject([
      {
        ...{ supplier: 'SUP-7', period: '2026-01', unitsReceived: 480, unitsInvoiced: 0, received: usd('3840.00') },
        ...{ balance: usd('3840.00'), receivedBase: gbp('3072.00'), balanceBase: gbp('3072.00') },
        ...{ tied: gbp('3072.00'), untied: gbp('0.00'), why: '' },
      },
      {
        ...{ period: '2026-02', unitsReceived: 228, unitsInvoiced: 720, invoiced: usd('5760.00') },
        ...{ receivedBase: gbp('1459.20'), invoicedBase: gbp('4608.00'), balance: usd('-96.00') },
        ...{ balanceBase: gbp('-76.80'), tied: gbp('1459.20'), why: '' },
      },
    ]);
    expect(await ledgerBalance()).toBe('-76.80');
  });
});

/** What the ERP's own books hold on the account, receipts and invoices together. */
async function ledgerBalance(): Promise<string> {
  const { documents, journals } = (await rig.books()) as unknown as {
    documents: { number: string; poNo?: string | null }[];
    journals: { document: string; account: string; debit: string; credit: string }[];
  };
  const mine = new Set([invoiceNo, ...documents.filter((one) => one.poNo === poNo).map(({ number }) => number)]);
  const minor = journals
    .filter(({ document, account }) => mine.has(document) && account === '2150')
    .reduce((sum, { debit, credit }) => sum + Math.round((Number(credit) - Number(debit)) * 100), 0);
  return (minor / 100).toFixed(2);
}
