/** Records one history per path from real runs: `node scripts/record-histories.mjs [path …]`. No test of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startRig, type Rig } from '../support/rig.js';
import { WITHIN } from '../sagas/steps-support.js';
import { ALL_PATHS, HISTORIES } from './histories.js';
import { scrubbed } from './scrub.js';

const wanted = process.env['SELVEDGE_RECORD_PATHS']?.split(',') ?? [...ALL_PATHS.keys()];

describe('recording', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 21, misbehave: 0 },
      feeds: ['archean.returns', 'archean.goods-in', 'archean.movements'],
    });
  }, 120_000);
  afterAll(() => rig.close(), 60_000);

  test.each(wanted)(
    '%s',
    async (name) => {
      const path = ALL_PATHS.get(name);
      if (path === undefined)
        throw new Error(`there is no path ${name}; there are ${[...ALL_PATHS.keys()].join(', ')}`);
      const workflowId = await path(rig);
      const json = historyToJSON(await rig.client.workflow.getHandle(workflowId).fetchHistory());
      const history = JSON.parse(json) as { events: object[] };
      expect(history.events.length).toBeGreaterThan(10);
      const events = scrubbed(history.events).map((event) => JSON.stringify(event));
      const file = join(HISTORIES, `${name}.json`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `{"events":[\n${events.join(',\n')}\n]}\n`);
    },
    2 * WITHIN,
  );
});
