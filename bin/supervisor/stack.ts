import { join } from 'node:path';
import { startGuardian, type Guardian } from './guardian.js';
import { keep, type Kept } from './keep.js';
import { launchPart, type Environment } from './launch.js';
import { runFile, stateDir } from './paths.js';
import { freePort } from './ports.js';
import { claimForGuardian, claimProject, removeRun, writeRun, type RunFile } from './run-file.js';
import { startServers, type Servers } from './servers.js';

export interface StackOptions {
  /** A day of its own in a folder of its own, begun from nothing. */
  fresh: boolean;
  /** How many worker processes. */
  workers: number;
  say: (line: string) => void;
  /** Runs between the servers and the parts that use them: migrations and seeds. */
  prepare: (environment: Environment) => Promise<void>;
  /** An installation beside the project's own, which it leaves alone: in its own folder, run.json included. */
  own?: { dir: string; environment: Environment };
}

export interface Stack {
  readonly run: RunFile;
  /** Stops everything in order and removes run.json. Safe to call twice. */
  stop(): Promise<void>;
}

/** Secrets of the sandbox; nothing outside this machine accepts them. */
const DEVELOPMENT_SECRETS: Environment = {
  SELVEDGE_BLUE_CHERRY_KEY: 'blue-cherry-development-key',
  SELVEDGE_ARCHEAN_CLIENT_ID: 'selvedge',
  SELVEDGE_ARCHEAN_CLIENT_SECRET: 'archean-development-secret',
  SELVEDGE_ARCHEAN_WEBHOOK_SECRET: 'archean-development-webhook-secret',
};

interface Assembly {
  options: StackOptions;
  /** Where the stand-ins keep what they hold; a day of its own needs no later. */
  sandboxFile: string | null;
  guardian: Guardian;
  runFile: string;
  logDir: string;
  environment: Environment;
  /** In the order they were started; they stop the other way round. */
  kept: Kept[];
  changed: () => void;
}

/** Brings up both servers, then the sandbox, ingress and workers; any failure stops what was started before. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { own } = options;
  const file = own === undefined ? runFile : join(own.dir, 'run.json');
  const env = { ...process.env, ...own?.environment };
  await claimProject(file);
  const dir = own?.dir ?? (options.fresh ? join(stateDir, 'once') : stateDir);
  const guardian = startGuardian();
  claimForGuardian(guardian, file);
  const namespace = env['TEMPORAL_NAMESPACE'] ?? 'selvedge';
  let run: RunFile | null = null;
  const assembly: Assembly = {
    options,
    sandboxFile: own === undefined && !options.fresh ? join(dir, 'sandbox.books') : null,
    guardian,
    runFile: file,
    logDir: join(dir, 'log'),
    environment: {
      ...DEVELOPMENT_SECRETS,
      SELVEDGE_PROFILE: process.env['SELVEDGE_PROFILE'] ?? 'development',
      ...own?.environment,
      TEMPORAL_NAMESPACE: namespace,
    },
    kept: [],
    changed: () => {
      if (run === null) return;
      run = { ...run, pids: pidsOf(assembly) };
      writeRun(run, file);
    },
  };
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= stopAll(assembly));
  try {
    const { say } = options;
    assembly.environment['SELVEDGE_INGRESS_URL'] = `http://127.0.0.1:${await freePort()}`;
    // The stand-ins need no server: they start beside them.
    const sandbox = startSandbox(assembly);
    const starting = stage(options, 'servers', () =>
      startServers({ ...assembly, ...options, dir, namespace, say, env }).then((servers) => {
        assembly.kept.push(...servers.kept);
        return servers;
      }),
    );
    const [servers, other] = await Promise.allSettled([starting, sandbox]);
    if (servers.status === 'rejected') throw servers.reason;
    if (other.status === 'rejected') throw other.reason;
    run = await startParts(assembly, servers.value, other.value, (early) => {
      run = early;
      assembly.changed();
    });
    assembly.changed();
    return { run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function pidsOf({ kept, guardian }: Assembly): Record<string, number> {
  const children = kept.map((child) => [child.name, child.pid()] as const);
  return { start: process.pid, guardian: guardian.pid, ...Object.fromEntries(children) };
}

async function startParts(
  assembly: Assembly,
  servers: Servers,
  sandbox: string,
  known: (run: RunFile) => void,
): Promise<RunFile> {
  const { environment, options } = assembly;
  Object.assign(environment, {
    TEMPORAL_ADDRESS: servers.temporal,
    DATABASE_URL: servers.database,
    ...(servers.ui === null ? {} : { TEMPORAL_UI: servers.ui }),
    ...(servers.metrics === null ? {} : { TEMPORAL_METRICS: servers.metrics }),
  });
  const run: RunFile = {
    temporal: servers.temporal,
    ui: servers.ui,
    database: servers.database,
    ingress: null,
    sandbox: null,
    pids: {},
    environment,
  };
  known(run);
  await stage(options, 'store', () => options.prepare(environment));
  const ingress = environment['SELVEDGE_INGRESS_URL'] ?? '';
  await stage(options, 'ingress and workers', () =>
    Promise.all([
      part(assembly, 'ingress', ['ingress', '--port', new URL(ingress).port]),
      ...Array.from({ length: options.workers }, (_, index) =>
        part(assembly, options.workers === 1 ? 'worker' : `worker-${index + 1}`, ['worker']),
      ),
    ]),
  );
  return { ...run, sandbox, ingress };
}

/** One plain line per stage with the time it took. */
async function stage<T>({ say }: StackOptions, name: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const made = await work();
  say(`${name}: ready (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return made;
}

/** The stand-ins keep their ports when they are started again, so that nobody who knew them has to be told. */
async function startSandbox(assembly: Assembly): Promise<string> {
  const ports = [await freePort(), await freePort(), await freePort()].map(String);
  const flags = ['--port', '--blue-cherry-port', '--archean-port'];
  const args = flags.flatMap((flag, index) => [flag, ports[index] ?? '0']);
  const { sandboxFile } = assembly;
  const keeping = sandboxFile === null ? [] : ['--file', sandboxFile];
  const facts = await part(assembly, 'sandbox', ['sandbox', ...args, ...keeping]);
  Object.assign(assembly.environment, {
    SELVEDGE_SANDBOX_URL: facts['control'] ?? '',
    SELVEDGE_BLUE_CHERRY_URL: facts['blue-cherry'] ?? '',
    SELVEDGE_ARCHEAN_URL: facts['archean'] ?? '',
  });
  return facts['control'] ?? '';
}

async function part(assembly: Assembly, name: string, args: string[]): Promise<Record<string, string>> {
  const { environment, logDir, guardian, kept, changed } = assembly;
  const launch = () => launchPart({ name, args, environment, logDir, guardian });
  const first = await launch();
  const again = async () => (await launch()).child;
  kept.push(keep(name, first.child, again, changed, assembly.options.say));
  return first.facts;
}

/** Parts first, so that nothing writes any more; then the sandbox and Temporal; PostgreSQL last. */
async function stopAll({ kept, guardian, runFile: file }: Assembly): Promise<void> {
  const last = ['sandbox', 'temporal', 'postgres'];
  const parts = kept.filter((child) => !last.includes(child.name));
  await Promise.allSettled(parts.map((child) => child.stop(5000)));
  for (const name of last) {
    await Promise.allSettled(kept.filter((child) => child.name === name).map((child) => child.stop(5000)));
  }
  await guardian.finish();
  removeRun(file);
}
