/** A real PostgreSQL and the stand-in ERP on a real socket, with the posting activities between them. */
import { createBlueCherryClient } from '../../../clients/blue-cherry/client.js';
import { createHttp } from '../../../clients/http/index.js';
import { createBlueCherryActivities, type BlueCherryDeps } from '../../../activities/blue-cherry/index.js';
import { createPostingActivities, postingDepsOf } from '../../../activities/posting/index.js';
import type { PausePoint, Raised } from '../../../activities/posting/deps.js';
import { createSettleActivities } from '../../../activities/settle/index.js';
import { createBlueCherry, DEVELOPMENT_PROFILE } from '../../../sandbox/blue-cherry/index.js';
import type { BlueCherryProfile } from '../../../sandbox/blue-cherry/index.js';
import { createCallLog, createClock, createFaultBoard, createRandom } from '../../../sandbox/core/index.js';
import type { FaultRequest } from '../../../sandbox/core/index.js';
import { freshDatabase } from '../../support/database.js';

export interface RigOptions {
  profile?: Partial<BlueCherryProfile>;
  config?: Partial<BlueCherryDeps['config']>;
  orders?: number;
  connections?: number;
  /** Cycles run by themselves; otherwise only when told. */
  cycles?: boolean;
}

export const TENANT = 'main';
export const item = (n: number): string => `D1|ST${String(n).padStart(3, '0')}|BLK|||M`;
export const orderNo = (n: number): string => `SO-${n}`;
export const ITEMS = 60;

/** Fast times: a request may live 300 ms, the client waits 250 ms, a send must leave within 400 ms. */
export const FAST_CONFIG: BlueCherryDeps['config'] = {
  tenant: TENANT,
  ratePerSecond: 2_000,
  concurrent: 16,
  timeoutMs: 250,
  maxRequestLifeMs: 300,
  sendDeadlineMs: 400,
  lookupBounded: true,
  settlePollMs: 50,
  lockScope: 'style-colour',
  site: { journalReadable: true },
  lockBackoffMs: { from: 30, to: 200 },
};

const FAST_PROFILE: BlueCherryProfile = {
  ...DEVELOPMENT_PROFILE,
  rate: null,
  concurrent: null,
  cycleMs: 300,
  cycleRunMs: 60,
  maxRequestLifeMs: 300,
};

export type Rig = Awaited<ReturnType<typeof createRig>>;

/** Starts everything; `close` ends it. */
export async function createRig(options: RigOptions = {}) {
  const random = createRandom(11);
  const faults = createFaultBoard(random);
  const calls = createCallLog();
  const clock = createClock();
  const erp = createBlueCherry({
    clock,
    random,
    faults,
    calls,
    profile: { ...FAST_PROFILE, ...options.profile },
  });
  fillBooks(erp.books, options.orders ?? 40);
  const url = await erp.listen();
  if (options.cycles !== false) erp.startCycles();
  const database = await freshDatabase({ connections: options.connections ?? 20 });
  const config = { ...FAST_CONFIG, ...options.config };
  const client = createBlueCherryClient(
    createHttp({
      baseUrl: url,
      timeoutMs: config.timeoutMs,
      headers: { 'x-api-key': DEVELOPMENT_PROFILE.apiKey },
    }),
  );
  const raised: Raised[] = [];
  const base: BlueCherryDeps = {
    store: database.store,
    client,
    config,
    raise: (one) => {
      raised.push(one);
      return Promise.resolve();
    },
  };
  /** The same activities as another worker would have them, with its own pauses and clock. */
  const worker = (more: Partial<Pick<BlueCherryDeps, 'pause' | 'now' | 'config'>> = {}) => {
    const deps = { ...base, ...more };
    return {
      deps: postingDepsOf(deps),
      blueCherry: createBlueCherryActivities(deps),
      postings: createPostingActivities(deps),
      settle: createSettleActivities(deps),
    };
  };
  return {
    ...worker(),
    worker,
    erp,
    books: erp.books,
    cycles: erp.cycles,
    calls,
    clock,
    raised,
    config,
    erpUrl: url,
    databaseUrl: database.url,
    db: database.store.db,
    fault: (fault: Omit<FaultRequest, 'system'>) => faults.add({ system: 'blue-cherry', ...fault }),
    clearFaults: () => faults.remove(),
    close: async () => {
      await erp.close();
      await database.drop();
    },
  };
}

function fillBooks(books: Awaited<ReturnType<typeof createBlueCherry>>['books'], orders: number): void {
  books.addDivision({ code: 'D1', name: 'Division one', currency: 'GBP' });
  books.addWarehouse({ code: '01', name: 'Main', divisions: ['D1'] });
  books.addReasonCode({ code: 'RET', name: 'Return', glAccount: '5000' });
  books.addReasonCode({ code: 'RETURN', name: 'Return', glAccount: '4100' });
  books.addGlAccount({ account: '4950', name: 'Goodwill' });
  for (let n = 0; n < ITEMS; n += 1) {
    books.addItem({ sku: item(n), code: `ST${n}-BLK-M`, standardCost: '4.00' });
    books.addStock({ sku: item(n), warehouse: '01', quantity: 1_000, unitCost: '4.00' });
  }
  for (let n = 0; n < orders; n += 1) {
    books.bookShippedOrder({
      orderNo: orderNo(n),
      division: 'D1',
      warehouse: '01',
      customer: 'C1',
      placedAt: '2026-11-01T10:00:00.000Z',
      shippedAt: '2026-11-02T10:00:00.000Z',
      currency: 'GBP',
      lines: [
        {
          orderLine: 1,
          sku: item(n % ITEMS),
          kind: 'GOODS',
          chargeCode: null,
          quantity: 10,
          unitPrice: '20.00',
          taxCode: 'S20',
          taxRate: '0.20',
          unitCost: '4.00',
        },
      ],
    });
  }
}

export type PauseHook = (point: PausePoint) => Promise<void>;
