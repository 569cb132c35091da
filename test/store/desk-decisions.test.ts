import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeAsking } from '../../store/desk-cases.js';
import { judgeDecision, openQuestionCase } from '../../store/desk-decisions.js';
import { readCase } from '../../store/desk-read.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { asked, aWorkflow, claimOf, noDue, open, rules, seedDesk, send as sendDecision } from './desk-support.js';

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

describe('a decision that stands', () => {
  test('by key it is proven', async () => {
    const row = await open(db());
    expect(await send('desk', row, 'fin-1')).toMatchObject({
      state: 'decided',
      decision: { by: 'fin-1', choice: 'approve', identity: 'proven', shown: row.digest },
    });
    expect(await readCase(db(), row.id)).toMatchObject({ state: 'resolved', outcome: 'approve' });
  });

  test('by a typed name, where that is enough, it is recorded as a claim', async () => {
    const row = await open(db());
    expect(await send('signal', row, 'fin-1', {}, 'claimed')).toMatchObject({ decision: { identity: 'claimed' } });
    const read = await readCase(db(), row.id);
    expect(read?.decisions[0]).toMatchObject({ identity: 'claimed', door: 'signal' });
    expect(read?.events.at(-1)?.note).toMatch(/a name claimed by signal/);
  });

  test('retry needs only a claim and no digest', async () => {
    const row = await open(db());
    const judged = await send('update', row, 'ops-1', { choice: 'retry', shown: '', why: '' });
    expect(judged).toMatchObject({ state: 'decided', decision: { identity: 'claimed', choice: 'retry' } });
  });

  test('the call repeated by the platform is the same decision, also as the first of two', async () => {
    const row = await open(db(), { twoPeople: true });
    const sent = {
      workflowId: row.workflow_id,
      door: 'update' as const,
      raw: claimOf(row, 'fin-1'),
      requestKey: `run/${row.id}`,
    };
    const first = await judgeDecision(db(), sent, rules('claimed'));
    expect(first).toEqual({ state: 'awaits-second', by: 'fin-1' });
    expect(await judgeDecision(db(), sent, rules('claimed'))).toEqual(first);
    expect((await readCase(db(), row.id))?.decisions).toHaveLength(1);
  });

  test('the same decision sent again is one decision', async () => {
    const row = await open(db());
    const first = await send('update', row, 'fin-1', {}, 'claimed');
    expect(await send('update', row, 'fin-1', {}, 'claimed')).toEqual(first);
    const accepted = (await readCase(db(), row.id))?.decisions.filter((d) => d.state === 'accepted');
    expect(accepted).toHaveLength(1);
  });

  test('of many at once exactly one stands', async () => {
    const row = await open(db());
    const people = ['fin-1', 'fin-2', 'fin-lead', 'ops-1'];
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        send('desk', row, people[n % 4] ?? '', { choice: n % 2 === 0 ? 'approve' : 'reject' }),
      ),
    );
    expect(all.filter((j) => j.state === 'decided')).toHaveLength(1);
    expect(all.filter((j) => j.state === 'refused')).toHaveLength(11);
  });

  test("of two approvals at once that together exceed the customer's day one stands", async () => {
    const amount = { minor: '160000', currency: 'GBP' };
    const change = { amount, baseAmount: amount, customer: 'CUST-RACE' };
    const rows = await Promise.all([open(db(), change), open(db(), change)]);
    const judged = await Promise.all(rows.map((row, n) => send('desk', row, `fin-${n + 1}`)));
    expect(judged.map((j) => j.state).sort()).toEqual(['decided', 'refused']);
  });
});

