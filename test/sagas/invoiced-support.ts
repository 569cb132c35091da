/** What tests of billed deliveries share: one that is received, billed by its supplier, taken back and answered about. */
import { expect } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { Rig } from '../support/rig.js';
import { deliver, line, order, WITHIN, type Delivered, type Ordered } from './receipts-support.js';
import { answer } from './support.js';

/** `undo`: the saga of its reversal at the source. */
export type Made = Ordered & Delivered & { undo: string };

/** The hands of these tests on an installation. */
export function billing(rig: () => Rig) {
  /** A delivery of eight that is received; lines and answers of another one. */
  async function received(
    more: {
      ordered?: number;
      lines?: (code: string) => object[];
      then?: (made: Made) => Promise<void>;
      by?: string;
    } = {},
  ): Promise<Made> {
    const { ordered = 8, lines = (code) => [line(code, 8)], then = () => Promise.resolve(), by = 'clerk-7' } = more;
    const po = await order(rig(), ordered);
    const delivered = await deliver(rig(), { poNo: po.poNo, completedBy: by, lines: lines(po.code) });
    const made = { ...po, ...delivered, undo: `po-receipt-reversal:archean:${delivered.id}:2` };
    await rig().started(made.workflowId);
    await then(made);
    await rig().ended(made.workflowId);
    return made;
  }
  const billed = async (made: Made, quantity?: number): Promise<Made> => {
    const lines = quantity === undefined ? {} : { lines: [{ poLine: 1, quantity }] };
    await rig().emit('blue-cherry', 'supplier-invoice.received', { poNo: made.poNo, ...lines });
    return made;
  };
  const takenBack = async (made: Made): Promise<Made> => {
    await rig().emit('archean', 'goods-in.reversed', { id: made.id });
    await rig().started(made.undo);
    return made;
  };

  /** Units on hand as the ERP's interface shows them, page by page. */
  const shownOf = async (item: string): Promise<number | undefined> => {
    for (let cursor = ''; ;) {
      const page = new URL(`/inventory?warehouse=01${cursor}`, rig().sandbox.systems['blue-cherry']);
      const headers = { 'x-api-key': rig().env['SELVEDGE_BLUE_CHERRY_KEY'] ?? '' };
      const read = (await (await fetch(page, { headers })).json()) as {
        rows: { sku: string; qoh: number }[];
        cursor?: string;
      };
      const found = read.rows.find(({ sku }) => sku === item);
      if (found !== undefined || read.cursor === undefined) return found?.qoh;
      cursor = `&cursor=${encodeURIComponent(read.cursor)}`;
    }
  };
  /** Somebody sells so many of it, as the ERP books it. */
  const sold = async ({ item }: Ordered, quantity: number): Promise<void> => {
    const now = new Date(Date.now() - 60_000).toISOString();
    await rig().emit('blue-cherry', 'order.shipped', {
      ...{ placedAt: now, shippedAt: now, currency: 'GBP' },
      lines: [{ sku: item, quantity, unitPrice: '20.00' }],
    });
    // The interface shows stock as the last cycle left it.
    await eventually(async () => (await shownOf(item)) === 8 - quantity, { within: WITHIN });
  };
  const sendBack = async (made: Made): Promise<void> => {
    expect((await answer(rig(), made.undo, 'supplier-return', 'return-to-supplier', 'fin-2')).body).toMatchObject({
      state: 'decided',
    });
  };
  const claimed = async (made: Made): Promise<Record<string, unknown>> => {
    await answer(rig(), made.undo, 'debit-note', 'claimed', 'pay-1');
    return rig().ended(made.undo);
  };

  return { received, billed, takenBack, sold, sendBack, claimed };
}
