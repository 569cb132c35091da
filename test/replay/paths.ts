/** The paths of a return of which a history is kept: one real run each, on the whole installation (design.md 10, replay). */
import type { Rig } from '../support/rig.js';
import { addMapping, confirmMapping } from '../../store/mapping-changes.js';
import { eventually } from '../support/eventually.js';
import { answer, article, closed, comeBack, sell, type Returned } from '../sagas/support.js';
import { caseOf, comeTo, faultOn, postingOf, refOf, settle, WITHIN, type One } from '../sagas/steps-support.js';

/** Runs one path to its end; answers the workflow whose history is kept. */
export type Path = (rig: Rig) => Promise<string>;

const UNITS = 30;
const posted = (rig: Rig, one: One, step: string): Promise<unknown> =>
  eventually(async () => (await postingOf(rig, one, step)) === 'posted', { within: WITHIN, every: 50 });
const decide = (rig: Rig, one: One, question: string, choice: string) =>
  settle(rig, one, question, () => Promise.resolve(choice));

async function ended(rig: Rig, workflowId: string): Promise<string> {
  await rig.started(workflowId);
  await closed(rig, workflowId, WITHIN);
  return workflowId;
}

/** A return over several lines, with what its payload says besides. */
async function back(rig: Rig, units: number[], more: object = {}): Promise<Returned> {
  const orders = [];
  for (const [index] of units.entries()) {
    orders.push(await sell(rig, [{ sku: article(index).sku, quantity: 10, unitPrice: '20.00' }], 'CUST-REPLAY'));
  }
  const lines = orders.map(({ orderNo }, index) => ({ orderNo, orderLine: 1, quantity: units[index] }));
  return comeBack(rig, { lines, ...more });
}

async function approved(rig: Rig, choice: 'approve' | 'reject'): Promise<string> {
  const one = await caseOf(rig, undefined, UNITS);
  await comeTo(rig, one);
  await decide(rig, one, 'credit-limit', choice);
  // Whether the restock went ahead of the answer depends on T-38; then its lone half is sent back.
  await eventually(
    async () => {
      const { status } = await rig.client.workflow.getHandle(one.workflowId).describe();
      if (status.name !== 'RUNNING') return true;
      const { questions } = await rig.progress(one.workflowId);
      if (questions.some(({ question }) => question === 'restocked-without-credit')) {
        await answer(rig, one.workflowId, 'restocked-without-credit', 'send-back', 'fin-lead');
      }
      return false;
    },
    { within: WITHIN, every: 200 },
  );
  return one.workflowId;
}

/** The credit is posted, the restock waits for a lock, and then the return is to be cancelled. */
async function cancelledHalf(rig: Rig, one: One): Promise<void> {
  await faultOn(rig, one, 'restock', 'table-lock', { form: '409', times: 1_000 });
  await comeTo(rig, one);
  await posted(rig, one, 'credit-memo');
  await rig.client.workflow.getHandle(one.workflowId).cancel();
}

const afterPosting =
  (type: string, choice: string, more: object = {}): Path =>
  async (rig) => {
    const made = await back(rig, [2]);
    await ended(rig, made.workflowId);
    await comeBack(rig, { returnNo: made.returnNo, ...more }, type);
    const reversal = `return-to-stock-reversal:archean:${made.returnNo}:2`;
    await answer(rig, reversal, 'changed-after-posting', choice, 'fin-lead');
    return ended(rig, reversal);
  };

async function heldByMapping(rig: Rig): Promise<string> {
  const one = await caseOf(rig, 'V-MISC');
  await comeTo(rig, one);
  await eventually(async () => (await rig.progress(one.workflowId)).status === 'held', { within: WITHIN, every: 100 });
  const values = {
    source: 'archean',
    location: 'V-MISC',
    warehouse: '01',
    non_sellable_warehouse: null,
    divisions: ['WOM'],
  };
  const row = await addMapping(rig.store.db, {
    ...{ kind: 'location', validFrom: '2020-01-01', why: 'pop-up stock is kept there', by: 'wh-1' },
    values,
  });
  await confirmMapping(rig.store.db, { kind: 'location', id: row.id, by: 'ops-1' });
  return ended(rig, one.workflowId);
}

