/** Cases that only tell, and how a person closes them at the desk door. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ExceptionCode } from '../../domain/failures.js';
import { raiseCase } from '../../store/desk-raised.js';
import { readCase } from '../../store/desk-read.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { aWorkflow, noDue, seedDesk } from '../store/desk-support.js';
import { listen, testSagas, type TestIngress } from './support.js';

let fresh: FreshDatabase;
let ingress: TestIngress;
beforeAll(async () => {
  fresh = await freshDatabase();
  await seedDesk(fresh.store.db);
  ingress = await listen(fresh.store, testSagas(fresh.store));
});
afterAll(async () => {
  await ingress.close();
  await fresh.drop();
});
const db = () => fresh.store.db;
const decide = (as: string, body: object) => ingress.call('POST', '/decisions', as, body);
const told = async (code: ExceptionCode, workflowId = aWorkflow(), subject = '', ends = false): Promise<string> => {
  const { caseId } = await raiseCase(
    db(),
    {
      workflowId,
      process: 'return-to-stock',
      businessKey: 'RTN-1',
      code,
      subject,
      title: `Something of ${code} ${subject}`,
      expected: 'one',
      actual: 'two',
      amount: null,
      units: 0,
      endsWithWorkflow: ends,
    },
    noDue,
  );
  return caseId;
};
const close = (id: string, change: object = {}) => ({ case: id, choice: 'settled', why: 'mended at 14:10', ...change });
const digestOf = async (id: string): Promise<string> => (await readCase(db(), id))?.digest ?? '';

describe('a case that only tells', () => {
  test.each<[ExceptionCode, string]>([
    ['X-04', 'int-1'],
    ['X-58', 'ops-1'],
    ['X-63', 'int-1'],
    ['X-05', 'ops-1'],
    ['X-01', 'fin-1'],
  ])('%s is closed by %s with what was done, and the trail says who', async (code, person) => {
    const id = await told(code);
    const reply = await decide(person, close(id));
    expect(reply).toMatchObject({ status: 200, body: { state: 'decided', by: person, choice: 'settled', case: id } });
    const read = await readCase(db(), id);
    expect(read).toMatchObject({ state: 'closed', outcome: 'settled', note: 'mended at 14:10' });
    expect(read?.closedAt).not.toBeNull();
    expect(read?.events.at(-1)).toMatchObject({ kind: 'closed', by: person });
    const audited = await db()
      .selectFrom('audit')
      .select(['action', 'actor', 'identity', 'why'])
      .where('subject', '=', `case/${id}`)
      .orderBy('id')
      .execute();
    expect(audited.slice(1)).toEqual([
      { action: 'decide', actor: person, identity: 'proven', why: 'mended at 14:10' },
      { action: 'close-case', actor: person, identity: 'proven', why: 'mended at 14:10' },
    ]);
  });

  test('is refused to a role that does not own it, without a reason, with another choice; and stays open', async () => {
    const id = await told('X-63');
    for (const [person, change, words] of [
      ['wh-3', {}, /belongs to integration-support \(deputy operations\)/],
      ['int-1', { why: '  ' }, /must say what was done/],
      ['int-1', { choice: 'reversed-by-hand' }, /is no choice of C-\d+\. Allowed: settled/],
    ] as const)
      expect(await decide(person, close(id, change))).toMatchObject({
        status: 409,
        body: { state: 'refused', error: expect.stringMatching(words) },
      });
    expect(await decide('int-1', close(id, { by: 'ops-1' }))).toMatchObject({ status: 403 });
    const read = await readCase(db(), id);
    expect(read?.state).toBe('open');
    expect(read?.events.filter((event) => event.kind === 'decision-refused')).toHaveLength(4);
    expect(read?.decisions.map((decision) => decision.state)).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  test('is closed once: a second closing is refused and names the first', async () => {
    const id = await told('X-63');
    const replies = await Promise.all([decide('int-1', close(id)), decide('ops-1', close(id))]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await decide('ops-1', close(id))).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/was already decided: "settled" by (int|ops)-1/) },
    });
  });

  test('that recurs is a new case', async () => {
    const workflowId = aWorkflow();
    const first = await told('X-58', workflowId);
    await decide('int-1', close(first));
    const second = await told('X-58', workflowId);
    expect(second).not.toBe(first);
    expect(await readCase(db(), second)).toMatchObject({ state: 'open' });
  });

  test('of a saga that runs closes with it and takes no decision', async () => {
    const id = await told('X-10', aWorkflow(), '', true);
    expect(await decide('fin-1', close(id))).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/takes no decision: it closes by itself/) },
    });
  });
});

describe('two documents with one reference', () => {
  const reversed = (id: string, shown: string, data: object = { number: 'IA-000912' }) =>
    close(id, { choice: 'reversed-by-hand', why: 'IA-000877 was the extra one', shown, data });

  test('are one case each, and closing one leaves the other open', async () => {
    const workflowId = aWorkflow();
    const [one, two] = [await told('X-62', workflowId, 'IA-1'), await told('X-62', workflowId, 'IA-2')];
    expect(one).not.toBe(two);
    expect(await decide('fin-1', reversed(one, await digestOf(one)))).toMatchObject({ status: 200 });
    expect(await readCase(db(), two)).toMatchObject({ state: 'open' });
    expect(await readCase(db(), one)).toMatchObject({
      outcome: 'reversed-by-hand',
      note: 'IA-000877 was the extra one (number IA-000912)',
    });
  });

  test('are closed by finance alone, with what was done and what was shown', async () => {
    const id = await told('X-62', aWorkflow(), 'IA-3');
    const shown = await digestOf(id);
    for (const [person, body, words] of [
      ['int-1', reversed(id, shown), /closed by finance or finance-lead alone/],
      ['wh-3', reversed(id, shown), /closed by finance or finance-lead alone/],
      ['fin-1', close(id, { shown }), /Allowed: reversed-by-hand, stands/],
      ['fin-1', reversed(id, shown, {}), /needs the number of the reversing document/],
      ['fin-1', reversed(id, ''), /must carry what was shown/],
      ['fin-1', reversed(id, 'deadbeef'), /no longer shows/],
      ['fin-1', { ...reversed(id, shown), why: '' }, /must say/],
    ] as const)
      expect([words, await decide(person, body)]).toMatchObject([
        words,
        { status: 409, body: { error: expect.stringMatching(words) } },
      ]);
    expect(await decide('fin-1', close(id, { choice: 'stands', shown }))).toMatchObject({ status: 200 });
  });

  test('that changed since they were looked at are looked at again', async () => {
    const workflowId = aWorkflow();
    const id = await told('X-62', workflowId, 'IA-4');
    const shown = await digestOf(id);
    const again = {
      ...{ workflowId, process: 'return-to-stock', businessKey: 'RTN-1', code: 'X-62' as const, subject: 'IA-4' },
      ...{
        title: 'Now it is three',
        expected: 'one',
        actual: 'three',
        amount: null,
        units: 0,
        endsWithWorkflow: false,
      },
    };
    await raiseCase(db(), again, noDue);
    expect(await decide('fin-1', reversed(id, shown))).toMatchObject({ status: 409 });
    expect(await decide('fin-1', reversed(id, await digestOf(id)))).toMatchObject({ status: 200 });
  });
});