describe('two people', () => {
  test('the first is kept and shown, the second decides', async () => {
    const row = await open(db(), { twoPeople: true });
    expect(await send('desk', row, 'fin-1')).toEqual({ state: 'awaits-second', by: 'fin-1' });
    expect(await readCase(db(), row.id)).toMatchObject({ state: 'open', approvals: [{ person_id: 'fin-1' }] });
    expect(await send('desk', row, 'fin-2')).toMatchObject({ state: 'decided', decision: { by: 'fin-2' } });
  });

  test('any reject ends it', async () => {
    const row = await open(db(), { twoPeople: true });
    await send('desk', row, 'fin-1');
    expect(await send('desk', row, 'fin-2', { choice: 'reject' })).toMatchObject({
      state: 'decided',
      decision: { choice: 'reject' },
    });
    expect((await readCase(db(), row.id))?.approvals).toEqual([]);
  });

  test('new content voids the first agreement', async () => {
    const row = await open(db(), { twoPeople: true });
    await send('desk', row, 'fin-1');
    const again = await open(db(), { twoPeople: true, shown: { total: '81.00' } }, row.workflow_id);
    expect(again.asking).toBe(2);
    expect(await readCase(db(), row.id)).toMatchObject({ state: 'withdrawn', approvals: [] });
    expect(await send('desk', again, 'fin-2')).toEqual({ state: 'awaits-second', by: 'fin-2' });
    expect(await send('desk', again, 'fin-1')).toMatchObject({ state: 'decided' });
  });

  test('two first agreements at once: one is first, the other decides', async () => {
    const row = await open(db(), { twoPeople: true });
    const judged = await Promise.all([send('desk', row, 'fin-1'), send('desk', row, 'fin-2')]);
    expect(judged.map((j) => j.state).sort()).toEqual(['awaits-second', 'decided']);
  });
});

describe('askings', () => {
  test('the same content asked again is answered by the stored decision', async () => {
    const row = await open(db());
    await send('desk', row, 'fin-1');
    await closeAsking(db(), {
      workflowId: row.workflow_id,
      question: 'over-refund',
      asking: 1,
      outcome: 'posted',
      note: 'CM-1',
    });
    const reset = await openQuestionCase(db(), { ...asked(row.workflow_id), runId: 'run-2' }, noDue, rules());
    expect(reset.row.id).toBe(row.id);
    expect(reset.decided).toMatchObject({ choice: 'approve', by: 'fin-1', identity: 'proven' });
  });

  test('opening twice at once makes one case', async () => {
    const workflowId = aWorkflow();
    const rows = await Promise.all([
      open(db(), {}, workflowId),
      open(db(), {}, workflowId),
      open(db(), {}, workflowId),
    ]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(1);
  });

  test('new content is a new asking that needs a decision of its own', async () => {
    const row = await open(db());
    await send('desk', row, 'fin-1');
    const next = await open(db(), { shown: { document: 'credit-memo', total: '80.00', revision: 2 } }, row.workflow_id);
    expect(next).toMatchObject({ asking: 2, state: 'open', decided_at: null });
  });

  test('a retry sent before its question is taken when that opens', async () => {
    const workflowId = aWorkflow();
    const raw = { question: 'over-refund', asking: 1, choice: 'retry', by: 'fin-1' };
    expect(await judgeDecision(db(), { workflowId, door: 'signal', raw }, rules())).toMatchObject({ state: 'kept' });
    const { decided } = await openQuestionCase(db(), asked(workflowId), noDue, rules());
    expect(decided).toMatchObject({ choice: 'retry', by: 'fin-1', identity: 'claimed' });
  });

  test('a retry kept for a question where that moves money is refused when it opens', async () => {
    const workflowId = aWorkflow();
    const raw = { question: 'over-refund', asking: 1, choice: 'retry', by: 'fin-1' };
    await judgeDecision(db(), { workflowId, door: 'signal', raw }, rules());
    const choices = [{ choice: 'retry', label: 'Posts it again', proof: true }];
    const { row, decided } = await openQuestionCase(db(), asked(workflowId, { choices }), noDue, rules());
    expect({ decided, state: row.state }).toEqual({ decided: null, state: 'open' });
  });

  test('a question that ends undecided closes by itself and says so', async () => {
    const row = await open(db());
    await closeAsking(db(), {
      workflowId: row.workflow_id,
      question: 'over-refund',
      asking: 1,
      outcome: 'condition gone',
      note: 'period reopened',
    });
    expect(await readCase(db(), row.id)).toMatchObject({
      state: 'auto-resolved',
      outcome: 'condition gone',
      note: 'period reopened',
    });
  });
});
