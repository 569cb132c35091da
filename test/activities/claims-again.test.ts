import { describe, expect, test } from '@jest/globals';
import type { ArcheanReturn } from '../../clients/archean/schema.js';
import type { ReturnAnswer } from '../../domain/return/answers.js';
import type { ReturnFacts } from '../../domain/return/facts.js';
import type { Sold } from '../../domain/return/sold.js';
import { causeIsGone } from '../../store/mapping-causes.js';
import { insertRow } from '../../store/mapping-changes.js';
import { claimsGround } from './claims-support.js';
import { invoicedTo, sale, wireReturn } from './return-samples.js';

const ground = claimsGround();
const claim = (wire: ArcheanReturn, sold: Sold, answers: ReturnAnswer[] = []): Promise<ReturnFacts> =>
  ground.claim(wire, invoicedTo(wire.customer, sold), answers);
const giveBack = (returnNo: string) => ground.claims().giveBack({ source: 'archean', returnNo, why: 'declined' });
const untaxed = (orderNo: string, quantity: number) =>
  sale({ quantity, tax: { minor: '0', currency: 'GBP' }, taxRate: '0' }, orderNo);
const dayOf = async (...args: Parameters<typeof claim>) => (await claim(...args)).customerDay.minor;

describe('units given back', () => {
  test('are not there for the same version claimed again, once another return has them', async () => {
    const [first, second] = [1, 2].map((seq) =>
      wireReturn({ returnNo: `TWICE-${seq}`, seq, lines: [{ orderNo: 'TWICE' }] }),
    ) as [ArcheanReturn, ArcheanReturn];
    const sold = sale({}, 'TWICE');
    await claim(first, sold);
    await giveBack('TWICE-1');
    expect((await claim(second, sold)).grants[0]?.granted).toBe(1);
    expect((await claim(first, sold)).grants[0]).toMatchObject({
      granted: 0,
      siblings: [{ returnNo: 'TWICE-2', quantity: 1 }],
    });
  });

  test('are held again by the version that claims them again', async () => {
    const [first, second] = [1, 2].map((seq) =>
      wireReturn({ returnNo: `HELD-${seq}`, seq, lines: [{ orderNo: 'HELD' }] }),
    ) as [ArcheanReturn, ArcheanReturn];
    const sold = sale({}, 'HELD');
    await claim(first, sold);
    await giveBack('HELD-1');
    expect((await claim(first, sold)).grants[0]?.granted).toBe(1);
    expect((await claim(second, sold)).grants[0]?.granted).toBe(0);
  });
});

describe('a customer’s day', () => {
  const back = (returnNo: string, seq: number, quantity: number, change: Partial<ArcheanReturn> = {}) =>
    wireReturn({
      returnNo,
      seq,
      customer: returnNo.split('-')[0] ?? '',
      ...change,
      lines: [{ orderNo: returnNo, quantity, refundUnitPrice: '10.00' }],
    });

  test('counts a credit from when its amount stands: what came between counts before it', async () => {
    const [asked, plain] = [back('STANDS-1', 1, 120), back('STANDS-2', 2, 90)];
    const few = untaxed('STANDS-1', 90);
    expect(await dayOf(asked, few)).toBe('0');
    expect(await dayOf(plain, untaxed('STANDS-2', 90))).toBe('90000');
    const covered: ReturnAnswer = {
      ...{ question: 'quantity', choice: 'post-covered', why: 'counted', by: 'wh-1', shown: 'x' },
    };
    expect(await dayOf(asked, few, [covered])).toBe('180000');
    expect(await dayOf(asked, few, [covered])).toBe('180000');
  });

  test('counts a credit that was given back and is claimed again after what came between', async () => {
    const [first, second] = [back('AGAIN-1', 1, 90), back('AGAIN-2', 2, 90)];
    await claim(first, untaxed('AGAIN-1', 90));
    await giveBack('AGAIN-1');
    expect(await dayOf(second, untaxed('AGAIN-2', 90))).toBe('90000');
    expect(await dayOf(first, untaxed('AGAIN-1', 90))).toBe('180000');
  });

  test('is not lessened by a return that costs the customer money', async () => {
    const fee = back('FEE-1', 1, 1, { customer: 'FEE', deductions: [{ code: 'RESTOCK-FEE', amount: '500.00' }] });
    expect(await dayOf(fee, untaxed('FEE-1', 1))).toBe('0');
    expect(await dayOf(back('FEE-2', 2, 160), untaxed('FEE-2', 160))).toBe('160000');
  });
});

test('a location that another source maps is not mapped for a return', async () => {
  const location = { source: 'clarus', location: 'V-OTHER', warehouse: '01', non_sellable_warehouse: null };
  await insertRow(
    ground.db(),
    'location',
    { ...location, divisions: ['WOM'] },
    {
      ...{ valid_from: '2020-01-01', valid_to: null, state: 'confirmed', why: 'x', added_by: 'a' },
      ...{ confirmed_by: 'b', confirmed_at: '2020-01-01T00:00:00Z' },
    },
  );
  const facts = await claim(wireReturn({ returnNo: 'OTHER-1', location: 'V-OTHER' }), sale());
  const cause = { code: 'X-03', cause: 'location V-OTHER', businessDate: '2026-03-10' };
  expect([facts.location, await causeIsGone(ground.db(), cause)]).toEqual([null, false]);
});
