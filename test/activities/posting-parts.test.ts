import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { ErpDocument } from '../../domain/documents.js';
import { revisionsOf } from '../../store/postings.js';
import { eventually } from '../support/eventually.js';
import {
  adjustment,
  ask,
  creditMemo,
  detailsOf,
  documentsOf,
  failureOf,
  retried,
  settling,
  TODAY,
} from './posting-support/asks.js';
import { createRig, item, type Rig } from './posting-support/rig.js';

let rig: Rig;
let settle: { stop(): Promise<void> };
beforeEach(async () => {
  rig = await createRig();
  settle = settling(rig);
});
afterEach(async () => {
  await settle.stop();
  await rig.close();
});

/** Units of each item in the live documents of a reference, over all revisions. */
function unitsIn(reference: string): Record<string, number> {
  const units: Record<string, number> = {};
  for (const { lines } of documentsOf(rig, reference))
    for (const { sku, quantity } of lines) units[sku] = (units[sku] ?? 0) + Number(quantity);
  return units;
}

/** Two lines, of which the ERP takes the first only; answers the rejection of the second. */
async function takenInPart() {
  rig.fault({ operation: 'inventory-adjustment', kind: 'partial', times: 1, lines: [2], code: 'SKU_INACTIVE' });
  const request = ask('RTN-1', 'restock', adjustment([1, 2]), 1);
  const failure = await failureOf(retried(() => rig.blueCherry.postStockAdjustment(request)));
  expect(detailsOf(failure)).toMatchObject({ type: 'LinesRefused', revision: 2 });
  return request;
}

describe('a document that the ERP took without some of its lines', () => {
  test('a correction of the whole document sends the refused lines alone', async () => {
    const request = await takenInPart();
    const document: ErpDocument = { ...request.document, memo: 'corrected' };
    const decision = { reference: request.reference, revision: 2, choice: 'correct' as const, by: 'fin-1', document };
    expect(await rig.postings.decide(decision)).toMatchObject({ done: true, revision: 3 });
    const posted = await retried(() => rig.blueCherry.postStockAdjustment(request));
    expect(posted.documents).toHaveLength(2);
    expect(unitsIn(request.reference)).toEqual({ [item(1)]: 1, [item(2)]: 1 });
  });

  test('let go on as a whole after its refused lines were forbidden, it sends those lines alone', async () => {
    const request = await takenInPart();
    await rig.postings.forbid({ reference: request.reference, why: 'cancelled' });
    const { reference, document } = request;
    await rig.postings.decide({ reference, revision: 0, choice: 'retry', by: 'fin-1', document });
    await retried(() => rig.blueCherry.postStockAdjustment(request));
    expect(unitsIn(request.reference)).toEqual({ [item(1)]: 1, [item(2)]: 1 });
  });

  test('its refused lines rejected by a person, what was taken and then refused at posting is asked about', async () => {
    rig.cycles.hold();
    const request = await takenInPart();
    const { reference } = request;
    await rig.postings.decide({ reference, revision: 2, choice: 'forbid', by: 'fin-1' });
    rig.books.closePeriod(TODAY.slice(0, 7));
    rig.cycles.release();
    const failure = await failureOf(retried(() => rig.blueCherry.postStockAdjustment(request)));
    expect(detailsOf(failure)).toMatchObject({ type: 'PeriodClosed', revision: 3 });
    const newest = (await revisionsOf(rig.db, reference)).at(-1);
    expect(newest?.content?.document.lines).toEqual([{ item: item(1), quantity: 1 }]);
  });
});

describe('already entered', () => {
  test('a document that bears the reference of another posting is not adopted, and settle goes on', async () => {
    rig.cycles.hold();
    rig.fault({ operation: 'credit-memo', kind: 'refuse', times: 1, code: 'TOTAL_MISMATCH' });
    const refused = ask('RTN-1', 'credit-memo', creditMemo(1), 1);
    await failureOf(retried(() => rig.blueCherry.postCreditMemo(refused)));
    const other = ask('RTN-2', 'credit-memo', creditMemo(1), 2);
    rig.fault({ operation: 'credit-memo', kind: 'drop-after', times: 1 });
    await settle.stop();
    await failureOf(rig.blueCherry.postCreditMemo(other));
    rig.cycles.release();
    const posted = () => documentsOf(rig, other.reference)[0]?.status === 'POSTED';
    await eventually(posted, { within: 10_000, every: 50 });
    const number = documentsOf(rig, other.reference)[0]?.number ?? '';
    const adopt = { reference: refused.reference, revision: 1, choice: 'adopt' as const, by: 'fin-1', number };
    expect(await rig.postings.decide(adopt)).toMatchObject({ done: false, why: expect.stringContaining('RTN-2') });
    settle = settling(rig);
    expect(await retried(() => rig.blueCherry.postCreditMemo(other))).toMatchObject({ documents: [{ number }] });
  });

  test('two postings that adopt one document at once: one has it, the other is told', async () => {
    const requests = ['RTN-1', 'RTN-2'].map((key, n) => ask(key, 'credit-memo', creditMemo(3), n));
    for (const request of requests) {
      rig.fault({ operation: 'credit-memo', kind: 'refuse', times: 1, code: 'TOTAL_MISMATCH' });
      await failureOf(retried(() => rig.blueCherry.postCreditMemo(request)));
    }
    const typed = rig.books.typeInByHand({
      type: 'CREDIT_MEMO',
      orderNo: creditMemo(3).orderNo,
      lines: [{ orderLine: 1, quantity: 1 }],
    });
    const number = typed.transactionNo;
    const posted = async () => (await rig.deps.erp.read('credit-memo', number))?.state === 'posted';
    await eventually(posted, { within: 10_000, every: 50 });
    const [winner = '', loser = ''] = requests.map(({ reference }) => reference);
    // The first is about to be written as the second is judged: what the second looked at does not hold any more.
    const { decided } = await rig.db.transaction().execute(async (trx) => {
      await sql`update posting set state = 'posted', number = ${number} where reference = ${winner}`.execute(trx);
      const late = rig.postings.decide({ reference: loser, revision: 1, choice: 'adopt', by: 'fin-1', number });
      await eventually(waitsForLock, { within: 5_000 });
      return { decided: late };
    });
    expect(await decided).toMatchObject({ done: false, why: expect.stringContaining('another posting') });
    const rows = await revisionsOf(rig.db, loser);
    expect(rows.map(({ state }) => state)).toEqual(['rejected']);
  });
});

async function waitsForLock(): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(rig.db);
  return rows.length > 0;
}
