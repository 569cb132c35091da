import { describe, expect, test } from '@jest/globals';
import { createClaimsActivities } from '../../activities/claims/index.js';
import type { ArcheanReturn } from '../../clients/archean/schema.js';
import type { ReturnAnswer } from '../../domain/return/answers.js';
import type { ReturnFacts } from '../../domain/return/facts.js';
import { grantsOf } from '../../store/claims.js';
import { addMapping, confirmMapping } from '../../store/mapping-changes.js';
import { upsertItems } from '../../store/items.js';
import { claimsGround } from './claims-support.js';
import { invoicedTo, ITEM, POLICY, returnDocument, sale, wireReturn } from './return-samples.js';

const ground = claimsGround();
const { claims, takenIn } = ground;
const claim = (wire: ArcheanReturn, sold = sale(), answers: ReturnAnswer[] = []): Promise<ReturnFacts> =>
  ground.claim(wire, invoicedTo(wire.customer, sold), answers);
const grantOf = (facts: ReturnFacts) => facts.grants[0];

describe('claims on the units of an order line', () => {
  test('go to the return that was earlier at its source, whichever saga runs first, a hundred times', async () => {
    for (let round = 0; round < 100; round++) {
      const orderNo = `RACE-${round}`;
      const sold = sale({}, orderNo);
      const at = (returnNo: string, processedAt: string, seq: number): ArcheanReturn =>
        wireReturn({ returnNo, processedAt, seq, customer: '', lines: [{ orderNo }] });
      // The later one has the lower seq in every other round: time decides, not the order of recording.
      const earlier = at(`${orderNo}-A`, '2026-03-10T10:00:00Z', round % 2 === 0 ? 1 : 2);
      const later = at(`${orderNo}-B`, '2026-03-10T10:00:01Z', round % 2 === 0 ? 2 : 1);
      await takenIn(later, earlier);
      const order = round % 3 === 0 ? [later, earlier] : [earlier, later];
      const facts = new Map<string, ReturnFacts>();
      const run = async (wire: ArcheanReturn): Promise<void> => {
        facts.set(wire.returnNo, await claim(wire, sold));
      };
      if (round % 3 === 2) await Promise.all(order.map(run));
      else for (const wire of order) await run(wire);
      const [first, second] = [facts.get(earlier.returnNo), facts.get(later.returnNo)];
      expect(first && grantOf(first)).toMatchObject({ asked: 1, granted: 1, left: 1, net: { minor: '1000' } });
      expect(second && grantOf(second)).toMatchObject({
        asked: 1,
        granted: 0,
        left: 0,
        siblings: [{ returnNo: earlier.returnNo, quantity: 1 }],
      });
    }
  });

  test('that no feed took in before go to exactly one of those who claim at once', async () => {
    for (let round = 0; round < 20; round++) {
      const orderNo = `DIRECT-${round}`;
      const wires = [1, 2, 3, 4].map((n) =>
        wireReturn({ returnNo: `${orderNo}-${n}`, seq: n, customer: '', lines: [{ orderNo }] }),
      );
      const facts = await Promise.all(wires.map((wire) => claim(wire, sale({}, orderNo))));
      const granted = facts.flatMap((each) => each.grants).reduce((sum, grant) => sum + grant.granted, 0);
      expect(granted).toBe(1);
    }
  });

  test('are answered the same when asked again, by many at once too', async () => {
    const wire = wireReturn({ returnNo: 'AGAIN-1', lines: [{ orderNo: 'AGAIN', quantity: 2 }] });
    await takenIn(wire);
    const sold = sale({ quantity: 3 }, 'AGAIN');
    const answers = await Promise.all(Array.from({ length: 8 }, () => claim(wire, sold)));
    for (const facts of answers) expect(facts).toEqual(answers[0]);
    expect(grantOf(await claim(wire, sold))).toMatchObject({ asked: 2, granted: 2, left: 3 });
  });

  test('add up to the line and no further, the last one taking the remainder', async () => {
    const line = {
      quantity: 3,
      unitPrice: '33.335',
      net: { minor: '10001', currency: 'GBP' },
      tax: { minor: '2000', currency: 'GBP' },
    };
    const wires = [1, 2, 3, 4].map((n) => wireReturn({ returnNo: `SUM-${n}`, seq: n, lines: [{ orderNo: 'SUM' }] }));
    await takenIn(...wires);
    const facts = await Promise.all(wires.map((wire) => claim(wire, sale(line, 'SUM'))));
    const grants = facts.flatMap((each) => each.grants);
    expect(grants.map((grant) => grant.granted)).toEqual([1, 1, 1, 0]);
    expect(grants.reduce((sum, grant) => sum + Number(grant.net.minor), 0)).toBe(10001);
    expect(grants.reduce((sum, grant) => sum + Number(grant.tax.minor), 0)).toBe(2000);
  });

  test('once granted do not change when an earlier return shows up late', async () => {
    const late = wireReturn({ returnNo: 'LATE-B', seq: 9, lines: [{ orderNo: 'LATE' }] });
    await takenIn(late);
    expect(grantOf(await claim(late, sale({}, 'LATE')))?.granted).toBe(1);
    const earlier = wireReturn({
      returnNo: 'LATE-A',
      seq: 1,
      processedAt: '2026-03-09T10:00:00Z',
      lines: [{ orderNo: 'LATE' }],
    });
    await takenIn(earlier);
    expect(grantOf(await claim(earlier, sale({}, 'LATE')))).toMatchObject({
      granted: 0,
      siblings: [{ returnNo: 'LATE-B', quantity: 1 }],
    });
    expect(grantOf(await claim(late, sale({}, 'LATE')))?.granted).toBe(1);
  });

  test('given back are there for the next one', async () => {
    const [first, second] = [1, 2].map((n) =>
      wireReturn({ returnNo: `BACK-${n}`, seq: n, customer: 'BACK', lines: [{ orderNo: 'BACK' }] }),
    ) as [ArcheanReturn, ArcheanReturn];
    await takenIn(first, second);
    await claim(first, sale({}, 'BACK'));
    const given = await claims().giveBack({ source: 'archean', returnNo: 'BACK-1', why: 'declined' });
    expect(given).toEqual({ given: { minor: '1200', currency: 'GBP' } });
    expect(grantOf(await claim(second, sale({}, 'BACK')))).toMatchObject({ granted: 1, siblings: [] });
    expect(await claims().giveBack({ source: 'archean', returnNo: 'BACK-1', why: 'again' })).toEqual({ given: null });
    expect(await claims().giveBack({ source: 'archean', returnNo: 'NOBODY', why: 'x' })).toEqual({ given: null });
  });

  test('wished by a version that was withdrawn before its saga ran go to the next return', async () => {
    const lines = [{ orderNo: 'WD' }];
    const second = wireReturn({ returnNo: 'WD-2', seq: 3, lines });
    await takenIn(
      wireReturn({ returnNo: 'WD-1', seq: 1, lines }),
      wireReturn({ returnNo: 'WD-1', seq: 2, version: 2, state: 'WITHDRAWN', lines }),
      second,
    );
    expect(grantOf(await claim(second, sale({}, 'WD')))).toMatchObject({ granted: 1 });
  });

  test('follow a corrected version, which keeps the place its first one took', async () => {
    const v1 = wireReturn({ returnNo: 'FIX-1', seq: 1, lines: [{ orderNo: 'FIX', quantity: 2 }] });
    const other = wireReturn({ returnNo: 'FIX-2', seq: 2, lines: [{ orderNo: 'FIX', quantity: 2 }] });
    const v2 = wireReturn({ returnNo: 'FIX-1', seq: 3, version: 2, lines: [{ orderNo: 'FIX', quantity: 1 }] });
    const sold = sale({ quantity: 3 }, 'FIX');
    await takenIn(v1, other, v2);
    expect(grantOf(await claim(v1, sold))).toMatchObject({ granted: 2 });
    expect(grantOf(await claim(v2, sold))).toMatchObject({ granted: 1, left: 3 });
    expect(grantOf(await claim(other, sold))).toMatchObject({ granted: 2 });
    const old = await grantsOf(ground.db(), 'archean', 'FIX-1', 1);
    expect(old).toHaveLength(1);
  });

  test('of a line without an order come with the order a person names', async () => {
    const wire = wireReturn({ returnNo: 'NAMED-1', lines: [{ orderNo: '', orderLine: null }] });
    await takenIn(wire);
    expect((await claim(wire, { ...sale(), orders: [], invoices: [] })).grants).toEqual([]);
    const answer: ReturnAnswer = {
      question: 'original-order',
      choice: 'correct',
      why: 'found the receipt',
      by: 'fin-1',
      shown: 'x',
      orderNo: 'NAMED',
    };
    const facts = await claim(wire, sale({}, 'NAMED'), [answer]);
    expect(grantOf(facts)).toMatchObject({ granted: 1 });
    const next = wireReturn({ returnNo: 'NAMED-2', seq: 99, lines: [{ orderNo: 'NAMED' }] });
    await takenIn(next);
    expect(grantOf(await claim(next, sale({}, 'NAMED')))).toMatchObject({
      granted: 0,
      siblings: [{ returnNo: 'NAMED-1', quantity: 1 }],
    });
  });
});

