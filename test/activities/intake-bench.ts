/** An intake over a real database and the Archean stand-in on a real socket; sagas and cases are written down. */
import { afterEach, beforeEach } from '@jest/globals';
import {
  createIntakeActivities,
  MOVEMENTS_FEED,
  RETURNS_FEED,
  type IntakeDeps,
  type Unreadable,
  type VersionToHandOn,
} from '../../activities/intake/index.js';
import { createArcheanClient } from '../../clients/archean/client.js';
import { createHttp } from '../../clients/http/index.js';
import { createArchean, type Archean } from '../../sandbox/archean/index.js';
import { createCallLog, createClock, createFaultBoard, createRandom } from '../../sandbox/core/index.js';
import { startFeed } from '../../store/feeds.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { POLICY, wireReturn } from './return-samples.js';

const rhythm = { rhythmMs: 1000, silentAfterMs: 30_000, overlapSeq: 500, pageSize: 20 };
const FEEDS = { [RETURNS_FEED]: rhythm, [MOVEMENTS_FEED]: rhythm };

/** What one test has; fresh before each. */
export interface Bench {
  made: FreshDatabase;
  archean: Archean;
  faults: ReturnType<typeof createFaultBoard>;
  deps: IntakeDeps;
  told: VersionToHandOn[];
  moved: string[];
  raised: Unreadable[];
  /** Whose return nobody takes. */
  refuse: (returnNo: string) => boolean;
}

async function setUp(): Promise<Bench> {
  const made = await freshDatabase();
  const random = createRandom(7);
  const faults = createFaultBoard(random.fork('faults'));
  const archean = createArchean({ clock: createClock(), random, faults, calls: createCallLog() });
  const http = createHttp({ baseUrl: await archean.listen(), timeoutMs: 1000 });
  const credentials = { clientId: 'selvedge', clientSecret: 'secret' };
  const bench: Omit<Bench, 'deps'> = {
    ...{ made, archean, faults, told: [], moved: [], raised: [] },
    refuse: () => false,
  };
  const deps: IntakeDeps = {
    store: made.store,
    archean: createArcheanClient(http, credentials),
    blueCherry: {
      list: () => Promise.resolve({ rows: [], cursor: undefined }),
      find: () => Promise.resolve(undefined),
      invoices: () => Promise.resolve([]),
    },
    starter: {
      handOnVersion: (version) => {
        if (running.refuse(version.key)) return Promise.reject(new Error('Temporal is away'));
        bench.told.push(version);
        return Promise.resolve(`return-to-stock:archean:${version.key}`);
      },
      handOnMovement: ({ movementId, key }) => {
        bench.moved.push(`${movementId} of ${key}`);
        return Promise.resolve();
      },
    },
    raise: (row) => {
      bench.raised.push(row);
      return Promise.resolve();
    },
    feeds: FEEDS,
    policy: POLICY,
  };
  const running: Bench = { ...bench, deps };
  return running;
}

export const object = (key: string) => ({ source: 'archean', kind: 'return', key });

/** Hands out the bench of the running test and the verbs its tests speak in. */
export function intakeBench() {
  let bench: Bench;
  beforeEach(async () => {
    bench = await setUp();
  });
  afterEach(async () => {
    await bench.archean.close();
    await bench.made.drop();
  });
  const intake = () => createIntakeActivities(bench.deps);
  const take = (feed = RETURNS_FEED) => intake().takeIn({ feed });
  return {
    now: () => bench,
    db: () => bench.made.store.db,
    intake,
    take,
    start: async (feed = RETURNS_FEED, from = 0): Promise<void> => {
      await take(feed);
      await startFeed(bench.made.store.db, feed, from, 'int-1');
    },
    put: (over: Parameters<typeof wireReturn>[0], prompt = true) =>
      bench.archean.books.addReturn(wireReturn(over), { prompt }),
    told: () => bench.told.map((each) => each.key),
    claim: (key: string, workflowId = `return-to-stock:archean:${key}`, version = 1) =>
      intake().claim({ ...object(key), workflowId, version }),
  };
}
