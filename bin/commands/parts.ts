/**
 * One part alone, for production-like set-ups: `worker`, `ingress`, `migrate`. Each loads its own libraries when it runs:
 * no other verb waits for them.
 */
import type { Command } from 'commander';
import { createLog, logLastWords } from '../../config/log.js';
import { DESK_DOOR_PORT } from '../../domain/desk-door.js';
import { QUEUES, type Queue } from '../../workers/queues.js';
import { outputOf, Refused, wholeNumber, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { sayReady, untilAskedToStop } from '../ready.js';
import { databaseInUse, surroundings } from '../surroundings.js';
import { migrateStore, prepareStore } from './prepare.js';

function queuesOf(text: string): Queue[] {
  return text.split(',').map((name) => {
    const queue = QUEUES.find((known) => known === name.trim());
    if (queue === undefined) throw new WrongUsage(`--queues has "${name}"; allowed are ${QUEUES.join(', ')}`);
    return queue;
  });
}

export function workerCommand(program: Command): void {
  withCommon(program.command('worker'))
    .description('a worker: runs sagas and their steps; any number may run, killing one loses nothing')
    .option('--queues <names>', `only these queues, with commas between: ${QUEUES.join(', ')}`, queuesOf)
    .option(
      '--health-port <n>',
      'serves /health on this port of --health-host; 0 takes a free one',
      wholeNumber('--health-port', 0, 65_535),
    )
    .option('--health-host <name>', 'address that /health listens on', '127.0.0.1')
    .action(async (options: WorkerCommandOptions) => runWorker(options));
}

interface WorkerCommandOptions extends CommonOptions {
  queues?: Queue[];
  healthPort?: number;
  healthHost: string;
}

async function runWorker(options: WorkerCommandOptions): Promise<void> {
  const { temporal, database, env } = surroundings();
  const { note } = outputOf(options);
  const { quietRuntime, sdkMetricsAt, startWorker } = await import('../../workers/main.js');
  const log = createLog('worker', env);
  logLastWords(log);
  const metrics = await sdkMetricsAt(env);
  quietRuntime(log, metrics);
  const { queues, healthPort: port, healthHost: host } = options;
  const worker = await startWorker({
    ...{ temporal, database, env, log },
    ...(queues === undefined ? {} : { queues }),
    ...(port === undefined ? {} : { health: { host, port } }),
  });
  note(`worker: polling ${(queues ?? QUEUES).join(', ')} of ${temporal.address}`);
  if (metrics !== null) note(`worker: Temporal's metrics at http://${metrics}/metrics`);
  if (worker.build !== null) {
    const { listBuilds } = await import('../supervisor/versions.js');
    const { current } = await listBuilds(temporal);
    if (current !== worker.build) {
      note(`worker: build ${worker.build} takes no work before "selvedge server versions current ${worker.build}"`);
    }
  }
  sayReady(worker.health === null ? {} : { health: worker.health });
  void untilAskedToStop().then(() => worker.shutdown());
  const ended = await worker.done.catch((error: unknown) => {
    log.fatal({ error }, 'the worker broke');
    throw new Refused('The worker broke. Its log says where; start it again.');
  });
  if (ended === 'handed back') {
    note('worker: steps that did not end in time are handed back; another worker takes them when their time is over');
  }
}

export function ingressCommand(program: Command): void {
  withCommon(program.command('ingress'))
    .description('the doors others push at: decisions of people, webhooks of systems')
    .option('--host <name>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on', wholeNumber('--port', 0, 65_535), DESK_DOOR_PORT)
    .action(async (options: CommonOptions & { host: string; port: number }) => {
      const { temporal, database, env } = surroundings();
      const asked = untilAskedToStop();
      const { startIngress } = await import('../../ingress/main.js');
      const log = createLog('ingress', env);
      logLastWords(log);
      const ingress = await startIngress({ temporal, database, host: options.host, port: options.port, env, log });
      outputOf(options).note(`ingress: listening at ${ingress.url}`);
      if (ingress.metrics !== null) outputOf(options).note(`ingress: metrics at ${ingress.metrics}/metrics`);
      sayReady({ url: ingress.url });
      await asked;
      await ingress.close();
    });
}

export function migrateCommand(program: Command): void {
  withCommon(program.command('migrate'))
    .description('brings the store forward to this release')
    .option('--prepare', 'adds the mappings, people and feeds of this installation that the store does not know')
    .action(async (options: CommonOptions & { prepare?: boolean }) => {
      const { database, env } = databaseInUse();
      const run = await migrateStore(database);
      if (options.prepare === true) await prepareStore(database, env);
      outputOf(options).result({ run }, () =>
        run.length === 0 ? 'The store is up to date.' : `The store was brought forward: ${run.join(', ')}.`,
      );
    });
}
