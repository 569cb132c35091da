/** What people do at the command line: look at cases, decide, retry. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { externalRefOf } from '../../activities/posting/reference.js';
import { raiseCase } from '../../store/desk-raised.js';
import type { CaseSummary } from '../../store/desk-read.js';
import { article, bothHalves, closed, comeBack, figuresOf, sell, type Returned } from '../sagas/support.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { answered, cliOf, type Cli } from './support.js';

let rig: Rig;
let cli: Cli;
let orderNo: string;

/** A return of one piece sold at 20.00 net for which the clerk paid 22.00 back: finance is asked. */
const overpaid = (index = 1): Promise<Returned> =>
  comeBack(rig, { lines: [{ orderNo, orderLine: index, quantity: 1, refundUnitPrice: '22.00' }] });

/** What was credited: while finance is asked the restock may go ahead (T-38), the credit may not. */
const creditedOf = async ({ returnNo }: Returned): Promise<string[]> =>
  (await figuresOf(rig, returnNo)).filter((figure) => figure.startsWith('credit memo'));

/** The open case of a saga, once there is one. */
const caseOf = (workflowId: string): Promise<CaseSummary> =>
  eventually(
    async () => {
      const ran = await cli(null, 'cases', '--workflow', workflowId, '--json');
      return answered<{ cases: CaseSummary[] }>(ran).cases[0];
    },
    { within: 30_000, every: 200 },
  );

/** Until a return's movement has reached its saga: one that comes later would start an ended saga again. */
const movementHandedOn = (returnNo: string): Promise<unknown> =>
  eventually(
    () =>
      rig.store.db
        .selectFrom('event')
        .select('id')
        .where('document_id', '=', `RETURN/${returnNo}`)
        .where('state', '=', 'started')
        .executeTakeFirst(),
    { within: 30_000, every: 100 },
  );

beforeAll(async () => {
  rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 6, misbehave: 0 } });
  cli = await cliOf(rig);
  const lines = [0, 1, 2, 3].map((index) => ({ sku: article(index).sku, quantity: 20, unitPrice: '20.00' }));
  ({ orderNo } = await sell(rig, lines));
}, 90_000);
afterAll(() => rig.close(), 60_000);

describe('cases and decide', () => {
  let made: Returned;
  let id: string;
  beforeAll(async () => {
    made = await overpaid();
    id = (await caseOf(made.workflowId)).case;
  }, 60_000);

  test('the list says for whom, until when and what it is, never a bare code', async () => {
    const ran = await cli(null, 'cases', '--owner', 'finance', '--code', 'x-12');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(
      new RegExp(`^${id} +\\d{4}-\\d\\d-\\d\\d .*finance +GBP .*Refund differs from what was sold \\(X-12\\)`, 'm'),
    );
    expect((await cli(null, 'cases', '--owner', 'buying')).out).toContain('nobody is waited for');
  });

  test('one case shows what was shown in figures, the choices and the command for each', async () => {
    const { digest } = answered<{ digest: string }>(await cli(null, 'case', id, '--json'));
    const ran = await cli(null, 'case', id.toLowerCase());
    expect(ran.code).toBe(0);
    for (const words of [
      'Refund differs from what was sold (X-12)',
      'Waits for   finance (deputy operations)',
      `Saga        ${made.workflowId}`,
      'If "as-sold":',
      `credit memo of order ${orderNo}`,
      'GBP 24.00',
      `selvedge decide ${id} --choice as-sold --why "…" --shown ${digest}`,
      `selvedge decide ${id} --choice reject --why "…"`,
    ])
      expect(ran.out).toContain(words);
  });

  test('a case that is not there, a wrong key, a wrong role and an unknown choice are refused in words', async () => {
    expect(await cli(null, 'case', 'C-999999')).toMatchObject({
      code: 1,
      err: 'There is no case C-999999. See selvedge cases.\n',
    });
    const decide = (person: string | null, choice: string, ...more: string[]) =>
      cli(person, 'decide', id, '--choice', choice, '--why', 'looked at', ...more);
    for (const [person, choice, words] of [
      [null, 'as-sold', 'set SELVEDGE_KEY'],
      ['stranger', 'as-sold', 'This key belongs to nobody'],
      ['wh-1', 'as-sold', 'wh-1 may not decide'],
      ['fin-1', 'yes', `"yes" is no choice of ${id}. Allowed:`],
    ] as const) {
      const ran = await decide(person, choice);
      expect([person, ran.code, ran.err]).toEqual([person, 1, expect.stringContaining(words)]);
    }
    const stale = await decide('fin-1', 'as-sold', '--shown', 'deadbeef');
    expect([stale.code, stale.err]).toEqual([1, expect.stringContaining('no longer shows what was decided on')]);
    expect(answered(await decide('wh-1', 'as-sold', '--json'))).toMatchObject({ state: 'refused' });
    expect(await creditedOf(made)).toEqual([]);
  });

  test('a decision with its key posts what was shown; a second one changes nothing', async () => {
    const ran = await cli('fin-1', 'decide', id, '--choice', 'as-sold', '--why', 'clerk mistyped');
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toContain('Decided: "as-sold" by fin-1.');
    await rig.ended(made.workflowId);
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('24.00', 1));
    const again = await cli('fin-2', 'decide', id, '--choice', 'reject', '--why', 'no');
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/already decided|has ended/)]);
    const path = await cli(null, 'find', id);
    expect(path.out).toContain(`fin-1 decided "as-sold" on ${id}: clerk mistyped`);
  }, 60_000);

  test('many at once: a preview with count, total and largest; then exactly those by its digest', async () => {
    const three = await Promise.all([overpaid(1), overpaid(2), overpaid(3)]);
    for (const one of three) await caseOf(one.workflowId);
    const words = ['--code', 'X-12', '--choice', 'as-sold', '--why', "clerk's mistake"];
    const preview = await cli('fin-1', 'decide', ...words);
    expect(preview.code).toBe(0);
    expect(preview.out).toContain('"as-sold" would decide 3 questions:');
    expect(preview.out).toContain('Nothing is decided yet.');
    const digest = /--digest (\w+)/.exec(preview.out)?.[1] ?? '';
    expect(await Promise.all(three.map(creditedOf))).toEqual([[], [], []]);
    const other = await cli('fin-2', 'decide', ...words, '--digest', digest);
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('No preview of yours')]);
    const late = await overpaid(4);
    await caseOf(late.workflowId);
    const done = await cli('fin-1', 'decide', ...words, '--digest', digest);
    expect([done.code, done.out]).toEqual([0, expect.stringContaining('3 questions decided.')]);
    expect(done.out).toContain('1 more came after the preview');
    for (const one of three) await rig.ended(one.workflowId);
    const none = await cli('fin-1', 'decide', '--code', 'X-24', '--choice', 'open-period');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('No open question fits')]);
  }, 90_000);
});

