/** Who may decide what, under proven identity: at the desk door, by update and by signal (R-801, R-802, R-086..R-090). */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import { decide, DecisionRefused, type DecisionMessage } from '../../clients/temporal/index.js';
import { storeDecision } from '../../store/desk-decision-rows.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { asking, auditOf, deskConfig, shownTo, through, type Door, type Shown } from './deciding.js';
import {
  answer,
  article,
  bothHalves,
  comeBack,
  figuresOf,
  sell,
  sideBySide,
  type Returned,
  LONG_MS,
} from './support.js';

let rig: Rig;
const at = sideBySide();
const memoOf = async (made: Returned): Promise<string[]> =>
  (await figuresOf(rig, made.returnNo)).filter((one) => one.startsWith('credit'));
const memoPosted = (made: Returned, figure: string): Promise<unknown> =>
  eventually(async () => expect(await memoOf(made)).toEqual([`credit memo POSTED ${figure}`]) ?? true, {
    within: LONG_MS,
    every: 250,
  });

/** Wrong whatever the door; the desk door says the same in its body as the update in its error. */
const WRONG: [string, Partial<DecisionMessage>, RegExp][] = [
  [
    'a wrong role',
    { by: 'wh-3' },
    /wh-3 may not decide .*belongs to finance \(deputy operations\).*has the role warehouse/,
  ],
  ['an unknown choice', { choice: 'approve-twice' }, /"approve-twice" is no choice of .*Allowed: approve, reject/],
  ['a stale shown', { shown: '0'.repeat(64) }, /no longer shows what was decided on/],
  ['an asking not opened yet', { asking: 2 }, /has been asked 1 time.*decides asking 2/],
  ['a question not asked', { question: 'refund' }, /"refund" has not been asked/],
];
const AT_THE_DESK: typeof WRONG = [
  ...WRONG,
  ['an unknown key', { by: 'nobody' }, /^401: This key belongs to nobody/],
  ['no shown', { shown: '' }, /must carry what was shown/],
  ['no why', { why: ' ' }, /must say why/],
  ['somebody who asked for it', { by: 'fin-3' }, /fin-3 asked for .* and may not decide it/],
];
const IN_TEMPORAL: typeof WRONG = [
  ...WRONG,
  ['an unknown person', { by: 'fin-99' }, /Nobody is known here as "fin-99"/],
  ['nobody named', { by: '' }, /does not say who decides/],
  ['a claim where proof is needed', {}, /a typed name does not prove who decides.*selvedge decide C-/],
  ['no why at all', { why: 7 as never }, /could not be read: why/],
];

async function refusedThrough(door: Door, shown: Shown, attempts: typeof WRONG): Promise<void> {
  for (const [name, change, says] of attempts) {
    const why = await through(rig, door, shown, change);
    expect([door, name, why]).toEqual([door, name, expect.stringMatching(says)]);
  }
}