async function reversalRefused(rig: Rig, choice: string): Promise<string> {
  const one = await caseOf(rig);
  const match = { externalRef: refOf(one, 'credit-memo/undo-1') };
  await rig.fault({ system: 'blue-cherry', operation: 'write', kind: 'refuse', code: 'PERIOD_CLOSED', match });
  await cancelledHalf(rig, one);
  await decide(rig, one, 'cancel-after-posting', 'reverse');
  await decide(rig, one, 'credit-memo-reversal-refused', choice);
  return ended(rig, one.workflowId);
}

async function undelivered(rig: Rig, choice: string): Promise<string> {
  const made = await back(rig, [2], { state: 'UNDELIVERED' });
  await answer(rig, made.workflowId, 'undelivered', choice, 'fin-lead');
  return ended(rig, made.workflowId);
}

export const PATHS: Record<string, Path> = {
  plain: async (rig) => ended(rig, (await back(rig, [1])).workflowId),
  'several-orders': async (rig) => ended(rig, (await back(rig, [1, 2, 1])).workflowId),
  exchange: async (rig) => {
    const line = { sku: article(4).code, quantity: 1, unitPrice: '20.00', taxAmount: '4.00' };
    const made = await back(rig, [1], { exchange: { lines: [line] }, refund: { state: 'NONE', reference: '' } });
    return ended(rig, made.workflowId);
  },
  'question-approved': (rig) => approved(rig, 'approve'),
  'question-declined': (rig) => approved(rig, 'reject'),
  'held-by-mapping': heldByMapping,
  'withdrawn-after-posting-reversed': afterPosting('return.withdrawn', 'reverse'),
  'withdrawn-after-posting-kept': afterPosting('return.withdrawn', 'keep'),
  'released-by-t-38': async (rig) => {
    const one = await caseOf(rig, undefined, UNITS);
    await comeTo(rig, one);
    await posted(rig, one, 'restock');
    await decide(rig, one, 'credit-limit', 'approve');
    return ended(rig, one.workflowId);
  },
  'cancelled-after-pivot-reversed': async (rig) => {
    const one = await caseOf(rig);
    await cancelledHalf(rig, one);
    await decide(rig, one, 'cancel-after-posting', 'reverse');
    return ended(rig, one.workflowId);
  },
  'cancelled-after-pivot-gone-on': async (rig) => {
    const one = await caseOf(rig);
    await cancelledHalf(rig, one);
    await rig.control('DELETE', '/_sandbox/faults');
    await decide(rig, one, 'cancel-after-posting', 'go-on');
    return ended(rig, one.workflowId);
  },
  'cancelled-before-posting': async (rig) => {
    const one = await caseOf(rig, undefined, UNITS);
    await faultOn(rig, one, 'credit-memo', 'table-lock', { form: '409', times: 1_000 });
    await comeTo(rig, one);
    await rig.asked(one.workflowId, 'credit-limit');
    await rig.client.workflow.getHandle(one.workflowId).cancel();
    return ended(rig, one.workflowId);
  },
  'refused-then-retried': async (rig) => {
    const one = await caseOf(rig);
    await faultOn(rig, one, 'credit-memo', 'refuse');
    await comeTo(rig, one);
    await decide(rig, one, 'credit-memo-refused', 'retry');
    return ended(rig, one.workflowId);
  },
  'restock-refused-written-off': async (rig) => {
    const one = await caseOf(rig);
    await faultOn(rig, one, 'restock', 'refuse');
    await comeTo(rig, one);
    await decide(rig, one, 'restock-refused', 'reject');
    await decide(rig, one, 'credited-without-restock', 'write-off');
    return ended(rig, one.workflowId);
  },
  'reversal-refused': (rig) => reversalRefused(rig, 'retry'),
  'reversal-done-by-hand': (rig) => reversalRefused(rig, 'done-by-hand'),
  'undelivered-credited': (rig) => undelivered(rig, 'credit'),
  'undelivered-sent-again': (rig) => undelivered(rig, 'redispatch'),
};
