/** The sandbox as one process: stand-ins of Blue Cherry and Archean, and the control surface (design.md 8). */
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { closeWorld, createControlServer, createWorld, Reset } from './control/index.js';
import type { Control, Ports, Webhook, World, WorldSettings } from './control/index.js';

export interface SandboxOptions {
  /** Port of the control surface; a free one unless given. */
  port?: number;
  /** Ports of the systems; free ones unless given. A reset keeps them. */
  ports?: Partial<Ports>;
  /** Key Blue Cherry takes in X-Api-Key. */
  blueCherryKey?: string;
  /** Credentials Archean takes; without them any client that names itself. */
  archean?: { clientId: string; clientSecret: string };
  /** Where Archean sends webhooks. */
  webhook?: Webhook;
  /** What to begin with: an empty scenario, seed 1, no misbehaviour, unless told. */
  reset?: unknown;
}

export interface Sandbox {
  /** Address of the control surface. */
  url: string;
  systems: World['addresses'];
  /** The world of now; replaced by every reset. */
  world(): World;
  close(): Promise<void>;
}

const portOf = (address: string): number => Number(new URL(address).port);

/** Starts everything on loopback. Throws when a port is taken or `reset` does not parse. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings: WorldSettings = {
    blueCherryKey: options.blueCherryKey ?? 'blue-cherry-development-key',
    archean: options.archean ?? null,
    webhook: options.webhook ?? null,
  };
  let world = await createWorld(settings, Reset.parse(options.reset ?? {}), options.ports ?? {});
  const ports: Ports = {
    'blue-cherry': portOf(world.addresses['blue-cherry']),
    archean: portOf(world.addresses.archean),
  };
  let turn: Promise<unknown> = Promise.resolve();
  const replace = async (wanted: Reset): Promise<World> => {
    if (wanted.webhook !== undefined) settings.webhook = wanted.webhook;
    await closeWorld(world);
    try {
      world = await createWorld(settings, wanted, ports);
    } catch (error) {
      world = await createWorld(settings, Reset.parse({}), ports);
      throw error;
    }
    return world;
  };
  const control: Control = {
    world: () => world,
    reset: (wanted) => {
      const next = turn.then(() => replace(wanted));
      turn = next.catch(() => undefined);
      return next;
    },
    setWebhook: (target) => {
      settings.webhook = target;
      world.archean.setWebhook(target);
    },
  };
  const server = createControlServer(control);
  try {
    await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  } catch (error) {
    await closeWorld(world);
    throw error;
  }
  return {
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    systems: world.addresses,
    world: () => world,
    close: async () => {
      await turn;
      await server.close();
      await closeWorld(world);
    },
  };
}

/** What the environment says: addresses and secrets of the common names. */
function fromEnvironment(env: NodeJS.ProcessEnv): SandboxOptions {
  const options: SandboxOptions = {};
  if (env['SELVEDGE_BLUE_CHERRY_KEY']) options.blueCherryKey = env['SELVEDGE_BLUE_CHERRY_KEY'];
  const clientId = env['SELVEDGE_ARCHEAN_CLIENT_ID'];
  const clientSecret = env['SELVEDGE_ARCHEAN_CLIENT_SECRET'];
  if (clientId && clientSecret) options.archean = { clientId, clientSecret };
  const secret = env['SELVEDGE_ARCHEAN_WEBHOOK_SECRET'];
  const ingress = env['SELVEDGE_INGRESS_URL'];
  if (secret && ingress) options.webhook = { url: new URL('/webhooks/archean', ingress).toString(), secret };
  return options;
}

function portGiven(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new RangeError(`--${name} must be a port from 0 to 65535; found "${text}"`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'blue-cherry-port': { type: 'string' },
      'archean-port': { type: 'string' },
      reset: { type: 'string' },
    },
  });
  const port = portGiven(values.port, 'port');
  const blueCherry = portGiven(values['blue-cherry-port'], 'blue-cherry-port');
  const archean = portGiven(values['archean-port'], 'archean-port');
  const sandbox = await startSandbox({
    ...fromEnvironment(process.env),
    ...(port === undefined ? {} : { port }),
    ports: {
      ...(blueCherry === undefined ? {} : { 'blue-cherry': blueCherry }),
      ...(archean === undefined ? {} : { archean }),
    },
    ...(values.reset === undefined ? {} : { reset: JSON.parse(values.reset) as unknown }),
  });
  process.stdout.write(`${JSON.stringify({ sandbox: sandbox.url, systems: sandbox.systems })}\n`);
  const end = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  main().catch((error: unknown) => {
    process.stderr.write(`the sandbox could not start: ${(error as Error).message}\n`);
    process.exit(1);
  });