describe('a decision under proven identity', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 6, misbehave: 0 },
      env: { SELVEDGE_CONFIG: deskConfig() },
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  for (const [door, attempts] of [
    ['desk', AT_THE_DESK],
    ['update', IN_TEMPORAL],
    ['signal', IN_TEMPORAL],
  ] as const)
    at.test(
      `that is refused at the door ${door} posts nothing and says why, and the right one still counts`,
      async () => {
        const made = await asking(rig, 30, { processedBy: 'fin-3' });
        const shown = await shownTo(rig, made.workflowId);
        await refusedThrough(door, shown, attempts);
        expect(await figuresOf(rig, made.returnNo)).toEqual([]);
        expect((await rig.progress(made.workflowId)).questions.map((q) => q.question)).toEqual(['credit-limit']);
        expect(await through(rig, 'desk', shown, {})).toBeNull();
        await memoPosted(made, '720.00');
        // The saga goes on waiting for its mapping: the asking is answered, and stays so for everybody.
        const late = /was already decided: "approve" by fin-2/;
        expect(await through(rig, door, shown, { by: 'fin-1', choice: 'reject' })).toMatch(late);
        expect(await memoOf(made)).toEqual(['credit memo POSTED 720.00']);
      },
    );

  at.test('in another name than the key’s is refused and audited under the key’s own', async () => {
    const made = await asking(rig, 30);
    const { decision, caseId, workflowId } = await shownTo(rig, made.workflowId);
    const { status, body } = await rig.decide('wh-3', { case: caseId, ...pick(decision), by: 'fin-2' });
    expect(status).toBe(403);
    expect(body['error']).toBe(
      "This key belongs to wh-3, and the decision says it is by fin-2. Nobody decides in another's name.",
    );
    expect(await auditOf(rig, `case/${caseId}`)).toContainEqual({
      ...{ actor: 'wh-3', identity: 'proven', action: 'refuse-decision', why: body['error'] },
    });
    expect((await rig.progress(workflowId)).questions).toHaveLength(1);
    expect(await figuresOf(rig, made.returnNo)).toEqual([]);
  });

  at.test('above the limit of the person for a document, a customer’s day or a day of theirs is refused', async () => {
    const [large, first, second, today, more] = await Promise.all([
      asking(rig, 100),
      asking(rig, 70, {}, 'C-2222'),
      asking(rig, 70, {}, 'C-2222'),
      asking(rig, 30),
      asking(rig, 30),
    ]);
    const sent = async (made: Returned, by: string) =>
      through(rig, 'desk', await shownTo(rig, made.workflowId), { by });
    expect(await sent(large, 'fin-1')).toMatch(
      /fin-1 may decide up to GBP 2,?000.00 per document; this makes it GBP 2,?400.00/,
    );
    expect(await sent(first, 'fin-2')).toBeNull();
    expect(await sent(second, 'fin-2')).toMatch(
      /up to GBP 3,?000.00 per customer and day .*C-2222.* makes it GBP 3,?360.00/,
    );
    expect(await sent(today, 'fin-day')).toBeNull();
    expect(await sent(more, 'fin-day')).toMatch(
      /fin-day may decide up to GBP 800.00 a day; this makes it GBP 1,?440.00/,
    );
    await Promise.all([memoPosted(first, '1680.00'), memoPosted(today, '720.00')]);
    for (const made of [large, second, more]) expect(await figuresOf(rig, made.returnNo)).toEqual([]);
    expect(await sent(large, 'fin-lead')).toBeNull();
    await memoPosted(large, '2400.00');
  });

  at.test(
    'of two people needs two: the same one again does not count, a reject ends it, a second one posts',
    async () => {
      const [agreed, refused] = await Promise.all([asking(rig, 250), asking(rig, 250)]);
      for (const made of [agreed, refused]) {
        const shown = await shownTo(rig, made.workflowId);
        expect(await through(rig, 'desk', shown, { by: 'fin-lead' })).toBeNull();
        expect(await through(rig, 'desk', shown, { by: 'fin-lead' })).toMatch(/has agreed to .* already/);
        expect(await figuresOf(rig, made.returnNo)).toEqual([]);
      }
      expect(
        await through(rig, 'desk', await shownTo(rig, refused.workflowId), { by: 'fin-1', choice: 'reject' }),
      ).toBeNull();
      expect(await through(rig, 'desk', await shownTo(rig, agreed.workflowId), { by: 'fin-head' })).toBeNull();
      await memoPosted(agreed, '6000.00');
      expect(await memoOf(refused)).toEqual([]);
    },
  );

  at.test('after the end changes nothing, and each door says so', async () => {
    const { orderNo } = await sell(rig, [{ sku: article(0).sku, quantity: 40, unitPrice: '20.00' }]);
    const made = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 30 }] });
    const shown = await shownTo(rig, made.workflowId);
    await answer(rig, made.workflowId, 'credit-limit', 'approve');
    await rig.ended(made.workflowId);
    expect(await through(rig, 'desk', shown, {})).toMatch(/409: .*(has ended|was already decided)/);
    await expect(decide(rig.client, shown.workflowId, shown.decision)).rejects.toThrow(DecisionRefused);
    await expect(through(rig, 'signal', shown, {})).rejects.toThrow();
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('720.00', 30));
  });

  at.test('sent within 200 ms of the question’s opening is never lost, by any door', async () => {
    const opened = async (made: Returned): Promise<Shown> =>
      eventually(
        async () => {
          const { rows } = await sql<{ id: string; asking: number; digest: string }>`select id, asking, digest
            from "case" where workflow_id = ${made.workflowId} and question = 'credit-limit'`.execute(rig.store.db);
          const [row] = rows;
          if (row === undefined) return undefined;
          const { asking, digest: shown } = row;
          const said = { choice: 'reject', why: 'entered twice', by: 'fin-2' };
          return {
            workflowId: made.workflowId,
            caseId: row.id,
            decision: { question: 'credit-limit', asking, shown, ...said },
          };
        },
        { within: LONG_MS, every: 5 },
      );
    await Promise.all(
      ([0, 50, 200] as const).flatMap((afterMs) =>
        (['desk', 'update', 'signal'] as const).map(async (door) => {
          const made = await asking(rig, 30);
          const shown = await opened(made);
          // The moment of sending is the subject: at once, early, and at the end of the 200 ms.
          await new Promise((resolve) => setTimeout(resolve, afterMs));
          expect([door, afterMs, await through(rig, door, shown, {})]).toEqual([door, afterMs, null]);
          expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'declined' });
          expect(await figuresOf(rig, made.returnNo)).toEqual([]);
        }),
      ),
    );
  });

  at.test('stored by a desk door that dies before sending it arrives with the next sweep', async () => {
    const made = await asking(rig, 30);
    const { workflowId, caseId, decision } = await shownTo(rig, made.workflowId);
    const input = { ...decision, data: {} };
    await storeDecision(rig.store.db, { workflowId, caseId, by: 'fin-2', input, raw: decision });
    await memoPosted(made, '720.00');
  });

  at.test('of four credits of 400 to one customer at once exactly one asks', async () => {
    const customer = 'C-SPLIT';
    const sale = { quantity: 4, unitPrice: '100.00', taxCode: 'Z0', taxRate: '0.00' };
    const orders = await Promise.all([1, 2, 3, 4].map((n) => sell(rig, [{ sku: article(n).sku, ...sale }], customer)));
    const made = await Promise.all(
      orders.map(({ orderNo }) => comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 4 }] })),
    );
    const asks = async () =>
      (await Promise.all(made.map((one) => rig.progress(one.workflowId).catch(() => undefined)))).map(
        (one) => one?.questions.length ?? 0,
      );
    await eventually(async () => (await asks()).includes(1), { within: LONG_MS, every: 100 });
    await eventually(
      async () =>
        (await Promise.all(made.map(memoOf))).flat().filter((one) => one === 'credit memo POSTED 400.00').length === 3,
      { within: LONG_MS, every: 100 },
    );
    expect((await asks()).filter((n) => n > 0)).toHaveLength(1);
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from "case" where customer = ${customer}`.execute(rig.store.db);
    expect(rows[0]?.n).toBe(1);
  });
});

const pick = ({ choice, why, shown }: DecisionMessage) => ({ choice, why, shown });
