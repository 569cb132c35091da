/** What a customer was credited in a day, and in which order the limit looks at it. */
import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { ArcheanReturn } from '../../clients/archean/schema.js';
import type { ReturnAnswer } from '../../domain/return/answers.js';
import { customerDaySum } from '../../store/customer-day.js';
import { failureOf, retried } from './posting-support/asks.js';
import { claimsGround } from './claims-support.js';
import { invoicedTo, sale, wireReturn } from './return-samples.js';

const ground = claimsGround();
const { claims, takenIn } = ground;
const claim = (wire: ArcheanReturn, sold = invoicedTo(wire.customer, sale()), answers: ReturnAnswer[] = []) =>
  ground.claim(wire, sold, answers);

describe('a customer’s day', () => {
  const four = (customer: string, day: string) =>
    [1, 2, 3, 4].map((n) =>
      wireReturn({
        returnNo: `${customer}-${n}`,
        seq: n,
        customer,
        processedAt: `${day}T10:00:00Z`,
        lines: [{ orderNo: `${customer}-${n}`, quantity: 40, refundUnitPrice: '10.00' }],
      }),
    );
  const untaxed = (wire: ArcheanReturn) =>
    invoicedTo(
      wire.customer,
      sale({ quantity: 40, tax: { minor: '0', currency: 'GBP' }, taxRate: '0' }, wire.returnNo),
    );

  test('counts four at once so that exactly one of them is above 1,500', async () => {
    const wires = four('SPLIT', '2026-03-12');
    await takenIn(...wires);
    const days = await Promise.all(
      wires.map(async (wire) => Number((await claim(wire, untaxed(wire))).customerDay.minor)),
    );
    expect([...days].sort((a, b) => a - b)).toEqual([40000, 80000, 120000, 160000]);
    const again = await Promise.all(
      wires.map(async (wire) => Number((await claim(wire, untaxed(wire))).customerDay.minor)),
    );
    expect(again).toEqual(days);
  });

  test('lets those that were earlier at their source claim first where the limit could be passed', async () => {
    for (let round = 0; round < 5; round++) {
      const wires = four(`ORDER-${round}`, '2026-03-16');
      await takenIn(...wires);
      const backwards = [...wires].reverse();
      const days = await Promise.all(
        backwards.map(async (wire) => Number((await retried(() => claim(wire, untaxed(wire)))).customerDay.minor)),
      );
      // The fourth by source is the one that is above 1,500, whichever saga ran first.
      expect(Math.max(...days)).toBe(160000);
      expect(days[0]).toBe(160000);
    }
  });

  test('waits for nobody who came in long ago and has not claimed: the sum then counts whoever was first', async () => {
    const wires = four('STUCK', '2026-03-17');
    await takenIn(...wires);
    const [, , , last] = wires as [ArcheanReturn, ArcheanReturn, ArcheanReturn, ArcheanReturn];
    await failureOf(claim(last, untaxed(last)));
    await sql`update event set received_at = received_at - interval '1 minute'
      where payload ->> 'customer' = 'STUCK'`.execute(ground.db());
    expect((await claim(last, untaxed(last))).customerDay.minor).toBe('40000');
    const days = [];
    for (const wire of wires.slice(0, 3)) days.push((await claim(wire, untaxed(wire))).customerDay.minor);
    expect(days).toEqual(['80000', '120000', '160000']);
  });

  test('counts those after it for one whose credit a person made larger', async () => {
    const wires = four('GROWS', '2026-03-18');
    await takenIn(...wires);
    const [first, ...others] = wires as [ArcheanReturn, ...ArcheanReturn[]];
    const untaxedOne = sale({ quantity: 1, tax: { minor: '0', currency: 'GBP' }, taxRate: '0' }, first.returnNo);
    const nothingYet = invoicedTo(first.customer, untaxedOne);
    // More came back than was sold: until a person decides, it adds nothing to the day.
    expect((await claim(first, nothingYet)).customerDay.minor).toBe('0');
    for (const wire of others) await claim(wire, untaxed(wire));
    const decided: ReturnAnswer = { question: 'quantity', choice: 'post-all', why: '', by: 'wh-1', shown: '' };
    expect((await claim(first, nothingYet, [decided])).customerDay.minor).toBe('160000');
  });

  test('gives back what was declined and starts again at midnight', async () => {
    const wires = four('TWODAYS', '2026-03-13');
    const next = four('TWODAYS-B', '2026-03-14').map((wire) => ({ ...wire, customer: 'TWODAYS' }));
    await takenIn(...wires, ...next);
    for (const wire of [...wires.slice(0, 3), ...next.slice(0, 1)]) await claim(wire, untaxed(wire));
    expect(await customerDaySum(ground.db(), 'TWODAYS', '2026-03-13')).toBe('120000');
    expect(await customerDaySum(ground.db(), 'TWODAYS', '2026-03-14')).toBe('40000');
    await claims().giveBack({ source: 'archean', returnNo: 'TWODAYS-2', why: 'declined' });
    const last = wires[3] as ArcheanReturn;
    expect((await claim(last, untaxed(last))).customerDay).toEqual({ minor: '120000', currency: 'GBP' });
  });

  test('adds other currencies at the recorded rate and nobody’s returns to nobody', async () => {
    const euro = wireReturn({ returnNo: 'EUR-1', customer: 'EURO', currency: 'EUR', lines: [{ orderNo: 'EUR' }] });
    const eur = (minor: string) => ({ minor, currency: 'EUR' });
    const sold = sale({ net: eur('1000'), tax: eur('200'), discount: eur('0') }, 'EUR');
    const [invoice] = sold.invoices;
    const inEuro = { ...sold, invoices: invoice ? [{ ...invoice, customer: 'EURO', currency: 'EUR' }] : [] };
    expect((await claim(euro, inEuro)).customerDay).toEqual({ minor: '1020', currency: 'GBP' });
    for (const n of [1, 2]) {
      const wire = wireReturn({ returnNo: `ANON-${n}`, customer: '', lines: [{ orderNo: `ANON-${n}` }] });
      const nobodys = invoicedTo('', sale({}, `ANON-${n}`));
      expect((await claim(wire, nobodys)).customerDay.minor).toBe('1200');
    }
  });

  test('is that of the customer who was invoiced, whatever the return says', async () => {
    for (const [n, named] of ['', 'SOMEBODY-ELSE'].entries()) {
      const wire = wireReturn({ returnNo: `NAMED-${n}`, customer: named, lines: [{ orderNo: `NAMED-${n}` }] });
      const facts = await claim(wire, invoicedTo('INVOICED', sale({}, `NAMED-${n}`)));
      expect(facts.customerDay.minor).toBe(String(1_200 * (n + 1)));
    }
  });
});
