import type { Command } from 'commander';
import { outputOf, Refused, wholeNumber, withCommon, type CommonOptions } from '../output.js';
import { untilAskedToStop } from '../ready.js';
import { startGuardian } from '../supervisor/guardian.js';
import { PRODUCTION_RETENTION_DAYS, setUpNamespace } from '../supervisor/namespace.js';
import { stateDir } from '../supervisor/paths.js';
import { claimForGuardian, claimProject, removeRun, writeRun } from '../supervisor/run-file.js';
import { startServers } from '../supervisor/servers.js';
import { temporalInUse } from '../surroundings.js';
import { migrateStore } from './prepare.js';
import { versionsCommand } from './versions.js';

/** Temporal ends its polls and hands its shards back; PostgreSQL, last, ends its transactions. */
const DRAIN_MS = 30_000;

export function serverCommand(program: Command): void {
  const server = withCommon(program.command('server'))
    .description('the two servers alone: Temporal and PostgreSQL, until Ctrl-C')
    .option('--production-like', 'Temporal as in production: its own programs, PostgreSQL, 512 shards, Web UI apart')
    .action(async (options: ServerOptions) => runServers(options));
  versionsCommand(server);
  withCommon(server.command('setup'))
    .description('registers the namespace and the search attributes on the Temporal server in use')
    .option(
      '--retention <days>',
      'how long closed sagas can be looked at; a longer one that is set stays',
      wholeNumber('--retention', 1, 3650),
      PRODUCTION_RETENTION_DAYS,
    )
    .action(async (options: CommonOptions & { retention: number }) => {
      const { address, namespace } = temporalInUse();
      const made = await setUpNamespace(address, namespace, options.retention);
      outputOf(options).result({ address, namespace, made }, () =>
        made.length === 0
          ? `${address} has the namespace ${namespace} with all search attributes.`
          : `${address}: made ${made.join(', ')}.`,
      );
    });
}

interface ServerOptions extends CommonOptions {
  productionLike?: boolean;
}

/** Refuses what cannot be: a stack of one's own beside servers of others. */
function environmentFor({ productionLike }: ServerOptions): NodeJS.ProcessEnv {
  if (productionLike !== true) return process.env;
  const given = ['TEMPORAL_ADDRESS', 'DATABASE_URL'].filter((name) => process.env[name]);
  if (given.length > 0) {
    throw new Refused(`--production-like starts both servers, but ${given.join(' and ')} is set. Unset it.`);
  }
  return { ...process.env, SELVEDGE_SERVERS: 'production-like' };
}

async function runServers(options: ServerOptions): Promise<void> {
  const output = outputOf(options);
  const env = environmentFor(options);
  const asked = untilAskedToStop();
  await claimProject();
  const guardian = startGuardian();
  claimForGuardian(guardian);
  const namespace = process.env['TEMPORAL_NAMESPACE'] ?? 'selvedge';
  try {
    let write = (): void => undefined;
    const servers = await startServers({
      dir: stateDir,
      fresh: false,
      namespace,
      guardian,
      env,
      say: output.note,
      changed: () => write(),
    });
    if (servers.kept.length === 0)
      throw new Refused('Both servers are given by the environment: there is nothing to run.');
    const { temporal, ui, database, metrics } = servers;
    const environment = {
      ...{ TEMPORAL_ADDRESS: temporal, TEMPORAL_NAMESPACE: namespace, DATABASE_URL: database },
      ...(ui === null ? {} : { TEMPORAL_UI: ui }),
      ...(metrics === null ? {} : { TEMPORAL_METRICS: metrics }),
    };
    write = () => {
      const pids = Object.fromEntries(servers.kept.map((kept) => [kept.name, kept.pid()]));
      const own = { start: process.pid, guardian: guardian.pid };
      writeRun({ temporal, ui, database, ingress: null, sandbox: null, pids: { ...own, ...pids }, environment });
    };
    write();
    await migrateStore(database);
    output.result({ temporal, ui, database }, () =>
      [`Temporal ${temporal}`, `Web UI ${ui ?? 'none'}`, `PostgreSQL ${database}`, 'Ctrl-C stops them.'].join('\n'),
    );
    await asked;
    for (const kept of servers.kept.toReversed()) await kept.stop(DRAIN_MS);
  } finally {
    await guardian.finish();
    removeRun();
  }
}
