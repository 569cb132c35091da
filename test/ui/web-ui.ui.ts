/** What operators do and read in Temporal's own Web UI, clicked through in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { article, bothHalves, closed, comeBack, figuresOf, sell, type Returned } from '../sagas/support.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { openBrowser, type Browser } from './browser.js';
import {
  arrangeColumns,
  offeredAnswer,
  openList,
  openWorkflow,
  readDetails,
  readRow,
  rowTitles,
  signalDecide,
  updateDecide,
} from './pages.js';

const RESET = { scenario: 'trading-day', returns: 0, seed: 3, misbehave: 0 };
const SLOW_MS = 180_000;

let rig: Rig;
let browser: Browser;

/** Sells and takes back `quantity` of an article at 24.00 with tax; waits until its saga has begun. */
async function returned(index: number, quantity: number): Promise<Returned & { orderNo: string }> {
  const { orderNo } = await sell(rig, [{ sku: article(index).sku, quantity: 60, unitPrice: '20.00' }]);
  const made = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity }] });
  await rig.started(made.workflowId);
  return { ...made, orderNo };
}

/** A return whose credit memo the ERP refuses once; it waits for a person. */
async function refusedOnce(index: number): Promise<Returned> {
  await rig.fault({ operation: 'credit-memo', kind: 'refuse', times: 1, code: 'WAREHOUSE_UNKNOWN' });
  const made = await returned(index, 1);
  await rig.asked(made.workflowId, 'credit-memo-refused');
  return made;
}

/** Opens a waiting return, which must show that status first, and answers what its current details offer for pasting. */
async function offered(workflowId: string, status: string, shot: string): Promise<Record<string, unknown>> {
  await openWorkflow(browser.page, rig, workflowId);
  const details = await readDetails(browser.page);
  await browser.shoot(shot);
  expect(details.trim().split('\n')[0]).toBe(status);
  return offeredAnswer(details);
}

const begin = async (env: Record<string, string> = {}): Promise<void> => {
  [rig, browser] = await Promise.all([startRig({ reset: RESET, env }), openBrowser()]);
};
const end = async (): Promise<void> => {
  await browser.close();
  await rig.close();
};

