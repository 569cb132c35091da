/** A store with mappings and articles, and the claims of returns on it. */
import { afterAll, beforeAll, expect } from '@jest/globals';
import { createClaimsActivities } from '../../activities/claims/index.js';
import type { Claims } from '../../activities/claims/contract.js';
import { returnEvent } from '../../activities/intake/sources/returns.js';
import type { ArcheanReturn } from '../../clients/archean/schema.js';
import type { ReturnAnswer } from '../../domain/return/answers.js';
import type { ReturnFacts } from '../../domain/return/facts.js';
import type { Sold } from '../../domain/return/sold.js';
import type { Db } from '../../store/database.js';
import { insertEvents } from '../../store/inbox.js';
import { upsertItems } from '../../store/items.js';
import { seedFromCsv } from '../../store/mapping-seed.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { ITEM, POLICY, returnDocument } from './return-samples.js';

export interface ClaimsGround {
  made: () => FreshDatabase;
  db: () => Db;
  claims: () => Claims;
  /** Takes returns in as the feed does: their wishes are there before any saga runs. */
  takenIn: (...wires: ArcheanReturn[]) => Promise<void>;
  claim: (wire: ArcheanReturn, sold: Sold, answers?: ReturnAnswer[]) => Promise<ReturnFacts>;
}

/** Registers the set-up of a test file; usable from its first test on. */
export function claimsGround(): ClaimsGround {
  let made: FreshDatabase;
  beforeAll(async () => {
    made = await freshDatabase({ connections: 20 });
    await seedFromCsv(made.store.db, 'mappings');
    await upsertItems(made.store.db, [
      { itemKey: ITEM, code: '00123-NVY-M', active: true, standardCost: '4.60' },
      { itemKey: 'SHOES|9|BLK|||42', code: '9-BLK-42', active: true, standardCost: '20' },
    ]);
  });
  afterAll(() => made.drop());
  const claims = (): Claims => createClaimsActivities({ store: made.store });
  return {
    made: () => made,
    db: () => made.store.db,
    claims,
    takenIn: async (...wires) => {
      const events = wires.map((wire) => returnEvent(wire, 'Europe/London', new Date('2026-06-01T00:00:00Z')));
      expect(events.map((event) => event.reason)).toEqual(events.map(() => null));
      await made.store.db.transaction().execute((tx) => insertEvents(tx, events));
    },
    claim: (wire, sold, answers = []) =>
      claims().claimReturn({
        document: returnDocument(wire),
        sold,
        answers,
        policy: POLICY,
        workflowId: `return-to-stock:archean:${wire.returnNo}`,
      }),
  };
}
