import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeAsking, type CaseRow } from '../../store/desk-cases.js';
import { storeDecision } from '../../store/desk-decision-rows.js';
import { judgeDecision } from '../../store/desk-decisions.js';
import { DecisionInput } from '../../store/desk-input.js';
import { readCase } from '../../store/desk-read.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { claimOf, open, rules, seedDesk, send as sendDecision } from './desk-support.js';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase({ connections: 20 });
  await seedDesk(fresh.store.db);
});
afterAll(async () => {
  await fresh.drop();
});
const db = () => fresh.store.db;
const send = (...sent: Parameters<typeof sendDecision> extends [unknown, ...infer Rest] ? Rest : never) =>
  sendDecision(db(), ...sent);

type Opened = CaseRow & { workflow_id: string };
interface Situation {
  name: string;
  question?: Parameters<typeof open>[1];
  by?: string;
  decision?: object;
  before?: (row: Opened) => Promise<unknown>;
  words: RegExp;
}

let customers = 0;
const SITUATIONS: Situation[] = [
  { name: 'an unknown person', by: 'fin-99', words: /Nobody is known here as "fin-99"/ },
  { name: 'no person', by: '', words: /does not say who decides/ },
  {
    name: 'a wrong role',
    by: 'wh-3',
    words: /belongs to finance \(deputy operations\), and wh-3 has the role warehouse/,
  },
  {
    name: 'above the limit per document',
    question: { amount: { minor: '200001', currency: 'GBP' }, baseAmount: { minor: '200001', currency: 'GBP' } },
    words: /up to GBP 2,000\.00 per document; this makes it GBP 2,000\.01/,
  },
  {
    name: 'an amount no limit can be compared with',
    question: { amount: { minor: '100', currency: 'SEK' }, baseAmount: null },
    words: /no rate between them is recorded/,
  },
  {
    name: 'above the limit per customer and day',
    question: {
      // Each row of the table has a customer of its own, or their sums would add up.
      get customer() {
        customers += 1;
        return `CUST-A6-${customers}`;
      },
      amount: { minor: '150001', currency: 'GBP' },
      baseAmount: { minor: '150001', currency: 'GBP' },
    },
    before: async ({ customer }) => {
      const other = await open(db(), {
        customer,
        amount: { minor: '150000', currency: 'GBP' },
        baseAmount: { minor: '150000', currency: 'GBP' },
      });
      expect(await send('desk', other, 'fin-lead')).toMatchObject({ state: 'decided' });
    },
    words: /per customer and day \(customer CUST-A6-\d+, 2026-03-02\); this makes it GBP 3,000\.01/,
  },
  { name: 'the requester', question: { requesters: ['fin-2'] }, words: /fin-2 asked for C-\d+ and may not decide it/ },
  {
    name: 'a stale digest',
    decision: { shown: 'deadbeef' },
    words: /no longer shows what was decided on \(deadbeef\)/,
  },
  { name: 'no digest', decision: { shown: '' }, words: /must carry what was shown/ },
  { name: 'no reason', decision: { why: ' ' }, words: /must say why/ },
  {
    name: 'an unknown choice',
    decision: { choice: 'aprove' },
    words: /"aprove" is no choice.*Allowed: approve, correct, retry, reject/,
  },
  {
    name: 'an asking already answered',
    before: (row) => send('desk', row, 'fin-1', { choice: 'reject' }),
    words: /was already decided: "reject" by fin-1/,
  },
  {
    name: 'the first of two people again',
    question: { twoPeople: true },
    before: (row) => send('desk', row, 'fin-2'),
    words: /fin-2 has agreed to C-\d+ already: a second, different person must/,
  },
  {
    name: 'a second person who agrees to something else',
    question: { twoPeople: true },
    before: (row) => send('desk', row, 'fin-1'),
    decision: { choice: 'correct', data: { orderNo: 'SO-1' } },
    words: /must choose exactly the same/,
  },
  {
    name: 'after the end',
    before: (row) =>
      closeAsking(db(), {
        workflowId: row.workflow_id,
        question: row.question,
        asking: 1,
        outcome: 'withdrawn',
        note: 'overtaken',
      }),
    words: /is no longer open: withdrawn, overtaken/,
  },
  {
    name: 'before the question',
    decision: { asking: 2 },
    words: /has been asked 1 time\(s\), and this decides asking 2/,
  },
  {
    name: 'a question nobody asked',
    decision: { question: 'credit-limit' },
    words: /"credit-limit" has not been asked/,
  },
  {
    name: 'the one who corrected it before',
    before: async (row) => {
      const other = await open(db(), { question: 'original-order' }, row.workflow_id);
      expect(await send('desk', other, 'fin-2', { choice: 'correct', data: { orderNo: 'SO-1' } })).toMatchObject({
        state: 'decided',
      });
    },
    words: /fin-2 chose "correct" on this document before/,
  },
];