describe('a case that only tells', () => {
  test('shows how to close it, and is closed with what was done', async () => {
    const about = {
      process: 'intake',
      businessKey: 'RTN-UNREAD',
      code: 'X-63' as const,
      title: 'A row was unreadable',
    };
    const facts = { expected: 'a return', actual: 'no lines', amount: null, units: 0, endsWithWorkflow: false };
    const raised = { workflowId: 'inbox:unread', ...about, ...facts };
    const { caseId } = await raiseCase(rig.store.db, raised, { warnAt: [], dueAt: null });
    const shown = await cli(null, 'case', caseId);
    expect(shown.out).toContain('When it is dealt with, close it');
    expect(shown.out).toContain(`selvedge decide ${caseId} --choice settled --why "…"`);
    expect((await cli('wh-1', 'case', caseId, 'acknowledge')).err).toContain('belongs to integration-support');
    const taken = await cli('int-1', 'case', caseId, 'acknowledge');
    expect([taken.code, taken.out]).toEqual([0, `${caseId} is taken up by int-1.\n`]);
    expect((await cli('int-1', 'case', caseId, 'acknowledge')).err).toContain('acknowledged already');
    const mute = await cli('int-1', 'decide', caseId, '--choice', 'settled');
    expect([mute.code, mute.err]).toEqual([1, expect.stringContaining('must say what was done')]);
    const ran = await cli('int-1', 'decide', caseId, '--choice', 'settled', '--why', 'came again as version 2');
    expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('Decided: "settled" by int-1.')]);
    expect((await cli(null, 'case', caseId)).out).toContain('settled. came again as version 2');
  });
});

describe('retry', () => {
  test('a question that needs a decision is not retried; an ended saga starts again and posts once', async () => {
    const made = await overpaid();
    const { case: id } = await caseOf(made.workflowId);
    const asked = await cli('fin-1', 'retry', id);
    expect([asked.code, asked.err]).toEqual([1, expect.stringContaining(`${id} needs a decision, not a retry`)]);
    const running = await cli('fin-1', 'retry', made.workflowId);
    expect([running.code, running.err]).toEqual([1, expect.stringContaining(`waits for 1 decision: ${id}`)]);
    await movementHandedOn(made.returnNo);
    await rig.client.workflow.getHandle(made.workflowId).terminate('by an operator');
    expect(await closed(rig, made.workflowId)).toBe('TERMINATED');
    expect((await cli(null, 'retry', made.workflowId)).err).toContain('set SELVEDGE_KEY');
    const ran = await cli('int-1', 'retry', made.returnNo, '--why', 'ended by mistake');
    expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('was terminated and runs again')]);
    const { case: again } = await caseOf(made.workflowId);
    expect((await cli('fin-1', 'decide', again, '--choice', 'as-sold', '--why', 'mistyped')).code).toBe(0);
    await rig.ended(made.workflowId);
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('24.00', 1));
    const finished = await cli('int-1', 'retry', made.workflowId);
    expect([finished.code, finished.err]).toEqual([
      1,
      expect.stringContaining('has finished; there is nothing to retry'),
    ]);
  }, 90_000);

  test('a step the ERP refused goes on after a retry', async () => {
    const returnNo = 'RTN-RETRY-1';
    const workflowId = `return-to-stock:archean:${returnNo}`;
    const externalRef = externalRefOf(`${workflowId}/credit-memo`, 1);
    await rig.fault({ system: 'blue-cherry', operation: 'credit-memo', kind: 'refuse', match: { externalRef } });
    await comeBack(rig, { returnNo, lines: [{ orderNo, orderLine: 2, quantity: 1 }] });
    await rig.asked(workflowId, 'credit-memo-refused');
    const ran = await cli('ops-1', 'retry', workflowId, '--why', 'mended in the ERP');
    expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('Decided: "retry" by ops-1.')]);
    await rig.ended(workflowId);
    expect(await figuresOf(rig, returnNo)).toEqual(bothHalves('24.00', 1));
  }, 90_000);

  test('what nothing is known of, and what is no saga, is refused in words', async () => {
    const unknown = await cli('int-1', 'retry', 'RTN-NOWHERE');
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('Nothing is known of RTN-NOWHERE')]);
    const foreign = await cli('int-1', 'retry', 'intake:archean.returns');
    expect([foreign.code, foreign.err]).toEqual([1, expect.stringContaining('names no saga')]);
  });
});
