/** Records one history per path from real runs: `node scripts/record-histories.mjs [path …]`. No test of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startRig, type Rig } from '../support/rig.js';
import { WITHIN } from '../sagas/steps-support.js';
import { HISTORIES } from './histories.js';
import { PATHS } from './paths.js';
import { scrubbed } from './scrub.js';

const wanted = process.env['SELVEDGE_RECORD_PATHS']?.split(',') ?? Object.keys(PATHS);

describe('recording', () => {
  let rig: Rig;
  beforeAll(async () => {
    mkdirSync(HISTORIES, { recursive: true });
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 21, misbehave: 0 } });
  }, 120_000);
  afterAll(() => rig.close(), 60_000);

  test.each(wanted)(
    '%s',
    async (name) => {
      const path = PATHS[name];
      if (path === undefined) throw new Error(`there is no path ${name}; there are ${Object.keys(PATHS).join(', ')}`);
      const workflowId = await path(rig);
      const json = historyToJSON(await rig.client.workflow.getHandle(workflowId).fetchHistory());
      const history = JSON.parse(json) as { events: object[] };
      expect(history.events.length).toBeGreaterThan(10);
      const events = scrubbed(history.events).map((event) => JSON.stringify(event));
      writeFileSync(join(HISTORIES, `${name}.json`), `{"events":[\n${events.join(',\n')}\n]}\n`);
    },
    2 * WITHIN,
  );
});