const DOORS = ['desk', 'update', 'signal'] as const;
const TABLE = DOORS.flatMap((door) => SITUATIONS.map((situation) => ({ door, ...situation })));

/** `claimed` lets the other doors reach the rule under test; that a claim needs proof is a row of its own below. */
describe('a decision that is refused changes nothing and says why', () => {
  test.each(TABLE)('$door: $name', async ({ door, question, by, decision, before, words }) => {
    const row = await open(db(), question);
    await before?.(row);
    const earlier = await readCase(db(), row.id);
    const judged = await send(door, row, by ?? 'fin-2', decision, 'claimed');
    expect(judged).toEqual({ state: 'refused', why: expect.stringMatching(words) });
    const now = await readCase(db(), row.id);
    expect({ state: now?.state, decidedAt: now?.decidedAt }).toEqual({
      state: earlier?.state,
      decidedAt: earlier?.decidedAt,
    });
    expect(now?.events.at(-1)).toMatchObject({ kind: 'decision-refused', note: expect.stringMatching(words) });
    expect(now?.decisions.at(-1)).toMatchObject({ state: 'refused', door, refusal: expect.stringMatching(words) });
    const audited = await db()
      .selectFrom('audit')
      .select('why')
      .where('subject', '=', `case/${row.id}`)
      .where('action', '=', 'refuse-decision')
      .execute();
    expect(audited.map((a) => a.why)).toContainEqual(expect.stringMatching(words));
  });

  test.each(['update', 'signal'] as const)(
    '%s: a claim where proof is needed says where to decide instead',
    async (door) => {
      const row = await open(db());
      expect(await send(door, row, 'fin-2')).toEqual({
        state: 'refused',
        why: expect.stringMatching(
          /a typed name does not prove who decides.*selvedge decide C-\d+ --choice approve.*http:\/\/desk\.test\/decisions/,
        ),
      });
      expect((await readCase(db(), row.id))?.state).toBe('open');
    },
  );

  test.each([
    ['nothing', null, /expected object/],
    ['a text', 'approve', /expected object/],
    ['an unknown field', { question: 'over-refund', asking: 1, choice: 'approve', chocie: 'x' }, /chocie/],
    ['an asking that is no number', { question: 'over-refund', asking: 'one', choice: 'approve' }, /asking/],
    [
      'a huge message',
      { question: 'over-refund', asking: 1, choice: 'approve', data: { a: 'x'.repeat(40_000) } },
      /at most 32000 are read/,
    ],
  ])('%s is refused with an example of what is read', async (_name, raw, words) => {
    const row = await open(db());
    const judged = await judgeDecision(db(), { workflowId: row.workflow_id, door: 'update', raw }, rules());
    expect(judged).toEqual({ state: 'refused', why: expect.stringMatching(words) });
    expect((await readCase(db(), row.id))?.decisions.at(-1)).toMatchObject({ state: 'refused' });
  });

  test('above what one person may decide in a day', async () => {
    const amount = { minor: '200000', currency: 'GBP' };
    const change = { amount, baseAmount: amount };
    for (let n = 0; n < 5; n += 1)
      expect(await send('desk', await open(db(), change), 'fin-3')).toMatchObject({ state: 'decided' });
    expect(await send('desk', await open(db()), 'fin-3')).toEqual({
      state: 'refused',
      why: expect.stringMatching(/up to GBP 10,000\.00 a day; this makes it GBP 10,080\.00/),
    });
  });

  test('a stored decision sent to another saga', async () => {
    const [row, other] = [await open(db()), await open(db())];
    const input = DecisionInput.parse(claimOf(row, 'fin-1'));
    const decisionId = await storeDecision(db(), {
      workflowId: row.workflow_id,
      caseId: row.id,
      by: 'fin-1',
      input,
      raw: {},
    });
    const judged = await judgeDecision(
      db(),
      { workflowId: other.workflow_id, door: 'desk', raw: null, decisionId },
      rules(),
    );
    expect(judged).toMatchObject({ state: 'refused' });
    expect((await readCase(db(), other.id))?.state).toBe('open');
  });
});
