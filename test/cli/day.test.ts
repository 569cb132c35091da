/** After a whole trading day with a misbehaving ERP, `status` finds the books in balance, and `find` every return. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readBooks } from '../../bin/reads/books-sources.js';
import { settleDay } from '../../bin/day/play.js';
import { sandboxControl } from '../../bin/day/control.js';
import { startRig, type Rig } from '../support/rig.js';
import { answered, cliOf } from './support.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ reset: { scenario: 'trading-day', returns: 30, seed: 11, misbehave: 0.05 } });
}, 90_000);
afterAll(() => rig.close(), 60_000);

test('every document of the day, replacement orders among them, is in the books as posted', async () => {
  const sandbox = sandboxControl(rig.sandbox.url);
  const { db } = rig.store;
  const day = await settleDay({ sandbox, db, deadlineMs: 200_000, stopped: () => false, began: Date.now() });
  expect([day.end, day.balance.differences]).toEqual(['balanced', []]);
  const books = await readBooks(db, rig.config, rig.sandbox.url);
  expect(books).toMatchObject({ balanced: true, differences: [], onTheWay: 0 });
  expect(books.documents).toBeGreaterThan(30);
  expect(
    day.evidence.documents.some((one) => one.kind === 'sales order' && day.evidence.owners.has(one.externalRef ?? '')),
  ).toBe(true);
  const cli = await cliOf(rig);
  expect((await cli(null, 'status')).code).toBe(0);
  for (const { key } of day.evidence.events.slice(0, 10)) {
    const found = answered<{ sagas: { workflowId: string }[] }>(await cli(null, 'find', key, '--json'));
    expect(found.sagas.map((saga) => saga.workflowId)).toContain(`return-to-stock:archean:${key}`);
  }
}, 240_000);