describe('the Web UI of a house where decisions need proof', () => {
  beforeAll(() => begin(), SLOW_MS);
  afterAll(end, SLOW_MS);

  test(
    'the timeline of a finished return reads as prose',
    async () => {
      const { workflowId, returnNo, orderNo } = await returned(0, 2);
      await closed(rig, workflowId);
      await openWorkflow(browser.page, rig, workflowId);
      const { activities, timers } = await rowTitles(browser.page);
      await browser.shoot('finished-timeline');
      expect(activities).toEqual([
        `blueCherry.findSold • Find what was sold`,
        `blueCherry.postCreditMemo • Credit memo over GBP 48.00 against ${orderNo}`,
        `blueCherry.postStockAdjustment • Restock 2 units into warehouse 01`,
        `claims.claimReturn • Map the lines and claim the quantities`,
        `intake.claim • Take in return ${returnNo}`,
        `intake.finish • Finish return ${returnNo}`,
      ]);
      // The second row is there when the halves were not posted by the same cycle.
      expect(['T-04 would warn: captured to posted', 'T-05 would warn: the other half is missing']).toEqual(
        expect.arrayContaining(timers),
      );
      expect(timers).toContain('T-04 would warn: captured to posted');
    },
    SLOW_MS,
  );

  test(
    'a retry sent by the form of signals moves a waiting return',
    async () => {
      const { workflowId, returnNo } = await refusedOnce(1);
      const answer = await offered(workflowId, 'held', 'waiting-details');
      expect(answer).toMatchObject({ question: 'credit-memo-refused', choice: 'retry' });
      await signalDecide(browser.page, { ...answer, why: 'the warehouse is there now', by: 'wh-1' });
      expect(await closed(rig, workflowId)).toBe('COMPLETED');
      expect(await figuresOf(rig, returnNo)).toEqual(bothHalves('24.00', 1));
      await openWorkflow(browser.page, rig, workflowId);
      expect((await rowTitles(browser.page)).activities).toEqual(
        expect.arrayContaining([
          'blueCherry.postStockAdjustment • Restock 1 unit into warehouse 01',
          'desk.recordDecision • Judge a decision sent by signal',
          'postings.decide • Decided by wh-1: retry',
        ]),
      );
      await browser.shoot('retried-timeline');
    },
    SLOW_MS,
  );

  test(
    'a retry sent by the form of updates moves a waiting return',
    async () => {
      const { workflowId, returnNo } = await refusedOnce(2);
      const answer = await offered(workflowId, 'held', 'waiting-details-again');
      const refusal = await updateDecide(browser.page, { ...answer, why: 'the warehouse is there now', by: 'wh-1' });
      expect(refusal).toBeNull();
      expect(await closed(rig, workflowId)).toBe('COMPLETED');
      expect(await figuresOf(rig, returnNo)).toEqual(bothHalves('24.00', 1));
    },
    SLOW_MS,
  );

  test(
    'an approval sent by the form of updates is refused, and the form says why',
    async () => {
      const { workflowId, returnNo } = await returned(3, 40);
      await rig.asked(workflowId, 'credit-limit');
      const answer = await offered(workflowId, 'waiting for approval', 'approval-details');
      const refusal = await updateDecide(browser.page, { ...answer, choice: 'approve', why: 'goodwill', by: 'fin-2' });
      await browser.shoot('refused-update');
      expect(refusal).toContain('a typed name does not prove who decides');
      expect(refusal).not.toMatch(/^\s*at /m);
      expect(await figuresOf(rig, returnNo)).not.toContain('credit memo POSTED 960.00');
      expect((await rig.progress(workflowId)).questions.map((open) => open.question)).toEqual(['credit-limit']);
    },
    SLOW_MS,
  );

  test(
    'a list says what each return waits for, whom and until when, and how the others ended',
    async () => {
      const [waiting, plain] = [await returned(4, 40), await returned(5, 1)];
      await rig.asked(waiting.workflowId, 'credit-limit');
      await closed(rig, plain.workflowId);
      // Lists lag the truth by a moment.
      const ended = `BusinessKey="${plain.returnNo}" AND Stage="completed"`;
      await eventually(async () => (await rig.client.workflow.count(ended)).count === 1, { within: 30_000 });
      await openList(browser.page, rig, 'WorkflowType="returnToStock"');
      const columns = ['Stage', 'Attention', 'Owner', 'Division', 'ExposureMinor', 'Counterparts'];
      await arrangeColumns(browser.page, { add: columns, remove: ['Run ID', 'Type', 'End', 'Start'] });
      await browser.shoot('list');
      const [asked, done] = [
        await readRow(browser.page, waiting.workflowId),
        await readRow(browser.page, plain.workflowId),
      ];
      expect(asked).toMatchObject({ Status: 'Running', Stage: 'credit-limit', Owner: 'finance', Division: 'WOM' });
      expect(asked['ExposureMinor']).toBe('96000');
      expect(done).toMatchObject({ Status: 'Completed', Stage: 'completed', Attention: 'none', Division: 'WOM' });
      expect(done['Counterparts']).toMatch(/CM\d+.*IA\d+/s);
      await openList(browser.page, rig, 'Owner="finance" AND Attention!="none"');
      await browser.shoot('list-of-finance');
    },
    SLOW_MS,
  );
});

describe('the Web UI of a house where a typed name is enough', () => {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-claimed-'));
  beforeAll(async () => {
    cpSync(join(projectRoot, 'config'), dir, { recursive: true });
    const file = join(dir, 'desk.yaml');
    const text = readFileSync(file, 'utf8');
    const claimed = text.replace(/^( +identity): proven$/m, '$1: claimed');
    if (claimed === text) throw new Error('config/desk.yaml does not say "identity: proven"');
    writeFileSync(file, claimed);
    await begin({ SELVEDGE_CONFIG: dir });
  }, SLOW_MS);
  afterAll(async () => {
    await end();
    rmSync(dir, { recursive: true, force: true });
  }, SLOW_MS);

  test(
    'an approval sent by the form of updates moves a waiting return, and is recorded as a claim',
    async () => {
      const { workflowId, returnNo } = await returned(0, 40);
      await rig.asked(workflowId, 'credit-limit');
      const answer = await offered(workflowId, 'waiting for approval', 'claimed-approval-details');
      const approval = { ...answer, choice: 'approve', why: 'goodwill, agreed by phone' };
      const nobody = await updateDecide(browser.page, { ...approval, by: 'wh-1' });
      await browser.shoot('refused-role');
      expect(nobody).toMatch(/finance/);
      await openWorkflow(browser.page, rig, workflowId);
      expect(await updateDecide(browser.page, { ...approval, by: 'fin-lead' })).toBeNull();
      expect(await closed(rig, workflowId)).toBe('COMPLETED');
      expect(await figuresOf(rig, returnNo)).toEqual(bothHalves('960.00', 40));
      const recorded = await rig.store.db.selectFrom('decision').selectAll().execute();
      expect(recorded.filter((one) => one.identity === 'claimed').map((one) => one.choice)).toContain('approve');
    },
    SLOW_MS,
  );
});
