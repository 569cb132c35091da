/** Under `decisions.identity: claimed` a typed name is enough: by update and by signal, with every other rule in force. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import type { DecisionMessage } from '../../clients/temporal/index.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { asking, auditOf, deskConfig, shownTo, through } from './deciding.js';
import { figuresOf, sideBySide, type Returned, LONG_MS } from './support.js';

let rig: Rig;
const at = sideBySide();

const WRONG: [string, Partial<DecisionMessage>, RegExp][] = [
  ['an unknown person', { by: 'fin-99' }, /Nobody is known here as "fin-99"/],
  ['a wrong role', { by: 'wh-3' }, /wh-3 may not decide/],
  ['an unknown choice', { choice: 'yes' }, /"yes" is no choice of/],
  ['a stale shown', { shown: 'f'.repeat(64) }, /no longer shows what was decided on/],
  ['no shown', { shown: '' }, /must carry what was shown/],
  ['no why', { why: '' }, /must say why/],
  ['somebody who asked for it', { by: 'fin-3' }, /fin-3 asked for .* and may not decide it/],
  ['a person below the document', { by: 'fin-1' }, /fin-1 may decide up to GBP 2,000.00 per document/],
  ['a person whose day is full', { by: 'fin-day' }, /fin-day may decide up to GBP 800.00 a day/],
  ['an asking not opened yet', { asking: 2 }, /has been asked 1 time/],
];

const memoPosted = (made: Returned, figure: string): Promise<unknown> =>
  eventually(async () => (await figuresOf(rig, made.returnNo)).join() === `credit memo POSTED ${figure}`, {
    within: LONG_MS,
    every: 100,
  });

describe('a decision under claimed identity', () => {
  beforeAll(async () => {
    const config = deskConfig((desk) => desk.replace('identity: proven', 'identity: claimed'));
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 8, misbehave: 0 },
      env: { SELVEDGE_CONFIG: config },
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  for (const door of ['update', 'signal'] as const) {
    at.test(`by ${door} approves, is recorded as a claim, and every other rule still refuses`, async () => {
      const made = await asking(rig, 100, { processedBy: 'fin-3' });
      const shown = await shownTo(rig, made.workflowId);
      for (const [name, change, says] of WRONG) {
        const why = await through(rig, door, shown, { by: 'fin-lead', ...change });
        expect([name, why]).toEqual([name, expect.stringMatching(says)]);
      }
      expect(await figuresOf(rig, made.returnNo)).toEqual([]);
      expect(await through(rig, door, shown, { by: 'fin-lead' })).toBeNull();
      await memoPosted(made, '2400.00');
      const { rows } = await sql<{ identity: string; door: string; by: string }>`select identity, door, "by"
        from decision where case_id = ${shown.caseId} and state = 'accepted'`.execute(rig.store.db);
      expect(rows).toEqual([{ identity: 'claimed', door, by: 'fin-lead' }]);
      expect(await auditOf(rig, `case/${shown.caseId}`)).toContainEqual(
        expect.objectContaining({ actor: 'fin-lead', identity: 'claimed', action: 'decide' }),
      );
      expect(await through(rig, door, shown, { by: 'fin-head', choice: 'reject' })).toMatch(/was already decided/);
    });

    at.test(`by ${door} of two people needs two different ones, and the customer’s day counts`, async () => {
      const customer = `C-DAY-${door}`;
      const two = await asking(rig, 250);
      const shown = await shownTo(rig, two.workflowId);
      expect(await through(rig, door, shown, { by: 'fin-lead' })).toBeNull();
      expect(await through(rig, door, shown, { by: 'fin-lead' })).toMatch(/has agreed to .* already/);
      expect(await figuresOf(rig, two.returnNo)).toEqual([]);
      expect(await through(rig, door, shown, { by: 'fin-head' })).toBeNull();
      const [first, second] = [await asking(rig, 70, {}, customer), await asking(rig, 70, {}, customer)];
      expect(await through(rig, door, await shownTo(rig, first.workflowId), {})).toBeNull();
      const why = await through(rig, door, await shownTo(rig, second.workflowId), {});
      expect(why).toMatch(/per customer and day/);
      await Promise.all([memoPosted(two, '6000.00'), memoPosted(first, '1680.00')]);
      expect(await figuresOf(rig, second.returnNo)).toEqual([]);
    });
  }
});
