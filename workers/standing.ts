/** The standing rounds, composed from the activities that own them. */
import type { RoundDone, Standing } from '../activities/standing/contract.js';
import type { DeskActivities } from '../activities/desk/index.js';
import type { Notices } from '../activities/notices/index.js';
import type { Config } from '../config/load.js';
import type { Policy } from '../domain/policy.js';
import { resolveTimer } from '../domain/case-clocks.js';
import { clockFor } from '../domain/timers.js';
import { sealAudit } from '../store/audit.js';
import { clearCase, raiseCase } from '../store/desk-raised.js';
import { listFeeds, silentFeeds } from '../store/feeds.js';
import type { Store } from '../store/database.js';

const SEAL_MS = 5_000;
const FEEDS_MS = { development: 5_000, production: 60_000 } as const;

export interface StandingParts {
  config: Config;
  policy: Policy;
  store: Store;
  desk: DeskActivities;
  notices: Notices;
  settle: Pick<Standing, 'settle' | 'singleBearer'>;
}

export function createStanding(parts: StandingParts): Standing {
  const { store } = parts;
  return {
    ...parts.settle,
    sweep: () => parts.desk.sweep(),
    reminders: () => parts.desk.remind(),
    seal: async () => ({ note: `${await sealAudit(store.db)} audit rows sealed`, sleepMs: SEAL_MS }),
    notices: () => parts.notices.deliver(),
    feedsAlive: () => feedsAlive(parts),
  };
}

/** Raises X-58 for each feed nobody has read for longer than it may be silent; clears it when it is read again. */
async function feedsAlive({ config, policy, store }: StandingParts): Promise<RoundDone> {
  const now = new Date();
  const silent = await silentFeeds(store.db, now);
  for (const feed of silent) {
    const minutes = Math.round(feed.silentMs / 60_000);
    await raiseCase(
      store.db,
      {
        workflowId: `feed:${feed.feed}`,
        process: 'intake',
        businessKey: feed.feed,
        code: 'X-58',
        title: `Feed ${feed.feed} was last read ${minutes} minutes ago`,
        expected: `a reading at least every ${Math.round(feed.silentAfterMs / 60_000)} minutes`,
        actual: feed.lastError ?? 'no reading',
        amount: null,
        units: 0,
        steps: [`See why: selvedge feed ${feed.feed}.`, 'When the source answers again the case closes by itself.'],
        endsWithWorkflow: false,
      },
      clockFor(policy, resolveTimer('X-58'), now.toISOString()),
    );
  }
  const quiet = new Set(silent.map((feed) => feed.feed));
  for (const { feed } of await listFeeds(store.db)) {
    if (!quiet.has(feed)) {
      await clearCase(store.db, { workflowId: `feed:${feed}`, code: 'X-58', note: 'the feed is read again' });
    }
  }
  return { note: `${silent.length} silent feeds`, sleepMs: FEEDS_MS[config.profile] };
}
