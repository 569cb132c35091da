/** Builds every activity from configuration and registers each under `system.verb` on its queue. */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { createArcheanActivities } from '../activities/archean/index.js';
import { createBlueCherryActivities, type BlueCherryDeps } from '../activities/blue-cherry/index.js';
import { purchaseOrderReads } from '../activities/blue-cherry/order-reads.js';
import { createClaimsActivities } from '../activities/claims/index.js';
import { createIntakeActivities, type IntakeDeps, type Unreadable } from '../activities/intake/index.js';
import { readForSaga } from '../activities/posting/calls.js';
import { createItemRefresher, createMappingsActivities, type ItemMasterPage } from '../activities/mappings/index.js';
import { createPostingActivities } from '../activities/posting/index.js';
import { createSettleRounds } from '../activities/settle/index.js';
import { createArcheanClient } from '../clients/archean/client.js';
import { createBlueCherryClient, type BlueCherryClient } from '../clients/blue-cherry/client.js';
import { createHttp } from '../clients/http/index.js';
import type { Config } from '../config/load.js';
import { resolveTimer } from '../domain/case-clocks.js';
import { clockFor } from '../domain/timers.js';
import { raiseCase, type RaisedCase } from '../store/desk-raised.js';
import type { Store } from '../store/database.js';
import { createDesk, createNotices, policyOf } from './desk.js';
import type { Queue } from './queues.js';
import { sagaStarter } from './sagas.js';
import { createStanding } from './standing.js';

export interface ActivityParts {
  config: Config;
  store: Store;
  client: Client;
  log: Logger;
  /** Addresses of the desk door and the sandbox's mailbox. */
  env: NodeJS.ProcessEnv;
}

const BEARER_MS = { development: 60_000, production: 24 * 3_600_000 } as const;

/** What to do about a document that a person must look at; the playbook page of its code says more. */
const STEPS_OF_DOCUMENTS = [
  'Look at the document in the ERP, and at what came of it: selvedge find <number>.',
  'When it is dealt with, close this case with what was done: selvedge case <case> lists the choices.',
] as const;

/** How old the item master may be while sagas wait for an article or a carton to be stated there. */
const ITEMS_MS = { development: 5_000, production: 15 * 60_000 } as const;

type Registered = Record<string, (...args: never[]) => Promise<unknown>>;

/** `{ verb }` of a system as `{ 'system.verb' }`. */
const named = (system: string, verbs: object): Registered =>
  Object.fromEntries(Object.entries(verbs).map(([verb, call]) => [`${system}.${verb}`, call as Registered[string]]));

/** What posting and the feeds are built from: for workers, and for whoever brings a restored store up to date. */
export function postingAndIntake({ config, store, client, log }: ActivityParts): {
  raise: (raised: RaisedCase) => Promise<void>;
  erp: BlueCherryClient;
  posting: BlueCherryDeps;
  archean: ReturnType<typeof archeanClient>;
  intake: IntakeDeps;
} {
  const policy = policyOf(config);
  const raise = async (raised: RaisedCase): Promise<void> => {
    await raiseCase(store.db, raised, clockFor(policy, resolveTimer(raised.code), new Date().toISOString()));
  };
  const erp = blueCherryClient(config, log);
  const posting: BlueCherryDeps = {
    store,
    client: erp,
    config: config.blueCherry,
    log,
    raise: (raised) =>
      raise({
        ...raised,
        process: processOf(raised.workflowId),
        businessKey: keyOf(raised.workflowId),
        amount: null,
        units: 0,
        steps: [...STEPS_OF_DOCUMENTS],
        endsWithWorkflow: false,
      }),
  };
  const archean = archeanClient(config, log);
  const intake: IntakeDeps = {
    store,
    archean,
    blueCherry: purchaseOrderReads(posting, erp),
    starter: sagaStarter(client),
    raise: (row) => raise(unreadableCase(row)),
    feeds: config.feeds,
    policy,
    log,
  };
  return { raise, erp, posting, archean, intake };
}

/** Every queue's activities. Nothing is shared between them but the store, the clients and the configuration. */
export function createActivities(parts: ActivityParts): Record<Exclude<Queue, 'sagas'>, Registered> {
  const { config, store, client, env } = parts;
  const policy = policyOf(config);
  const { erp, posting, archean, intake } = postingAndIntake(parts);
  const mappings = {
    store,
    readItems: (cursor: string | undefined) => readForSaga(posting, () => itemMaster(erp, cursor)),
  };
  const refreshItems = createItemRefresher(mappings);
  const refreshHeld = createItemRefresher(mappings, ITEMS_MS[config.profile]);
  const desk = createDesk({ config, store, client, env, refreshItems: refreshHeld });
  const notices = createNotices(config, store, env);
  const settle = createSettleRounds(posting, BEARER_MS[config.profile]);
  return {
    'blue-cherry': named('blueCherry', createBlueCherryActivities(posting)),
    archean: named('archean', createArcheanActivities({ store, client: archean })),
    store: {
      ...named('postings', createPostingActivities(posting)),
      ...named('claims', createClaimsActivities({ store, refreshItems })),
      ...named('mappings', createMappingsActivities(mappings, refreshItems)),
    },
    intake: named('intake', createIntakeActivities(intake)),
    desk: named('desk', desk),
    notices: named('notices', notices),
    standing: named('standing', createStanding({ config, policy, store, desk, notices, settle })),
  };
}

export const blueCherryClient = (config: Config, log: Logger): BlueCherryClient =>
  createBlueCherryClient(
    createHttp({
      baseUrl: config.blueCherry.url,
      timeoutMs: config.blueCherry.timeoutMs,
      headers: { 'x-api-key': config.blueCherry.key },
      log,
    }),
  );

const archeanClient = ({ archean }: Config, log: Logger) =>
  createArcheanClient(createHttp({ baseUrl: archean.url, timeoutMs: archean.timeoutMs, headers: {}, log }), archean);

const processOf = (workflowId: string): string => workflowId.split(':')[0] ?? workflowId;
const keyOf = (workflowId: string): string => workflowId.split(':')[2] ?? workflowId;

/** one case per row, open until somebody has dealt with it. */
const unreadableCase = (row: Unreadable): RaisedCase => ({
  workflowId: `inbox:${row.eventId}`,
  process: 'intake',
  businessKey: row.number || `${row.feed} ${row.seq}`,
  code: 'X-63',
  title: `A row of ${row.feed} could not be read: ${row.reason}`.slice(0, 300),
  expected: `a ${row.kind} as agreed with ${row.source}`,
  actual: row.reason,
  amount: null,
  units: 0,
  steps: [
    'The raw row is kept in the inbox; the rest of its page went on.',
    'Have it sent again, corrected; then close this case and say so.',
  ],
  endsWithWorkflow: false,
});

async function itemMaster(client: BlueCherryClient, cursor: string | undefined): Promise<ItemMasterPage> {
  const page = await client.listItems(cursor === undefined ? {} : { cursor });
  return {
    items: page.items.map(({ sku, code, active, standardCost, unitsPerCase }) => ({
      ...{ itemKey: sku, code, active, standardCost },
      unitsPerCase: unitsPerCase > 0 ? unitsPerCase : null,
    })),
    cursor: page.cursor,
  };
}