describe('the mappings of a return', () => {
  test('are told apart: unmapped location, division not served, unknown and new articles', async () => {
    const unmapped = await claim(wireReturn({ returnNo: 'MAP-1', location: 'V-MISC', lines: [{ orderNo: 'M1' }] }));
    expect(unmapped.location).toBeNull();
    expect(unmapped.lines[0]).toMatchObject({ item: ITEM, problem: 'none' });
    const lines = [
      { orderNo: 'M2', sku: '9-blk-42' },
      { orderNo: '', orderLine: null, sku: 'P-NEW' },
    ];
    const odd = await claim(wireReturn({ returnNo: 'MAP-2', lines }));
    expect(odd.location).toEqual({ warehouse: '01', nonSellable: '09', divisions: ['WOM', 'MEN', 'ACC'] });
    expect(odd.lines.map((line) => line.problem)).toEqual(['division-not-served', 'unknown-sku']);
    let reads = 0;
    const fresh = createClaimsActivities({
      store: ground.made().store,
      refreshItems: async () => {
        reads += 1;
        await upsertItems(ground.db(), [{ itemKey: 'WOM|N|1|||1', code: 'P-NEW', active: true, standardCost: '2' }]);
      },
    });
    const document = returnDocument(wireReturn({ returnNo: 'MAP-2', lines }));
    const facts = await fresh.claimReturn({ document, sold: sale(), answers: [], policy: POLICY, workflowId: 'w' });
    expect(facts.lines[1]).toMatchObject({ item: 'WOM|N|1|||1', problem: 'none', unitCost: '2.000000' });
    expect(reads).toBe(1);
  });

  test('bring the cost as sold, the accounts of charges and deductions, and the items of an exchange', async () => {
    const wire = wireReturn({
      returnNo: 'MAP-3',
      deductions: [
        { code: 'RESTOCK-FEE', amount: '2.00' },
        { code: 'NOBODY', amount: '1.00' },
      ],
      exchange: { lines: [{ sku: '00123NVYM', quantity: 1, unitPrice: '10.00', taxAmount: '2.00' }] },
      lines: [{ orderNo: 'M3' }, { orderNo: '', orderLine: null, sku: 'post', kind: 'CHARGE', disposition: 'NONE' }],
    });
    const facts = await claim(wire, sale({}, 'M3'));
    expect(facts.lines[0]?.unitCost).toBe('4.50');
    expect(facts.charges['post']).toEqual({ account: '4200', taxCode: 'Z0', taxRate: '0' });
    expect(Object.keys(facts.deductions)).toEqual(['RESTOCK-FEE']);
    expect(facts.exchangeItems).toEqual([
      { lineNo: 1, item: ITEM, division: 'WOM', problem: 'none', unitCost: '4.600000' },
    ]);
  });

  test('name the people who made them, who approve nothing that rests on them', async () => {
    const { db } = ground.made().store;
    const values = {
      source: 'archean',
      location: 'FC-NEW',
      warehouse: '01',
      non_sellable_warehouse: '09',
      divisions: ['WOM'],
    };
    const row = await addMapping(db, { kind: 'location', values, validFrom: '2026-01-01', why: 'new', by: 'wh-1' });
    await confirmMapping(db, { kind: 'location', id: row.id, by: 'wh-2' });
    const facts = await claim(wireReturn({ returnNo: 'MAP-4', location: 'FC-NEW', lines: [{ orderNo: 'M4' }] }));
    expect(facts.location?.warehouse).toBe('01');
    expect(facts.mappedBy).toEqual(['wh-1']);
  });
});
