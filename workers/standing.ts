/** The standing rounds, composed from the activities that own them. */
import type { RoundDone, Standing } from '../activities/standing/contract.js';
import { watchRound } from '../activities/watch/index.js';
import type { DeskActivities } from '../activities/desk/index.js';
import type { Notices } from '../activities/notices/index.js';
import type { Config } from '../config/load.js';
import type { Policy } from '../domain/policy.js';
import type { ExceptionCode, Severity } from '../domain/failures.js';
import { resolveTimer } from '../domain/case-clocks.js';
import { clockFor } from '../domain/timers.js';
import { sealAudit } from '../store/audit.js';
import { clearCase, raiseCase, type RaisedCase } from '../store/desk-raised.js';
import type { DueTimes } from '../store/desk-cases.js';
import { RESTORED } from '../store/recovery.js';
import { listFeeds, silentFeeds } from '../store/feeds.js';
import type { Store } from '../store/database.js';

const SEAL_MS = 5_000;
/** How often the store is compared with what Temporal has seen of it, and how long that may be relied on. */
const WATCH_MS = {
  development: { everyMs: 2_000, leaseMs: 15_000 },
  production: { everyMs: 5_000, leaseMs: 30_000 },
} as const;
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
    watch: watchRound({
      store,
      ...WATCH_MS[parts.config.profile],
      raise: async (restored) => {
        await raiseCase(store.db, restoredCase(restored), dueOf(parts, RESTORED.code, 'critical'));
      },
    }),
  };
}

const dueOf = ({ policy }: StandingParts, code: ExceptionCode, severity?: Severity): DueTimes =>
  clockFor(policy, resolveTimer(code, severity), new Date().toISOString());

/** While everything is held every feed is silent: that is what this is, whatever silences them. */
const restoredCase = ({ why, restoredTo }: { why: string; restoredTo: string }): RaisedCase => ({
  ...RESTORED,
  process: 'store',
  businessKey: 'store',
  severity: 'critical',
  title: `The store was restored to ${restoredTo}: everything is held until selvedge recover has run`,
  expected: 'the store as it was last seen',
  actual: why,
  amount: null,
  units: 0,
  steps: [
    'See what was forgotten, and what would be done: selvedge recover --dry-run.',
    'Look everything up again and release it: selvedge recover --why "…".',
    'Nothing is posted, started or decided before that.',
  ],
  endsWithWorkflow: false,
});

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
