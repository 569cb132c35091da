/** A delivery taken back after its supplier has billed it becomes a supplier return, not a contra receipt. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startRig, type Rig } from '../support/rig.js';
import {
  adjustedOf,
  deliver,
  faultOnReceipt,
  figuresOf,
  ledgerOf,
  line,
  lockReceipts,
  onHandOf,
  order,
  orderState,
  receivedOn,
  unlock,
  untilPosting,
  WITHIN,
} from './receipts-support.js';
import { billing } from './invoiced-support.js';
import { casesOf, resettable, resetTo } from './resetting.js';
import { answer, askedOf, closed, sideBySide } from './support.js';

let rig: Rig;
const at = sideBySide(2 * WITHIN);

const { received, billed, takenBack, sold, sendBack, claimed } = billing(() => rig);
const RECEIPT = ['PO receipt POSTED 8'];

describe('a delivery taken back after its supplier invoice', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test(
    'asks finance, leaves stock at what it came in with, counts as returned, and payables claims it',
    async () => {
      const made = await takenBack(await billed(await received()));
      const asked = await askedOf(rig, made.undo, 'supplier-return');
      expect(asked).toMatchObject({ code: 'approval', choices: ['return-to-supplier', 'look-again', 'keep'] });
      expect(asked.title).toContain('8 units, GBP 60.00');
      expect([await receivedOn(rig, made.poNo), await adjustedOf(rig, made.item)]).toEqual([RECEIPT, []]);
      await sendBack(made);
      const debit = await askedOf(rig, made.undo, 'debit-note');
      expect(debit).toMatchObject({ code: 'X-16', owner: 'payables' });
      expect(debit.title).toContain('claim USD 64.00');
      expect(await claimed(made)).toMatchObject({
        outcome: 'returned-to-supplier',
        units: 8,
        order: 'closed-for-receiving',
      });
      expect([await receivedOn(rig, made.poNo), await adjustedOf(rig, made.item)]).toEqual([RECEIPT, ['-8']]);
      expect([await figuresOf(rig, made), await onHandOf(rig, made)]).toEqual([[8, 8, 8], 0]);
      // Receipt and adjustment name the order: stock is even, the claim stands against received and landed cost.
      expect(await ledgerOf(rig, made.poNo)).toEqual({
        1400: '0.00',
        2150: '-51.20',
        2161: '-6.14',
        2162: '-2.66',
        2170: '60.00',
      });
      expect(await orderState(rig, made.poNo)).toBe('CLOSED_RECEIVING 0 of 8 open');
    },
  );

  at.test('and kept by finance stays as it is', async () => {
    const made = await takenBack(await billed(await received()));
    await answer(rig, made.undo, 'supplier-return', 'keep', 'fin-2');
    expect(await rig.ended(made.undo)).toMatchObject({ outcome: 'kept', units: 8 });
    expect([await receivedOn(rig, made.poNo), await adjustedOf(rig, made.item), await figuresOf(rig, made)]).toEqual([
      RECEIPT,
      [],
      [8, 0, 8],
    ]);
  });

  at.test('sends back no more than is on hand', async () => {
    const made = await billed(await received());
    await sold(made, 3);
    await takenBack(made);
    const { title } = await askedOf(rig, made.undo, 'supplier-return');
    expect(title).toContain('Only 5 of 8 are on hand');
    await sendBack(made);
    expect((await askedOf(rig, made.undo, 'debit-note')).title).toContain('claim USD 40.00');
    expect(await claimed(made)).toMatchObject({ outcome: 'returned-to-supplier' });
    expect([await adjustedOf(rig, made.item), await figuresOf(rig, made), await onHandOf(rig, made)]).toEqual([
      ['-5'],
      [8, 5, 8],
      0,
    ]);
  });

  at.test('of which nothing is on hand any more can only be kept or looked at again', async () => {
    const made = await billed(await received());
    await sold(made, 8);
    await takenBack(made);
    expect((await askedOf(rig, made.undo, 'supplier-return')).choices).toEqual(['look-again', 'keep']);
    await answer(rig, made.undo, 'supplier-return', 'keep', 'fin-2');
    expect(await rig.ended(made.undo)).toMatchObject({ outcome: 'kept' });
    expect(await onHandOf(rig, made)).toBe(0);
  });

  at.test(
    'billed between the look and the contra receipt: the refusal asks the same, and nothing is doubled',
    async () => {
      const made = await received();
      const fault = await lockReceipts(rig, made.poNo);
      await takenBack(made);
      await untilPosting(rig, made.workflowId, 'receipt-v1/undo-1', 'intended');
      await billed(made);
      await unlock(rig, fault);
      await sendBack(made);
      expect(await claimed(made)).toMatchObject({ outcome: 'returned-to-supplier' });
      expect([await receivedOn(rig, made.poNo), await adjustedOf(rig, made.item), await figuresOf(rig, made)]).toEqual([
        RECEIPT,
        ['-8'],
        [8, 8, 8],
      ]);
      await untilPosting(rig, made.workflowId, 'receipt-v1/undo-1', 'forbidden');
    },
  );

  at.test('whose invoice payables takes back is reversed after all: look again, one contra receipt', async () => {
    const made = await received();
    await faultOnReceipt(rig, made.poNo, 'reject-at-posting', { code: 'INVOICED', times: 1 });
    await takenBack(made);
    await askedOf(rig, made.undo, 'supplier-return');
    await answer(rig, made.undo, 'supplier-return', 'look-again', 'fin-2');
    expect(await rig.ended(made.undo)).toMatchObject({ outcome: 'reversed' });
    const posted = (await receivedOn(rig, made.poNo)).filter((one) => one.includes('POSTED'));
    expect(posted.sort()).toEqual(['PO receipt POSTED -8', 'PO receipt POSTED 8']);
    expect([await adjustedOf(rig, made.item), await orderState(rig, made.poNo)]).toEqual([[], 'OPEN 8 of 8 open']);
  });

  at.test('and reset to any of its tasks sends nothing back twice and asks nothing again', async () => {
    const made = await takenBack(await billed(await received()));
    await sendBack(made);
    const before = await askedOf(rig, made.undo, 'debit-note');
    const again = async (): Promise<void> => {
      for (const eventId of (await resettable(rig, made.undo)).reverse()) {
        await resetTo(rig, made.undo, eventId);
        const { caseId, asking, shown } = await askedOf(rig, made.undo, 'debit-note');
        expect([eventId, caseId, asking, shown]).toEqual([eventId, before.caseId, before.asking, before.shown]);
      }
    };
    await again();
    const result = await claimed(made);
    expect(result).toMatchObject({ outcome: 'returned-to-supplier', units: 8 });
    for (const eventId of (await resettable(rig, made.undo)).reverse()) {
      const runId = await resetTo(rig, made.undo, eventId);
      expect([eventId, await rig.client.workflow.getHandle(made.undo, runId).result()]).toEqual([eventId, result]);
    }
    expect((await casesOf(rig, made.undo)).map((one) => one.split(' ')[0])).toEqual(['supplier-return', 'debit-note']);
    expect([await adjustedOf(rig, made.item), await figuresOf(rig, made)]).toEqual([['-8'], [8, 8, 8]]);
  });

  at.test('is decided by finance with proof, and never by who counted it', async () => {
    const made = await takenBack(await billed(await received({ by: 'fin-1' })));
    const { asking, shown } = await askedOf(rig, made.undo, 'supplier-return');
    const decision = {
      workflow: made.undo,
      question: 'supplier-return',
      asking,
      choice: 'return-to-supplier',
      why: 'goes back',
      shown,
    };
    const tried = async (person: string, more: object = {}): Promise<string> => {
      const { status, body } = await rig.decide(person, { ...decision, ...more });
      return status === 200 ? String(body['state']) : JSON.stringify(body);
    };
    expect(await tried('wh-1')).toContain('belongs to finance');
    expect(await tried('fin-1')).toContain('R-802');
    expect(await tried('fin-2', { shown: 'another' })).toContain('no longer shows');
    expect(await adjustedOf(rig, made.item)).toEqual([]);
    expect(await tried('fin-2')).toBe('decided');
    const debit = await askedOf(rig, made.undo, 'debit-note');
    expect(
      (
        await rig.decide('fin-2', {
          ...decision,
          ...{ question: 'debit-note', asking: debit.asking, choice: 'claimed', shown: debit.shown },
        })
      ).status,
    ).not.toBe(200);
    expect(await claimed(made)).toMatchObject({ outcome: 'returned-to-supplier' });
  });

  at.test('cancelled by a person who chooses to reverse asks the same', async () => {
    const po = await order(rig, 20);
    const { id, workflowId } = await deliver(rig, { poNo: po.poNo, lines: [line(po.code, 8, { expected: 9 })] });
    await rig.started(workflowId);
    await askedOf(rig, workflowId, 'short');
    await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
    const made = { ...po, id, workflowId, undo: workflowId };
    await billed(made);
    await rig.client.workflow.getHandle(workflowId).cancel();
    await answer(rig, workflowId, 'cancel-after-posting', 'reverse', 'fin-1');
    await sendBack(made);
    await answer(rig, workflowId, 'debit-note', 'not-claimed', 'pay-1');
    await closed(rig, workflowId, WITHIN);
    expect([await receivedOn(rig, po.poNo), await adjustedOf(rig, po.item), await figuresOf(rig, po)]).toEqual([
      RECEIPT,
      ['-8'],
      [8, 8, 8],
    ]);
    expect(await orderState(rig, po.poNo)).toBe('OPEN 12 of 20 open');
    // The source takes it back too: there is nothing left to do, and nobody is asked again.
    const undo = `po-receipt-reversal:archean:${id}:2`;
    await rig.emit('archean', 'goods-in.reversed', { id });
    await rig.started(undo);
    expect(await rig.ended(undo)).toMatchObject({ outcome: 'returned-to-supplier', units: 8 });
    expect([await casesOf(rig, undo), await adjustedOf(rig, po.item)]).toEqual([[], ['-8']]);
  });

  at.test('leaves what we ruined with us: it is owed, written off, and goes nowhere', async () => {
    const made = await received({
      lines: (code) => [line(code, 8, { damagedUnits: 2 })],
      then: async ({ workflowId }) => {
        await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
        await answer(rig, workflowId, 'write-off', 'approve', 'fin-1');
      },
    });
    await takenBack(await billed(made));
    await sendBack(made);
    expect((await askedOf(rig, made.undo, 'debit-note')).title).toContain('6 units');
    expect(await claimed(made)).toMatchObject({ outcome: 'returned-to-supplier' });
    expect((await adjustedOf(rig, made.item)).sort()).toEqual(['-2', '-6']);
    expect([await figuresOf(rig, made), await onHandOf(rig, made)]).toEqual([[8, 6, 8], 0]);
  });

  at.test('reverses by contra what is not billed of it, and sends back what is', async () => {
    const made = await received({
      lines: (code) => [line(code, 11)],
      then: async ({ workflowId, poNo }) => {
        await askedOf(rig, workflowId, 'extra');
        await rig.emit('blue-cherry', 'purchase-order.amended', { poNo, lines: [{ poLine: 1, ordered: 11 }] });
        await answer(rig, workflowId, 'extra', 'take', 'wh-1');
      },
    });
    await takenBack(await billed(made, 8));
    await sendBack(made);
    expect(await claimed(made)).toMatchObject({ outcome: 'returned-to-supplier' });
    expect((await receivedOn(rig, made.poNo)).sort()).toEqual([
      'PO receipt POSTED -3',
      'PO receipt POSTED 3',
      'PO receipt POSTED 8',
    ]);
    expect([await adjustedOf(rig, made.item), await figuresOf(rig, made), await onHandOf(rig, made)]).toEqual([
      ['-8'],
      [8, 8, 8],
      0,
    ]);
  });

  at.test(
    'counted again after it went back is received as it is counted; what is settled is neither reversed nor asked about',
    async () => {
      const po = await order(rig, 20);
      const { id, workflowId } = await deliver(rig, { poNo: po.poNo, lines: [line(po.code, 8, { expected: 9 })] });
      await rig.started(workflowId);
      await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
      await billed({ ...po, id, workflowId, undo: workflowId });
      await askedOf(rig, workflowId, 'short');
      await rig.client.workflow.getHandle(workflowId).cancel();
      await answer(rig, workflowId, 'cancel-after-posting', 'reverse', 'fin-1');
      await answer(rig, workflowId, 'supplier-return', 'return-to-supplier', 'fin-2');
      await answer(rig, workflowId, 'debit-note', 'claimed', 'pay-1');
      await closed(rig, workflowId, WITHIN);
      await rig.emit('archean', 'goods-in.corrected', { id, lines: [{ lineNo: 1, received: 9 }] });
      const changed = `po-receipt-reversal:archean:${id}:2`;
      await rig.started(changed);
      expect(await rig.ended(changed)).toMatchObject({ outcome: 'received', units: 9, order: 'open' });
      expect((await receivedOn(rig, po.poNo)).sort()).toEqual(['PO receipt POSTED 8', 'PO receipt POSTED 9']);
      expect([await adjustedOf(rig, po.item), await figuresOf(rig, po), await onHandOf(rig, po)]).toEqual([
        ['-8'],
        [17, 8, 8],
        9,
      ]);
    },
  );
});
