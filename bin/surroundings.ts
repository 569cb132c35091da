/** Where everything is: the environment first, else what `selvedge start` wrote to .selvedge/run.json. */
import { KEYS_FILE } from '../config/payload-keys.js';
import { withSecretFiles } from '../config/secrets.js';
import { Refused } from './output.js';
import { readRun } from './supervisor/run-file.js';

export interface Surroundings {
  temporal: { address: string; namespace: string; keysFile: string };
  database: string;
  sandbox: string | null;
  ingress: string | null;
  ui: string | null;
  /** Environment for `loadConfig`: the run's addresses and keys, ours on top. */
  env: NodeJS.ProcessEnv;
}

/** The Temporal server alone, for what needs no store. Throws Refused when nobody says where it is. */
export function temporalInUse(env: NodeJS.ProcessEnv = process.env): Surroundings['temporal'] {
  const merged = { ...readRun()?.environment, ...env };
  const address = merged['TEMPORAL_ADDRESS'] ?? '';
  if (address === '') {
    throw new Refused(
      'Nothing is running here, and TEMPORAL_ADDRESS is not set. Set it to the Temporal server, as host:7233.',
    );
  }
  return { address, namespace: merged['TEMPORAL_NAMESPACE'] ?? 'selvedge', keysFile: merged[KEYS_FILE] ?? '' };
}

/** The store alone, for what needs no Temporal server. Throws Refused when nobody says where it is. */
export function databaseInUse(env: NodeJS.ProcessEnv = process.env): Pick<Surroundings, 'database' | 'env'> {
  const merged: NodeJS.ProcessEnv = { ...readRun()?.environment, ...withSecretFiles(env) };
  const database = merged['DATABASE_URL'] ?? '';
  if (database === '') {
    throw new Refused(
      'Nothing is running here, and DATABASE_URL is not set. Set it to the store, as postgres://user@host:5432/selvedge.',
    );
  }
  return { database, env: merged };
}

/** Throws Refused when neither the environment nor a run says where the servers are. */
export function surroundings(env: NodeJS.ProcessEnv = process.env): Surroundings {
  const run = readRun();
  const merged: NodeJS.ProcessEnv = { ...run?.environment, ...withSecretFiles(env) };
  const address = merged['TEMPORAL_ADDRESS'];
  const database = merged['DATABASE_URL'];
  const missing = [
    ...(address === undefined || address === '' ? ['TEMPORAL_ADDRESS'] : []),
    ...(database === undefined || database === '' ? ['DATABASE_URL'] : []),
  ];
  if (address === undefined || database === undefined || missing.length > 0) {
    throw new Refused(
      `Nothing is running here, and ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set. ` +
        'Start it with "npm start", or set them to the servers you use.',
    );
  }
  return {
    temporal: { address, namespace: merged['TEMPORAL_NAMESPACE'] ?? 'selvedge', keysFile: merged[KEYS_FILE] ?? '' },
    database,
    sandbox: merged['SELVEDGE_SANDBOX_URL'] ?? null,
    ingress: merged['SELVEDGE_INGRESS_URL'] ?? null,
    ui: merged['TEMPORAL_UI'] ?? run?.ui ?? null,
    env: merged,
  };
}
