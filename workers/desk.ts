/** Builds the desk, its notices and its sweeps from configuration. */
import type { Client } from '@temporalio/client';
import { createDeskActivities, type DeskActivities } from '../activities/desk/index.js';
import {
  chatWebhook,
  createNoticesActivities,
  sandboxMailbox,
  smtpRelay,
  type Channel,
  type Notices,
} from '../activities/notices/index.js';
import type { Config } from '../config/load.js';
import type { Policy } from '../domain/policy.js';
import { clockFor } from '../domain/timers.js';
import type { Store } from '../store/database.js';
import { openClaims } from '../store/event-claims.js';
import { causeIsGone } from '../store/mapping-causes.js';
import { sagaDoor } from './sagas.js';

const SWEEP_MS = { development: 5_000, production: 60_000 } as const;
const NOTICES_MS = { development: 2_000, production: 30_000 } as const;
const SILENT_MS = 30 * 60_000;
/** A claim younger than this may simply be about to be finished. */
const CLAIM_SETTLES_MS = 15_000;
const MOST_CLAIMS = 5_000;

export const policyOf = (config: Config): Policy => {
  const policy = config.policies[config.policy];
  if (policy === undefined) {
    throw new Error(
      `policy "${config.policy}" is not in config/policy.yaml; known: ${Object.keys(config.policies).join(', ')}`,
    );
  }
  return policy;
};

export interface DeskParts {
  config: Config;
  store: Store;
  client: Client;
  env: NodeJS.ProcessEnv;
  refreshItems: () => Promise<void>;
}

export function createDesk({ config, store, client, env, refreshItems }: DeskParts): DeskActivities {
  const policy = policyOf(config);
  return createDeskActivities({
    db: store.db,
    rules: { identity: config.decisions.identity, zone: policy.zone, deskUrl: deskUrl(env, config) },
    due: (timer, at) => clockFor(policy, timer, at),
    isSolved: causeIsGone,
    refreshItems,
    sagas: sagaDoor(client),
    unfinishedClaims: async () =>
      (await openClaims(store.db, { olderThanMs: CLAIM_SETTLES_MS, limit: MOST_CLAIMS })).map((claim) => ({
        workflowId: claim.workflowId,
        process: claim.workflowId.split(':')[0] ?? '',
        businessKey: claim.key,
      })),
    sweepMs: SWEEP_MS[config.profile],
  });
}

export function createNotices(config: Config, store: Store, env: NodeJS.ProcessEnv): Notices {
  return createNoticesActivities({
    db: store.db,
    channels: channelsOf(config, env),
    deskUrl: deskUrl(env, config),
    zone: policyOf(config).zone,
    rhythmMs: NOTICES_MS[config.profile],
    silentAfterMs: SILENT_MS,
  });
}

function channelsOf({ notices }: Config, env: NodeJS.ProcessEnv): Channel[] {
  const sandbox = env['SELVEDGE_SANDBOX_URL'];
  const mail =
    notices.mode === 'sandbox'
      ? sandbox === undefined
        ? []
        : [sandboxMailbox(sandbox)]
      : [smtpRelay({ host: notices.host, port: notices.port, from: notices.from })];
  return notices.webhookUrl === undefined ? mail : [...mail, chatWebhook(notices.webhookUrl)];
}

const deskUrl = (env: NodeJS.ProcessEnv, { desk }: Pick<Config, 'desk'>): string =>
  env['SELVEDGE_DESK_URL'] ?? env['SELVEDGE_INGRESS_URL'] ?? desk.publicUrl;
